"""Groups live in the course of their element; their members are those whom the rules enrol and Moodle shows enrolled."""

from __future__ import annotations

import pytest

from world import World, codes, lines, university, verbs

REFER = {
    "element": "code | a_distance ; A | N ; B | O",
    "groupe": "code | libelle ; G1 | TD1 ; G2 | TD2 ; GC | Groupe Cemu",
    "groupe_element": "code_groupe | code_element ; G1 | A ; G2 | A ; GC | B",
    "groupe_etudiant": "code_groupe | code_etudiant ; G1 | S1 ; G2 | S2 ; GC | S1",
    "inscription_administrative": "code_etudiant | tele_enseignement ; S1 | O ; S2 | N",
}


@pytest.fixture(scope="module")
def first_night() -> World:
    world = university(**REFER)
    world.play("users", "offer", "enrolments", "groups")
    return world


@pytest.fixture
def world(first_night: World) -> World:
    return first_night.copy()


def groups(world: World) -> list[str]:
    return world.see("groups", "course | idnumber | name")


def members(world: World) -> list[str]:
    return world.see("group_members", "course | group | username")


def test_a_group_lives_in_the_course_of_its_element_a_cemu_one_only_in_the_foad_course(first_night):
    assert groups(first_night) == ["A | G1 | TD1", "A | G2 | TD2", "B-FOAD | GC | Groupe Cemu"]
    assert members(first_night) == ["A | G1 | es1", "A | G2 | es2", "B-FOAD | GC | es1"]
    assert verbs(first_night.draft("groups")) == []


def test_a_cemu_group_of_an_element_that_is_not_distance_lives_nowhere(world):
    world.change(groupe_element="code_groupe | code_element ; G1 | A ; G2 | A ; GC | A")
    world.play("groups")
    assert groups(world) == ["A | G1 | TD1", "A | G2 | TD2"]


def test_a_group_attached_to_a_porte_lives_with_its_porteur_only_when_attached_to_it_too():
    world = university(
        element="code ; A ; P",
        porte="code_porte | code_porteur ; P | A",
        groupe="code ; SEUL ; COMMUN",
        groupe_element="code_groupe | code_element ; SEUL | P ; COMMUN | P ; COMMUN | A",
    )
    world.play("offer", "groups")
    assert groups(world) == ["A | COMMUN | COMMUN"]


def test_a_student_who_changes_group_is_added_before_being_removed(world):
    world.change(groupe_etudiant="code_groupe | code_etudiant ; G2 | S1 ; G2 | S2 ; GC | S1").play("enrolments")
    assert verbs(world.play("groups")) == ["group_member add A / G2 / es1", "group_member remove A / G1 / es1"]


def test_a_group_is_renamed_and_drift_by_hand_is_healed(world):
    world.moodle.groups[world.id("groups", "G2")].update(name="à moi", idnumber="MOI")
    world.change(groupe="code | libelle ; G1 | Groupe 1 ; G2 | TD2 ; GC | Groupe Cemu")
    assert verbs(world.play("groups")) == ["group rename A / G1", "group rename A / G2"]
    assert groups(world)[:2] == ["A | G1 | Groupe 1", "A | G2 | TD2"]


def test_two_groups_may_swap_their_names(world):
    world.change(groupe="code | libelle ; G1 | TD2 ; G2 | td1 ; GC | Groupe Cemu").play("groups")
    assert groups(world)[:2] == ["A | G1 | TD2", "A | G2 | td1"]


def test_groups_of_a_course_with_one_name_all_carry_their_code():
    world = university(
        element="code ; A ; B",
        groupe="code | libelle ; G1 | td ; G2 | TD ; G3 | cm ; G4 | TD",
        groupe_element="code_groupe | code_element ; G1 | A ; G2 | A ; G3 | A ; G4 | B",
    )
    world.play("offer", "groups")
    assert groups(world) == ["A | G1 | td (G1)", "A | G2 | TD (G2)", "A | G3 | cm", "B | G4 | TD"]
    assert verbs(world.draft("groups")) == []


def test_a_hand_made_group_with_the_same_name_counts_as_a_collision(world):
    world.by_hand("groups", "course | name ; A | td1")
    world.play("groups")
    assert groups(world)[:3] == ["A |  | td1", "A | G1 | TD1 (G1)", "A | G2 | TD2"]


def test_the_code_of_a_hand_made_group_is_neither_taken_nor_doubled():
    world = university(element="code ; A", groupe="code ; G1", groupe_element="code_groupe | code_element ; G1 | A")
    world.play("offer")
    world.by_hand("groups", "course | idnumber | name ; A | g1 | à moi")
    draft = world.play("groups")
    assert (verbs(draft), codes(draft)) == ([], ["CODE_PRIS G1 / A"])


def test_a_group_that_refer_dropped_is_deleted_its_students_moved_first(world):
    world.change(
        groupe="code | libelle ; G2 | TD2 ; GC | Groupe Cemu",
        groupe_element="code_groupe | code_element ; G2 | A ; GC | B",
        groupe_etudiant="code_groupe | code_etudiant ; G2 | S1 ; G2 | S2 ; GC | S1",
    )
    world.play("enrolments")
    assert verbs(world.play("groups")) == ["group_member add A / G2 / es1", "group delete A / G1"]
    assert groups(world) == ["A | G2 | TD2", "B-FOAD | GC | Groupe Cemu"]


def test_a_new_group_takes_the_name_of_the_one_it_replaces_the_same_night(world):
    world.change(
        groupe="code | libelle ; N1 | TD1 ; G2 | TD2 ; GC | Groupe Cemu",
        groupe_element="code_groupe | code_element ; N1 | A ; G2 | A ; GC | B",
        groupe_etudiant="code_groupe | code_etudiant ; N1 | S1 ; G2 | S2 ; GC | S1",
    )
    world.play("enrolments", "groups")
    assert groups(world)[:2] == ["A | G2 | TD2", "A | N1 | TD1"]
    assert "A | N1 | es1" in members(world)
    assert verbs(world.draft("groups")) == []


def test_a_new_group_takes_the_name_that_another_gives_up_the_same_night(world):
    world.change(
        groupe="code | libelle ; G1 | Groupe 1 ; N1 | TD1 ; G2 | TD2 ; GC | Groupe Cemu",
        groupe_element=REFER["groupe_element"] + " ; N1 | A",
    )
    world.play("groups")
    assert groups(world)[:3] == ["A | G1 | Groupe 1", "A | G2 | TD2", "A | N1 | TD1"]


def test_a_dropped_group_with_a_member_put_in_by_hand_stays_with_that_member_only(world):
    world.by_hand("users", "username ; invite")
    course, group, guest = world.id("courses", "A"), world.id("groups", "G1"), world.id("users", "invite")
    world.moodle.manual[course, guest] = "student"
    world.moodle.group_members.add((group, guest))
    world.change(groupe_element="code_groupe | code_element ; G2 | A ; GC | B").play("enrolments", "groups")
    assert "A | G1 | TD1" in groups(world)
    assert [line for line in members(world) if "G1" in line] == ["A | G1 | invite"]
    world.change(
        groupe="code | libelle ; N1 | TD1 ; G2 | TD2 ; GC | Groupe Cemu",
        groupe_element="code_groupe | code_element ; N1 | A ; G2 | A ; GC | B",
    ).play("groups")
    assert "A | N1 | TD1 (N1)" in groups(world)


def test_hand_made_groups_and_members_put_in_by_hand_are_untouched(world):
    (mine,) = world.by_hand("groups", "course | name ; A | projet")
    user = world.id("users", "es1")
    world.moodle.group_members |= {(mine, user), (world.id("groups", "G2"), user)}
    assert verbs(world.play("groups")) == []
    assert members(world)[:4] == ["A | G1 | es1", "A | G2 | es1", "A | G2 | es2", "A | projet | es1"]


def test_a_membership_of_ours_that_a_plugin_holds_meanwhile_is_not_removed(world):
    held = (world.id("groups", "G1"), world.id("users", "es1"))
    world.change(groupe_etudiant="code_groupe | code_etudiant ; G2 | S1 ; G2 | S2 ; GC | S1").play("enrolments")
    assert "group_member remove A / G1 / es1" in verbs(world.draft("groups"))
    world.moodle.held_members = {held}
    assert verbs(world.draft("groups")) == ["group_member add A / G2 / es1"]


def test_a_dropped_group_in_which_a_plugin_holds_a_member_stays_for_it(world):
    world.change(groupe_element="code_groupe | code_element ; G2 | A ; GC | B")
    assert verbs(world.draft("groups")) == ["group delete A / G1"]
    world.moodle.held_members = {(world.id("groups", "G1"), world.id("users", "es1"))}
    assert verbs(world.draft("groups")) == []


def test_a_student_whom_moodle_does_not_show_enrolled_waits(world):
    world.change(groupe_etudiant=REFER["groupe_etudiant"] + " ; G1 | S3").play("users")
    draft = world.play("groups")
    assert verbs(draft) == []
    assert draft.waiting.to_numpy().tolist() == [["A", "G1", "es3"]]
    world.play("enrolments")
    assert verbs(world.play("groups")) == ["group_member add A / G1 / es3"]


def test_a_member_who_is_only_waiting_to_be_enrolled_again_is_not_removed(world):
    for place in list(world.moodle.seats):
        world.moodle.seats[place].active = False
    draft = world.draft("groups")
    assert verbs(draft) == []
    assert len(draft.waiting) == 3


def test_a_student_of_a_cemu_group_without_tele_enseignement_is_not_a_member(world):
    world.change(inscription_administrative="code_etudiant | tele_enseignement ; S1 | N ; S2 | N").play("enrolments")
    assert verbs(world.play("groups")) == ["group_member remove B-FOAD / GC / es1"]


@pytest.mark.parametrize(
    "frozen",
    [
        {"element": "code | a_distance | code_categorie ; A | N | NULLE ; B | O | NULLE"},
        {"porte": "code_porte | code_porteur ; A | AILLEURS ; B | A"},
    ],
    ids=["unknown category", "unusable porteur"],
)
def test_the_groups_of_a_frozen_element_stay_exactly_as_they_are(world, frozen):
    before = groups(world), members(world)
    world.change(
        **frozen,
        groupe="code | libelle ; G1 | autre ; N | TD",
        groupe_element="code_groupe | code_element ; N | A ; G1 | A",
        groupe_etudiant="code_groupe | code_etudiant ; N | S1 ; G1 | S2",
    )
    world.play("offer", "enrolments", "groups")
    assert (groups(world), members(world)) == before


def test_the_groups_of_an_archived_course_stay(world):
    world.change(element="code | a_distance ; B | O").play("offer", "enrolments", "groups")
    assert groups(world) == lines("""
        B-FOAD | GC | Groupe Cemu
        ex_A | G1 | TD1
        ex_A | G2 | TD2
    """)
    assert "ex_A | G1 | es1" in members(world)


@pytest.mark.parametrize(
    "unwanted",
    [
        {"element": "code | a_distance ; B | O"},
        {"element": "code | a_distance ; A | N ; B | N"},
        {"porte": "code_porte | code_porteur ; A | B"},
    ],
    ids=["absent from REFER", "no longer distance", "become porté"],
)
def test_the_groups_of_a_course_whose_archive_was_refused_stay(world, unwanted):
    before = groups(world), members(world)
    world.change(**unwanted).play("enrolments", "groups")
    assert (groups(world), members(world)) == before


@pytest.mark.parametrize(("seen", "expected"), [(True, ["group_member remove A / G2 / es2"]), (False, [])])
def test_a_member_whose_account_does_not_show_is_not_removed(world, seen, expected):
    world.change(groupe_etudiant="code_groupe | code_etudiant ; G1 | S1 ; GC | S1")
    if not seen:
        del world.moodle.users[world.id("users", "es2")]
    assert verbs(world.draft("groups")) == expected
