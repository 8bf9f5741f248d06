"""What stands between us and a database: a connection of SQLite that counts its statements, and breaks at one of them.

A disk that is full and a database that is read-only are SQLite's own (``max_page_count``, ``query_only``); a line that
breaks undoes what was not committed, as a server does.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

paramstyle = sqlite3.paramstyle
"""This module is the driver of its connections (PEP 249)."""
AWAY = "unable to open database file"
LOCKED = "database is locked"


class Line:
    """To one database. ``passed``: statements so far; ``struck``: how many times it broke."""

    def __init__(self) -> None:
        self._kind: str | None = None
        self._at, self._lasting, self._seen = 0, False, count(1)
        self._down = False
        self.passed, self.struck = 0, 0

    def arm(self, kind: str, at: int, lasting: bool) -> None:
        """Break at the statement number ``at`` from here on."""
        self._kind, self._at, self._lasting, self._seen = kind, at, lasting, count(1)
        self._down, self.struck = kind == "away" and lasting, 0

    def disarm(self) -> None:
        self._kind, self._down = None, False

    def hook(self, path: Path) -> Hook:
        """As Airflow's."""
        return Hook(path, self)

    def opened(self, path: Path) -> sqlite3.Connection:
        if self._down:
            self.struck += 1
            raise sqlite3.OperationalError(AWAY)
        connection = sqlite3.connect(path, timeout=0.2, factory=Connection)
        connection.line = self  # type: ignore[attr-defined]
        return connection

    def come(self, connection: Connection, act: Callable[[], Any], commits: bool = False) -> Any:
        """One statement, or the commit, of a connection."""
        self.passed += 1
        seen = next(self._seen)
        if connection.dead:
            raise sqlite3.OperationalError(AWAY)
        due = self._kind and (seen == self._at or (self._lasting and seen > self._at))
        if not due and not (self._kind == "unanswered" and commits and seen > self._at and not self.struck):
            return act()
        return self._break(connection, act, commits)

    def _break(self, connection: Connection, act: Callable[[], Any], commits: bool) -> Any:
        if self._kind == "unanswered" and not commits:
            return act()
        self.struck += 1
        if self._kind == "locked":
            raise sqlite3.OperationalError(LOCKED)
        if self._kind in SETTINGS:
            sqlite3.Cursor(connection).execute(SETTINGS[self._kind])
            return act()
        if self._kind == "unanswered":
            act()
        connection.break_off()
        self._down = self._lasting
        raise sqlite3.OperationalError(AWAY)


SETTINGS = {"full": "PRAGMA max_page_count = 1", "read-only": "PRAGMA query_only = 1"}
"""One page is the smallest that SQLite grants: the file keeps what it has, and gets no more."""


@dataclass(frozen=True)
class Hook:
    """``line``: what its connections go over."""

    path: Path
    line: Line

    def get_conn(self) -> sqlite3.Connection:
        return self.line.opened(self.path)


class Cursor(sqlite3.Cursor):
    """Tells the line of each statement."""

    def execute(self, *given: Any) -> Any:
        return self.connection.line.come(self.connection, lambda: super(Cursor, self).execute(*given))

    def executemany(self, *given: Any) -> Any:
        return self.connection.line.come(self.connection, lambda: super(Cursor, self).executemany(*given))


class Connection(sqlite3.Connection):
    """Its statements go over a line."""

    line: Line
    dead = False

    def cursor(self, factory: type[sqlite3.Cursor] = Cursor) -> Any:
        return super().cursor(factory)

    def execute(self, *given: Any) -> Any:
        return self.cursor().execute(*given)

    def commit(self) -> None:
        self.line.come(self, super().commit, commits=True)

    def break_off(self) -> None:
        """What was not committed is undone, and nothing more passes."""
        super().rollback()
        self.dead = True
