"""Moodle's own tables on a real server, of any prefix, filled from a sandbox's Moodle, and the account that reads them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from databases import Database
from ecampus.moodle.database import MoodleDatabase
from ecampus.sources import sql

TABLES = Path(__file__).with_name("moodle_tables.sql").read_text()
READER = "lecture"
LIKE_MOODLE = "CREATE DATABASE IF NOT EXISTS moodle CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"


@dataclass(frozen=True)
class MoodleTables:
    """The tables of one Moodle in a database of ``server``."""

    server: Database
    prefix: str

    def read(self, login: str = READER, **extra: Any) -> MoodleDatabase:
        """As the account sees them that has only the rights of ``grants.sql``."""
        return MoodleDatabase(self.server.hook(login, **extra), self.prefix)

    def grants(self, file: str = "grants") -> dict[str, str]:
        """The statements of ``grants.sql``, by table; or those of ``preflight_grants.sql``."""
        text = sql.statement(f"moodle/{file}.sql").replace("mdl_", self.prefix)
        lines = [line.rstrip(";") for line in text.splitlines() if line.startswith("GRANT")]
        return {line.partition(" ON ")[2].split()[0]: line for line in lines}

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """A statement of the administrator."""
        return self.server.run(statement.format(prefix=self.prefix))


def filled(server: Database, prefix: str, site: Path) -> MoodleTables:
    """Fresh tables, with what the sandbox's ``moodle.db`` holds and the rights of ``grants.sql``."""
    if server.ddl == "mariadb":
        server.run(LIKE_MOODLE)
        server = replace(server, connection=server.connection | {"schema": "moodle"})
    tables = MoodleTables(server, prefix)
    for statement in filter(str.strip, TABLES.split(";")):
        tables.run(f"DROP TABLE IF EXISTS {_name(statement)}")
        tables.run(statement)
    with closing(sqlite3.connect(site)) as source, closing(server.hook().get_conn()) as target:
        for statement in filter(str.strip, TABLES.split(";")):
            name = _name(statement)
            _copy(source, target, name.format(prefix="mdl_"), name.format(prefix=prefix))
        target.commit()
    for grant in tables.grants().values():
        server.run(grant)
    return tables


def _name(statement: str) -> str:
    return statement.split()[2]


def _copy(source: sqlite3.Connection, target: Any, name: str, copy: str) -> None:
    with closing(target.cursor()) as cursor:
        cursor.execute(f"SELECT * FROM {copy}")
        columns = ", ".join(column[0] for column in cursor.description)
        rows = source.execute(f"SELECT {columns} FROM {name}").fetchall()
        marks = ", ".join(["%s"] * len(cursor.description))
        cursor.executemany(f"INSERT INTO {copy} ({columns}) VALUES ({marks})", rows)
