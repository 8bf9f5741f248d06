"""The nights one by one: how each ended, when, what it changed, beside the limits; what is ours."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from chronicle import NIGHT, kept, reported
from ecampus.calendar import PHASES
from ecampus.errors import StoreUnusable
from ecampus.history import nights, runs
from ecampus.history.nights import Units
from ecampus.store.files import Store

OK = {"kind": "night", "state": "success"}
ARCHIVE = "object | verb | key | place | moodle_id"


def line(phase: str, night: str = "2026-11-23", **known) -> dict:
    defaults = {
        "opened": f"{night}T03:00:00+00:00", "ended": f"{night}T03:10:00+00:00", "counts": "{}", "held": 0, "failed": 0,
        "limits": None, "ours": None,
    }  # fmt: skip
    return {"night": night, "phase": phase, "run": "r"} | OK | defaults | known


def whole(**of_offer) -> list[dict]:
    return [line(phase, **(of_offer if phase == "offer" else {})) for phase in PHASES]


@pytest.mark.parametrize(
    ("of_offer", "state"),
    [
        ({}, "success"),
        ({"held": 3}, "held"),
        ({"state": "failed"}, "failed"),
        ({"state": "stopped"}, "stopped"),
        ({"state": "unreadable"}, "unreadable"),
        ({"kind": "frozen", "held": 3}, "frozen"),
        ({"kind": "shown"}, "shown"),
        ({"kind": "frozen", "state": "failed"}, "failed"),
        ({"kind": "approved"}, "partial"),
    ],
)
def test_a_night_is_as_the_worst_of_its_phases(of_offer, state):
    (night,) = nights.nights(whole(**of_offer))
    assert night.state == state


def test_the_last_run_of_a_phase_decides_and_what_is_beside_the_night_does_not():
    found = [*whole(state="failed"), line("offer", run="r2"), line("offer", run="u", kind="undo", state="failed")]
    (night,) = nights.nights(found)
    assert night.state == "success"
    assert night.phases == dict.fromkeys(PHASES, "success")


@pytest.mark.parametrize(
    ("night", "ended", "minutes", "late"),
    [
        ("2026-11-23", "2026-11-23T04:12:00+00:00", 5 * 60 + 12, False),
        ("2026-11-23", "2026-11-23T05:01:00+00:00", 6 * 60 + 1, True),
        ("2026-07-01", "2026-07-01T03:12:00+00:00", 5 * 60 + 12, False),
        ("2026-10-25", "2026-10-25T04:12:00+00:00", 5 * 60 + 12, False),
        ("2026-11-23", None, None, False),
    ],
)
def test_when_it_ended_is_told_by_the_clock_of_paris(night, ended, minutes, late):
    found = nights.nights([line("groups", night, ended=ended)])[0]
    assert (found.minutes, found.late) == (minutes, late)


def test_rows_that_only_followed_a_key_are_no_changes_and_take_nothing_away():
    counts = {"course": {"archive": 2, "create": 1}, "enrolment": {"copy_key": 90, "drop_key": 90, "unenrol": 4}}
    (night,) = nights.nights(whole(counts=json.dumps(counts), failed=1))
    assert (night.done, night.taken, night.failed) == (7, 6, 1)
    assert night.durations == dict.fromkeys(PHASES, 600)


def test_the_wait_for_the_phase_before_is_no_work(tmp_path):
    run = reported(Store(tmp_path))
    run.files.write_json("record.json", {"started_at": "2026-11-23T03:00:00+00:00", "finished_at": None,
                                         "waited_until": "2026-11-23T04:20:00+00:00"})  # fmt: skip
    assert nights.nights([runs.line(run)])[0].durations == {"offer": 600}


def test_a_night_of_the_store_that_the_history_does_not_know_is_told_as_missing():
    found = nights.calendar([line("offer")], ["2026-11-03"])
    assert [(night.night, night.state) for night in found] == [("2026-11-03", "missing"), ("2026-11-23", "partial")]


def test_so_is_one_of_which_the_history_lacks_a_run_but_what_it_knows_of_it_is_told():
    (night,) = nights.calendar([line("offer", held=3)], ["2026-11-23"])
    assert (night.state, night.held) == ("missing", 3)


def test_what_a_breaker_counts_is_beside_the_limit_of_that_night(tmp_path):
    store = Store(tmp_path)
    for days, (number, ours) in enumerate([(2, 1000), (1, 1000), (0, 10_000)]):
        rows = "".join(f"\ncourse | archive | L{days}{n} | ex_L{days}{n} | {n}" for n in range(number))
        kept(store, NIGHT + timedelta(days=days), done=f"{ARCHIVE}{rows}" if rows else "", ours={"course": ours})
    kept(store, NIGHT + timedelta(days=8), ours={"course": 10})
    assert nights.units(store, "archive_course") == [
        Units("2026-11-23", 2, 2, 20), Units("2026-11-24", 1, 3, 20), Units("2026-11-25", 0, 3, 40),
        Units("2026-12-01", 0, 0, 2),
    ]  # fmt: skip
    assert nights.units(store, "archive_course", "2026-11-25")[0] == Units("2026-11-25", 0, 3, 40)


def test_creations_are_counted_without_a_limit_which_only_counts_what_refer_had_before(tmp_path):
    store = Store(tmp_path)
    kept(store, done="object | verb | key | place | moodle_id\ncourse | create | L1 | L1 | 7", ours={"course": 1000})
    assert nights.units(store, "create_course") == [Units("2026-11-23", 1, 1, None)]


def test_what_is_ours_grows_night_by_night_by_the_last_run_that_wrote():
    found = [
        line("users", ours='{"course": 1}'), line("offer", ours='{"course": 2}'),
        line("offer", "2026-11-24", ours='{"course": 9}', kind="frozen"), line("offer", "2026-11-25", ours='{"course": 3}'),
    ]  # fmt: skip
    assert nights.growth(found) == [("2026-11-23", {"course": 2}), ("2026-11-25", {"course": 3})]


def test_a_file_that_is_missing_is_not_taken_for_nothing(tmp_path):
    store = Store(tmp_path)
    kept(store, date(2026, 11, 23))
    store.remove("history/changes/offer-2026-11.parquet")
    with pytest.raises(StoreUnusable) as told:
        nights.units(store, "archive_course")
    assert str(told.value) == (
        "Le fichier « history/changes/offer-2026-11.parquet » de l'historique manque : « make history » refait"
        " l'historique depuis les dossiers des nuits."
    )


@pytest.mark.parametrize("content", [b"", b"PAR1" * 50, b"x" * 200])
def test_a_file_that_cannot_be_read_is_told_in_one_sentence(tmp_path, content):
    store = Store(tmp_path)
    kept(store)
    store.write("history/runs/offer-2026-11.parquet", content)
    with pytest.raises(StoreUnusable, match="Le magasin des nuits ne permet pas de lire ce qui est demandé"):
        nights.lines(store)
