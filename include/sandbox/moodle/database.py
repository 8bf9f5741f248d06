"""The state: one SQLite connection shared by all threads, behind one lock."""

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sandbox.moodle.errors import MoodleError, missing_record, write_failed
from sandbox.moodle.releases import RELEASES, Release
from sandbox.moodle.text import collate

LENGTHS = {
    "user": {
        "username": 100, "idnumber": 255, "firstname": 100, "lastname": 100, "email": 100,
        "institution": 255, "department": 255, "city": 120,
    },
    "course": {"shortname": 255, "idnumber": 100},
    "course_categories": {"name": 255, "idnumber": 100},
    "cohort": {"name": 254, "idnumber": 100},
    "groups": {"name": 254, "idnumber": 100},
    "groupings": {"name": 255, "idnumber": 100},
}  # fmt: skip
SYSTEM, CATEGORY, COURSE = 10, 40, 50
SITE_COURSE = 1
TOKEN_ROLE = 9
"""The role of the token's account, in the system context."""
OWN_HOST = 1
"""The number of the site itself among those of MNet (``mnet_localhost_id``)."""


class Database:
    """Rows by table name, without Moodle's prefix ``mdl_``; texts compare as on MariaDB."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.RLock()
        self._depth = 0
        self.groups_seen: dict[int, list[sqlite3.Row]] = {}
        self.connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, cached_statements=512)
        self.connection.row_factory = sqlite3.Row
        self.connection.create_collation("moodle", collate)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=OFF")

    def close(self) -> None:
        with self.lock:
            self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; may be nested."""
        with self.lock:
            self._depth += 1
            point = f"depth_{self._depth}"
            self.connection.execute(f"SAVEPOINT {point}")
            try:
                yield
            except BaseException:
                self.connection.execute(f"ROLLBACK TO {point}")
                raise
            finally:
                self.connection.execute(f"RELEASE {point}")
                self._depth -= 1

    def run(self, sql: str, values: Iterable[Any] = ()) -> None:
        with self.lock:
            self.connection.execute(sql, tuple(values))

    def all(self, sql: str, values: Iterable[Any] = ()) -> list[sqlite3.Row]:
        with self.lock:
            return self.connection.execute(sql, tuple(values)).fetchall()

    def one(self, sql: str, values: Iterable[Any] = ()) -> sqlite3.Row | None:
        with self.lock:
            row: sqlite3.Row | None = self.connection.execute(sql, tuple(values)).fetchone()
            return row

    def value(self, sql: str, values: Iterable[Any] = ()) -> Any:
        row = self.one(sql, values)
        return None if row is None else row[0]

    def get(self, table: str, key: int) -> sqlite3.Row:
        """A row by id; an error when there is none."""
        row = self.find(table, key)
        if row is None:
            raise self.missing(table)
        return row

    def missing(self, table: str) -> MoodleError:
        """What this release says of a record that is not there."""
        return missing_record(table if self.release.names_missing else "")

    def find(self, table: str, key: int) -> sqlite3.Row | None:
        alive = " AND deleted = 0" if table == "user" else ""
        return self.one(f"SELECT * FROM mdl_{table} WHERE id = ?{alive}", (key,))

    def same(self, table: str, column: str, text: str, but: int = 0) -> int | None:
        """The id of another row whose text MariaDB would find equal; accounts that another site lends are left out."""
        own = f" AND mnethostid = {OWN_HOST}" if table == "user" else ""
        sql = f"SELECT id FROM mdl_{table} WHERE {column} = ? COLLATE moodle AND id <> ?{own} ORDER BY id"
        found: int | None = self.value(sql, (text, but))
        return found

    def insert(self, table: str, **values: Any) -> int:
        """Add a row; ``dmlwriteexception`` for a text too long or a duplicate key. Returns its id."""
        self._check_lengths(table, values)
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        try:
            with self.lock:
                sql = f"INSERT INTO mdl_{table} ({columns}) VALUES ({marks})"
                return self.connection.execute(sql, tuple(values.values())).lastrowid or 0
        except sqlite3.IntegrityError as error:
            raise write_failed() from error

    def update(self, table: str, key: int, **values: Any) -> None:
        """Change a row, with the same refusals as ``insert``."""
        self._check_lengths(table, values)
        columns = ", ".join(f"{column} = ?" for column in values)
        try:
            self.run(f"UPDATE mdl_{table} SET {columns} WHERE id = ?", (*values.values(), key))
        except sqlite3.IntegrityError as error:
            raise write_failed() from error

    def context(self, level: int, instance: int) -> int:
        """The id of a context, made on first use."""
        sql = "SELECT id FROM mdl_context WHERE contextlevel = ? AND instanceid = ?"
        found = self.value(sql, (level, instance))
        return found or self.insert("context", contextlevel=level, instanceid=instance)

    def setting(self, name: str) -> str:
        return str(self.value("SELECT value FROM mdl_config WHERE name = ?", (name,)))

    @cached_property
    def release(self) -> Release:
        """The release that the site was installed with."""
        return RELEASES[self.setting("sandbox_release")]

    def methods(self) -> frozenset[str]:
        """The authentication methods that the site has: those of its release, and those that were added to it."""
        return self.release.methods | set(self.setting("auth").split(","))

    def capabilities(self) -> frozenset[str]:
        """What the token's account may do, everywhere."""
        sql = "SELECT capability FROM mdl_role_capabilities WHERE roleid = ?"
        return frozenset(row["capability"] for row in self.all(sql, (TOKEN_ROLE,)))

    def allow(self, capability: str) -> None:
        """Give it to the role of the token's account."""
        columns = "contextid, roleid, capability, permission"
        sql = f"INSERT OR IGNORE INTO mdl_role_capabilities ({columns}) VALUES (?, ?, ?, 1)"
        self.run(sql, (self.context(SYSTEM, 0), TOKEN_ROLE, capability))

    def set_plugin(self, plugin: str, **settings: object) -> None:
        """Settings of a plugin, as its page keeps them."""
        for name, value in settings.items():
            sql = "INSERT OR REPLACE INTO mdl_config_plugins (plugin, name, value) VALUES (?, ?, ?)"
            self.run(sql, (plugin, name, str(value)))

    def _check_lengths(self, table: str, values: dict[str, Any]) -> None:
        limits = LENGTHS.get(table, {}) | ({"fullname": self.release.fullname} if table == "course" else {})
        for column, value in values.items():
            if isinstance(value, str) and len(value) > limits.get(column, len(value)):
                raise write_failed()


def now() -> int:
    return int(time.time())
