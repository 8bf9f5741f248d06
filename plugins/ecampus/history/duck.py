"""The Parquet files of a store as DuckDB reads them, wherever the store is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecampus.errors import StoreUnusable
from ecampus.store.files import Store

if TYPE_CHECKING:
    import duckdb

CONFIG: dict[str, Any] = {
    "threads": 2,
    "memory_limit": "512MB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


TOO_MUCH = (
    "Ce qui est demandé est trop grand pour la mémoire que les pages se donnent : demander moins (une nuit, une"
    " personne, un cours)."
)


@contextmanager
def reading(store: Store) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own, in memory, that can read the files named by ``place``. Raises StoreUnusable."""
    import duckdb

    with duckdb.connect(config=CONFIG) as connection:
        if not isinstance(store.root, Path):
            connection.register_filesystem(store.root.fs)
        try:
            yield connection
        except duckdb.Error as error:
            if isinstance(error, duckdb.OutOfMemoryException):
                raise StoreUnusable(TOO_MUCH) from error
            if type(error) not in (duckdb.IOException, duckdb.InvalidInputException, duckdb.Error):
                raise
            raise StoreUnusable(
                f"Le magasin des nuits ne permet pas de lire ce qui est demandé ({error}) : vérifier le dossier nommé"
                " par ECAMPUS_STORE et ses droits."
            ) from error


def place(store: Store, name: str) -> str:
    """Where DuckDB finds the file ``name`` (or files, by a pattern with ``*``): what ``read_parquet`` is given."""
    if isinstance(store.root, Path):
        return str(store.root / name)
    path = store.root / name
    return f"{path.protocol}://{path.path}"
