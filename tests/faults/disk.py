"""The store's disk: full, or read-only, from one file on; files emptied, as after a power cut."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from ecampus.store.files import Store

NUMBERS = {"full": errno.ENOSPC, "read-only": errno.EROFS}
CHANGES: dict[str, dict[str, Callable[..., bool]]] = {
    "full": {"replace": lambda *_: True},
    "read-only": {
        "open": lambda _path, flags, *_: bool(flags & os.O_CREAT),
        "unlink": lambda path, *_: os.path.lexists(path),
    },
}
"""What the store asks of the system that a disk of that kind refuses."""


class Disk:
    """Counts the files written or removed in a store; ``struck``: how many were refused."""

    def __init__(self) -> None:
        self.passed, self.struck = 0, 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count while the block runs."""
        with (
            patch.object(Store, "write", self._counting(Store.write)),
            patch.object(Store, "remove", self._counting(Store.remove)),
        ):
            yield

    @contextmanager
    def refusing(self, kind: str, at: int) -> Iterator[None]:
        """From the file number ``at`` on the disk takes no byte (``full``), or is not to be written at all."""
        seen, self.struck = count(1), 0

        def refused(real: Callable[..., Any], changes: Callable[..., bool]) -> Callable[..., Any]:
            def tried(path: Any, *more: Any, **how: Any) -> Any:
                if changes(path, *more) and next(seen) >= at:
                    self.struck += 1
                    raise OSError(NUMBERS[kind], os.strerror(NUMBERS[kind]), str(path))
                return real(path, *more, **how)

            return tried

        with ExitStack() as stack:
            for name, changes in CHANGES[kind].items():
                stack.enter_context(patch.object(os, name, refused(getattr(os, name), changes)))
            yield

    def _counting(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(store: Store, *given: Any) -> Any:
            self.passed += 1
            return real(store, *given)

        return counted


def files(folder: Path) -> dict[Path, int]:
    """Each file and when it was written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def emptied(folder: Path, before: dict[Path, int], share: float) -> list[Path]:
    """Empty the last of the files written since ``before``: a share of them, one at least."""
    new = sorted((stamp, path) for path, stamp in files(folder).items() if before.get(path) != stamp)
    lost = [path for _, path in new[len(new) - max(1, round(share * len(new))) :]]
    for path in lost:
        os.truncate(path, 0)
    return lost
