"""What of Moodle looks like ours: listed, ambiguous, left; what comes with it when it is adopted."""

from __future__ import annotations

import pandas as pd
import pytest

from ecampus.changes import adoptable, cohorts, enrolments, gains, groups, offer
from ecampus.changes.draft import Inputs
from tables import existing, frame, inputs, owned, refer

CATEGORY = "id | idnumber ; 1 | CAT"
OURS = "id | code ; 1 | CAT"


def listed(draft, given: Inputs) -> list[list]:
    found = adoptable.listed(draft(adoptable.alone(given)).changes, given)
    told = found[["object", "key", "moodle_id", "found", "doubt"]].astype("object")
    return told.where(told.notna(), None).to_numpy().tolist()


def courses_listed(text: str, elements: str = "code ; A", ours: str = "id") -> list[list]:
    given = inputs(
        refer(element=elements), existing(categories=CATEGORY, courses=text), owned(category=OURS, course=ours)
    )
    return listed(offer.draft, given)


COURSES = {
    "one that carries the code": ("id | idnumber ; 7 | A", [["course", "A", 7, "A", None]]),
    "whatever its case": ("id | idnumber ; 7 | a", [["course", "A", 7, "a", None]]),
    "by its short name, without a number": (
        "id | idnumber | shortname | fullname ; 7 | | A | Algèbre",
        [["course", "A", 7, "Algèbre", None]],
    ),
    "by its short name, with the number of another": (
        "id | idnumber | shortname ; 7 | B | A",
        [["course", "A", 7, "A", "other_number"]],
    ),
    "two for one code": (
        "id | idnumber | shortname ; 7 | A | x ; 8 | | A",
        [["course", "A", 7, "x", "several"], ["course", "A", 8, "A", "several"]],
    ),
    "written otherwise": ("id | idnumber | shortname ; 7 | Á | x", [["course", "A", 7, "x", "spelt"]]),
    "one that carries nothing of ours": ("id | idnumber ; 7 | Z", []),
    "none": ("id", []),
}


@pytest.mark.parametrize(("text", "found"), COURSES.values(), ids=list(COURSES))
def test_courses_of_others_that_carry_a_code_which_the_rules_want(text, found):
    assert courses_listed(text) == found


def test_one_that_is_ours_is_not_listed_nor_one_whose_code_rests_in_an_archive_of_ours():
    assert courses_listed("id | idnumber ; 7 | A", ours="id | key ; 7 | A") == []
    archive = "id | key | archived ; 9 | A | 2026-11-01"
    assert courses_listed("id | idnumber ; 7 | A ; 9 | ex_A", ours=archive) == []


def test_an_id_of_ours_that_another_course_has_by_now_is_of_another():
    text, ours = "id | idnumber | created ; 7 | A | 200", "id | key | created ; 7 | A | 100"
    assert courses_listed(text, ours=ours) == [["course", "A", 7, "A", None]]


def test_a_porte_and_a_frozen_element_want_no_course():
    given = inputs(
        refer(
            element="code | code_categorie ; A | CAT ; B | CAT ; C | INCONNUE",
            porte="code_porte | code_porteur ; B | A",
        ),
        existing(categories=CATEGORY, courses="id | idnumber ; 7 | B ; 8 | C"),
        owned(category=OURS),
    )
    assert listed(offer.draft, given) == []


def test_categories_but_the_one_that_holds_everything():
    given = inputs(
        refer(categorie="code ; CAT ; ROOT"),
        existing(categories="id | idnumber | name ; 1 | CAT | Sciences ; 2 | ROOT | Tout"),
        managed_root="ROOT",
    )
    assert listed(offer.draft, given) == [["category", "CAT", 1, "Sciences", None]]


IA = "code_etudiant | code_etape ; S1 | ETAPE ; S2 | ETAPE"
PEOPLE = "id | username | idnumber ; 11 | es1 | S1 ; 12 | es2 | S2 ; 13 | autre |"
ACCOUNTS = "user_id | population | code ; 11 | student | S1 ; 12 | student | S2"


def cohort_inputs(**more: str) -> Inputs:
    return inputs(
        refer(inscription_administrative=IA),
        existing(users=PEOPLE, cohorts="id | idnumber | name ; 5 | etape | Première année", **more),
        owned(account=ACCOUNTS),
    )


def test_a_cohort_is_adopted_with_those_whom_the_rules_want_and_who_are_there():
    given = cohort_inputs()
    draft = cohorts.draft(adoptable.alone(given))
    chosen = adoptable.listed(draft.changes, given)
    there = pd.DataFrame({"place_id": [5, 5], "user_id": [11, 13]})
    members = adoptable.members(draft, chosen, given.existing["users"], there)
    ours = gains.fold(gains.fold(given.owned, chosen, "2026-11-24"), members, "2026-11-24")
    assert ours["cohort"][["id", "code", "scope", "since"]].to_numpy().tolist() == [[5, "ETAPE", "SCI", "2026-11-24"]]
    assert ours["cohort_member"].to_numpy().tolist() == [[5, 11]]


def test_a_cohort_that_a_plugin_holds_is_not_adoptable():
    assert listed(cohorts.draft, cohort_inputs(foreign_cohorts="id ; 5")) == [
        ["cohort", "ETAPE", 5, "Première année", "held"]
    ]


TEACHING = refer(
    element="code ; A", groupe="code ; G", groupe_element="code_groupe | code_element ; G | A",
    groupe_etudiant="code_groupe | code_etudiant ; G | S1 ; G | S2",
)  # fmt: skip


def teaching_inputs(table: str = "", **more: str) -> Inputs:
    return inputs(
        TEACHING,
        existing(
            users=PEOPLE, categories=CATEGORY, courses="id | idnumber ; 7 | A", enrolment_rows=table,
            groups="id | course_id | idnumber ; 3 | 7 | g ; 4 | 8 | G", **more,
        ),
        owned(category=OURS, account=ACCOUNTS, course="id | key ; 7 | A"),
    )  # fmt: skip


def test_a_group_is_adopted_in_the_course_where_it_is_wanted_with_those_who_are_there_enrolled_or_not_yet():
    given = teaching_inputs(enrolled="course_id | user_id ; 7 | 11")
    draft = groups.draft(adoptable.alone(given))
    chosen = adoptable.listed(draft.changes, given)
    assert chosen[["key", "moodle_id", "course_id"]].to_numpy().tolist() == [["A / G", 3, 7]]
    there = pd.DataFrame({"place_id": [3, 3, 3, 4], "user_id": [11, 12, 13, 11]})
    members = adoptable.members(draft, chosen, given.existing["users"], there)
    assert members[["key", "place_id", "user_id"]].to_numpy().tolist() == [
        ["A / G / es1", 3, 11],
        ["A / G / es2", 3, 12],
    ]


def test_with_a_course_come_the_rows_that_the_rules_want_and_that_are_there():
    given = teaching_inputs("course_idnumber | username ; A | es1 ; A | autre ; B | es2")
    given = Inputs(
        given.settings, given.source, given.existing, given.owned | {"course": owned()["course"]}, given.memory
    )
    courses = adoptable.listed(offer.draft(adoptable.alone(given)).changes, given)
    after = adoptable.with_courses(given, courses)
    rows = adoptable.rows_there(enrolments.draft(after).changes, courses, given.existing["enrolment_rows"])
    assert rows["key"].tolist() == ["A / es1 / student"]
    assert gains.fold(given.owned, rows, "2026-11-24")["enrolment"].to_numpy().tolist() == [["A", "es1", "student"]]


def test_a_course_without_its_number_brings_the_rows_of_its_code_too():
    given = teaching_inputs("course_idnumber | username ; A | es1")
    blank = frame("courses", "id | idnumber | shortname ; 7 | | A")
    given = Inputs(
        given.settings, given.source, given.existing | {"courses": blank}, given.owned | {"course": owned()["course"]},
        given.memory,
    )  # fmt: skip
    courses = adoptable.listed(offer.draft(adoptable.alone(given)).changes, given)
    after = adoptable.with_courses(given, courses)
    rows = adoptable.rows_there(enrolments.draft(after).changes, courses, given.existing["enrolment_rows"])
    assert rows["key"].tolist() == ["A / es1 / student"]


def test_nothing_looks_like_ours_on_an_empty_site():
    given = inputs()
    assert list(adoptable.none()) == adoptable.COLUMNS
    assert adoptable.listed(offer.draft(adoptable.alone(given)).changes, given).empty
