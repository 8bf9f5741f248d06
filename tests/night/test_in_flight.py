"""After a kill: what Moodle shows of the calls that were in flight, and what nobody can know."""

from __future__ import annotations

import pandas as pd
import pytest

import tables
from ecampus.changes import plan
from ecampus.moodle.client import TIMEOUT
from ecampus.night import in_flight, writing
from ecampus.register.batches import About, Batch
from ecampus.store import archive
from ecampus.store.files import Run, Store
from frames import strict_masks
from world import codes, university

INTENDED = 1_800_000_000
"""When the call was noted."""
LATEST = INTENDED + sum(TIMEOUT) + in_flight.CLOCKS


def changes(what: str, rows: list[dict]) -> pd.DataFrame:
    object_, verb = what.split()
    frame = pd.DataFrame(rows)
    return plan.changes(object_, verb, frame, key="key", **{name: name for name in frame.columns.drop("key")})


def shown(found: in_flight.Found) -> tuple[list[str], list[str]]:
    return found.done["key"].tolist(), found.doubtful["key"].tolist()


def looked_up(batch: pd.DataFrame, existing: dict[str, pd.DataFrame]) -> in_flight.Found:
    with strict_masks():
        return in_flight.looked_up(batch, existing, intended=INTENDED)


def members(count: int) -> pd.DataFrame:
    return changes("group_member add", [{"key": f"A / G / e{n}", "place_id": 5, "user_id": n} for n in range(count)])


def in_moodle(*users: int) -> dict[str, pd.DataFrame]:
    return {"group_members": tables.typed("group_members", [{"group_id": 5, "user_id": n} for n in users])}


def cohort_members(count: int) -> pd.DataFrame:
    return changes("cohort_member add", [{"key": f"V / e{n}", "place_id": 5, "user_id": n} for n in range(count)])


@pytest.fixture
def since(tmp_path):
    """``since(frame, {user: seconds after the intent})``: as Moodle's database shows it, once a run has archived it.

    None: by the web services.
    """

    def kept(name: str, moments: dict[int, int | None]) -> dict[str, pd.DataFrame]:
        place = "cohort_id" if name == "cohort_members" else "group_id"
        added = {user: None if after is None else INTENDED + after for user, after in moments.items()}
        rows = [{place: 5, "user_id": user, "added": moment} for user, moment in added.items()]
        run = Run(Store(tmp_path), "groups", tables.NIGHT, "r")
        archive.keep(run, "existing", {name: tables.typed(name, rows)})
        return archive.frames(run, "existing")

    return kept


def test_a_course_that_was_being_created_and_is_there_is_ours_with_its_id():
    batch = changes("course create", [{"key": "A", "place": "A"}, {"key": "B", "place": "B"}])
    found = looked_up(batch, tables.existing(courses="id | idnumber ; 7 | B"))
    assert shown(found) == (["B"], [])
    assert found.done["moodle_id"].tolist() == [7]


CREATIONS = {
    "account create": ("users", {"username": "es1", "idnumber": "A"}),
    "cohort create": ("cohorts", {"idnumber": "A"}),
    "course create": ("courses", {"idnumber": "A"}),
    "group create": ("groups", {"course_id": 1, "idnumber": "A"}),
}


def created(what: str, after: int | None) -> in_flight.Found:
    """What shows of a killed creation, when Moodle has its object since ``after`` seconds after the intent."""
    frame, row = CREATIONS[what]
    batch = changes(what, [{"key": "A", "place": "A", "username": "es1", "course_id": 1}])
    moment = {} if after is None else {"created": INTENDED + after}
    return looked_up(batch, {frame: tables.typed(frame, [tables.completed(frame, {"id": 7, **row}) | moment])})


@pytest.mark.parametrize("after", [None, -in_flight.CLOCKS, 0, LATEST - INTENDED])
@pytest.mark.parametrize("what", CREATIONS)
def test_what_was_created_while_the_call_lasted_or_nobody_knows_when_is_ours(what, after):
    assert shown(created(what, after)) == (["A"], [])


@pytest.mark.parametrize("after", [-in_flight.CLOCKS - 1, LATEST - INTENDED + 1, 97_200])
@pytest.mark.parametrize("what", CREATIONS)
def test_what_was_created_before_or_when_the_call_was_long_over_was_made_by_hand(what, after):
    assert shown(created(what, after)) == ([], [])


@pytest.mark.parametrize(("hours", "ours"), [(0, ["A"]), (27, [])])
def test_a_course_that_somebody_made_a_day_after_a_run_died_before_its_call_stays_theirs(hours, ours):
    world = university(element="code ; A")
    batch = plan.of_items([plan.item(change) for change in plan.each(world.draft("offer").changes)])
    call = batch[batch["object"] == "course"].reset_index(drop=True)
    flying = Batch(1, About("tuee", "offer", "2026-10-05"), INTENDED, [plan.item(c) for c in plan.each(call)], None)
    (id_,) = world.by_hand("courses", f"idnumber | category_id | created ; A | 1 | {INTENDED + hours * 3600 + 5}")
    world.owned = writing.known(world.owned, [flying], world.existing("offer"))
    assert world.owned["course"]["idnumber"].tolist() == ours
    assert codes(world.play("offer")) == ([] if ours else ["CODE_PRIS A"])
    world.change(element="code ; B").play("offer")
    assert world.moodle.courses[id_]["idnumber"] == ("ex_A" if ours else "A")


def test_an_archive_and_a_suspension_are_seen_by_their_code_and_their_state():
    archives = changes(
        "course archive", [{"key": "A", "moodle_id": 7, "place": "ex_A"}, {"key": "B", "moodle_id": 8, "place": "ex_B"}]
    )
    assert shown(looked_up(archives, tables.existing(courses="id | idnumber ; 7 | ex_A ; 8 | B"))) == (
        ["A"],
        [],
    )
    leavers = changes("account suspend", [{"key": "es1", "moodle_id": 4}, {"key": "es2", "moodle_id": 5}])
    users = "id | username | idnumber | suspended ; 4 | es1 | S1 | oui ; 5 | es2 | S2 | non"
    assert shown(looked_up(leavers, tables.existing(users=users))) == (["es1"], [])


def test_a_group_that_was_being_deleted_and_is_gone_is_no_longer_ours():
    batch = changes("group delete", [{"key": "A / G", "moodle_id": 5}, {"key": "A / H", "moodle_id": 6}])
    assert shown(looked_up(batch, tables.existing(groups="id | course_id | idnumber ; 6 | 1 | H"))) == (
        ["A / G"],
        [],
    )


def test_members_of_one_call_are_there_together_or_were_put_there_by_hand():
    assert shown(looked_up(members(12), in_moodle(*range(12)))) == (members(12)["key"].tolist(), [])
    assert shown(looked_up(members(12), in_moodle(*range(11)))) == ([], [])


def test_a_group_of_a_course_archived_since_is_not_read_and_its_members_are_not_missing():
    elsewhere = changes("group_member add", [{"key": "B / H / e1", "place_id": 6, "user_id": 1}])
    batch = plan.in_order([members(12), elsewhere])
    groups = tables.existing(groups="id | course_id | idnumber ; 5 | 1 | G")
    assert shown(looked_up(batch, groups | in_moodle(*range(12)))) == (members(12)["key"].tolist(), [])
    assert shown(looked_up(batch, groups | in_moodle(*range(11)))) == ([], [])


def test_of_the_members_of_a_cohort_moodle_adds_those_it_can_so_that_some_of_a_call_are_in_doubt():
    there = tables.typed("cohort_members", [{"cohort_id": 5, "user_id": n} for n in range(11)])
    found = looked_up(cohort_members(12), {"cohort_members": there})
    assert (len(found.done), len(found.doubtful)) == (0, 11)


@pytest.mark.parametrize("count", [1, 2, 9])
def test_a_few_members_who_are_all_there_are_in_doubt_hence_not_ours(count):
    assert shown(looked_up(members(count), in_moodle(*range(count)))) == ([], members(count)["key"].tolist())


@pytest.mark.parametrize("count", [1, 3, 12])
def test_members_who_were_added_while_the_call_lasted_are_ours_however_few(since, count):
    there = since("group_members", dict.fromkeys(range(count), 2))
    assert shown(looked_up(members(count), there)) == (members(count)["key"].tolist(), [])


@pytest.mark.parametrize("after", [-in_flight.CLOCKS, 0, LATEST - INTENDED])
def test_a_call_lasts_from_its_intent_until_it_is_given_up_and_clocks_may_differ_a_little(since, after):
    assert shown(looked_up(members(1), since("group_members", {0: after}))) == (["A / G / e0"], [])


@pytest.mark.parametrize("after", [-in_flight.CLOCKS - 1, -INTENDED])
def test_a_member_who_was_there_before_the_call_was_put_there_by_hand(since, after):
    there = since("group_members", {0: 2, 1: after, 2: 3})
    assert shown(looked_up(members(3), there)) == (["A / G / e0", "A / G / e2"], [])
    assert shown(looked_up(members(1), since("group_members", {0: after}))) == ([], [])


@pytest.mark.parametrize("after", [LATEST - INTENDED + 1, 86_400])
def test_a_member_who_came_when_the_call_was_long_over_is_in_doubt_hence_not_ours(since, after):
    there = since("group_members", {0: 2, 1: after})
    assert shown(looked_up(members(2), there)) == (["A / G / e0"], ["A / G / e1"])
    many = since("group_members", dict.fromkeys(range(12), after))
    assert shown(looked_up(members(12), many)) == ([], members(12)["key"].tolist())


def test_of_a_call_one_of_whose_members_left_since_those_who_came_with_it_are_ours(since):
    there = since("group_members", {0: 2, 1: -3600})
    assert shown(looked_up(members(3), there)) == (["A / G / e0"], [])


def test_where_nobody_knows_since_when_a_call_of_which_one_member_is_missing_never_happened(since):
    assert shown(looked_up(members(12), since("group_members", dict.fromkeys(range(11))))) == ([], [])


def test_of_a_cohort_those_whom_moodle_could_add_are_ours_when_they_came_with_the_call(since):
    there = since("cohort_members", {0: 1, 1: 2, 2: -3600, 3: 86_400})
    assert shown(looked_up(cohort_members(5), there)) == (["V / e0", "V / e1"], ["V / e3"])


def test_a_cohort_in_which_nobody_came_shows_nothing(since):
    assert shown(looked_up(cohort_members(5), since("cohort_members", {7: 2}))) == ([], [])


@pytest.mark.parametrize("unknown", [dict.fromkeys(range(12)), dict.fromkeys(range(12), 2) | {3: None}])
def test_where_nobody_knows_since_when_only_their_number_tells(since, unknown):
    few = {user: after for user, after in unknown.items() if user < 9}
    assert shown(looked_up(members(12), since("group_members", unknown))) == (members(12)["key"].tolist(), [])
    assert shown(looked_up(members(9), since("group_members", few))) == ([], members(9)["key"].tolist())
    assert shown(looked_up(cohort_members(12), since("cohort_members", few))) == ([], cohort_members(9)["key"].tolist())


def test_what_this_phase_does_not_read_shows_nothing():
    assert shown(looked_up(members(12), {})) == ([], [])


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
    assert plan.digest(plan.of_items([plan.item(change) for change in plan.each(batch)])) == plan.digest(batch)
