"""What differs from one database to another: the clock, a reading of one moment, the end of an idle transaction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from ecampus.errors import RegisterUnusable


@dataclass(frozen=True)
class Dialect:
    """``name`` is the folder of ``include/sql/register`` that makes the tables.

    ``clock``: the database's own, milliseconds since 1970 in UTC whatever the session's zone; it moves inside a
    transaction. ``moment``: what begins a transaction that reads one moment. ``idle``: what makes the database end a
    transaction that says nothing for ``{seconds}`` or ``{milliseconds}``: a frozen process gives its locks back.
    ``collation``: replaced (old, new) in the scripts.
    """

    name: str
    clock: str
    moment: tuple[str, ...]
    idle: str | None = None
    collation: tuple[str, str] = ("", "")

    def idle_statement(self, seconds: float) -> str | None:
        """What limits an idle transaction of this session; null where no session can ask for it."""
        return self.idle and self.idle.format(seconds=math.ceil(seconds), milliseconds=round(seconds * 1000))

    def script(self, text: str) -> list[str]:
        """The statements of a script, without its comments."""
        code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
        if self.collation[0]:
            code = code.replace(*self.collation)
        return [statement.strip() for statement in f"{code}\n".split(";\n") if statement.strip()]


SQLITE = Dialect("sqlite", "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)", ("BEGIN",))
POSTGRESQL = Dialect(
    "postgresql",
    "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",  # now() stands still in a transaction
    ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",),
    "SET idle_in_transaction_session_timeout = {milliseconds}",
)
MARIADB = Dialect(
    "mariadb",
    "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) DIV 1000)",  # NOW() is local
    ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "START TRANSACTION WITH CONSISTENT SNAPSHOT"),
    "SET SESSION idle_transaction_timeout = {seconds}",
)
MYSQL = Dialect("mariadb", MARIADB.clock, MARIADB.moment, collation=("utf8mb4_nopad_bin", "utf8mb4_0900_bin"))
ORACLE = Dialect(
    "oracle",
    "FLOOR((CAST(SYS_EXTRACT_UTC(SYSTIMESTAMP) AS DATE) - DATE '1970-01-01') * 86400000)",
    ("SET TRANSACTION READ ONLY",),
)
PAGE = 500
"""Statements that psycopg2 sends at once."""
DRIVERS = {"sqlite3": SQLITE, "psycopg2": POSTGRESQL, "psycopg": POSTGRESQL, "oracledb": ORACLE}


def of(connection: Any) -> Dialect:
    """The dialect that the connection's driver speaks. Raises ``RegisterUnusable``."""
    drivers = _drivers(connection)
    if drivers & {"MySQLdb", "mysql"}:
        server = getattr(connection, "server_info", None) or connection.get_server_info()
        return MARIADB if "mariadb" in server.lower() else MYSQL
    for driver in drivers & DRIVERS.keys():
        return DRIVERS[driver]
    raise RegisterUnusable(
        "La base des inscriptions est d'une sorte où le registre ne peut pas vivre : la connexion « enrolment_db »"
        " doit mener à un PostgreSQL, un MariaDB, un Oracle ou un fichier SQLite."
    )


def executemany(connection: Any, cursor: Any, statement: str, records: Sequence[Any]) -> None:
    """The statement once for each record; psycopg2's own ``executemany`` waits for the server after each."""
    if "psycopg2" in _drivers(connection):
        import_module("psycopg2.extras").execute_batch(cursor, statement, records, page_size=PAGE)
    else:
        cursor.executemany(statement, records)


def _drivers(connection: Any) -> set[str]:
    return {parent.__module__.partition(".")[0] for parent in type(connection).__mro__}
