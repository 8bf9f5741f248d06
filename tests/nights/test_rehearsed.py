"""What a rehearsal says is what the night then does; frozen nights say what the thaw does. Neither changes anything."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from campus import Campus, copied, night_after, opened

from ecampus.calendar import PHASES
from ecampus.changes import plan
from ecampus.errors import StoreUnusable
from ecampus.night import reconcile
from ecampus.night.rehearsal import RUN_ID, rehearse
from ecampus.orchestration import records
from ecampus.store import opening
from ecampus.store.files import REHEARSALS, Run, Store

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
THIRD = night_after(2)


def rehearsed(campus: Campus, name: str = "une", night=THIRD) -> dict[str, pd.DataFrame]:
    """The plan of each phase."""
    made = rehearse(campus.store, campus.systems, night, name, NOON, None)
    assert (made["state"], list(made["phases"])) == ("success", list(PHASES))
    store = Store(campus.store.root / REHEARSALS / name)
    assert {opening.read(Run(store, phase, night, RUN_ID)).moodle for phase in PHASES} == {campus.box.moodle.url}
    return {phase: planned(Run(store, phase, night, RUN_ID)) for phase in PHASES}


def planned(run: Run) -> pd.DataFrame:
    return plan.typed(run.files.read_frame("plan.parquet"))


def the_same(told: pd.DataFrame, done: pd.DataFrame) -> bool:
    """The same changes, but for the ids of what did not exist yet, which are below zero."""
    names = ["object", "verb", "key"]
    one, other = (each.sort_values(names, ignore_index=True) for each in (told, done))
    for column in plan.IDS:
        other[column] = other[column].mask((one[column] < 0).fillna(False).astype("bool"), one[column])
    pd.testing.assert_frame_equal(one, other)
    return len(told) > 0


def test_what_a_rehearsal_says_is_what_the_night_then_does_and_the_rehearsal_changes_nothing(
    second_night, tmp_path, cron
):
    with opened(copied(second_night, tmp_path / "campus"), cron) as campus:
        before, owned, kept = campus.state(), campus.owned(), files(campus.store.root)
        campus.box.moodle.calls.clear()
        told = rehearsed(campus)
        assert campus.writes() == []
        assert (campus.state(), campus.owned()) == (before, owned)
        now = files(campus.store.root)
        assert records.judge(campus.store, "users", THIRD).state == "wait"
        assert {name for name in now if now[name] != kept.get(name)} == {
            n for n in now if n.startswith(f"{REHEARSALS}/")
        }
        campus.night("troisieme", THIRD)
        for phase in PHASES:
            assert the_same(told[phase], planned(campus.run(phase, "troisieme", THIRD))), phase


def test_before_the_first_night_a_rehearsal_tells_all_of_it(empty):
    told = rehearsed(empty)
    empty.night("premiere", THIRD)
    for phase in PHASES:
        assert the_same(told[phase], planned(empty.run(phase, "premiere", THIRD))), phase


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def frozen(campus: Campus, night, run_id: str = "gelee") -> dict[str, pd.DataFrame]:
    """A night that was opened frozen, as its tasks run it: the plan of each phase."""
    plans = {}
    for phase in PHASES:
        run = campus.run(phase, run_id, night)
        settings = campus.systems.settings(night)
        limits = campus.systems.limits
        opened_as = opening.Opening(night, "frozen", "Gel.", settings=settings, carries=True, limits=limits)
        opening.keep(run, opened_as)
        reconcile.extract_source(run, campus.systems)
        reconcile.extract_moodle(run, campus.systems)
        reconcile.diff(run)
        reconcile.check(run)
        reconcile.report(run, "success", "Gel.")
        plans[phase] = planned(run)
    return plans


@pytest.fixture
def nights(request) -> int:
    """A fortnight; two nights in the suite."""
    return 14 if request.config.getoption("--every-moment") else 2


def test_a_frozen_fortnight_changes_nothing_and_its_last_preview_is_the_thaw(second_night, tmp_path, cron, nights):
    with opened(copied(second_night, tmp_path / "campus"), cron) as campus:
        before = bytes_of(campus)
        for number in range(nights):
            plans = frozen(campus, night_after(2 + number))
            if number % 3 == 0:
                campus.change_a_day()
                plans = frozen(campus, night_after(2 + number), "relancee")
        assert bytes_of(campus) == before
        thaw = night_after(2 + nights)
        campus.night("degel", thaw)
        for phase in PHASES:
            assert the_same(plans[phase], planned(campus.run(phase, "degel", thaw))), phase


def test_a_plan_that_speaks_of_what_is_only_foreseen_is_never_written(empty):
    frozen(empty, THIRD)
    run = empty.run("groups", "gelee", THIRD)
    with pytest.raises(StoreUnusable, match="Ce plan a été prévu pendant un gel"):
        reconcile.apply(run, empty.systems, int)
    assert empty.writes() == []


def bytes_of(campus: Campus) -> dict[str, list[str]]:
    """Moodle, the enrolment table and the register, row by row, but for who holds the right to write."""
    found = {}
    for name in ("moodle.db", "enrolments.db"):
        with closing(sqlite3.connect(campus.box.folder / name)) as connection:
            found[name] = [line for line in connection.iterdump() if "ecampus_lease" not in line]
    return found


def test_what_would_stop_the_night_stops_the_rehearsal_and_is_told(campus):
    campus.refer("ALTER TABLE refer_groupe RENAME TO ailleurs")
    made = rehearse(campus.store, campus.systems, THIRD, "arretee", NOON, None)
    assert (made["state"], list(made["phases"])) == ("failed", ["users", "cohorts", "offer", "enrolments"])
    assert made["reason"].startswith("La nuit s'arrêterait à « Inscriptions ». ")
    assert "la vue refer_groupe n'existe pas" in made["reason"]
    assert Store(campus.store.root / REHEARSALS / "arretee").exists("report.html")
