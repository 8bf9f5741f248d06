"""What a night did, turned round: each kind, what somebody changed since, and what does not come back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import tables
from ecampus.changes import plan, undoing
from ecampus.changes.draft import Inputs
from ecampus.changes.imagine import imagine
from ecampus.kinds import KINDS
from ecampus.words.undoing import WHY
from frames import assert_typed

PHASE_OF = {"account": "users", "cohort": "cohorts", "cohort_member": "cohorts", "category": "offer",
            "course": "offer", "enrolment": "enrolments", "group": "groups", "group_member": "groups"}  # fmt: skip
ROWS = "course_idnumber | username | role"
There = Callable[[], Inputs]
"""Made when its test is played, not for all of them at once."""


def did(kind: str, before: Any = None, after: Any = None, **columns: Any) -> dict[str, Any]:
    """A change that was done: ``course|rename|A``."""
    object_, verb, key = kind.split("|")
    texts = {side: json.dumps(value) for side, value in (("before", before), ("after", after)) if value is not None}
    made = {"object": object_, "verb": verb, "key": key, "name": "", "unit": kind, "phase": PHASE_OF[object_]}
    return made | texts | columns


def turned(phase: str, done: list[dict[str, Any]], inputs: There) -> tuple[list[str], list[str]]:
    """The changes in their order, and what does not come back with its reason."""
    phases = [row["phase"] for row in done]
    found = undoing.inverse(
        phase, plan.typed(pd.DataFrame(done)).assign(phase=phases).astype({"phase": "str"}), inputs()
    )
    assert_typed(found.changes, "changes")
    assert_typed(found.lost, "lost")
    assert set(found.lost["why"]) <= set(WHY)
    lost = plan.change_ids(found.lost) + " " + found.lost["why"]
    return list(plan.change_ids(found.changes)), list(lost)


def changes(phase: str, done: list[dict[str, Any]], inputs: There) -> pd.DataFrame:
    rows = plan.typed(pd.DataFrame(done)).assign(phase=[row["phase"] for row in done]).astype({"phase": "str"})
    return undoing.inverse(phase, rows, inputs()).changes


def there(owned: dict[str, str], **existing: str) -> There:
    return lambda: tables.inputs(existing_=tables.existing(**existing), owned_=tables.owned(**owned))


SHELVES = "id | idnumber | parent_id ; 1 | CAT | 0 ; 2 | AUTRE | 0"
OURS = "id | code ; 1 | CAT ; 2 | AUTRE"


def named(fullname: str, key: str) -> dict[str, str]:
    return {"fullname": fullname, "shortname": key, "idnumber": key}


RENAMED = did("course|rename|A", named("A - algèbre", "A"), named("A - autre", "A"), moodle_id=10, place="A")
ARCHIVED = did("course|archive|A", named("A - a", "A"), named("ex_A - a", "ex_A"), moodle_id=10, place="ex_A")
RESTORED = did("course|restore|A", named("ex_A - a", "ex_A"), named("A - a", "A"), moodle_id=10, place="A")
CREATED = did("course|create|A", None, named("A - a", "A") | {"category_code": "CAT"}, moodle_id=10, place="A")
MOVED = did("course|move|A", {"category_code": "CAT"}, {"category_code": "AUTRE"}, moodle_id=10, place="A")


def course(row: str, archived: str = "", rows: str = "", mine: str = "", shelves: str = SHELVES) -> There:
    owned = {"course": f"id | key | archived ; 10 | A | {archived}", "category": OURS}
    if mine:
        owned["enrolment"] = f"{ROWS} ; {mine}"
    head = "id | idnumber | shortname | fullname | category_id"
    return there(
        owned, categories=shelves, courses=f"{head} ; {row}", enrolment_rows=f"{ROWS} ; {rows}" if rows else ""
    )


@pytest.mark.parametrize(
    ("done", "inputs", "expected"),
    [
        (RENAMED, course("10 | A | A | A - autre | 1"), ["course|rename|A"]),
        (RENAMED, course("10 | A | A | A - algèbre | 1"), []),
        (ARCHIVED, course("10 | ex_A | ex_A | ex_A - a | 1", "2026-11-22"), ["course|restore|A"]),
        (RESTORED, course("10 | A | A | A - a | 1"), ["course|archive|A"]),
        (CREATED, course("10 | A | A | A - a | 1"), ["course|archive|A"]),
        (CREATED, course("10 | ex_A | ex_A | ex_A - a | 1", "2026-11-23"), []),
        (MOVED, course("10 | A | A | A - a | 2"), ["course|move|A"]),
        (MOVED, course("10 | A | A | A - a | 1"), []),
    ],
    ids=["renamed", "renamed, undone already", "archived", "restored", "created", "created, archived since", "moved",
         "moved, undone already"],
)  # fmt: skip
def test_a_course_is_what_it_was_and_one_that_was_created_is_archived(done, inputs, expected):
    assert turned("offer", [done], inputs) == (expected, [])


def test_people_stay_in_a_course_whose_code_moves_back():
    inputs = course("10 | ex_A | ex_A | ex_A - a | 1", "2026-11-22", "ex_A | es1 | student", "ex_A | es1 | student")
    assert turned("offer", [ARCHIVED], inputs)[0] == [
        "enrolment|copy_key|A / es1 / student", "course|restore|A", "enrolment|drop_key|ex_A / es1 / student",
    ]  # fmt: skip


def test_the_names_are_those_of_before_the_night_whatever_it_did_in_between():
    again = did("course|rename|A", named("A - autre", "A"), named("A - encore", "A"), moodle_id=10, place="A")
    (row,) = changes("offer", [RENAMED, again], course("10 | A | A | A - encore | 1")).itertuples()
    assert json.loads(row.after) == named("A - algèbre", "A")
    assert json.loads(row.before) == named("A - encore", "A")


@pytest.mark.parametrize(
    ("done", "inputs", "why"),
    [
        (RENAMED, course("10 | A | A | à moi | 1"), "course|rename|A CHANGED"),
        (RENAMED, course("11 | B | B | B | 1"), "course|rename|A GONE"),
        (ARCHIVED, course("10 | ex_A | ex_A | ex_A - a | 1 ; 11 | A | A | A à la main | 1", "2026-11-22"),
         "course|archive|A TAKEN"),
        (did("course|rename|A", {"fullname": "A", "shortname": "A"}, named("A", "A"), moodle_id=10, place="A"),
         course("10 | A | A | A | 1"), "course|rename|A EMPTY"),
        (MOVED, course("10 | A | A | A - a | 2", shelves="id | idnumber ; 2 | AUTRE"), "course|move|A PLACE"),
        (MOVED, course("10 | A | A | A - a | 3", shelves=f"{SHELVES} ; 3 | DIVERS | 0"), "course|move|A CHANGED"),
    ],
    ids=["renamed by hand since", "gone", "its code is another's", "it had no code", "its category is gone",
         "moved by hand since"],
)  # fmt: skip
def test_what_somebody_changed_or_took_is_left_and_told(done, inputs, why):
    assert turned("offer", [done], inputs) == ([], [why])


def test_a_visible_course_does_not_go_back_into_a_hidden_category():
    shelves = "id | idnumber | parent_id | visible ; 1 | CAT | 0 | non ; 2 | AUTRE | 0 | oui"
    owned = {"course": "id | key | archived ; 10 | A |", "category": OURS}
    courses = "id | idnumber | category_id | visible ; 10 | A | 2 | oui"
    assert turned("offer", [MOVED], there(owned, categories=shelves, courses=courses)) == ([], ["course|move|A HIDDEN"])


def category(shelves: str, courses: str = "", ours: str = OURS) -> There:
    return there({"category": ours}, categories=f"id | idnumber | name | parent_id ; {shelves}", courses=courses)


SHELF = did("category|create|CAT", None, {"idnumber": "CAT", "name": "CAT"}, moodle_id=1, place="CAT")


@pytest.mark.parametrize(
    ("done", "inputs", "expected"),
    [
        (did("category|rename|CAT", {"name": "a", "idnumber": "CAT"}, {"name": "b", "idnumber": "CAT"}, moodle_id=1),
         category("1 | CAT | b | 0"), (["category|rename|CAT"], [])),
        (did("category|move|CAT", {"parent_code": "AUTRE"}, {}, moodle_id=1),
         category("1 | CAT | a | 0 ; 2 | AUTRE | o | 0"), (["category|move|CAT"], [])),
        (did("category|move|CAT", {}, {"parent_code": "AUTRE"}, moodle_id=1),
         category("1 | CAT | a | 2 ; 2 | AUTRE | o | 0"), (["category|move|CAT"], [])),
        (SHELF, category("1 | CAT | CAT | 0"), (["category|delete|CAT"], [])),
        (SHELF, category("1 | CAT | CAT | 0", "id | idnumber | category_id ; 9 | À la main | 1"),
         ([], ["category|create|CAT OCCUPIED"])),
        (SHELF, category("2 | AUTRE | o | 0"), ([], [])),
        (did("category|delete|CAT", {"name": "a", "idnumber": "CAT"}, moodle_id=1), category("2 | AUTRE | o | 0"),
         ([], ["category|delete|CAT DELETED"])),
    ],
    ids=["renamed", "moved to the top", "moved from the top", "created and empty", "created, something is in it",
         "created, gone since", "deleted"],
)  # fmt: skip
def test_a_category_is_what_it_was_and_one_that_was_created_goes_if_it_is_empty(done, inputs, expected):
    assert turned("offer", [done], inputs) == expected


def test_a_category_that_was_created_goes_once_the_course_is_back_where_it_was():
    owned = {"course": "id | key | archived ; 10 | A |", "category": OURS}
    inputs = there(owned, categories=SHELVES, courses="id | idnumber | category_id ; 10 | A | 2")
    other = did("category|create|AUTRE", None, {"idnumber": "AUTRE"}, moodle_id=2, place="AUTRE")
    assert turned("offer", [other, MOVED], inputs) == (["course|move|A", "category|delete|AUTRE"], [])


def account(users: str, owned: str = "1 | student | S1", rows: str = "") -> There:
    mine = {"account": f"user_id | population | code | suspended ; {owned}", "course": "id | key | archived ; 10 | A |"}
    if rows:
        mine["enrolment"] = f"{ROWS} ; {rows}"
    return there(mine, users=f"id | username | idnumber | email | suspended ; {users}",
                 enrolment_rows=f"{ROWS} ; {rows}" if rows else "")  # fmt: skip


LOGIN = did("account|rename|es2", {"username": "es1"}, {"username": "es2"}, moodle_id=1, username="es2")
MAIL = did("account|update|es1", {"email": "a@u.fr"}, {"email": "b@u.fr"}, moodle_id=1)
SUSPENDED = did("account|suspend|es1", {"suspended": False}, {"suspended": True}, moodle_id=1)
MADE = did("account|create|es1", None, {"username": "es1", "email": "a@u.fr"}, moodle_id=1, username="es1")
HERE, AWAY = "1 | student | S1 |", "1 | student | S1 | oui"


@pytest.mark.parametrize(
    ("done", "inputs", "expected"),
    [
        (MAIL, account("1 | es1 | S1 | b@u.fr |", HERE), (["account|update|es1"], [])),
        (MAIL, account("1 | es1 | S1 | c@u.fr |", HERE), ([], ["account|update|es1 CHANGED"])),
        (MAIL, account("1 | es1 | S1 | b@u.fr | ; 2 | es9 | S9 | A@u.fr |", HERE), ([], ["account|update|es1 ADDRESS"])),
        (MAIL, account("2 | es9 | S9 | a@u.fr |", HERE), ([], ["account|update|es1 GONE"])),
        (SUSPENDED, account("1 | es1 | S1 | a@u.fr | oui", AWAY), (["account|unsuspend|es1"], [])),
        (SUSPENDED, account("1 | es1 | S1 | a@u.fr |", HERE), ([], [])),
        (did("account|unsuspend|es1", {"suspended": True}, {"suspended": False}, moodle_id=1),
         account("1 | es1 | S1 | a@u.fr |", HERE), (["account|suspend|es1"], [])),
        (MADE, account("1 | es1 | S1 | a@u.fr |", HERE), (["account|suspend|es1"], [])),
        (MADE, account("1 | es1 | S1 | a@u.fr | oui", AWAY), ([], [])),
        (MADE, account("2 | es9 | S9 | a@u.fr |", HERE), ([], [])),
        (LOGIN, account("1 | es2 | S1 | a@u.fr |", HERE), (["account|rename|es1"], [])),
        (LOGIN, account("1 | es3 | S1 | a@u.fr |", HERE), ([], ["account|rename|es2 CHANGED"])),
        (LOGIN, account("1 | es2 | S1 | a@u.fr | ; 2 | es1 | S9 | c@u.fr |", HERE), ([], ["account|rename|es2 TAKEN"])),
    ],
    ids=["updated", "changed by hand since", "its address is another's", "gone", "suspended", "let in by hand since",
         "unsuspended", "created", "created, suspended since", "created, gone since", "renamed",
         "renamed by hand since", "its login is another's"],
)  # fmt: skip
def test_an_account_is_what_it_was_and_one_that_was_created_is_suspended(done, inputs, expected):
    assert turned("users", [done], inputs) == expected


def test_rows_follow_a_login_that_moves_back():
    inputs = account("1 | es2 | S1 | a@u.fr |", HERE, "A | es2 | student")
    assert turned("users", [LOGIN], inputs)[0] == [
        "enrolment|copy_key|A / es1 / student", "account|rename|es1", "enrolment|drop_key|A / es2 / student",
    ]  # fmt: skip


def test_rows_that_were_nobodys_do_not_come_back_for_whoever_took_the_login():
    orphan = did("enrolment|unenrol|A / es1 / student", place="A", username="es1", role="student") | {"phase": "users"}
    assert turned("users", [orphan], account("1 | es1 | S9 | a@u.fr |", HERE)) == (
        [], ["enrolment|unenrol|A / es1 / student NOBODY"],
    )  # fmt: skip


def rows_of(table: str, mine: str, users: str = "1 | es1 | S1", courses: str = "10 | A") -> There:
    owned = {"account": "user_id | population | code ; 1 | student | S1", "course": "id | key | archived ; 10 | A |"}
    if mine:
        owned["enrolment"] = f"{ROWS} ; {mine}"
    return there(owned, users=f"id | username | idnumber ; {users}", courses=f"id | idnumber ; {courses}",
                 enrolment_rows=f"{ROWS} ; {table}" if table else "")  # fmt: skip


ENROLLED = did("enrolment|enrol|A / es1 / student", place="A", username="es1", role="student", scope="SCI")
UNENROLLED = did("enrolment|unenrol|A / es1 / student", place="A", username="es1", role="student", scope="SCI")
ROW = "A | es1 | student"


@pytest.mark.parametrize(
    ("done", "inputs", "expected"),
    [
        ([ENROLLED], rows_of(ROW, ROW), (["enrolment|unenrol|A / es1 / student"], [])),
        ([ENROLLED], rows_of(ROW, ""), ([], [])),
        ([ENROLLED], rows_of("", ""), ([], [])),
        ([UNENROLLED], rows_of("", ""), (["enrolment|enrol|A / es1 / student"], [])),
        ([UNENROLLED], rows_of(ROW, ""), ([], [])),
        ([UNENROLLED], rows_of("", "", courses="11 | B"), ([], ["enrolment|unenrol|A / es1 / student NOBODY"])),
        ([ENROLLED, UNENROLLED], rows_of("", ""), ([], [])),
        ([LOGIN, did("enrolment|enrol|A / es2 / student", place="A", username="es2", role="student")],
         rows_of(ROW, ROW), (["enrolment|unenrol|A / es1 / student"], [])),
    ],
    ids=["enrolled", "the row is somebody else's", "taken away since", "unenrolled", "put back by hand",
         "its course is gone", "both in one night", "under the login of that night"],
)  # fmt: skip
def test_a_row_is_taken_away_or_put_back(done, inputs, expected):
    assert turned("enrolments", done, inputs) == expected


def cohort(members: str, mine: str, cohorts: str = "5 | E | E") -> There:
    owned = {"cohort": "id | code ; 5 | E"} | ({"cohort_member": f"cohort_id | user_id ; {mine}"} if mine else {})
    return there(owned, users="id | username | idnumber ; 1 | es1 | S1", cohorts=f"id | idnumber | name ; {cohorts}",
                 cohort_members=f"cohort_id | user_id ; {members}" if members else "")  # fmt: skip


PLACED = {"place": "E", "place_id": 5, "user_id": 1, "username": "es1"}


@pytest.mark.parametrize(
    ("done", "inputs", "expected"),
    [
        (did("cohort|rename|E", {"name": "a", "idnumber": "E"}, {"name": "E", "idnumber": "E"}, moodle_id=5),
         cohort("", ""), (["cohort|rename|E"], [])),
        (did("cohort|create|E", None, {"name": "E", "idnumber": "E"}, moodle_id=5), cohort("", ""),
         ([], ["cohort|create|E KEPT"])),
        (did("cohort_member|add|E / es1", **PLACED), cohort("5 | 1", "5 | 1"), (["cohort_member|remove|E / es1"], [])),
        (did("cohort_member|add|E / es1", **PLACED), cohort("5 | 1", ""), ([], [])),
        (did("cohort_member|add|E / es1", **PLACED), cohort("", ""), ([], [])),
        (did("cohort_member|remove|E / es1", **PLACED), cohort("", ""), (["cohort_member|add|E / es1"], [])),
        (did("cohort_member|remove|E / es1", **PLACED), cohort("", "", cohorts="6 | F | F"),
         ([], ["cohort_member|remove|E / es1 GONE"])),
    ],
    ids=["renamed", "created", "added", "put there by hand since", "taken away since", "removed", "its cohort is gone"],
)  # fmt: skip
def test_a_cohort_has_the_name_and_the_members_it_had_and_one_that_was_created_stays(done, inputs, expected):
    assert turned("cohorts", [done], inputs) == expected


def group(row: str, archived: str = "", members: str = "", mine: str = "", enrolled: str = "10 | 1") -> There:
    owned = {
        "course": "id | key | archived ; 10 | A |",
        "group": f"id | course_id | code | archived ; 7 | 10 | G | {archived}",
    }
    if mine:
        owned["group_member"] = f"group_id | user_id ; {mine}"
    return there(owned, users="id | username | idnumber ; 1 | es1 | S1 ; 2 | es2 | S2", courses="id | idnumber ; 10 | A",
                 groups=f"id | course_id | idnumber | name ; {row}", enrolled=f"course_id | user_id ; {enrolled}",
                 group_members=f"group_id | user_id ; {members}" if members else "")  # fmt: skip


def labelled(name: str, code: str = "G") -> dict[str, str]:
    return {"name": name, "idnumber": code}


SEAT = {"place": "G", "place_id": 7, "course_id": 10, "user_id": 1, "username": "es1"}
GROUP = {"moodle_id": 7, "course_id": 10, "place": "G"}
BORN = did("group|create|A / G", None, labelled("TD"), **GROUP)


@pytest.mark.parametrize(
    ("done", "inputs", "expected"),
    [
        (did("group|rename|A / G", labelled("a"), labelled("b"), **GROUP), group("7 | 10 | G | b"),
         (["group|rename|A / G"], [])),
        (did("group|rename|A / G", labelled("a"), labelled("b"), **GROUP), group("7 | 10 | G | c"),
         ([], ["group|rename|A / G CHANGED"])),
        (did("group|rename|A / G", labelled("a"), labelled("b"), **GROUP), group("7 | 10 | G | b ; 8 | 10 | | A"),
         ([], ["group|rename|A / G TAKEN"])),
        (did("group|archive|A / G", labelled("a"), labelled("ex_a", "ex_G"), **GROUP),
         group("7 | 10 | ex_G | ex_a", "2026-11-22"), (["group|restore|A / G"], [])),
        (did("group|restore|A / G", labelled("ex_a", "ex_G"), labelled("a"), **GROUP), group("7 | 10 | G | a"),
         (["group|archive|A / G"], [])),
        (BORN, group("7 | 10 | G | TD", members="7 | 1 ; 7 | 2", mine="7 | 1"),
         (["group|archive|A / G", "group_member|remove|A / G / es1"], [])),
        (did("group|delete|A / G", labelled("a"), **GROUP), group("8 | 10 | | autre"),
         ([], ["group|delete|A / G DELETED"])),
        (did("group_member|add|A / G / es1", **SEAT), group("7 | 10 | G | a", members="7 | 1", mine="7 | 1"),
         (["group_member|remove|A / G / es1"], [])),
        (did("group_member|add|A / G / es1", **SEAT), group("7 | 10 | G | a", members="7 | 1"), ([], [])),
        (did("group_member|remove|A / G / es1", **SEAT), group("7 | 10 | G | a"),
         (["group_member|add|A / G / es1"], [])),
        (did("group_member|remove|A / G / es1", **SEAT), group("7 | 10 | G | a", enrolled="10 | 2"),
         ([], ["group_member|remove|A / G / es1 NOT_ENROLLED"])),
        (did("group_member|remove|A / G / es1", **SEAT), group("8 | 10 | | autre"),
         ([], ["group_member|remove|A / G / es1 GONE"])),
    ],
    ids=["renamed", "renamed by hand since", "its name is another's", "archived", "restored", "created", "deleted",
         "member added", "put there by hand since", "member removed", "not enrolled any more", "its group is gone"],
)  # fmt: skip
def test_a_group_has_the_name_and_the_members_it_had_and_one_that_was_created_is_emptied_and_archived(
    done, inputs, expected
):
    assert turned("groups", [done], inputs) == expected


def test_whoever_is_put_back_into_an_archive_waits_for_its_restoration():
    archived = did("group|archive|A / G", labelled("a"), labelled("ex_a", "ex_G"), **GROUP)
    removed = did("group_member|remove|A / G / es1", **SEAT)
    found = changes("groups", [removed, archived], group("7 | 10 | ex_G | ex_a", "2026-11-22"))
    assert list(found["needs"].dropna()) == ["group|restore|A / G"]


@pytest.mark.parametrize("done", [RENAMED, ARCHIVED, RESTORED, CREATED, MOVED], ids=lambda row: row["unit"])
def test_the_verb_is_the_inverse_of_the_catalogue_and_undone_twice_it_does_nothing(done):
    rows = {"rename": "10 | A | A | A - autre | 1", "archive": "10 | ex_A | ex_A | ex_A - a | 1",
            "restore": "10 | A | A | A - a | 1", "create": "10 | A | A | A - a | 1", "move": "10 | A | A | A - a | 2"}  # fmt: skip
    inputs = course(rows[done["verb"]], "2026-11-22" if done["verb"] == "archive" else "")
    found = changes("offer", [done], inputs)
    assert list(found["verb"]) == [KINDS["course", done["verb"]].inverse]
    assert changes("offer", [done], lambda: imagine(inputs(), found)).empty


def test_a_night_that_did_nothing_is_undone_by_nothing():
    nothing = plan.empty().assign(phase=pd.Series([], dtype="str"))
    for phase in undoing.ORDER:
        found = undoing.inverse(phase, nothing, tables.inputs(existing_=tables.existing(categories=SHELVES)))
        assert found.changes.empty
        assert found.lost.empty
