"""The history is written night by night, made anew from the nights' folders, and forgotten with them."""

from __future__ import annotations

import logging
import shutil
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import fsspec
import pytest
from airflow.sdk import ObjectStoragePath
from airflow.sdk.io import attach

from chronicle import NIGHT, changes, content, kept, reported
from ecampus.errors import StoreUnusable
from ecampus.history import keeping, tables
from ecampus.store.files import REHEARSALS, Run, Store, open_store
from ecampus.store.journal import Journal
from ecampus.store.opening import Opening, keep

ARCHIVED = """object | verb | key | place | username | unit | moodle_id
enrolment | copy_key | ex_L1 / e1 / student | ex_L1 | e1 | course~archive~L1 |
course | archive | L1 | ex_L1 | | | 7"""
CREATED = "object | verb | key | place | moodle_id ; course | create | L1 | L1 | 7"


@pytest.fixture(params=["folder", "object store"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return open_store(tmp_path)
    attach("memory", fs=fsspec.filesystem("memory"))
    return open_store(ObjectStoragePath(f"memory://nuits/{tmp_path.name}"))


def names(store: Store, table: str) -> list[str]:
    return store.names(f"history/{table}")


def runs(store: Store, series: str = "offer", month: str = "2026-11") -> list[tuple[str, str, str]]:
    """Night, run and state of the runs that are kept."""
    rows = tables.read(store, "runs", series, month)
    return sorted(rows[["night", "run", "state"]].itertuples(index=False, name=None))


def test_a_month_of_a_phase_is_one_file_of_each_table(store):
    kept(store, date(2026, 11, 30))
    kept(store, date(2026, 12, 1))
    kept(store, date(2026, 12, 1), phase="groups")
    for table in tables.SHAPES:
        assert names(store, table) == ["groups-2026-12.parquet", "offer-2026-11.parquet", "offer-2026-12.parquet"]


def test_a_run_that_is_cleared_and_reported_again_is_there_once_as_it_was_the_last_time(store):
    kept(store, done=CREATED)
    kept(store, run_id="approved", only_approved=True, done="object | verb | key ; course | rename | L2")
    kept(store, done="object | verb | key ; course | rename | L1", ended="05:00", state="failed", reason="Moodle dort.")
    assert runs(store) == [("2026-11-23", "approved", "success"), ("2026-11-23", "r", "failed")]
    rows = tables.read(store, "changes", "offer", "2026-11")
    assert sorted(rows["verb"] + " " + rows["key"]) == ["rename L1", "rename L2"]


def test_what_is_undone_has_files_of_its_own_for_it_may_come_while_the_phase_is_at_work(store):
    kept(store, run_id="undo", undoes=date(2026, 11, 20))
    kept(store)
    assert names(store, "runs") == ["offer-2026-11.parquet", "offer-undo-2026-11.parquet"]
    assert runs(store) == [("2026-11-23", "r", "success")]
    assert runs(store, "offer-undo") == [("2026-11-23", "undo", "success")]


def test_replays_backfills_and_rehearsals_are_not_in_it(store):
    kept(store, mode="backfill")
    replay = Run(store, "offer", NIGHT, "r", replay=True)
    keep(replay, Opening(NIGHT, "replay"))
    keeping.keep(replay)
    kept(Store(store.root / REHEARSALS / "essai"))
    assert not [name for name in store.everything() if "history/" in name]


def test_a_run_that_is_missing_is_written_by_the_next_one_a_week_later_at_most(store):
    reported(store, NIGHT - timedelta(days=8), run_id="trop vieux")
    reported(store, NIGHT - timedelta(days=7), run_id="manque")
    kept(store, NIGHT)
    assert [name for _, name, _ in runs(store)] == ["manque", "r"]


def test_a_run_that_could_not_even_report_is_written_by_the_next_one(store):
    run = Run(store, "offer", NIGHT, "mort")
    keep(run, Opening(NIGHT, "live"))
    ended = {"finished_at": "2026-11-23T03:00:00+00:00", "state": "failed", "reason": "Interrompue."}
    run.files.write_json("record.json", {"run_id": "mort", "started_at": "2026-11-23T02:00:00+00:00"} | ended)
    kept(store, NIGHT + timedelta(days=1))
    assert runs(store) == [("2026-11-23", "mort", "failed"), ("2026-11-24", "r", "success")]


def test_one_that_is_still_at_work_is_not(store):
    keep(Run(store, "offer", NIGHT, "en cours"), Opening(NIGHT, "live"))
    kept(store, NIGHT + timedelta(days=1))
    assert runs(store) == [("2026-11-24", "r", "success")]


def test_what_somebody_adopted_is_written_by_the_next_run(store):
    run = Run(store, "offer", NIGHT, "adoption-1")
    notes = Journal(run.files)
    notes.record(changes(CREATED), "adopted")
    notes.flush()
    kept(store, NIGHT + timedelta(days=1))
    rows = tables.read(store, "changes", "offer", "2026-11")
    assert rows[["run", "outcome", "key"]].to_numpy().tolist() == [["adoption-1", "adopted", "L1"]]


def test_of_a_run_that_nobody_can_read_the_history_says_so(tmp_path):
    store = Store(tmp_path)
    broken = reported(store, done=CREATED)
    (segment,) = broken.files.names("journal")
    broken.files.write(f"journal/{segment}", b"")
    kept(store, NIGHT + timedelta(days=1), done=CREATED)
    assert runs(store) == [("2026-11-23", "r", "unreadable"), ("2026-11-24", "r", "success")]
    reason = tables.read(store, "runs", "offer", "2026-11").set_index("night")["reason"]["2026-11-23"]
    assert f"« journal/{segment} »" in reason
    assert keeping.rebuild(store) == 2
    assert runs(store) == [("2026-11-23", "r", "unreadable"), ("2026-11-24", "r", "success")]


def test_what_was_read_once_stays_when_it_cannot_be_read_any_more(tmp_path):
    store = Store(tmp_path)
    first = kept(store, done=CREATED)
    first.files.write("run.json", b"{")
    kept(store, NIGHT + timedelta(days=1))
    assert runs(store) == [("2026-11-23", "r", "success"), ("2026-11-24", "r", "success")]


def test_a_history_that_cannot_be_written_fails_no_phase_and_says_so_in_one_sentence(tmp_path, caplog):
    store = Store(tmp_path)
    store.write("history/changes/offer-2026-11.parquet", b"abc")
    with caplog.at_level(logging.WARNING, "ecampus"):
        kept(store)
    (told,) = caplog.messages
    assert told == (
        "L'historique n'a pas pu être complété ; ce que la nuit a fait n'en dépend pas. Le fichier"
        " « history/changes/offer-2026-11.parquet » de l'historique ne peut pas être lu : « make history » refait"
        " l'historique depuis les dossiers des nuits."
    )
    assert caplog.records[0].exc_info is None
    keeping.rebuild(store)
    assert runs(store) == [("2026-11-23", "r", "success")]


def test_a_defect_of_ours_fails_no_phase_either_and_keeps_its_traceback(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(keeping.changes, "of_run", lambda run: 1 / 0)
    kept(Store(tmp_path))
    assert caplog.messages[-1].endswith("Erreur imprévue (ZeroDivisionError) : « make history » refait l'historique.")
    assert caplog.records[-1].exc_info


def test_what_is_forgotten_is_exactly_what_is_older(store):
    for day in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2)):
        told = (
            f"code | key | sentence | first_night ; CODE_PRIS | A | Pris. | {day} ; CODE_PRIS | B | Pris. | 2026-10-31"
        )
        kept(store, day, done=CREATED, told=told)
    keeping.forget(store, date(2026, 11, 2))
    assert runs(store) == [("2026-11-02", "r", "success")]
    assert names(store, "changes") == ["offer-2026-11.parquet"]
    assert tables.read(store, "changes", "offer", "2026-11")["night"].tolist() == ["2026-11-02"]
    left = tables.read(store, "anomalies", "offer", "2026-11")
    assert left[["key", "first_night", "days"]].to_numpy().tolist() == [["A", "2026-11-02", 2], ["B", "2026-10-31", 2]]
    before = content(store)
    keeping.forget(store, date(2026, 11, 2))
    assert content(store) == before


def test_the_last_run_of_a_night_tells_its_anomalies(store):
    one, other = (f"code | key | sentence | first_night ; CODE_PRIS | {key} | Pris. | 2026-11-23" for key in "AB")
    kept(store, run_id="soir", told=one, ended="20:00")
    kept(store, run_id="matin", told=other, ended="04:00")
    kept(store, run_id="échec", told=other, ended="21:00", state="failed")
    assert tables.read(store, "anomalies", "offer", "2026-11")["key"].tolist() == ["A"]
    kept(store, run_id="soir", told="", ended="22:00")
    assert tables.read(store, "anomalies", "offer", "2026-11").empty


class Killed(BaseException):
    """No error of ours: nothing catches it."""


@pytest.mark.parametrize("seed", range(4))
def test_made_anew_it_is_what_was_written_night_by_night_whatever_was_cleared_or_killed(seed, tmp_path):
    draw, store, night = Random(seed), Store(tmp_path), date(2026, 11, 28)
    for minute in range(10):
        night += timedelta(days=draw.choice([0, 0, 1, 2]))
        what = draw.choice([{}, {}, {"only_approved": True}, {"mode": "frozen"}])
        run = _drawn(draw, store, night, draw.choice(["r1", "r2"]), minute, **what)
        _keep(run, draw.choice([None, 0, 1, 2]) if minute % 2 else None)
        if draw.random() < 0.3:
            keeping.keep(_drawn(draw, store, night, draw.choice(["u1", "u2"]), minute, undoes=NIGHT))
            keeping.keep(_drawn(draw, store, night, "b", minute, mode="backfill"))
    kept(store, night, run_id="dernier")
    before = content(store)
    assert keeping.rebuild(store) == len(before["runs"])
    assert content(store) == before
    shutil.rmtree(tmp_path / "history")
    keeping.rebuild(store)
    assert content(store) == before


def _drawn(draw: Random, store: Store, night: date, run_id: str, minute: int, **what: Any) -> Run:
    lines = "".join(f" ; CODE_PRIS | {key} | Pris. | 2026-11-20" for key in "ABC" if draw.random() < 0.5)
    return reported(
        store, night, run_id=run_id, done=draw.choice(["", CREATED, ARCHIVED]), ended=f"04:{minute:02}",
        told=f"code | key | sentence | first_night{lines}" if lines else "",
        state=draw.choice(["success", "success", "stopped", "failed"]), **what,
    )  # fmt: skip


def _keep(run: Run, killed: int | None) -> None:
    """``killed``: before this file is written."""
    left = [killed]

    def write(name: str, content: bytes) -> None:
        if left[0] == 0:
            raise Killed
        left[0] = None if left[0] is None else left[0] - 1
        run.store.write(name, content)

    class Dying(Store):
        def write(self, name: str, content: bytes) -> None:
            write(name, content)

    try:
        keeping.keep(Run(Dying(run.store.root), run.phase, run.night, run.run_id))
    except Killed:
        return


def test_a_file_of_the_history_that_is_cut_is_said_to_be(tmp_path):
    store = Store(tmp_path)
    kept(store)
    store.write("history/runs/offer-2026-11.parquet", store.read("history/runs/offer-2026-11.parquet")[:-20])
    with pytest.raises(StoreUnusable, match="« make history » refait"):
        tables.read(store, "runs", "offer", "2026-11")
