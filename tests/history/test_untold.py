"""What the store has and the history has not."""

from __future__ import annotations

from datetime import timedelta

from chronicle import NIGHT, kept, reported
from ecampus.calendar import PHASES
from ecampus.history import keeping
from ecampus.history.nights import lines
from ecampus.history.untold import untold
from ecampus.store import opening
from ecampus.store.files import Run, Store
from ecampus.store.opening import Opening


def test_nights_of_before_the_history_are_missing_until_it_is_made(tmp_path):
    store = Store(tmp_path)
    for days in (20, 1):
        reported(store, NIGHT - timedelta(days=days))
    assert untold(store) == ["2026-11-03", "2026-11-22"]
    assert untold(store, "2026-11-04") == ["2026-11-22"]
    keeping.rebuild(store)
    assert untold(store) == []


def test_so_is_a_night_of_which_one_phase_was_not_written(tmp_path):
    store = Store(tmp_path)
    for phase in PHASES:
        (reported if phase == "groups" else kept)(store, phase=phase)
    assert untold(store) == ["2026-11-23"]


def test_a_night_at_work_a_replay_or_a_backfill_is_not(tmp_path):
    store = Store(tmp_path)
    opening.keep(Run(store, "users", NIGHT, "r"), Opening(NIGHT, "live"))
    for days, mode in ((1, "replay"), (2, "backfill")):
        reported(store, NIGHT - timedelta(days=days), mode=mode)
    assert untold(store) == []


def test_what_the_report_of_an_older_version_had_not_was_not_computed(tmp_path):
    store = Store(tmp_path)
    run = reported(store)
    run.files.write_json("report.json", {"state": "success", "reason": None, "counts": {"course": {"create": 2}}})
    assert untold(store) == ["2026-11-23"]
    keeping.rebuild(store)
    (line,) = lines(store)
    assert (line["done"], line["left"], line["anomalies"], line["ended"]) == (2, None, None, None)
