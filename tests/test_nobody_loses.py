"""Nobody loses an enrolment while logins and courses are renamed, after whichever change one looks, and is killed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pandas as pd
import pytest
from hypothesis import given

import tables
from model_writes import write
from portraits import portrait
from universities import days, meddle, next_day, worlds
from world import World, university, verbs

pytestmark = pytest.mark.usefixtures("no_doubt")


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
