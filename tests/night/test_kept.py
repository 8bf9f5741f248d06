"""A register that wrote and owns nothing: emptied, if its journals say what is ours and Moodle shows it; else it may."""

from __future__ import annotations

import pytest

import tables
from ecampus.errors import RegisterUnusable
from ecampus.night.recovering import require_kept
from ecampus.register import owned as ownership
from ecampus.register.register import State
from ecampus.store import journals
from ecampus.store.files import Store
from world import university

URL = "https://ecampus.univ.fr"
OFFER = {"course": "offer", "category": "offer"}
THERE = tables.existing(courses="id | idnumber ; 8 | A")
NOTHING = tables.existing(courses="id | idnumber ; 9 | A")


@pytest.fixture
def store(tmp_path) -> Store:
    """A night that made the course A."""
    store = Store(tmp_path)
    note(store, "run", "done")
    return store


def note(store: Store, run: str, outcome: str) -> None:
    made = university(element="code ; A").draft("offer").changes.query("object == 'course'").assign(moodle_id=8)
    journals.keep(store, tables.NIGHT, run, state(), made, outcome, OFFER)


def state(number: int = 8) -> State:
    return State("le-notre", number, None, None, change=0)


def test_emptied_it_stops_in_one_sentence_that_says_the_way_out(store):
    with pytest.raises(RegisterUnusable) as stopped:
        require_kept(state(), ownership.empty(), store, THERE, URL)
    assert str(stopped.value) == (
        f"Le registre connaît le Moodle de {URL} (n° 8) et ne dit plus rien de ce qui y est à ecampus : ses tables ont été"
        " vidées, ou restaurées en partie ; rien n'est écrit ; « make recover » (ou le DAG « Reprendre le registre »)"
        " dit ce qu'il en est, et reprend ce qui peut l'être."
    )


def test_one_that_owns_something_goes_on(store):
    require_kept(state(), ownership.empty() | tables.owned(cohort="id | code ; 1 | V1"), store, THERE, URL)


def test_one_that_never_wrote_goes_on(store):
    require_kept(state(0), ownership.empty(), store, THERE, URL)


def test_a_first_night_of_which_all_was_refused_goes_on(tmp_path):
    note(Store(tmp_path), "run", "failed")
    require_kept(state(), ownership.empty(), Store(tmp_path), THERE, URL)


def test_all_given_up_it_goes_on(store):
    note(store, "suite", "released")
    require_kept(state(), ownership.empty(), store, THERE, URL)


def test_what_moodle_does_not_show_is_no_reason_to_stop_for_ever(store):
    require_kept(state(), ownership.empty(), store, NOTHING, URL)
