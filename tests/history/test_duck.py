"""DuckDB reads the files of a store as they are, on a disk or in an object store."""

from __future__ import annotations

import fsspec
import pandas as pd
import pytest
from airflow.sdk import ObjectStoragePath
from airflow.sdk.io import attach

from ecampus.errors import StoreUnusable
from ecampus.history import duck
from ecampus.store.files import Store, open_store


@pytest.fixture(params=["folder", "object store"])
def store(request, tmp_path) -> Store:
    if request.param == "folder":
        return open_store(tmp_path)
    attach("memory", fs=fsspec.filesystem("memory"))
    return open_store(ObjectStoragePath(f"memory://nuits/{tmp_path.name}"))


def test_files_are_read_one_by_one_or_by_a_pattern(store):
    for night in ("2026-11-24", "2026-11-25"):
        store.write_frame(f"histoire/{night}.parquet", pd.DataFrame({"nuit": [night]}))
    with duck.reading(store) as base:
        one = base.execute("FROM read_parquet(?)", [duck.place(store, "histoire/2026-11-24.parquet")]).fetchall()
        all_of_them = base.execute("FROM read_parquet(?) ORDER BY 1", [duck.place(store, "histoire/*.parquet")])
        assert one == [("2026-11-24",)]
        assert all_of_them.fetchall() == [("2026-11-24",), ("2026-11-25",)]


def test_a_file_that_a_power_cut_emptied_is_told_in_one_sentence_too(store):
    store.write("histoire/vide.parquet", b"")
    store.write("histoire/autre.parquet", b"pas du Parquet, mais assez long")
    for name in ("vide", "autre"):
        with pytest.raises(StoreUnusable, match="Le magasin des nuits"), duck.reading(store) as base:
            base.execute("FROM read_parquet(?)", [duck.place(store, f"histoire/{name}.parquet")])


def test_a_file_that_cannot_be_read_is_told_in_one_sentence(store):
    with pytest.raises(StoreUnusable, match="Le magasin des nuits ne permet pas de lire"), duck.reading(store) as base:
        base.execute("FROM read_parquet(?)", [duck.place(store, "histoire/absent.parquet")])
