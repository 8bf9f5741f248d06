"""Folders that one process of a session of tests fills, and that all of them read."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

Played = Callable[[Callable[[Path], object]], Path]


def between_processes(factory: pytest.TempPathFactory) -> Played:
    """``played(play)``: the folder that this function fills, once a session; whoever comes meanwhile waits for it."""
    ours = factory.getbasetemp()
    everybody = ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours

    def played(play: Callable[[Path], object]) -> Path:
        name = f"{play.__module__}.{play.__qualname__}".replace(".<locals>", "")
        there = everybody / f"played_{name}"
        with _alone(everybody / f"played_{name}.lock"):
            if not there.exists():
                made = factory.mktemp(name)
                play(made)
                made.rename(there)
        return there

    return played


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """No other process is in such a block of this path."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
