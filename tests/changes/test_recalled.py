"""What is ours again: of what was done since the register's backup, of what Moodle lost by its own."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from test_gains import done

from ecampus.changes import plan, recalled
from ecampus.changes.recalled import Stretch
from ecampus.register.owned import Owned
from tables import existing, frame, owned

LAST = "2026-11-23"
ROW = {"place": "A", "username": "es1", "role": "student"}
MEMBER = {"place_id": 3, "user_id": 11}
KEPT = {"before": '{"idnumber": "A"}'}


def stretch(*changes: pd.DataFrame, outcome: str = "done") -> Stretch:
    return Stretch(LAST, LAST, plan.in_order(changes).assign(outcome=outcome))


def archived(id_: int = 7) -> pd.DataFrame:
    return done("course archive", "A", id_, place="ex_A").assign(**KEPT)


def told(found: Owned, kind: str, *columns: str) -> list[list[Any]]:
    rows = found[kind][list(columns)].astype("object")
    return rows.where(rows.notna(), None).to_numpy().tolist()


def redone(before: Owned, seen: dict[str, pd.DataFrame], *since: Stretch) -> Owned:
    return recalled.shown(before, recalled.redone(before, since), seen)


SEEN = existing(
    users="id | username | idnumber ; 11 | es1 | S1",
    courses="id | idnumber | created ; 7 | A | 100", groups="id | course_id | idnumber ; 3 | 7 | G",
    group_members="group_id | user_id ; 3 | 11", enrolment_rows="course_idnumber | username ; A | es1",
)  # fmt: skip
COURSE, GROUP = done("course create", "A", 7, place="A"), done("group create", "A / G", 3, place="G", course_id=7)


def test_what_was_made_since_and_shows_is_ours_again():
    since = stretch(COURSE, GROUP, done("group_member add", **MEMBER), done("enrolment enrol", **ROW))
    found = redone(owned(), SEEN, since)
    assert told(found, "course", "id", "key", "since") == [[7, "A", LAST]]
    assert told(found, "group", "id", "course_id") == [[3, 7]]
    assert told(found, "group_member", "group_id", "user_id") == [[3, 11]]
    assert told(found, "enrolment", "course_idnumber", "username") == [["A", "es1"]]


def test_what_does_not_show_is_not():
    since = stretch(
        done("course create", "B", 8, place="B"),
        done("group_member add", place_id=3, user_id=12),
        done("enrolment enrol", place="B", username="es1", role="student"),
    )
    found = redone(owned(), SEEN, since)
    assert [len(found[kind]) for kind in ("course", "group_member", "enrolment")] == [0, 0, 0]


def test_what_moodle_refused_or_put_off_counts_for_nothing():
    found = redone(owned(), SEEN, stretch(COURSE, outcome="failed"), stretch(GROUP, outcome="put_off"))
    assert (len(found["course"]), len(found["group"])) == (0, 0)


def test_gains_and_losses_count_in_their_order():
    add, remove = done("group_member add", **MEMBER), done("group_member remove", **MEMBER)
    group = stretch(GROUP)
    assert len(redone(owned(), SEEN, group, stretch(add), stretch(remove))["group_member"]) == 0
    assert len(redone(owned(), SEEN, group, stretch(remove), stretch(add))["group_member"]) == 1


def test_rows_published_since_that_the_restored_table_lacks_and_those_taken_away_since_that_it_has_again():
    before = owned(enrolment="course_idnumber | username | role ; A | es1 | student")
    after = owned(course="id | key | archived ; 7 | A | 2026-11-23")
    since = stretch(
        done("enrolment copy_key", place="ex_A", username="es1", role="student"),
        archived(),
        done("enrolment drop_key", **ROW),
    )
    assert rows_since(since, before, after) == ([["ex_A", "es1", "student"]], [["A", "es1", "student"]])
    assert rows_since(since, owned(), after) == ([["ex_A", "es1", "student"]], [])
    assert rows_since(since, before, owned()) == ([], [["A", "es1", "student"]])
    there = "course_idnumber | username ; ex_A | es1"
    assert rows_since(since, before, after, table=there) == ([], [])


def rows_since(since: Stretch, before: Owned, after: Owned, table: str = "course_idnumber | username ; A | es1"):
    come, gone = recalled.rows_since([since], before, after, frame("enrolment_rows", table))
    return plan.rows(come).to_numpy().tolist(), plan.rows(gone).to_numpy().tolist()


def test_what_was_adopted_is_ours_and_what_was_given_up_is_not_with_what_is_in_it():
    adopted = stretch(
        COURSE, GROUP, done("group_member add", **MEMBER), done("enrolment enrol", **ROW), outcome="adopted"
    )
    found = redone(owned(), SEEN, adopted)
    assert [len(found[kind]) for kind in ("course", "group", "group_member", "enrolment")] == [1, 1, 1, 1]
    found = redone(owned(), SEEN, adopted, stretch(COURSE, outcome="released"))
    assert [len(found[kind]) for kind in ("course", "group", "group_member", "enrolment")] == [0, 0, 0, 0]


def test_accounts_that_were_recognised_are_ours_before_what_was_done_to_them():
    accounts = owned(account="user_id | population | code ; 11 | student | S1")["account"]
    since = [Stretch(LAST, LAST, None, {"account": accounts}), stretch(done("account suspend", "es1", 11))]
    assert told(redone(owned(), SEEN, *since), "account", "user_id", "code", "suspended") == [[11, "S1", True]]


OURS: dict[str, Any] = {
    "course": "id | key | created ; 7 | A | 100", "group": "id | course_id | code ; 3 | 7 | G",
    "group_member": "group_id | user_id ; 3 | 11", "enrolment": "course_idnumber | username | role ; A | es1 | student",
}  # fmt: skip


def undone(seen: dict[str, pd.DataFrame], *since: Stretch, **ours: str) -> Owned:
    return recalled.undone(owned(**OURS | ours), since, seen)


def test_a_moodle_that_has_all_of_it_takes_nothing_away():
    found = undone(SEEN)
    assert [len(found[kind]) for kind in OURS] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("courses", "kept"),
    [
        ("id | idnumber | created ; 7 | A | 100", True),
        ("id | idnumber | created ; 7 | autre | 100", True),
        ("id | idnumber | created ; 7 | A | 200", False),
        ("id | idnumber | created ; 7 | A |", True),
        ("id | idnumber | created ; 7 | ex_2_a |", True),
        ("id | idnumber | created ; 7 | autre |", False),
        ("id | idnumber ; 8 | A", False),
    ],
    ids=[
        "the same",
        "a code typed by hand",
        "another made since",
        "unknown when",
        "an archive of it",
        "another",
        "gone",
    ],
)
def test_a_course_is_ours_by_its_moment_of_creation_or_else_by_its_code(courses, kept):
    assert len(undone(SEEN | {"courses": frame("courses", courses)})["course"]) == kept


def test_with_a_group_that_is_gone_go_its_members_and_rows_of_the_table_stay():
    found = undone(SEEN | {"groups": frame("groups"), "group_members": frame("group_members")})
    assert [len(found[kind]) for kind in OURS] == [1, 0, 0, 1]


def test_an_archive_that_moodle_does_not_know_is_live_again_and_one_that_it_knows_stays():
    ours = "id | key | idnumber | archived | created ; 7 | A | ex_A | 2026-11-23 | 100"
    assert told(undone(SEEN, stretch(archived()), course=ours), "course", "idnumber", "archived") == [["A", None]]
    seen = SEEN | {"courses": frame("courses", "id | idnumber | created ; 7 | ex_A | 100")}
    assert told(undone(seen, stretch(archived()), course=ours), "course", "idnumber", "archived") == [["ex_A", LAST]]


def test_who_was_taken_out_since_and_is_there_again_is_ours_again():
    gone = stretch(done("group_member remove", **MEMBER))
    assert len(undone(SEEN, gone, group_member="group_id")["group_member"]) == 1
    assert len(undone(SEEN, group_member="group_id")["group_member"]) == 0


def test_a_group_that_was_deleted_since_and_is_there_again_is_ours_with_all_its_members():
    gone = stretch(done("group delete", "A / G", 3, place="G", course_id=7, scope="SCI"))
    found = undone(SEEN, gone, group="id", group_member="group_id")
    assert told(found, "group", "id", "course_id", "code", "scope") == [[3, 7, "G", "SCI"]]
    assert told(found, "group_member", "group_id", "user_id") == [[3, 11]]


def test_an_account_reactivated_since_that_is_suspended_again_is_so_by_us():
    seen = SEEN | {"users": frame("users", "id | username | idnumber | suspended ; 11 | es1 | S1 | oui")}
    ours = "user_id | population | code ; 11 | student | S1"
    back = stretch(done("account unsuspend", "es1", 11))
    assert told(undone(seen, back, account=ours), "account", "suspended") == [[True]]
    assert told(undone(seen, account=ours), "account", "suspended") == [[False]]


def test_an_account_with_two_codes_is_known_by_either():
    ours = "user_id | population | code ; 11 | student | S1 ; 11 | staff | P1 ; 12 | student | S2"
    assert told(undone(SEEN, account=ours), "account", "user_id", "code") == [[11, "S1"], [11, "P1"]]


def renamed(old: str, new: str, id_: int = 11) -> pd.DataFrame:
    return done("account rename", new, id_, username=new).assign(before=f'{{"username": "{old}"}}')


def test_rows_that_followed_a_login_which_moodle_lost_follow_the_one_that_it_has_again():
    ours = owned(
        account="user_id | population | code ; 11 | student | S1 ; 12 | student | S2",
        enrolment="course_idnumber | username | role ; ex_A | nouveau | student ; A | es2 | student",
    )
    table = frame("enrolment_rows", "course_idnumber | username ; ex_A | nouveau ; A | es2 ; A | invite")
    users = frame("users", "id | username | idnumber ; 11 | es1 | S1 ; 12 | es2 | S2")
    since = [stretch(renamed("es1", "neuf")), stretch(renamed("neuf", "nouveau"), renamed("es2", "es2", 12))]
    come, gone = recalled.rows_back(since, ours, table, users)
    assert plan.rows(come).to_numpy().tolist() == [["ex_A", "es1", "student"]]
    assert plan.rows(gone).to_numpy().tolist() == [["ex_A", "nouveau", "student"]]
    copied = pd.concat([table, plan.rows(come)], ignore_index=True)
    assert [len(rows) for rows in recalled.rows_back(since, ours, copied, users)] == [0, 1]
    refused = [stretch(renamed("es1", "nouveau"), outcome="failed")]
    for nothing in ([], refused):
        assert [len(rows) for rows in recalled.rows_back(nothing, ours, table, users)] == [0, 0]
