"""What all the nights did, in its order: whose, since when, adoptions and what was recognised among it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from ecampus.changes import plan
from ecampus.register.register import State
from ecampus.store import archive, journal, journals, opening
from ecampus.store.files import Run, Store

FIRST, SECOND = date(2026, 11, 23), date(2026, 11, 24)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def state(number: int, name: str = "le-notre") -> State:
    return State(name, number, None, None, change=0)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def wrote(
    store: Store, phase: str, number: int, *keys: str, hour: int = 4, night: date = FIRST, name: str = "le-notre"
):
    """A run that began at this number and wrote these courses at that hour."""
    run = Run(store, phase, night, f"run-{number}")
    opening.keep(run, opening.Opening(night, "live", opened_at=NOON))
    journals.begin(run, state(number, name))
    changes = plan.typed(pd.DataFrame({"object": "course", "verb": "create", "key": list(keys), "place": list(keys)}))
    at = (datetime.combine(night, datetime.min.time(), UTC) + timedelta(hours=hour)).isoformat()
    entries = changes.assign(outcome="done", message="", at=at).reindex(columns=journal.COLUMNS)
    run.files.write_frame(f"journal/{hour:02}.parquet", entries)
    return run


def told(store: Store, number: int, register: str = "le-notre") -> list[list[str]]:
    """The keys of each stretch."""
    return [
        found.entries["key"].tolist() for found in journals.since(store, register, number) if found.entries is not None
    ]


def test_runs_since_a_number_the_one_that_was_in_the_middle_included(store):
    for number in (2, 4, 6):
        wrote(store, "offer", number, f"C{number}", hour=number)
    assert told(store, 6) == [["C6"]]
    assert told(store, 5) == [["C4"], ["C6"]]
    assert told(store, 0) == [["C2"], ["C4"], ["C6"]]
    assert told(store, 8) == []


def test_the_order_is_that_of_the_writes_whatever_the_folders(store):
    wrote(store, "users", 8, "late", hour=9)
    wrote(store, "groups", 2, "early", hour=1)
    run = wrote(store, "offer", 4, "first", hour=3)
    more = journal.read(run.files).assign(key="after", at="2026-11-23T10:00:00+00:00")
    run.files.write_frame("journal/10.parquet", more)
    assert told(store, 0) == [["early"], ["first"], ["late"], ["after"]]


def test_those_of_another_register_and_those_that_never_wrote_are_not_read(store):
    wrote(store, "offer", 4, "theirs", name="un-autre")
    frozen = Run(store, "offer", FIRST, "gelee")
    opening.keep(frozen, opening.Opening(FIRST, "frozen", opened_at=NOON))
    assert told(store, 0) == []
    assert told(store, 0, "un-autre") == [["theirs"]]


def test_what_a_run_recognised_comes_before_what_it_wrote(store):
    run = wrote(store, "users", 2, "A", hour=13)
    accounts = pd.DataFrame({"user_id": [11], "population": ["student"], "code": ["S1"]})
    archive.keep(run, "recognised", {"account": accounts})
    archive.keep(run, "forgotten", {})
    first, second = journals.since(store, "le-notre", 0)
    assert first.recognised["account"]["user_id"].tolist() == [11]
    assert (first.entries, second.entries["key"].tolist()) == (None, ["A"])


def test_an_adoption_leaves_a_journal_in_the_phases_that_it_is_about(store):
    changes = plan.typed(pd.DataFrame({"object": ["course", "cohort"], "verb": "create", "key": ["A", "E"]}))
    where = {"course": "offer", "cohort": "cohorts"}
    journals.keep(store, SECOND, "adoption-090000", state(6), changes, "adopted", where)
    assert sorted(store.names("2026-11-24")) == ["cohorts", "offer"]
    found = pd.concat([stretch.entries for stretch in journals.since(store, "le-notre", 6)])
    assert sorted(found["key"]) == ["A", "E"]
    assert set(found["outcome"]) == {"adopted"}
    assert {stretch.night for stretch in journals.since(store, "le-notre", 6)} == {"2026-11-24"}


def test_nights_are_those_of_the_calendar(store):
    wrote(store, "offer", 2, "A", night=SECOND)
    wrote(store, "offer", 2, "A", night=FIRST)
    store.write("rehearsals/x/report.json", b"{}")
    assert journals.nights(store) == [FIRST, SECOND]
