"""What a rehearsal says is what the night then does, change for change, for any university and any day."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given, settings

from ecampus.changes.draft import Draft
from ecampus.limits import Limits
from imagined import FRAMES, all_frames, named, rehearsed, still_there
from portraits import content, portrait
from universities import days, meddle, next_day, worlds
from world import World, university

SHARE = settings(max_examples=settings.default.max_examples * 5 // 16)
"""A rehearsal and the night that follows cost twice a night."""
WHOLE = ("users", "categories", "courses", "cohorts", "enrolment_rows")


@SHARE
@given(worlds(), days())
def test_the_five_plans_of_a_rehearsal_are_those_of_the_night_that_follows(world: World, tuesday: Any):
    assert_played_as_rehearsed(world)
    meddle(world)
    next_day(world, tuesday)
    assert_played_as_rehearsed(world)


def test_so_they_are_when_the_limits_hold_something_which_both_hold():
    codes = ["A", "B", "C", "D"]
    world = university(
        categorie="code | libelle\nK | licence",
        element=text("code | libelle | code_categorie", *(f"{code} | cours {code} | K" for code in codes)),
        groupe=text("code | libelle", *(f"G{code} | TD {code}" for code in codes)),
        groupe_element=text("code_groupe | code_element", *(f"G{code} | {code}" for code in codes)),
        groupe_etudiant=text("code_groupe | code_etudiant", *(f"G{code} | {code}" for code in codes)),
    )
    world.night()
    world.limits = Limits()
    world.change(element="code | libelle | code_categorie\nD | autre nom | K\nF | cours F | K",
                 groupe_element="code_groupe | code_element\nGD | F")  # fmt: skip
    offer = assert_played_as_rehearsed(world)["offer"].changes
    courses = offer[offer["object"] == "course"].set_index("key")
    assert list(courses.index[courses["held"] == "archive_course"]) == ["A", "B", "C"]
    assert list(courses.index[courses["held"].isna()]) == ["D", "F"]
    assert [course["idnumber"] for course in world.moodle.courses.values()] == [*codes, "F"]


def text(*lines: str) -> str:
    return "\n".join(lines)


def assert_played_as_rehearsed(world: World) -> dict[str, Draft]:
    """Rehearse, which changes nothing, then play: the same plans, anomalies and members waiting, the same end.

    Returns what was rehearsed.
    """
    seen, before = portrait(world), world.moodle.copy()
    drafts, foreseen = rehearsed(world)
    assert portrait(world) == seen
    played = world.night()
    there = all_frames(world.moodle)
    for phase, draft in played.items():
        told = drafts[phase]
        assert content(named(told.changes, foreseen.existing, before)) == content(named(draft.changes, there, before))
        assert content(told.anomalies) == content(draft.anomalies)
        assert content(told.waiting) == content(draft.waiting)
    assert {name: types_of(frame) for name, frame in foreseen.existing.items() if name in there} == {
        name: types_of(frame) for name, frame in there.items()
    }
    for name in WHOLE:
        expected, found = (named(each[name], each, before, name) for each in (there, foreseen.existing))
        assert content(found) == content(expected), name
    for kind, rows in still_there(world.owned, there).items():
        own = FRAMES[kind]
        found = named(foreseen.owned[kind], foreseen.existing, before, own)
        assert content(found) == content(named(rows, there, before, own)), kind
    return drafts


def types_of(frame: pd.DataFrame) -> dict[str, str]:
    return frame.dtypes.astype("str").to_dict()
