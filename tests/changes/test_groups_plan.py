"""Groups live in the course of their element; their members are those whom the rules enrol and Moodle shows enrolled."""

from __future__ import annotations

import pytest

from ecampus.changes.groups import further
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


@pytest.mark.parametrize(
    "labels",
    [("Groupe été", "groupe ete"), ("Œuvres", "oeuvres"), ("ＴＤ", "td"), ("Café", "CAFE"), ("TD 🍎", "TD 🍐")],
)
def test_groups_whose_names_moodle_takes_for_one_carry_their_code_and_the_second_night_is_quiet(labels):
    world = university(
        element="code ; A",
        groupe=f"code | libelle ; G1 | {labels[0]} ; G2 | {labels[1]}",
        groupe_element="code_groupe | code_element ; G1 | A ; G2 | A",
    )
    world.play("offer", "groups")
    assert groups(world) == [f"A | G1 | {labels[0]} (G1)", f"A | G2 | {labels[1]} (G2)"]
    assert verbs(world.draft("groups")) == []


def test_a_group_may_take_a_name_that_differs_by_an_accent_from_its_own_or_another_s(world):
    world.change(groupe="code | libelle ; G1 | TD²  ; G2 | tdé1 ; GC | Groupe Cemu").play("groups")
    world.change(groupe="code | libelle ; G1 | TDE1 ; G2 | Td2 ; GC | Groupe Cemu").play("groups")
    assert groups(world)[:2] == ["A | G1 | TDE1", "A | G2 | Td2"]


@pytest.mark.parametrize("codes_", [("7", "007"), ("7.0", "7"), ("7E0", "+7"), ("1E2", "100")])
def test_of_two_codes_that_moodle_takes_for_one_number_the_lowest_is_sent_and_the_other_told(codes_):
    lower, other = sorted(codes_)
    world = university(
        element="code ; A ; B",
        groupe=f"code | libelle ; {other} | deux ; {lower} | un",
        groupe_element=f"code_groupe | code_element ; {other} | A ; {lower} | A ; {other} | B",
        groupe_etudiant=f"code_groupe | code_etudiant ; {other} | S1 ; {lower} | S2",
    )
    world.play("users", "offer", "enrolments")
    draft = world.play("groups")
    assert codes(draft) == [f"CODE_DOUBLE refer_groupe / A / {other}"]
    assert draft.anomalies["sentence"].tolist() == [
        f"Dans refer_groupe, les codes « {lower} », « {other} » de l'espace de cours A sont un même nombre pour Moodle :"
        " seul le premier est retenu ; supprimer le doublon dans Apogée."
    ]
    assert groups(world) == [f"A | {lower} | un", f"B | {other} | deux"]
    assert members(world) == [f"A | {lower} | es2", f"B | {other} | es1"]
    assert verbs(world.draft("groups")) == []


def test_the_lower_code_takes_the_place_of_one_that_moodle_takes_for_the_same_number():
    attached = "code_groupe | code_element ; 7 | A"
    world = university(element="code ; A", groupe="code ; 7", groupe_element=attached)
    world.play("offer", "groups")
    world.change(groupe="code ; 7 ; 007", groupe_element=attached + " ; 007 | A")
    assert verbs(world.play("groups")) == ["group delete A / 7", "group create A / 007"]
    assert groups(world) == ["A | 007 | 007"]


@pytest.mark.parametrize("idnumber", ["007", "7.0", " 7"])
def test_a_hand_made_group_whose_code_is_the_same_number_has_it(idnumber):
    world = university(element="code ; A", groupe="code ; 7", groupe_element="code_groupe | code_element ; 7 | A")
    world.play("offer")
    (mine,) = world.by_hand("groups", "course | idnumber | name ; A | x | à moi")
    world.moodle.groups[mine]["idnumber"] = idnumber
    draft = world.play("groups")
    assert (verbs(draft), codes(draft)) == ([], ["CODE_PRIS 7 / A"])


def test_the_code_of_a_group_that_somebody_emptied_or_exchanged_is_healed(world):
    world.moodle.groups[world.id("groups", "GC")].update(idnumber=None)
    one, two = (world.moodle.groups[world.id("groups", name)] for name in ("G1", "G2"))
    one.update(idnumber="G2")
    two.update(idnumber="G1")
    assert verbs(world.play("groups")) == ["group rename A / G1", "group rename A / G2", "group rename B-FOAD / GC"]
    assert groups(world) == ["A | G1 | TD1", "A | G2 | TD2", "B-FOAD | GC | Groupe Cemu"]


def test_a_group_of_ours_whose_code_somebody_gave_to_another_keeps_its_members_and_is_told(world):
    world.moodle.groups[world.id("groups", "G1")].update(idnumber=None)
    world.by_hand("groups", "course | idnumber | name ; A | G1 | à moi")
    world.change(groupe_etudiant=REFER["groupe_etudiant"] + " ; G1 | S2").play("enrolments")
    draft = world.play("groups")
    assert (verbs(draft), codes(draft)) == (["group_member add A / G1 / es2"], ["CODE_PRIS G1 / A"])


def test_a_hand_made_group_with_the_same_name_counts_as_a_collision():
    world = university(**REFER)
    world.play("users", "offer")
    world.by_hand("groups", "course | name ; A | td1")
    world.play("enrolments", "groups")
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


def put_a_guest_in(world: World, group: str) -> None:
    """Somebody enrols a guest by hand and puts him in that group of A."""
    world.by_hand("users", "username ; invite")
    course, guest = world.id("courses", "A"), world.id("users", "invite")
    world.moodle.manual[course, guest] = "student"
    world.moodle.group_members.add((world.id("groups", group), guest))


def put_in_a_grouping(world: World, group: str) -> None:
    """A teacher puts that group of A in a grouping."""
    world.moodle.groupings.add((world.id("courses", "A"), 1, world.id("groups", group)))


WITHOUT_G1 = "code_groupe | code_element ; G2 | A ; GC | B"
USED = pytest.mark.parametrize("use", [put_a_guest_in, put_in_a_grouping], ids=["a member", "a grouping"])


@USED
def test_a_dropped_group_that_somebody_else_uses_is_archived_and_loses_our_members_only(world, use):
    use(world, "G1")
    world.change(groupe_element=WITHOUT_G1).play("enrolments")
    assert verbs(world.play("groups")) == ["group archive A / G1", "group_member remove A / G1 / es1"]
    assert "A | ex_G1 | ex_TD1" in groups(world)
    left = ["A | ex_G1 | invite"] if use is put_a_guest_in else []
    assert [line for line in members(world) if "G1" in line] == left
    assert verbs(world.draft("groups")) == []


def test_an_archived_group_stays_when_nobody_uses_it_any_more(world):
    put_in_a_grouping(world, "G1")
    world.change(groupe_element=WITHOUT_G1).play("enrolments", "groups")
    world.moodle.groupings.clear()
    assert verbs(world.change().draft("groups")) == []


@USED
def test_a_group_that_comes_back_is_restored_with_its_name_and_its_members(world, use):
    use(world, "G1")
    world.change(groupe_element=WITHOUT_G1).play("enrolments", "groups")
    world.change(groupe_element=REFER["groupe_element"]).play("enrolments")
    assert verbs(world.play("groups")) == ["group restore A / G1", "group_member add A / G1 / es1"]
    assert groups(world)[:2] == ["A | G1 | TD1", "A | G2 | TD2"]
    assert "A | G1 | es1" in members(world)
    assert verbs(world.draft("groups")) == []


def test_a_group_that_comes_back_when_somebody_has_its_code_stays_archived(world):
    put_in_a_grouping(world, "G1")
    world.change(groupe_element=WITHOUT_G1).play("enrolments", "groups")
    world.by_hand("groups", "course | idnumber | name ; A | g1 | à moi")
    draft = world.change(groupe_element=REFER["groupe_element"]).draft("groups")
    assert (verbs(draft), codes(draft)) == ([], ["CODE_PRIS G1 / A"])


def test_an_archive_takes_the_next_prefix_when_somebody_has_the_first(world):
    put_in_a_grouping(world, "G1")
    world.by_hand("groups", "course | idnumber | name ; A | EX_G1 | à moi")
    world.change(groupe_element=WITHOUT_G1).play("enrolments", "groups")
    assert groups(world)[1:3] == ["A | G2 | TD2", "A | ex_2_G1 | ex_2_TD1"]


def test_an_archived_group_gives_up_its_name_the_same_night(world):
    put_in_a_grouping(world, "G1")
    world.change(
        groupe="code | libelle ; N1 | td1 ; G2 | TD2 ; GC | Groupe Cemu",
        groupe_element="code_groupe | code_element ; N1 | A ; G2 | A ; GC | B",
    ).play("groups")
    assert groups(world)[:3] == ["A | G2 | TD2", "A | N1 | td1", "A | ex_G1 | ex_TD1"]
    assert verbs(world.draft("groups")) == []


NOTHING_MORE: dict[str, list[int]] = {"groups": [], "groupings": [], "enrolled": []}


def test_a_night_without_a_change_reads_our_groups_and_nothing_more(world):
    world.by_hand("groups", "course | idnumber | name ; A | H1 | projet")
    inputs = world.inputs("groups")
    assert further(inputs) == NOTHING_MORE
    assert inputs.existing["groups"]["idnumber"].tolist() == ["G1", "G2", "GC"]
    assert inputs.existing["enrolled"].empty


def test_the_other_groups_of_a_course_are_read_where_one_is_renamed_or_created(world):
    course = world.id("courses", "A")
    (mine,) = world.by_hand("groups", "course | idnumber | name ; A | H1 | projet")
    world.change(groupe="code | libelle ; G1 | projet ; G2 | TD2 ; GC | Groupe Cemu")
    inputs = world.inputs("groups")
    assert further(inputs) == NOTHING_MORE | {"groups": [course]}
    assert mine in inputs.existing["groups"]["id"].tolist()
    world.play("groups")
    assert "A | G1 | projet (G1)" in groups(world)


def test_who_is_enrolled_is_read_where_somebody_is_missing(world):
    world.change(groupe_etudiant="code_groupe | code_etudiant ; G1 | S1 ; G2 | S1 ; G2 | S2 ; GC | S1")
    assert further(world.inputs("groups")) == NOTHING_MORE | {"enrolled": [world.id("courses", "A")]}


def test_whether_a_group_is_in_a_grouping_is_asked_only_where_one_would_be_deleted(world):
    course = world.id("courses", "A")
    world.change(groupe_element=WITHOUT_G1)
    assert further(world.inputs("groups")) == NOTHING_MORE | {"groups": [course], "groupings": [course]}
    put_a_guest_in(world, "G1")
    assert further(world.inputs("groups")) == NOTHING_MORE | {"groups": [course]}


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


def test_a_dropped_group_in_which_a_plugin_holds_a_member_is_archived_for_it(world):
    world.change(groupe_element="code_groupe | code_element ; G2 | A ; GC | B")
    assert verbs(world.draft("groups")) == ["group delete A / G1"]
    world.moodle.held_members = {(world.id("groups", "G1"), world.id("users", "es1"))}
    assert verbs(world.draft("groups")) == ["group archive A / G1"]


def test_a_student_whom_moodle_does_not_show_enrolled_waits(world):
    world.change(groupe_etudiant=REFER["groupe_etudiant"] + " ; G1 | S3").play("users")
    draft = world.play("groups")
    assert verbs(draft) == []
    assert draft.waiting.to_numpy().tolist() == [["A", "G1", "es3"]]
    world.play("enrolments")
    assert verbs(world.play("groups")) == ["group_member add A / G1 / es3"]


def test_a_member_whose_enrolment_is_suspended_is_not_removed_and_waits_for_nothing(world):
    for place in list(world.moodle.seats):
        world.moodle.seats[place].active = False
    draft = world.draft("groups")
    assert verbs(draft) == []
    assert draft.waiting.empty


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


@pytest.mark.parametrize(
    ("code", "number"), [(None, "ex_G2"), ("ex_G2", "ex_2_G2")], ids=["G1 emptied", "their codes exchanged"]
)
def test_an_archive_to_which_somebody_gave_the_code_of_a_group_gives_it_up_the_same_night(world, code, number):
    put_in_a_grouping(world, "G2")
    world.change(groupe_element="code_groupe | code_element ; G1 | A ; GC | B").play("enrolments", "groups")
    live, archive = (world.moodle.groups[world.id("groups", name)] for name in ("G1", "ex_G2"))
    live["idnumber"], archive["idnumber"], archive["name"] = code, "G1", "à moi"
    draft = world.change().play("groups")
    assert (verbs(draft), codes(draft)) == ([f"group rename A / {number}", "group rename A / G1"], [])
    assert groups(world)[:2] == ["A | G1 | TD1", f"A | {number} | à moi"]
    assert "A | G1 | es1" in members(world)
    assert verbs(world.draft("groups")) == []
