"""A fresh Moodle of the sandbox for each test, and the client of ``rest`` on it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rest import Rest
from sandbox import moodle


class Site(Rest):
    """A running Moodle, its tables, and the external one beside it."""

    def __init__(self, folder: Path) -> None:
        self.server = moodle.start(folder)
        super().__init__(self.server.url, self.server.token)
        self.db, self.faults, self.settings = self.server.db, self.server.faults, self.server.settings
        self.plugin = self.server.enrol_database.settings
        self.rows()

    def rows(self, *rows: tuple[str, str, str]) -> None:
        """Make the external table hold exactly these rows."""
        with closing(sqlite3.connect(self.plugin.table_path)) as table, table:
            table.execute("CREATE TABLE IF NOT EXISTS enrolments (course_idnumber, username, role)")
            table.execute("DELETE FROM enrolments")
            table.executemany("INSERT INTO enrolments VALUES (?, ?, ?)", rows)

    def row(self, table: str, key: int) -> dict[str, Any]:
        return dict(self.db.get(table, key))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    running = Site(tmp_path)
    yield running
    running.http.close()
    running.server.stop()
