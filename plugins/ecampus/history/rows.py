"""Rows of a run's files as records: those that match, with the fields that the record has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ecampus.history.duck import place
from ecampus.store.files import Run

if TYPE_CHECKING:
    import duckdb

Record = TypeVar("Record", bound=tuple[Any, ...])


class Condition(NamedTuple):
    """``sql``: what is asked of a row, with a ``?`` for each of ``values``."""

    sql: str
    values: Sequence[Any]


def one_of(columns: str | Iterable[str], values: Iterable[Any]) -> Condition:
    """One of these columns has one of these values; nothing matches where there are none."""
    known, names = [value for value in values if value is not None], [columns] if isinstance(columns, str) else columns
    marks = ", ".join("?" * len(known))
    if not known:
        return Condition("false", [])
    named = [*names]
    return Condition(" OR ".join(f"{name} IN ({marks})" for name in named), known * len(named))


def either(*conditions: Condition) -> Condition:
    """Rows that match one of them."""
    return Condition(" OR ".join(f"({one.sql})" for one in conditions), [v for one in conditions for v in one.values])


def both(*conditions: Condition) -> Condition:
    """Rows that match all of them."""
    return Condition(" AND ".join(f"({one.sql})" for one in conditions), [v for one in conditions for v in one.values])


def holding(text: str, words: Iterable[str]) -> Condition:
    """``text``, a column or an expression, holds each of these words, case and accents apart."""
    return both(*(Condition(f"contains(strip_accents(lower({text})), strip_accents(lower(?)))", [w]) for w in words))


class Reader:
    """The rows of runs' files, by a connection of ``duck.reading``."""

    def __init__(self, base: duckdb.DuckDBPyConnection) -> None:
        self._base = base
        self._columns: dict[str, frozenset[str]] = {}

    def records(self, run: Run, name: str, record: type[Record], which: Condition) -> tuple[Record, ...]:
        """The rows of ``name`` (a file of the run, or several by a pattern); a column that it has not is null.

        No such file: no row. Raises StoreUnusable (in ``duck.reading``) for a file that cannot be read.
        """
        path = place(run.files, name)
        if path not in self._columns:
            self._columns[path] = self._known(path) if _exists(run, name) else frozenset()
        known = self._columns[path]
        if not known:
            return ()
        fields: list[str] = list(record._fields)  # type: ignore[attr-defined]
        shown = ", ".join(f'"{field}"' for field in fields)
        lacking = "".join(f', NULL::VARCHAR AS "{field}"' for field in fields if field not in known)
        whole = f"SELECT *{lacking} FROM read_parquet(?, union_by_name = true)"
        query = f"SELECT {shown} FROM ({whole}) WHERE {which.sql}"
        return tuple(record(*row) for row in self._base.execute(query, [path, *which.values]).fetchall())

    def _known(self, path: str) -> frozenset[str]:
        found = self._base.execute("SELECT DISTINCT name FROM parquet_schema(?)", [path]).fetchall()
        return frozenset(row[0] for row in found)


def _exists(run: Run, name: str) -> bool:
    folder, _, last = name.rpartition("/")
    return bool(run.files.names(folder)) if "*" in last else run.files.exists(name)
