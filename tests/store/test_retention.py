"""Which files of the store go on a night, and their going: nothing that is young, not ours, or behind a link."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import fsspec
import pytest
from airflow.sdk import ObjectStoragePath
from airflow.sdk.io import attach

from ecampus.errors import SettingUnreadable, StoreUnusable
from ecampus.store import replay, retention
from ecampus.store.files import Run, Store, open_store
from ecampus.store.retention import Keeping, outdated

ACCOUNTS = "accounts-7-1800000000000-f0.parquet"
TONIGHT = date(2026, 11, 23)
KEEPING = Keeping()
EXTRACTS = [
    "existing.json", "existing/users.parquet", "memory.json", "memory/links.parquet", "owned.json",
    "owned/account.parquet", "source.json", "source/people.parquet", "verdicts.parquet",
]  # fmt: skip
REPORTS = [
    "anomalies.parquet", "checked.json", "doubtful.parquet", "journal/000000-1f.parquet", "plan.json", "plan.parquet",
    "recognised.json", "recognised/account.parquet", "record.json", "register.json", "report.html", "report.json",
    "run.json", "waiting.parquet", "whatever is to come.parquet",
]  # fmt: skip
CUT = f".people.parquet.{32 * 'a'}"


def night(days: int) -> str:
    """So many nights ago."""
    return (TONIGHT - timedelta(days=days)).isoformat()


def run(days: int, name: str = "r1") -> str:
    return f"{night(days)}/users/{name}"


def left(names: list[str]) -> list[str]:
    """What stays of these."""
    gone = outdated(names, TONIGHT, KEEPING)
    assert set(gone) <= set(names)
    return [name for name in names if name not in gone]


@pytest.mark.parametrize(("days", "kept"), [(0, True), (39, True), (40, False), (399, False), (4000, False)])
@pytest.mark.parametrize("part", EXTRACTS)
def test_extracts_and_verdicts_are_kept_40_nights(part, days, kept):
    assert left([f"{run(days)}/{part}"]) == ([f"{run(days)}/{part}"] if kept else [])


@pytest.mark.parametrize(("days", "kept"), [(0, True), (40, True), (399, True), (400, False), (4000, False)])
@pytest.mark.parametrize("part", REPORTS)
def test_the_rest_of_a_run_is_kept_400(part, days, kept):
    assert left([f"{run(days)}/{part}"]) == ([f"{run(days)}/{part}"] if kept else [])


def test_the_accounts_of_a_night_go_with_its_extracts():
    young, old = f"{night(39)}/{ACCOUNTS}", f"{night(40)}/{ACCOUNTS}"
    assert left([young, old]) == [young]


def test_what_a_killed_write_left_goes_once_its_night_and_the_next_are_over():
    names = [f"{run(days)}/source/{CUT}" for days in (0, 1, 2)] + [f"{night(2)}/.{ACCOUNTS}.{32 * 'b'}"]
    assert left(names) == names[:2]


@pytest.mark.parametrize(
    "name",
    [
        "memory/anomalies-users.parquet", "memory/night-users.json", "site.json", f"{CUT}", f"{night(500)}",
        f"{night(500)}/notes.txt", f"{night(500)}/users/notes.txt", f"{night(500)}/archives/r1/source.json",
        "20250101/users/r1/run.json", "2025-13-01/users/r1/run.json", "sauvegarde/2020-01-01/users/r1/run.json",
    ],
)  # fmt: skip
def test_what_is_no_nights_of_ours_stays(name):
    assert left([name]) == [name]


def test_the_list_of_a_part_goes_before_its_frames_and_the_oldest_night_first():
    names = [f"{run(days)}/{part}" for days in (50, 60) for part in ("existing/users.parquet", "existing.json")]
    assert outdated(names, TONIGHT, KEEPING) == [
        f"{run(60)}/existing.json", f"{run(60)}/existing/users.parquet",
        f"{run(50)}/existing.json", f"{run(50)}/existing/users.parquet",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("extracts", "reports", "expected"),
    [
        (None, None, (40, 400)),
        ("", " ", (40, 400)),
        (" 7 ", "7", (7, 7)),
        ("500", None, (500, 500)),
        ("8", "9", (8, 9)),
    ],
)
def test_the_site_says_how_long(extracts, reports, expected):
    assert Keeping.parse(extracts, reports) == Keeping(*expected)


@pytest.mark.parametrize(
    ("extracts", "reports", "sentence"),
    [
        ("6", None, "ecampus_keep_extracts vaut « 6 » : y mettre un nombre de nuits, 7 au moins, ou la laisser vide (40)."),
        ("-8", None, "ecampus_keep_extracts vaut « -8 » : y mettre un nombre de nuits, 7 au moins, ou la laisser vide (40)."),
        (None, "39", "ecampus_keep_reports vaut « 39 » : y mettre un nombre de nuits, 40 au moins, ou la laisser vide (400)."),
        (None, "un an", "ecampus_keep_reports vaut « un an » : y mettre un nombre de nuits, 40 au moins, ou la laisser vide (400)."),
    ],
)  # fmt: skip
def test_what_nobody_can_read_or_is_too_short_is_said(extracts, reports, sentence):
    with pytest.raises(SettingUnreadable) as refused:
        Keeping.parse(extracts, reports)
    assert str(refused.value) == f"La variable Airflow {sentence}"


@pytest.fixture(params=["folder", "object store"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return open_store(tmp_path / "store")
    attach("memory", fs=fsspec.filesystem("memory"))
    return open_store(ObjectStoragePath(f"memory://nuits/{tmp_path.name}"))


def filled(store: Store) -> Store:
    """Runs of tonight, of 40 nights ago and of 400, and what is somebody else's."""
    for days in (0, 40, 400):
        for part in (*EXTRACTS, *REPORTS):
            store.write(f"{run(days)}/{part}", b"{}")
        store.write(f"{night(days)}/{ACCOUNTS}", b"{}")
    store.write("memory/night-users.json", b"{}")
    store.write(f"{night(400)}/users/notes.txt", b"{}")
    return store


def test_what_stays_is_tonight_the_reports_of_40_nights_ago_and_what_is_not_ours(store):
    filled(store)
    before = store.everything()
    found = retention.prune(store, TONIGHT, KEEPING)
    expected = [f"{run(0)}/{part}" for part in (*EXTRACTS, *REPORTS)] + [f"{run(40)}/{part}" for part in REPORTS]
    expected += [f"{night(0)}/{ACCOUNTS}", "memory/night-users.json", f"{night(400)}/users/notes.txt"]
    assert store.everything() == sorted(expected)
    assert found == retention.Pruned(len(before) - len(expected), [])


def test_a_night_that_somebody_replays_waits(store):
    filled(store)
    opened = {"opened_at": f"{TONIGHT - timedelta(days=1)}T22:00:00+00:00"}
    store.write_json(f"{run(40, 'r2~rejeu')}/run.json", opened)
    assert retention.prune(store, TONIGHT, KEEPING).waiting == [TONIGHT - timedelta(days=40)]
    assert store.exists(f"{run(40)}/source.json")
    assert not store.exists(f"{run(400)}/run.json")
    assert retention.prune(store, TONIGHT + timedelta(days=2), KEEPING).waiting == []
    assert not store.exists(f"{run(40)}/source.json")


def tree(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*"))


def test_no_empty_folder_is_left(tmp_path):
    store = filled(Store(tmp_path))
    retention.prune(store, TONIGHT + timedelta(days=500), KEEPING)
    assert tree(tmp_path) == [
        night(400), f"{night(400)}/users", f"{night(400)}/users/notes.txt", "memory", "memory/night-users.json",
    ]  # fmt: skip


@pytest.mark.parametrize("survives", range(0, 34, 3))
def test_killed_anywhere_and_called_again_it_ends_the_same(tmp_path, monkeypatch, survives):
    whole, killed = filled(Store(tmp_path / "whole")), filled(Store(tmp_path / "killed"))
    retention.prune(whole, TONIGHT, KEEPING)
    calls = iter(range(survives))

    def unlink(path: Path, missing_ok: bool = False) -> None:
        next(calls)
        os.unlink(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", unlink)
        with pytest.raises(StopIteration):
            retention.prune(killed, TONIGHT, KEEPING)
    past = Run(killed, "users", TONIGHT - timedelta(days=40), "r1")
    if replay.archives(past):
        assert {part for part in EXTRACTS if not past.files.exists(part)} == set()
    retention.prune(killed, TONIGHT, KEEPING)
    assert tree(killed.root) == tree(whole.root)


def test_links_are_neither_followed_nor_removed(tmp_path):
    elsewhere = filled(Store(tmp_path / "elsewhere")).root
    store = filled(Store(tmp_path / "store"))
    for place in (night(900), f"{night(400)}/cohorts", f"{run(40)}/source/old"):
        (store.root / place).symlink_to(elsewhere, target_is_directory=True)
    (store.root / run(40) / "source" / "one.parquet").symlink_to(elsewhere / run(40) / "run.json")
    before = tree(elsewhere)
    retention.prune(store, TONIGHT, KEEPING)
    assert tree(elsewhere) == before
    links = {path.relative_to(store.root).as_posix() for path in store.root.rglob("*") if path.is_symlink()}
    assert links == {night(900), f"{night(400)}/cohorts", f"{run(40)}/source/old", f"{run(40)}/source/one.parquet"}


def test_a_store_that_refuses_is_one_sentence(tmp_path, monkeypatch):
    store = filled(Store(tmp_path))

    def unlink(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(StoreUnusable, match="Permission denied"):
        retention.prune(store, TONIGHT, KEEPING)


def test_a_run_that_nobody_can_read_does_not_keep_its_night(tmp_path):
    store = filled(Store(tmp_path))
    for content in (b"", b"3", json.dumps({"opened_at": 3}).encode(), b'{"opened_at": "hier"}'):
        store.write(f"{run(40)}/run.json", content)
        store.write(f"{run(40)}/source.json", b"{}")
        assert retention.prune(store, TONIGHT, KEEPING).waiting == []
        assert not store.exists(f"{run(40)}/source.json")


@pytest.mark.parametrize(("days", "kept"), [(39, True), (40, False)])
def test_a_rehearsal_goes_whole_with_its_extracts_and_what_is_not_of_it_stays(tmp_path, days, kept):
    store, name = Store(tmp_path), "rehearsals/manual__1"
    files = [f"{name}/{run(days)}/source/people.parquet", f"{name}/{run(days)}/plan.json", f"{name}/report.html"]
    files += [f"{name}/memory/anomalies-users.parquet"]
    for file in [*files, "rehearsals/autre/notes.txt"]:
        store.write(file, b"x")
    assert retention.prune(store, TONIGHT, KEEPING).files == (0 if kept else 4)
    assert store.everything() == sorted(["rehearsals/autre/notes.txt", *(files if kept else [])])
    assert retention.prune(store, TONIGHT, KEEPING).files == 0
