"""One writer at a time: two runs never write to the same Moodle together."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from ecampus.errors import AlreadyRunning
from ecampus.store.files import Run, usable

NAME = "writing.json"
SILENT = timedelta(minutes=30)  # longer than the longest call that one waits for
HEARTBEAT = timedelta(seconds=20)


class Lock:
    """The right to write, held by one process; ``beat`` says now and then that it is alive."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._beaten = datetime.now(UTC)

    def take(self) -> None:
        """Raises AlreadyRunning while another living process holds it."""
        path = self._run.store.root / NAME
        with usable(NAME):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with path.open("xb") as file:
                    file.write(self._words())
                return
            except FileExistsError:
                holder = json.loads(path.read_text(encoding="utf-8") or "{}")
        if holder and not _dead(holder, self._run.name):
            raise AlreadyRunning(
                f"Une autre exécution écrit dans ecampus en ce moment ({holder['run']}, depuis {holder['at']}) :"
                " attendre sa fin, puis relancer cette phase."
            )
        self._run.store.write(NAME, self._words())

    def beat(self) -> None:
        """Keep the right; cheap enough for every write."""
        now = datetime.now(UTC)
        if now - self._beaten >= HEARTBEAT:
            self._beaten = now
            self._run.store.write(NAME, self._words())

    def release(self) -> None:
        """Give the right back, unless somebody took it over meanwhile."""
        if self._run.store.exists(NAME) and _process(self._run.store.read_json(NAME)) == _process(_here()):
            self._run.store.remove(NAME)

    def _words(self) -> bytes:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        return json.dumps({"run": self._run.name, "at": at, **_here()}).encode()


@contextmanager
def writing(run: Run) -> Iterator[Lock]:
    """Hold the right to write while the block runs."""
    lock = Lock(run)
    lock.take()
    try:
        yield lock
    finally:
        lock.release()


def _here() -> dict[str, Any]:
    return {"host": socket.gethostname(), "pid": os.getpid()}


def _process(holder: dict[str, Any]) -> tuple[str, int]:
    return holder["host"], int(holder["pid"])


def _dead(holder: dict[str, Any], run: str) -> bool:
    """Gone from this machine; silent for long (pids are used again); or this same run, started again elsewhere."""
    if datetime.now(UTC) - datetime.fromisoformat(holder["at"]) > SILENT:
        return True
    if holder["host"] == socket.gethostname():
        ours = int(holder["pid"]) == os.getpid() and holder["run"] == run
        return ours or not _alive(int(holder["pid"]))
    return bool(holder["run"] == run)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
