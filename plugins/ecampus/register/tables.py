"""Statements on the register's tables, and its tables as frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from itertools import islice
from typing import Any

import pandas as pd

from ecampus.register import dialect
from ecampus.shapes import none
from ecampus.sources import silence, sql

SYSTEM, TABLE = "la base des inscriptions", "une table du registre"
CHUNK = 5000
LIST = 500
"""Values in one list of SQL; Oracle takes 1,000."""

Record = dict[str, Any]
Shape = Mapping[str, str]
LINKS = {"code": "str", "porteur": "str"}
FOLLOWING = {"course_idnumber": "str", "username": "str", "role": "str", "verb": "str", "night": "str"}
FIGURES = {"phase": "str", "subject": "str", "scope": "str", "figure": "str", "value": "Int64"}
GOOD = {"phase": "str", "view": "str", "run": "str"}
DONE = {"run": "str", "night": "str", "breaker": "str", "scope": "str", "units": "int64"}
DECISIONS = {
    "phase": "str",
    "unit": "str",
    "digest": "str",
    "question": "str",
    "state": "str",
    "night": "str",
    "decided": "str",
    "who": "str",
    "why": "str",
}
PASSAGES = {
    "phase": "str",
    "reason": "str",
    "made_by": "str",
    "night": "str",
    "run": "str",
    "state": "str",
    "decided": "str",
    "who": "str",
    "why": "str",
}
ANSWERS = {
    "answered": "int64",
    "phase": "str",
    "question": "str",
    "state": "str",
    "night": "str",
    "units": "int64",
    "who": "str",
    "why": "str",
}
SITES = {"phase": "str", "name": "str", "setting": "str"}
ASKED, APPROVED, REFUSED, UNDONE = "asked", "approved", "refused", "undone"
"""States of a decision."""
RESERVED = {"key": "course_key", "view": "view_name"}
"""Columns whose name some database keeps for itself."""


@cache
def text(name: str) -> str:
    """The statement ``include/sql/register/<name>.sql``."""
    return sql.statement(f"register/{name}.sql").strip()


def timed(connection: Any, name: str) -> str:
    """The same, ``{clock}`` being that of the database."""
    return text(name).replace("{clock}", dialect.of(connection).clock)


def opened(hook: sql.Hook, idle: float) -> Any:
    """A connection whose transactions the database ends when they say nothing for ``idle`` seconds."""
    connection = silence.connected(hook)
    limit = dialect.of(connection).idle_statement(idle)
    if limit:
        execute(connection, limit)
        connection.commit()
    return connection


@contextmanager
def moment(hook: sql.Hook) -> Iterator[Any]:
    """A connection whose readings are all of one moment; whatever its driver complains of is told."""
    with sql.connected(hook, SYSTEM, TABLE) as connection:
        for statement in dialect.of(connection).moment:
            execute(connection, statement)
        yield connection
        connection.rollback()


def execute(connection: Any, statement: str, parameters: Record | None = None) -> int:
    """One statement; how many rows it touched."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql.bound(statement, connection), parameters or {})
        return int(cursor.rowcount)


def select(connection: Any, statement: str, parameters: Record | None = None) -> list[tuple[Any, ...]]:
    """All rows of a SELECT, as the driver gives them."""
    with closing(connection.cursor()) as cursor:
        cursor.arraysize = CHUNK
        cursor.execute(sql.bound(statement, connection), parameters or {})
        return [tuple(row) for row in cursor.fetchall()]


def many(connection: Any, statement: str, records: Iterable[Record]) -> None:
    """The statement once for each record."""
    bound, waiting = sql.bound(statement, connection), iter(records)
    with closing(connection.cursor()) as cursor:
        while chunk := list(islice(waiting, CHUNK)):
            dialect.executemany(connection, cursor, bound, chunk)


def frame(connection: Any, table: str, shape: Shape) -> pd.DataFrame:
    """The whole table, column by column: row objects of half a million memberships would fill the memory."""
    columns: dict[str, list[Any]] = {name: [] for name in shape}
    with closing(connection.cursor()) as cursor:
        cursor.arraysize = CHUNK
        cursor.execute(sql.bound(text("rows").format(columns=_names(shape), table=table), connection))
        while chunk := cursor.fetchmany(CHUNK):
            for values, more in zip(columns.values(), zip(*chunk, strict=True), strict=True):
                values.extend(more)
    if not any(columns.values()):
        return none(shape)
    return pd.DataFrame({name: pd.Series(columns[name], dtype="object").astype(kind) for name, kind in shape.items()})


def insert(connection: Any, table: str, columns: Sequence[str], records: Iterable[Record]) -> None:
    """Add these rows."""
    values = ", ".join(f":{name}" for name in columns)
    many(connection, text("insert").format(table=table, columns=_names(columns), values=values), records)


def delete(connection: Any, table: str, identity: Sequence[str], records: Iterable[Record]) -> None:
    """Take away the rows of these identities; none is no error."""
    condition = "\n   AND ".join(f"{_name(name)} = :{name}" for name in identity)
    many(connection, text("delete").format(table=table, condition=condition), records)


def empty(connection: Any, table: str) -> None:
    """Take away every row."""
    execute(connection, text("delete").format(table=table, condition="1 = 1"))


def listed(
    connection: Any, table: str, columns: Sequence[str], among: str, values: Sequence[Any]
) -> Iterator[dict[str, Any]]:
    """The rows whose column ``among`` is one of ``values``."""
    for start in range(0, len(values), LIST):
        binds = {f"v{number}": value for number, value in enumerate(values[start : start + LIST])}
        condition = f"{_name(among)} IN ({', '.join(f':{name}' for name in binds)})"
        statement = f"{text('rows').format(columns=_names(columns), table=table)}\n WHERE {condition}"
        for row in select(connection, statement, binds):
            yield dict(zip(columns, row, strict=True))


def records(frame: pd.DataFrame, shape: Shape) -> list[Record]:
    """The rows as a driver takes them, the columns of ``shape`` that the frame has."""
    columns = [name for name in shape if name in frame]
    values = [_plain(frame[name].tolist(), shape[name]) for name in columns]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


def plain(record: Record, shape: Shape) -> Record:
    """The record as a driver takes it."""
    return {name: PLAIN[shape[name]](value) for name, value in record.items()}


def _plain(values: list[Any], type_: str) -> list[Any]:
    if type_ == "str":
        return [value if isinstance(value, str) else _word(value) for value in values]
    return [PLAIN[type_](value) for value in values]


def _whole(value: Any) -> int | None:
    return value if type(value) is int else None if pd.isna(value) else int(value)


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) else None if pd.isna(value) else str(value)


def _truth(value: Any) -> int:
    return 0 if pd.isna(value) else int(bool(value))


PLAIN = {"int64": _whole, "Int64": _whole, "str": _word, "bool": _truth}


def _name(column: str) -> str:
    return RESERVED.get(column, column)


def _names(columns: Iterable[str]) -> str:
    return ", ".join(map(_name, columns))
