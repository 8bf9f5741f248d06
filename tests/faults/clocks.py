"""Moodle's clock and that of the register's database, away from ours: both are asked for the time at one place."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from unittest.mock import patch

from ecampus.register import dialect
from sandbox.moodle import database


@contextmanager
def apart(moodle: int, register: int) -> Iterator[None]:
    """Seconds by which they are ahead of the machine's while the block runs."""
    shifted = replace(dialect.SQLITE, clock=f"({dialect.SQLITE.clock} + {1000 * register})")
    clock = SimpleNamespace(time=lambda: time.time() + moodle)
    with patch.object(database, "time", clock), patch.dict(dialect.DRIVERS, sqlite3=shifted):
        yield
