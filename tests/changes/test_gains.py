"""What each kind of change makes ours, and what no longer is."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from ecampus.changes import plan
from ecampus.changes.gains import fold
from ecampus.register import owned as ownership
from ecampus.register.owned import Owned


def done(what: str, key: str = "A", id_: int | None = None, **cells: Any) -> pd.DataFrame:
    """One change that was done."""
    object_, verb = what.split()
    rows = pd.DataFrame({"key": [key], "moodle_id": [id_]} | {name: [value] for name, value in cells.items()})
    return plan.changes(object_, verb, rows, key="key", **{name: name for name in ("moodle_id", *cells)})


def rows(owned: Owned, kind: str) -> list[list]:
    frame = owned[kind].astype("object")
    return frame.where(frame.notna(), None).to_numpy().tolist()


def after(*changes: pd.DataFrame, night: str = "2026-11-23") -> Owned:
    owned = ownership.empty()
    for change in changes:
        owned = fold(owned, change, night)
    return owned


TONIGHT = "2026-11-23"
ROW = {"place": "A", "username": "es1", "role": "student"}
OURS = ["SCI", None, TONIGHT]
GAINS = [
    (done("account create", "es1", 4, role="student", place="S1"), "account", [4, "student", "S1", False, None, False, None, TONIGHT]),
    (done("cohort create", "E1", 5, place="E1", scope="SCI"), "cohort", [5, "E1", *OURS]),
    (done("cohort_member add", "E1 / es1", place_id=5, user_id=4), "cohort_member", [5, 4]),
    (done("category create", "C", 6, place="C", scope="SCI"), "category", [6, "C", *OURS]),
    (done("course create", "A", 7, place="A", scope="SCI"), "course", [7, "A", "A", None, *OURS]),
    (done("course restore", "A", 7, place="A", scope="SCI"), "course", [7, "A", "A", None, "SCI", None, None]),
    (done("course archive", "A", 7, place="ex_A", scope="SCI"), "course", [7, "A", "ex_A", TONIGHT, "SCI", None, None]),
    (done("group create", "A / G", 8, course_id=7, place="G", scope="SCI"), "group", [8, 7, "G", None, *OURS]),
    (done("group_member add", "A / G / es1", place_id=8, user_id=4), "group_member", [8, 4]),
    (done("enrolment enrol", "A", **ROW), "enrolment", ["A", "es1", "student"]),
    (done("enrolment copy_key", "A", **ROW), "enrolment", ["A", "es1", "student"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kind", "row"), GAINS, ids=[f"{c['object'][0]} {c['verb'][0]}" for c, _, _ in GAINS]
)
def test_what_we_make_is_ours_and_counting_it_twice_changes_nothing(change, kind, row):
    assert rows(after(change), kind) == rows(after(change, change), kind) == [row]


def test_a_group_that_was_archived_is_still_ours_and_live_again_once_restored():
    archive = done("group archive", "A / G", 8, course_id=7, place="ex_G")
    assert rows(after(GAINS[7][0], archive), "group") == [[8, 7, "G", TONIGHT, *OURS]]
    restore = done("group restore", "A / G", 8, course_id=7, place="G")
    assert rows(after(GAINS[7][0], archive, restore), "group") == [[8, 7, "G", None, *OURS]]


def test_what_takes_another_code_is_ours_by_that_one_from_the_same_night_on_and_free_to_move():
    recode = done("course recode", "N", 7, place="N", scope="SCI")
    assert rows(after(GAINS[4][0], recode), "course") == [[7, "N", "N", None, *OURS]]
    recode = done("account recode", "es1", 4, role="student", place="S9")
    assert rows(after(GAINS[0][0], recode), "account") == [[4, "student", "S9", False, None, False, None, TONIGHT]]


@pytest.mark.parametrize(
    ("gain", "loss", "kind"),
    [
        (GAINS[2][0], done("cohort_member remove", place_id=5, user_id=4), "cohort_member"),
        (GAINS[3][0], done("category delete", "C", 6), "category"),
        (GAINS[7][0], done("group delete", "G", 8), "group"),
        (GAINS[8][0], done("group_member remove", place_id=8, user_id=4), "group_member"),
        (GAINS[9][0], done("enrolment unenrol", **ROW), "enrolment"),
        (GAINS[9][0], done("enrolment drop_key", **ROW), "enrolment"),
    ],
)
def test_what_we_take_away_is_no_longer_ours(gain, loss, kind):
    assert rows(after(gain, loss), kind) == []
    assert rows(after(loss), kind) == []


def test_the_memberships_of_a_group_that_we_delete_go_with_it():
    other = done("group_member add", place_id=9, user_id=4)
    left = after(GAINS[7][0], GAINS[8][0], other, done("group delete", "G", 8))
    assert rows(left, "group_member") == [[9, 4]]


@pytest.mark.parametrize("what", ["course rename", "category move", "account update", "group rename"])
def test_other_verbs_make_nothing_ours(what):
    assert all(frame.empty for frame in after(done(what, "A", 7)).values())


def test_a_course_that_moves_to_another_composante_is_known_there():
    moved = after(GAINS[4][0], done("course move", "A", 7, scope="DROIT"))
    assert rows(moved, "course") == [[7, "A", "A", None, "DROIT", None, TONIGHT]]


def test_the_copy_of_a_row_that_is_not_ours_is_not_ours():
    assert rows(after(done("enrolment copy_key", **ROW, foreign=True)), "enrolment") == []


def test_an_account_is_marked_when_we_suspend_it_and_cleared_when_we_bring_it_back():
    created = GAINS[0][0]
    suspended, back = done("account suspend", "es1", 4), done("account unsuspend", "es1", 4)
    assert rows(after(created, suspended), "account") == [[4, "student", "S1", True, None, False, None, TONIGHT]]
    assert rows(after(created, suspended, back), "account") == [[4, "student", "S1", False, None, False, None, TONIGHT]]


def test_recognising_an_account_again_does_not_forget_that_we_suspended_it():
    owned = after(GAINS[0][0], done("account suspend", "es1", 4))["account"]
    known = pd.DataFrame({"user_id": [4, 9], "population": ["student", "staff"], "code": ["S1", "T9"]})
    found = ownership.owning("account", owned, known)
    assert rows({"account": found}, "account") == [
        [4, "student", "S1", True, None, False, None, TONIGHT],
        [9, "staff", "T9", False, None, False, None, None],
    ]  # fmt: skip


def test_an_archive_remembers_its_night_and_forgets_it_when_restored():
    owned = fold(after(GAINS[4][0]), done("course archive", "A", 7, place="ex_A", scope="SCI"), "2026-12-01")
    assert rows(owned, "course") == [[7, "A", "ex_A", "2026-12-01", "SCI", None, TONIGHT]]
    assert rows(fold(owned, GAINS[5][0], "2026-12-02"), "course") == [[7, "A", "A", None, *OURS]]


def test_a_membership_removed_by_hand_is_no_longer_ours_and_one_not_read_tonight_stays() -> None:
    owned = ownership.empty() | {
        "group_member": ownership.shaped(
            "group_member", pd.DataFrame({"group_id": [1, 1, 9], "user_id": [10, 11, 12]})
        ),
    }
    existing = {
        "groups": pd.DataFrame({"id": [1]}),
        "group_members": pd.DataFrame({"group_id": [1], "user_id": [10]}),
    }
    kept = ownership.without_removed(owned, existing)["group_member"]
    assert sorted(zip(kept["group_id"], kept["user_id"], strict=True)) == [(1, 10), (9, 12)]


def test_a_membership_that_a_plugin_holds_is_no_longer_ours() -> None:
    pairs = pd.DataFrame({"group_id": [1, 1], "user_id": [10, 11]})
    owned = ownership.empty() | {"group_member": ownership.shaped("group_member", pairs)}
    existing = {"groups": pd.DataFrame({"id": [1]}), "group_members": pairs, "held_members": pairs.tail(1)}
    assert ownership.without_removed(owned, existing)["group_member"]["user_id"].tolist() == [10]
    assert ownership.without_held(owned["group_member"], existing)["user_id"].tolist() == [10]
