"""The catalogue of changes is total: whatever a plan may hold, somebody can send, tell, count and undo it."""

from __future__ import annotations

import pytest

from ecampus import contract
from ecampus.apply.steps import step_of
from ecampus.changes import plan
from ecampus.kinds import FALSE, KINDS, NIGHT, NONE, OBJECTS, PROPOSED, TRUE, Kind
from ecampus.register.owned import SHAPES
from ecampus.words import holding

ALL = pytest.mark.parametrize("kind", KINDS.values(), ids=[kind.id for kind in KINDS.values()])
CONSTANTS = {NIGHT, NONE, TRUE, FALSE}


@ALL
def test_each_is_sent_by_a_function_that_exists(kind: Kind):
    assert callable(step_of(kind.object, kind.verb))


@ALL
def test_each_tells_the_register_in_its_own_columns_from_those_of_the_plan(kind: Kind):
    for told in (kind.gains, kind.losses):
        assert set(told) <= set(SHAPES[kind.object])
        assert set(told.values()) <= set(plan.COLUMNS) | CONSTANTS


@ALL
def test_each_that_makes_something_ours_or_not_can_be_seen_in_moodle(kind: Kind):
    makes_ours = (
        bool(kind.losses) or "since" in kind.gains or kind.object in ("cohort_member", "group_member", "enrolment")
    )
    assert bool(kind.trace) >= makes_ours
    if kind.trace:
        assert set(kind.trace) <= set(contract.CONTRACTS[kind.frame].declared)
        assert set(kind.trace.values()) <= set(plan.COLUMNS) | CONSTANTS


@ALL
def test_each_can_be_undone_by_another_of_the_same_object_or_says_that_nothing_does(kind: Kind):
    assert kind.inverse is None or (kind.object, kind.inverse) in KINDS


@ALL
def test_each_has_its_words(kind: Kind):
    assert kind.object in OBJECTS
    assert kind.done
    assert kind.to_do.startswith("à ")
    assert kind.tally.endswith(("s", "mis à jour"))


def test_what_people_are_always_asked_about_has_its_question_and_takes_nothing_away():
    assert set(PROPOSED.values()) == set(holding.PROPOSALS)
    assert not any(kind.destructive for kind in KINDS.values() if kind.question)


def test_whatever_takes_something_away_is_said_to():
    taking = {"suspend", "archive", "delete", "remove", "unenrol", "drop_key"}
    assert {kind.verb for kind in KINDS.values() if kind.destructive} == taking
    assert all(kind.destructive for kind in KINDS.values() if kind.losses)
