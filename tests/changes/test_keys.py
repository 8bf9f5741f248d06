"""Moving a key: rows under the new key first, then the change in Moodle, then the rows of the old key go."""

from __future__ import annotations

import pandas as pd
import pytest

import tables
from ecampus.changes import plan
from ecampus.changes.keys import around
from world import World, university, verbs


def moves(old: str, new: str) -> pd.DataFrame:
    return pd.DataFrame({"old": [old], "new": [new], "change_id": ["course|archive|A"]}, dtype="str")


def shown(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    both = plan.in_order([before, after])
    return [f"{verb} {key}" for verb, key in zip(both["verb"], both["key"], strict=True)]


def table(text: str) -> pd.DataFrame:
    return tables.frame("enrolment_rows", text)


def owned(text: str) -> dict[str, pd.DataFrame]:
    rows = {"enrolment": text} if text else {}
    return tables.owned(course="id | key | scope ; 1 | A | SCI", **rows)


OURS = "course_idnumber | username | role ; A | es1 | student"


def test_a_row_of_ours_is_copied_then_dropped():
    changes = around(moves("A", "ex_A"), "course_idnumber", table(OURS), owned(OURS))
    assert shown(*changes) == ["copy_key ex_A / es1 / student", "drop_key A / es1 / student"]
    assert changes[1]["needs"].tolist() == ["course|archive|A"]
    assert {unit for part in changes for unit in part["unit"]} == {"course|archive|A"}
    assert {scope for part in changes for scope in part["scope"]} == {"SCI"}


def test_a_row_that_is_not_ours_is_copied_and_stays_and_its_copy_is_not_ours_either():
    before, after = around(moves("A", "ex_A"), "course_idnumber", table(OURS), owned(""))
    assert shown(before, after) == ["copy_key ex_A / es1 / student"]
    assert before["foreign"].tolist() == [True]


def test_a_row_that_is_already_under_the_new_key_is_not_copied_again():
    both = table(OURS + " ; ex_A | es1 | student")
    assert shown(*around(moves("A", "ex_A"), "course_idnumber", both, owned(OURS))) == ["drop_key A / es1 / student"]


@pytest.mark.parametrize("typed", ["A-bis", "a", "Â"])
def test_a_row_follows_the_owned_course_whatever_code_somebody_typed_in_moodle(world, typed):
    course = world.id("courses", "A")
    world.moodle.courses[course]["idnumber"] = typed
    world.change(element="code ; B").play("offer", "enrolments")
    assert world.table() == ["A | es1 | observer", "ex_A | es1 | observer", "ex_A | es1 | student"]
    assert "ex_A | es1 | student" in world.see("enrolled", "course | username | role")


def test_a_row_follows_the_owned_course_whose_code_was_emptied(world):
    world.moodle.courses[world.id("courses", "A")]["idnumber"] = None
    world.change(element="code ; B").play("offer", "enrolments")
    assert "ex_A | es1 | student" in world.table()
    assert "A | es1 | student" not in world.table()


def test_a_key_that_only_changes_case_moves_no_row():
    assert shown(*around(moves("A", "a"), "course_idnumber", table(OURS), owned(OURS))) == []


def test_a_username_moves_its_rows_in_every_course():
    rows = table(
        "course_idnumber | username | role ; A | old | student ; B | old | editingteacher ; B | autre | student"
    )
    changes = around(moves("old", "new"), "username", rows, tables.owned() | {"enrolment": rows})
    assert shown(*changes) == [
        "copy_key A / new / student", "copy_key B / new / editingteacher",
        "drop_key A / old / student", "drop_key B / old / editingteacher",
    ]  # fmt: skip


@pytest.fixture
def world() -> World:
    world = university(
        element="code ; A ; B",
        groupe="code ; G",
        groupe_element="code_groupe | code_element ; G | A",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1",
    )
    world.play("users", "offer", "enrolments")
    world.moodle.table.add(("A", "es1", "observer"))
    return world


def test_an_archived_course_keeps_its_people_and_their_rows(world):
    world.change(element="code ; B")
    assert verbs(world.play("offer")) == [
        "enrolment copy_key ex_A / es1 / observer", "enrolment copy_key ex_A / es1 / student",
        "course archive A", "enrolment drop_key A / es1 / student",
    ]  # fmt: skip
    assert verbs(world.play("enrolments")) == []
    assert world.table() == ["A | es1 | observer", "ex_A | es1 | observer", "ex_A | es1 | student"]
    assert ("ex_A | es1 | student") in world.see("enrolled", "course | username | role")


def test_a_restored_course_takes_them_back(world):
    world.change(element="code ; B").play("offer", "enrolments")
    world.change(element="code ; A ; B").play("offer")
    assert "A | es1 | student" in world.table()
    assert "ex_A | es1 | student" not in world.table()


def test_a_renamed_login_keeps_its_rows_and_an_archive_too(world):
    world.change(element="code ; B").play("offer")
    world.change(people="code | uid ; S1 | nouveau").play("users")
    assert [row for row in world.table() if "nouveau" in row] == [
        "A | nouveau | observer", "ex_A | nouveau | observer", "ex_A | nouveau | student",
    ]  # fmt: skip
    assert [row for row in world.table() if "es1 | student" in row] == []
