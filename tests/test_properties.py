"""What must hold of any university: convergence, nothing unowned touched, no order, any kill healed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import islice
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecampus.calendar import PHASES as NIGHT
from ecampus.changes import plan
from ecampus.night.phases import PHASES
from model_writes import write
from oracle import accounts_by_person, aside, left_alone, possible_seats, stuck_seats, wanted_courses, wanted_seats
from portraits import content, missing, portrait, published, strangers
from universities import PROFILE, days, meddle, next_day, worlds
from world import World, verbs

pytestmark = pytest.mark.usefixtures("no_doubt")
ORDER = list(NIGHT)
KILLED = 2 if PROFILE == "ecampus" else len(ORDER)
"""At most so many phases are killed in one example."""


@given(worlds(), days(), st.integers(0, 2**32 - 1))
def test_a_night_gives_what_the_rules_say_in_any_order_touches_nothing_unowned_and_the_next_plans_nothing(
    world: World, tuesday: Any, order: int
):
    world.night()
    assert_as_the_rules_say(world)
    meddle(world)
    before, rows = strangers(world), published(world)
    next_day(world, tuesday)
    for phase in NIGHT:
        world.take(phase, the_same_in_any_order(phase, world.inputs(phase), order))
    assert_as_the_rules_say(world, rows)
    assert_settled(world)
    assert missing(before, strangers(world)) == []


def assert_settled(world: World) -> None:
    """No phase has anything left to do."""
    left = {phase: verbs(world.draft(phase)) for phase in NIGHT}
    assert {phase: changes for phase, changes in left.items() if changes} == {}


def assert_as_the_rules_say(world: World, before: Collection[tuple[str, str, str]] = ()) -> None:
    """The rules told once more, one person and one element at a time. ``before``: the rows that were ours."""
    moodle, source = world.moodle, {name: frame.to_dict("records") for name, frame in world.source.items()}
    ours = {id_ for id_, archived in zip(world.owned["course"]["id"], world.owned["course"]["archived"], strict=True)
            if pd.isna(archived)}  # fmt: skip
    keys = {course["idnumber"] for id_, course in moodle.courses.items() if id_ in ours}
    portes = dict(zip(world.memory["links"]["code"], world.memory["links"]["porteur"], strict=True))
    owners, frozen = wanted_courses(source, portes)
    wanted = set(owners)
    theirs = {
        str(row[name]).upper()
        for id_, row in moodle.courses.items()
        if id_ not in ours
        for name in ("idnumber", "shortname")
    }
    assert wanted - theirs <= keys
    if all(row["element"] for row in aside(source, "element")):
        assert keys <= wanted | {key + twin for key in frozen for twin in ("", "-FOAD")}
    alone = left_alone(world)
    logins_alone = {moodle.users[id_]["username"] for id_ in alone}
    people = {who: id_ for who, id_ in accounts_by_person(world).items() if id_ not in alone}

    def rows(seats: set[Any]) -> set[tuple[str, str, str]]:
        named = {(key, who, role) for key, who, role in seats if key in keys and who in people}
        return {(key, moodle.users[people[who]]["username"], role) for key, who, role in named}

    seats, unsure = rows(wanted_seats(source, owners, portes)), rows(possible_seats(source, portes))
    assert seats - moodle.table == set()
    stay = (unsure | rows(stuck_seats(source, portes))) & set(before)
    assert stay - moodle.table == set()
    if not source["illisible"]:
        ours_to_say = {key for key in wanted & keys if owners[key] == key}  # who teaches in a FOAD course is by hand
        told = {
            row
            for row in published(world)
            if row[0] in wanted & keys and (row[2] == "student" or row[0] in ours_to_say)
        }
        assert {row for row in told - seats - stay if row[1] not in logins_alone} == set()
    assert {row for row in before if row[1] in logins_alone and row[0] in wanted & keys} - moodle.table == set()


def the_same_in_any_order(phase: str, inputs: Any, order: int) -> Any:
    """The draft, which is the same when the rows of what was read come in another order."""
    ordered, mixed = (PHASES[phase].draft(each) for each in (inputs, shuffled(inputs, order)))
    assert content(ordered.changes) == content(mixed.changes)
    assert content(ordered.anomalies) == content(mixed.anomalies)
    return ordered


def shuffled(inputs: Any, order: int) -> Any:
    """The same inputs, their rows in another order: one that ``order`` draws."""

    def mixed(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        return {
            name: frame.sample(frac=1, random_state=order, ignore_index=True) if len(frame) else frame
            for name, frame in frames.items()
        }

    return replace(
        inputs, source=mixed(inputs.source), existing=mixed(inputs.existing),
        owned=mixed(inputs.owned), memory=mixed(inputs.memory),
    )  # fmt: skip


@given(worlds(), days(), st.data())
def test_killed_anywhere_and_run_again_ends_the_same_without_doubles(world: World, tuesday: Any, data: Any):
    world.night()
    meddle(world)
    next_day(world, tuesday)
    killed = data.draw(st.sets(st.sampled_from(ORDER), min_size=1, max_size=KILLED))
    for phase in ORDER[: max(map(ORDER.index, killed)) + 1]:
        draft, whole = world.draft(phase), world.copy()
        whole.take(phase, draft)
        if phase in killed and len(draft.changes):
            assert portrait(killed_somewhere(world, phase, draft, data)) == portrait(finished(whole.copy(), phase))
        world = whole


def killed_somewhere(world: World, phase: str, draft: Any, data: Any) -> World:
    """The world once the phase was killed at a moment that ``data`` draws, and run again."""
    cut = data.draw(st.integers(0, len(draft.changes)))
    unwritten = data.draw(st.integers(0, min(cut, 3)))
    killed = world.copy()
    interrupt(killed, phase, draft, cut, unwritten, same_run=data.draw(st.booleans()))
    return finished(killed, phase)


def interrupt(world: World, phase: str, draft: Any, cut: int, unwritten: int, same_run: bool) -> None:
    """Kill the phase after ``cut`` changes, the last ones not journalled; then run it again, with logins all along.

    ``same_run``: the very run resumes, else a new one begins.
    """
    world.recognise(draft)
    journal = list(islice(write(world.moodle, draft.changes), cut))
    told = len(journal) - unwritten
    world.mend(phase, journal[:told], journal[told:])
    if same_run:
        world.keep(list(write(world.moodle, plan.still_true(draft.changes, world.draft(phase).changes))))
        world.end(phase)
    world.play(phase)


def finished(world: World, phase: str) -> World:
    """Until nothing of that phase is left to do: the rows of old keys go with the enrolments."""
    if phase in ("users", "offer"):
        world.play("enrolments")
    return world
