"""What anybody on the machine can see of processes while they run: their command lines, and where they listen."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

LISTENING = "0A"
EVERY = 0.4


@dataclass
class Seen:
    """``commands``: the command lines of every process of the machine. ``listening``: hexadecimal addresses (without
    ports) on which those that run in ``folder`` wait for others."""

    folder: Path
    commands: set[str] = field(default_factory=set)
    listening: set[str] = field(default_factory=set)

    def look(self) -> None:
        """Look once."""
        sockets = _sockets()
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                self.commands.add((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
                if (process / "cwd").resolve().is_relative_to(self.folder):
                    self.listening |= {
                        sockets[one] for one in map(os.readlink, (process / "fd").iterdir()) if one in sockets
                    }


@contextmanager
def watched(folder: Path) -> Iterator[Seen]:
    """What is seen while the block runs."""
    seen, over = Seen(folder), threading.Event()

    def watch() -> None:
        while not over.wait(EVERY):
            seen.look()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _sockets() -> dict[str, str]:
    """``socket:[inode]`` of each listening socket → its address."""
    lines = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    return {f"socket:[{line[9]}]": line[1].partition(":")[0] for line in lines if line[3] == LISTENING}
