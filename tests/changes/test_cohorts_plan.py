"""One system cohort per étape; members added; only the memberships that are ours removed; never deleted."""

from __future__ import annotations

import pytest

from world import World, codes, university, verbs

IA = "code_etudiant | code_etape ; S1 | L1_1 ; S2 | L1_1 ; S2 | L2_1"


@pytest.fixture(scope="module")
def first_night() -> World:
    world = university(etape="code | libelle ; L1_1 | licence 1 ; L2_1 | licence 2", inscription_administrative=IA)
    world.play("users", "cohorts")
    return world


@pytest.fixture
def world(first_night: World) -> World:
    return first_night.copy()


def members(world: World) -> list[str]:
    return world.see("cohort_members", "cohort | username")


def test_a_cohort_per_etape_named_by_its_code_and_label_holds_those_with_an_ia(first_night):
    assert first_night.see("cohorts", "idnumber | name") == ["L1_1 | L1_1 - licence 1", "L2_1 | L2_1 - licence 2"]
    assert members(first_night) == ["L1_1 | es1", "L1_1 | es2", "L2_1 | es2"]
    assert verbs(first_night.draft("cohorts")) == []


def test_an_ip_does_not_make_a_member():
    world = university(inscription_pedagogique="code_etudiant | code_element ; S1 | A")
    assert verbs(world.play("users", "cohorts")) == ["cohort create ETAPE"]


def test_a_student_without_an_account_is_told_and_waits():
    world = university(inscription_administrative="code_etudiant ; S1", people="code ; S2")
    assert codes(world.draft("cohorts")) == ["COMPTE_ABSENT L'étudiant / S1"]


def test_it_is_renamed_and_drift_by_hand_is_healed(world):
    world.change(etape="code | libelle ; L1_1 | première année ; L2_1 | licence 2")
    world.moodle.cohorts[world.id("cohorts", "L2_1")].update(name="à moi", idnumber="AUTRE")
    assert verbs(world.play("cohorts")) == ["cohort rename L1_1", "cohort rename L2_1"]
    assert world.see("cohorts", "idnumber | name") == ["L1_1 | L1_1 - première année", "L2_1 | L2_1 - licence 2"]


def test_members_come_and_go_and_whoever_was_put_in_by_hand_stays(world):
    world.by_hand("users", "username ; invite")
    cohort = world.id("cohorts", "L1_1")
    world.moodle.cohort_members.add((cohort, world.id("users", "invite")))
    world.change(inscription_administrative="code_etudiant | code_etape ; S1 | L1_1 ; S1 | L2_1 ; S3 | L1_1").play(
        "users"
    )
    assert verbs(world.play("cohorts")) == [
        "cohort_member add L2_1 / es1", "cohort_member add L1_1 / es3",
        "cohort_member remove L1_1 / es2", "cohort_member remove L2_1 / es2",
    ]  # fmt: skip
    assert members(world) == ["L1_1 | es1", "L1_1 | es3", "L1_1 | invite", "L2_1 | es1"]


def test_a_member_put_in_by_hand_whom_the_rules_want_too_stays_when_they_no_longer_do(world):
    world.by_hand("users", "username | idnumber ; es9 | S9")
    world.moodle.cohort_members.add((world.id("cohorts", "L1_1"), world.id("users", "es9")))
    world.change(inscription_administrative=IA + " ; S9 | L1_1").play("cohorts")
    world.change(inscription_administrative=IA).play("cohorts")
    assert "L1_1 | es9" in members(world)


def test_an_etape_that_vanishes_leaves_its_cohort_as_it_is(world):
    before = members(world)
    world.change(
        etape="code | libelle ; L1_1 | licence 1",
        inscription_administrative="code_etudiant | code_etape ; S1 | L1_1 ; S2 | L1_1",
    )
    draft = world.play("cohorts")
    assert (verbs(draft), codes(draft), members(world)) == ([], ["COHORTE_SANS_ETAPE L2_1"], before)


def test_an_ia_of_an_unknown_etape_is_dropped_and_told(world):
    world.change(inscription_administrative=IA + " ; S1 | L9_1")
    assert codes(world.draft("cohorts")) == ["REFERENCE_INCONNUE refer_inscription_administrative / code_etape / L9_1"]


def test_the_code_of_a_cohort_that_is_not_ours_is_neither_taken_nor_doubled():
    world = university(etape="code ; L1_1", inscription_administrative="code_etudiant | code_etape ; S1 | L1_1")
    (theirs,) = world.by_hand("cohorts", "idnumber | name ; l1_1 | à eux")
    draft = world.play("users", "cohorts")
    assert (verbs(draft), codes(draft)) == ([], ["CODE_PRIS L1_1"])
    assert world.moodle.cohorts[theirs]["name"] == "à eux"


def test_a_cohort_that_a_plugin_holds_or_that_went_into_a_category_is_not_ours_as_long_as_it_is_so(world):
    world.change(
        etape="code | libelle ; L1_1 | première année ; L2_1 | licence 2",
        inscription_administrative="code_etudiant | code_etape ; S2 | L1_1 ; S2 | L2_1",
    )
    expected = ["cohort rename L1_1", "cohort_member remove L1_1 / es1"]
    world.moodle.foreign_cohorts = {(world.id("cohorts", "L1_1"),)}
    draft = world.draft("cohorts")
    assert (verbs(draft), codes(draft)) == ([], ["CODE_PRIS L1_1"])
    world.moodle.foreign_cohorts = set()
    assert verbs(world.draft("cohorts")) == expected


def test_a_suspended_account_stays_a_member(world):
    world.moodle.users[world.id("users", "es2")]["suspended"] = True
    assert verbs(world.play("cohorts")) == []


@pytest.mark.parametrize(("seen", "expected"), [(True, ["cohort_member remove L1_1 / es1"]), (False, [])])
def test_a_member_whose_account_does_not_show_is_not_removed(world, seen, expected):
    world.change(inscription_administrative="code_etudiant | code_etape ; S2 | L1_1 ; S2 | L2_1")
    if not seen:
        del world.moodle.users[world.id("users", "es1")]
    assert verbs(world.draft("cohorts")) == expected


def test_of_two_etapes_that_moodle_takes_for_one_code_the_lowest_has_a_cohort_and_the_second_night_is_quiet():
    world = university(etape="code ; É1 ; E1")
    draft = world.play("cohorts")
    assert (verbs(draft), codes(draft)) == (["cohort create E1"], ["CODE_DOUBLE refer_etape / É1"])
    assert verbs(world.draft("cohorts")) == []
    draft = world.change(etape="code ; É1").draft("cohorts")
    assert (verbs(draft), codes(draft)) == ([], ["COHORTE_SANS_ETAPE E1", "CODE_PRIS É1"])
