"""The history, opened to be asked: a table as a view of one connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ecampus.errors import StoreUnusable
from ecampus.history import duck, tables
from ecampus.store.files import Store

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KINDS = {"string": "VARCHAR", "int64": "BIGINT", "bool": "BOOLEAN"}


@contextmanager
def opened(store: Store, table: str, first: str = "", last: str = "~") -> Iterator[DuckDBPyConnection]:
    """The view ``table`` (``tables.SHAPES``) of the months of the nights from ``first`` to ``last`` (ISO dates).

    Raises StoreUnusable when a file is missing or cannot be read: what was not looked at is never taken for nothing.
    """
    known, there = (
        {pair for pair in tables.months(store, name) if first[:7] <= pair[1] <= last[:7]} for name in ("runs", table)
    )
    if missing := known - there:
        raise StoreUnusable(
            f"Le fichier « {tables.path(table, *min(missing))} » de l'historique manque : « make history » refait"
            " l'historique depuis les dossiers des nuits."
        )
    names = [duck.place(store, tables.path(table, *pair)) for pair in sorted(there, key=_in_order)]
    import duckdb

    with duck.reading(store) as connection:
        try:
            connection.execute(f"CREATE VIEW {table} AS {_view(table, names)}")
        except duckdb.BinderException as error:
            raise StoreUnusable(
                "L'historique n'a pas les colonnes que cette version d'ecampus lit : « make history » le refait depuis"
                " les dossiers des nuits."
            ) from error
        yield connection


def _in_order(file: tuple[str, str]) -> tuple[str, int]:
    """By month, then in the order of the phases."""
    series, month = file
    return month, tables.SERIES.index(series)


def _view(table: str, names: list[str]) -> str:
    fields = [(f'"{field.name}"', KINDS[str(field.type)]) for field in tables.SHAPES[table]]
    if not names:
        nothing = [*fields, ("file", "BIGINT"), ("line", "BIGINT")]
        return f"SELECT {', '.join(f'NULL::{kind} AS {name}' for name, kind in nothing)} WHERE false"
    quoted = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
    columns = ", ".join(f"{name}::{kind} AS {name}" for name, kind in fields)
    return f"SELECT {columns}, file_index AS file, file_row_number AS line FROM read_parquet([{quoted}])"
