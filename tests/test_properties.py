"""What must hold of any university: convergence, nothing unowned touched, no order, nobody unenrolled, any kill healed."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import tables
from ecampus.calendar import PHASES as NIGHT
from ecampus.changes import plan
from ecampus.night import in_flight
from ecampus.night.phases import PHASES
from model_writes import write
from oracle import accounts_by_person, aside, left_alone, possible_seats, stuck_seats, wanted_courses, wanted_seats
from universities import days, meddle, next_day, worlds
from world import World, university, verbs

bounded = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)
settings.register_profile("ecampus", bounded, max_examples=9)
settings.register_profile("ecampus-long", bounded, max_examples=125, derandomize=False)
settings.register_profile("ecampus-shrink", bounded, max_examples=50, phases=list(Phase))
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ecampus")
settings.load_profile(PROFILE)


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


def published(world: World) -> set[tuple[str, str, str]]:
    """The rows that are ours."""
    return set(world.owned["enrolment"].itertuples(index=False, name=None)) & world.moodle.table


def strangers(world: World) -> dict[str, Any]:
    """All that is not ours, as it is."""
    moodle, register = world.moodle, world.owned
    owned = {kind: set(register[kind].iloc[:, 0]) for kind in ("account", "category", "course", "cohort", "group")}
    kinds = {"users": "account", "categories": "category", "courses": "course", "cohorts": "cohort", "groups": "group"}
    pairs = {
        name: set(register[name].itertuples(index=False, name=None))
        for name in ("cohort_member", "group_member", "enrolment")
    }
    found: dict[str, Any] = {
        f"{kind} {id_}": dict(row)
        for kind, ours in kinds.items() for id_, row in getattr(moodle, kind).items() if id_ not in owned[ours]
    }  # fmt: skip
    found |= {f"cohort member {pair}": True for pair in moodle.cohort_members - pairs["cohort_member"]}
    found |= {f"group member {pair}": True for pair in moodle.group_members - pairs["group_member"]}
    found |= {f"row {row}": True for row in moodle.table - pairs["enrolment"]}
    found |= {f"manual {place}": role for place, role in moodle.manual.items()}
    found |= {f"visible {id_}": True for id_, course in moodle.courses.items() if course["visible"]}
    return found


def missing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What was not ours and is no longer as it was, unless it became ours by being matched (accounts)."""
    return [f"{name}: {value} → {after.get(name)}" for name, value in before.items()
            if after.get(name) != value and not (name.startswith("users") and name not in after)]  # fmt: skip


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


def content(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """The rows as a set."""
    return sorted(frame.astype("str").fillna("").itertuples(index=False, name=None))


@pytest.fixture(autouse=True, scope="module")
def no_doubt():
    """Memberships in flight that Moodle shows are ours, however few: what is in doubt has its own tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(in_flight, "FEWEST_SURE", 1)
        yield


ORDER = list(NIGHT)
KILLED = 2 if PROFILE == "ecampus" else len(ORDER)
"""At most so many phases are killed in one example."""


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


def portrait(world: World) -> dict[str, list[str]]:
    """The whole state, ids apart, and the register too."""
    moodle, register = world.moodle, world.owned
    seen = {
        "users": world.see("users", "username | idnumber | auth | firstname | lastname | email | suspended"),
        "categories": world.see("categories", "idnumber | name | parent | visible"),
        "courses": world.see("courses", "idnumber | shortname | fullname | category | visible"),
        "cohorts": world.see("cohorts", "idnumber | name"),
        "cohort_members": world.see("cohort_members", "cohort | username"),
        "groups": world.see("groups", "course | idnumber | name"),
        "group_members": world.see("group_members", "course | group | username"),
        "enrolled": world.see("enrolled", "course | username | role"),
        "table": world.table(),
    }
    names = {id_: row.get("username") or row.get("idnumber") or row.get("name")
             for kind in ("users", "categories", "courses", "cohorts", "groups") for id_, row in getattr(moodle, kind).items()}  # fmt: skip
    for kind, frame in register.items():
        rows = [[names.get(v, "?") if isinstance(v, int) and not isinstance(v, bool) else str(v) for v in row]
                for row in frame.itertuples(index=False, name=None)]  # fmt: skip
        seen[f"register {kind}"] = sorted(" | ".join(row) for row in rows if "?" not in row)
    seen["register enrolment"] = sorted(" | ".join(row) for row in published(world))
    return seen


def seated(world: World) -> set[tuple[int, int]]:
    """Whom the database method has enrolled, active, where."""
    return {place for place, seat in world.moodle.seats.items() if seat.active}


def logins(world: World) -> None:
    """Everyone logs in."""
    for user in world.moodle.users:
        world.moodle.login(user)


def walked(world: World, changes: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Write, everyone logging in after each change: those who were enrolled must be, each time."""
    logins(world)
    before = seated(world)
    for entry in write(world.moodle, changes):
        logins(world)
        lost = before - seated(world)
        assert lost == set(), f"{entry['object']} {entry['verb']} {entry['key']}"
        yield entry


@given(worlds(), days())
def test_nobody_loses_an_enrolment_while_logins_and_courses_are_renamed(world: World, tuesday: Any):
    world.play("users", "offer", "enrolments")
    meddle(world)
    next_day(world, tuesday)
    for phase in ("users", "offer"):
        draft = world.draft(phase)
        world.recognise(draft)
        world.keep(list(walked(world, draft.changes)))


@pytest.fixture(scope="module")
def eve() -> World:
    """Courses with people, an archive with people, and a space of somebody's with a row of theirs."""
    world = university(
        element="code | libelle ; A | a ; B | b ; C | c ; D | algèbre",
        groupe="code ; GA ; GB ; GC ; GD",
        groupe_element="code_groupe | code_element ; GA | A ; GB | B ; GC | C ; GD | D",
        groupe_etudiant="code_groupe | code_etudiant ; GA | S1 ; GA | S2 ; GB | S1 ; GC | S2 ; GD | S1 ; GD | S2",
        people="code | uid ; S1 | vieux ; S2 | es2",
    )
    world.agrees = True
    world.night()
    world.change(element="code | libelle ; A | a ; C | c ; D | algèbre").night()
    world.moodle.table.add(("A", "vieux", "observer"))
    world.moodle.courses[world.id("courses", "C")]["idnumber"] = "C-bis"
    world.moodle.table |= {("C-bis", "vieux", "student")}
    world.moodle.sync()
    return world


DAY = {
    "element": "code | libelle ; B | b ; C | c ; N | algèbre",
    "groupe_element": "code_groupe | code_element ; GA | A ; GB | B ; GC | C ; GD | N",
    "people": "code | uid ; S1 | neuf ; S2 | es2",
}
ANYWHERE = [{"view": "groupe_etudiant", "student": "S1", "group": None}]
"""A row that cannot be read, which may say of S1 that he is in any group."""


@pytest.mark.parametrize(
    ("phase", "unread"), [("users", []), ("offer", []), ("users", ANYWHERE), ("offer", ANYWHERE)],
    ids=["users", "offer", "users, a row unread", "offer, a row unread"],
)  # fmt: skip
def test_every_prefix_of_renames_an_archive_a_restore_and_a_changed_code_can_be_the_last(
    eve: World, phase: str, unread: list[dict[str, str | None]]
):
    eve = eve.copy().change(**DAY)
    eve.source["illisible"] = tables.unread(unread)
    if phase == "offer":
        eve.play("users", "cohorts")
    draft, whole = eve.draft(phase), eve.copy()
    whole.recognise(draft)
    number = len(list(walked(whole, draft.changes)))
    assert number == len(draft.changes) > 3
    expected = eve.copy()
    logins(expected)
    expected.play(phase, "enrolments")
    for cut in range(number + 1):
        killed = eve.copy()
        killed.recognise(draft)
        journal = list(islice(walked(killed, draft.changes), cut))
        killed.mend(phase, journal[: cut // 2], journal[cut // 2 :])
        again = killed.draft(phase)
        killed.recognise(again)
        killed.keep(list(walked(killed, again.changes)))
        killed.end(phase)
        killed.play("enrolments")
        assert portrait(killed) == portrait(expected), f"killed after {cut}: {verbs(draft)[:cut]}"
