"""The enrolment table and the register of a campus taken to a real server, where Moodle reads the table from then on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from campus import Campus, marked

import registrar
from databases import Database
from ecampus.register import dialect
from ecampus.register.register import Register
from ecampus.sources.sql import Hook
from sandbox.moodle.enrol_database import EnrolDatabase

TABLES = [*registrar.TABLES, "enrolments"]


def prepared(server: Database) -> Hook:
    """The way to an empty enrolment table and an empty register on this server."""
    server.create()
    hook: Hook = registrar.welcomed(server).hook("registrar")
    Register(hook).prepare()
    return hook


def moved(campus: Campus, hook: Hook) -> None:
    """Make the tables on the server hold what they hold in the sandbox's file; it is there that they are from now on."""
    _carried(campus.systems.enrolment_hook(), hook)
    campus.server = hook
    campus.box.moodle.enrol_database = ReadOnServer(campus.box.moodle.enrol_database, hook)


def _carried(file: Hook, hook: Hook) -> None:
    with closing(file.get_conn()) as here, closing(hook.get_conn()) as there, closing(there.cursor()) as cursor:
        for table in TABLES:
            found = here.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in found.description]
            cursor.execute(f"DELETE FROM {table}")
            insert = f"INSERT INTO {table}({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
            dialect.executemany(there, cursor, marked(there, insert), found.fetchall())
        there.commit()


class ReadOnServer(EnrolDatabase):
    """Moodle's plugin, whose external table is on a server."""

    def __init__(self, plugin: EnrolDatabase, hook: Hook) -> None:
        super().__init__(plugin.db, plugin.settings)
        self._connection = hook.get_conn()

    @contextmanager
    def _table(self) -> Iterator[Any]:
        yield self
        self._connection.rollback()

    def execute(self, sql: str, values: tuple[str, ...]) -> Any:
        """As a connection of SQLite does."""
        cursor = self._connection.cursor()
        cursor.execute(marked(self._connection, sql), values)
        return cursor

    def close(self) -> None:
        self._connection.close()
