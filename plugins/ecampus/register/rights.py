"""What an account may do in the database of the enrolment table, asked without doing it.

A statement that is only explained is refused to who may not run it, as run on PostgreSQL and MariaDB; MariaDB looks at
the right to make a table when the statement is prepared. Oracle explains into a table: it is not asked.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from ecampus.errors import SourceRefused
from ecampus.register import dialect, schema, tables
from ecampus.register.tables import SYSTEM
from ecampus.sources import sql

ENROLMENT = ("SELECT", "INSERT", "DELETE")
REGISTER = ("SELECT", "INSERT", "UPDATE", "DELETE")
EXPLAINED = {
    "SELECT": "EXPLAIN SELECT * FROM {table}",
    "INSERT": "EXPLAIN INSERT INTO {table}({columns}) SELECT {columns} FROM {table} WHERE 1 = 0",
    "UPDATE": "EXPLAIN UPDATE {table} SET {first} = {first} WHERE 1 = 0",
    "DELETE": "EXPLAIN DELETE FROM {table} WHERE 1 = 0",
}
PREPARED = "PREPARE ecampus_preflight FROM 'CREATE TABLE ecampus_preflight(a BIGINT)'"
MAKES = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)\s*\(")


def kind(hook: sql.Hook) -> str:
    """The dialect of the database. Raises RegisterUnusable where the register cannot live."""
    with sql.connected(hook, SYSTEM, "ses tables") as connection:
        return dialect.of(connection).name


def now(hook: sql.Hook) -> float:
    """Its clock: seconds since 1970."""
    with sql.connected(hook, SYSTEM, "son heure") as connection:
        speaks = dialect.of(connection)
        dual = " FROM dual" if speaks.name == "oracle" else ""
        ((milliseconds,),) = tables.select(connection, f"SELECT {speaks.clock}{dual}")
    return float(milliseconds) / 1000


def made(hook: sql.Hook) -> list[str]:
    """The tables of the register, as its scripts make them."""
    with sql.connected(hook, SYSTEM, "ses tables") as connection:
        name = dialect.of(connection).name
    scripts = (sql.statement(f"register/{name}/{number}.sql") for number in range(schema.VERSION + 1))
    return [table for script in scripts for table in MAKES.findall(script)]


def missing(hook: sql.Hook, table: str, verbs: Sequence[str]) -> list[str]:
    """Those of ``verbs`` that the account may not do on a table. Raises ContractBroken when there is no such table."""
    with sql.connected(hook, SYSTEM, f"la table {table}") as connection:
        columns = _columns(connection, table)
        if not columns:
            return ["SELECT"]
        named = {"table": table, "first": columns[0], "columns": ", ".join(columns)}
        return [verb for verb in verbs if not _allowed(connection, EXPLAINED[verb].format(**named))]


def require_writable(hook: sql.Hook) -> None:
    """Raise SourceRefused for a file of SQLite that may not be written."""
    with sql.connected(hook, SYSTEM, "son fichier") as connection:
        if dialect.of(connection).name != "sqlite":
            return
        files = [row[2] for row in tables.select(connection, "PRAGMA database_list") if row[2]]
    for path in files:
        if not (os.access(path, os.W_OK) and os.access(os.path.dirname(path), os.W_OK | os.X_OK)):
            raise SourceRefused(
                f"Le fichier {path}, base des inscriptions, ne peut pas être écrit : en donner le droit, et celui de"
                " son dossier, au compte sous lequel tournent les tâches d'Airflow."
            )


def may_make_tables(hook: sql.Hook) -> bool:
    """Whether the account may make the tables of the register."""
    with sql.connected(hook, SYSTEM, "ses tables") as connection:
        name = dialect.of(connection).name
        if name == "postgresql":
            ((may,),) = tables.select(connection, "SELECT has_schema_privilege(current_schema(), 'CREATE')")
            return bool(may)
        return name != "mariadb" or _allowed(connection, PREPARED)


def _columns(connection: Any, table: str) -> list[str]:
    """None without the right to read the table: the other rights cannot be asked then."""
    try:
        with sql.telling(SYSTEM, f"la table {table}"), closing(connection.cursor()) as cursor:
            cursor.execute(f"SELECT * FROM {table} WHERE 1 = 0")
            cursor.fetchall()
            return [str(column[0]) for column in cursor.description]
    except SourceRefused:
        return []
    finally:
        connection.rollback()


def _allowed(connection: Any, statement: str) -> bool:
    """The driver's other complaints go through."""
    try:
        with sql.telling(SYSTEM, "ses tables"), closing(connection.cursor()) as cursor:
            cursor.execute(statement)
            if cursor.description:
                cursor.fetchall()
    except SourceRefused:
        return False
    finally:
        connection.rollback()
    return True
