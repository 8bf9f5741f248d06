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


OURS = "course_idnumber | username | role ; A | es1 | student"


def test_a_row_of_ours_is_carried_then_cleared():
    changes = around(moves("A", "ex_A"), "course_idnumber", table(OURS), table(OURS))
    assert shown(*changes) == ["carry ex_A / es1 / student", "clear A / es1 / student"]
    assert changes[1]["needs"].tolist() == ["course|archive|A"]


def test_a_row_that_is_not_ours_is_carried_and_stays_and_its_copy_is_not_ours_either():
    before, after = around(moves("A", "ex_A"), "course_idnumber", table(OURS), table(""))
    assert shown(before, after) == ["carry ex_A / es1 / student"]
    assert '"foreign": true' in before["after"].iloc[0]


def test_a_row_that_is_already_under_the_new_key_is_not_carried_again():
    both = table(OURS + " ; ex_A | es1 | student")
    assert shown(*around(moves("A", "ex_A"), "course_idnumber", both, table(OURS))) == ["clear A / es1 / student"]


def test_a_key_that_only_changes_case_moves_no_row():
    assert shown(*around(moves("A", "a"), "course_idnumber", table(OURS), table(OURS))) == []


def test_a_username_moves_its_rows_in_every_course():
    rows = table(
        "course_idnumber | username | role ; A | old | student ; B | old | editingteacher ; B | autre | student"
    )
    changes = around(moves("old", "new"), "username", rows, rows)
    assert shown(*changes) == [
        "carry A / new / student", "carry B / new / editingteacher",
        "clear A / old / student", "clear B / old / editingteacher",
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
        "enrolment carry ex_A / es1 / observer", "enrolment carry ex_A / es1 / student",
        "course archive A", "enrolment clear A / es1 / student",
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
