"""After a kill: what Moodle shows of the calls that were in flight, and what nobody can know."""

from __future__ import annotations

import pandas as pd
import pytest

import tables
from ecampus.changes import plan
from ecampus.night import in_flight


def changes(what: str, rows: list[dict]) -> pd.DataFrame:
    object_, verb = what.split()
    frame = pd.DataFrame(rows)
    return plan.changes(object_, verb, frame, key="key", **{name: name for name in frame.columns.drop("key")})


def shown(found: in_flight.Found) -> tuple[list[str], list[str]]:
    return found.done["key"].tolist(), found.doubtful["key"].tolist()


def members(count: int) -> pd.DataFrame:
    return changes("group_member add", [{"key": f"A / G / e{n}", "place_id": 5, "user_id": n} for n in range(count)])


def in_moodle(*users: int) -> dict[str, pd.DataFrame]:
    return {"group_members": tables.typed("group_members", [{"group_id": 5, "user_id": n} for n in users])}


def test_a_course_that_was_being_created_and_is_there_is_ours_with_its_id():
    batch = changes("course create", [{"key": "A", "place": "A"}, {"key": "B", "place": "B"}])
    found = in_flight.looked_up(batch, tables.existing(courses="id | idnumber ; 7 | B"))
    assert shown(found) == (["B"], [])
    assert found.done["moodle_id"].tolist() == [7]


def test_an_archive_and_a_suspension_are_seen_by_their_code_and_their_state():
    archives = changes(
        "course archive", [{"key": "A", "moodle_id": 7, "place": "ex_A"}, {"key": "B", "moodle_id": 8, "place": "ex_B"}]
    )
    assert shown(in_flight.looked_up(archives, tables.existing(courses="id | idnumber ; 7 | ex_A ; 8 | B"))) == (
        ["A"],
        [],
    )
    leavers = changes("account suspend", [{"key": "es1", "moodle_id": 4}, {"key": "es2", "moodle_id": 5}])
    users = "id | username | idnumber | suspended ; 4 | es1 | S1 | oui ; 5 | es2 | S2 | non"
    assert shown(in_flight.looked_up(leavers, tables.existing(users=users))) == (["es1"], [])


def test_a_group_that_was_being_deleted_and_is_gone_is_no_longer_ours():
    batch = changes("group delete", [{"key": "A / G", "moodle_id": 5}, {"key": "A / H", "moodle_id": 6}])
    assert shown(in_flight.looked_up(batch, tables.existing(groups="id | course_id | idnumber ; 6 | 1 | H"))) == (
        ["A / G"],
        [],
    )


def test_members_of_one_call_are_there_together_or_were_put_there_by_hand():
    assert shown(in_flight.looked_up(members(12), in_moodle(*range(12)))) == (members(12)["key"].tolist(), [])
    assert shown(in_flight.looked_up(members(12), in_moodle(*range(11)))) == ([], [])


def test_a_group_of_a_course_archived_since_is_not_read_and_its_members_are_not_missing():
    elsewhere = changes("group_member add", [{"key": "B / H / e1", "place_id": 6, "user_id": 1}])
    batch = plan.in_order([members(12), elsewhere])
    groups = tables.existing(groups="id | course_id | idnumber ; 5 | 1 | G")
    assert shown(in_flight.looked_up(batch, groups | in_moodle(*range(12)))) == (members(12)["key"].tolist(), [])
    assert shown(in_flight.looked_up(batch, groups | in_moodle(*range(11)))) == ([], [])


def test_of_the_members_of_a_cohort_moodle_adds_those_it_can_so_that_some_of_a_call_are_in_doubt():
    rows = [{"key": f"V / e{n}", "place_id": 5, "user_id": n} for n in range(12)]
    there = tables.typed("cohort_members", [{"cohort_id": 5, "user_id": n} for n in range(11)])
    found = in_flight.looked_up(changes("cohort_member add", rows), {"cohort_members": there})
    assert (len(found.done), len(found.doubtful)) == (0, 11)


@pytest.mark.parametrize("count", [1, 2, 9])
def test_a_few_members_who_are_all_there_are_in_doubt_hence_not_ours(count):
    assert shown(in_flight.looked_up(members(count), in_moodle(*range(count)))) == ([], members(count)["key"].tolist())


def test_what_this_phase_does_not_read_shows_nothing():
    assert shown(in_flight.looked_up(members(12), {})) == ([], [])


def test_a_removal_that_was_believed_and_did_not_happen_does_not_show():
    removed = changes("group_member remove", [{"key": f"A / G / e{n}", "place_id": 5, "user_id": n} for n in (1, 2)])
    assert in_flight.unseen(removed, plan.empty(), in_moodle(2))["key"].tolist() == ["A / G / e2"]


def test_what_the_rules_still_ask_for_does_not_show():
    done = changes(
        "course rename", [{"key": "A", "moodle_id": 7, "place": "A"}, {"key": "B", "moodle_id": 8, "place": "B"}]
    )
    assert in_flight.unseen(done, done.tail(1), {})["key"].tolist() == ["B"]


def test_changes_noted_before_a_call_come_back_as_they_were():
    batch = plan.in_order([members(2), changes("course create", [{"key": "A", "place": "A", "scope": "SCI"}])])
    assert plan.digest(plan.of_items(plan.items(batch))) == plan.digest(batch)
