"""The store, on a local folder and on an object store opened by Airflow."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import fsspec
import pandas as pd
import pytest
from airflow.sdk import ObjectStoragePath
from airflow.sdk.io import attach

from ecampus.errors import StoreUnusable
from ecampus.store.files import Run, Store, open_store


@pytest.fixture(params=["folder", "object store"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return open_store(ObjectStoragePath(f"file://{tmp_path}"))
    attach("memory", fs=fsspec.filesystem("memory"))
    return open_store(ObjectStoragePath(f"memory://nuits/{tmp_path.name}"))


def a_run(store: Store) -> Run:
    return Run(store, "offer", date(2026, 11, 23), "manual__2026-11-23T04:00:00+00:00")


def test_a_local_folder_is_opened_as_a_path_so_that_files_are_renamed_into_place(tmp_path: Path) -> None:
    assert open_store(ObjectStoragePath(f"file://{tmp_path}")).root == tmp_path
    assert open_store(tmp_path).root == tmp_path


def test_documents_and_frames_come_back_as_they_were(store: Store) -> None:
    frame = pd.DataFrame({"code": ["É1", None], "n": pd.array([1, None], dtype="Int64")})
    store.write_json("a/doc.json", {"libellé": "algèbre"})
    store.write_frame("a/frame.parquet", frame)
    assert store.read_json("a/doc.json") == {"libellé": "algèbre"}
    pd.testing.assert_frame_equal(store.read_frame("a/frame.parquet"), frame.astype({"code": "str"}))
    assert store.names("a") == ["doc.json", "frame.parquet"]


def test_an_absent_folder_has_no_names_and_an_absent_file_can_be_removed(store: Store) -> None:
    assert store.names("nulle-part") == []
    assert not store.exists("nulle-part/rien.json")
    store.remove("rien.json")


def test_a_file_that_cannot_be_read_is_one_sentence(store: Store) -> None:
    with pytest.raises(StoreUnusable, match=r"lire ou d'écrire « perdu\.json »"):
        store.read_json("perdu.json")


def test_a_write_that_fails_leaves_the_old_file_whole_and_nothing_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    store.write_json("doc.json", 1)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StoreUnusable, match="No space left on device"):
        store.write_json("doc.json", 2)
    assert store.read_json("doc.json") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["doc.json"]


def test_a_replay_never_writes_where_a_real_run_wrote(store: Store) -> None:
    run = a_run(store)
    replay = Run(store, run.phase, run.night, run.run_id, replay=True)
    run.files.write_json("report.json", "nuit")
    replay.files.write_json("report.json", "rejeu")
    assert run.files.read_json("report.json") == "nuit"


def test_what_a_local_store_holds_is_for_its_owner_alone(tmp_path):
    store = Store(tmp_path / "nuits" / "store")
    store.write_json("2026-09-14/users/run.json", {})
    made = list((tmp_path / "nuits").rglob("*"))
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in made} == {
        "store": "0o700", "2026-09-14": "0o700", "users": "0o700", "run.json": "0o600",
    }  # fmt: skip
