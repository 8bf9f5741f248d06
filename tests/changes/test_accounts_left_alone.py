"""An account that is not certain is left as it is; one person with two codes has one account."""

from __future__ import annotations

import pytest

from world import World, codes, going_on, university, verbs

COURSE = {
    "element": "code ; A",
    "groupe": "code ; G",
    "groupe_element": "code_groupe | code_element ; G | A",
}


@pytest.fixture(scope="module")
def first_night() -> World:
    world = university(
        **COURSE, groupe_etudiant="code_groupe | code_etudiant ; G | S1 ; G | S2", people="code ; S1 ; S2"
    )
    world.night()
    return world


@pytest.fixture
def world(first_night: World) -> World:
    return first_night.copy()


def frozen(world: World) -> list[str]:
    known = world.owned["account"]
    return sorted(world.moodle.users[id_]["username"] for id_ in known.loc[known["frozen"], "user_id"])


def test_the_same_login_with_a_corrected_code_is_left_as_it_is_and_frozen(world):
    draft = world.change(people="code | uid | mail ; S1BIS | es1 | autre@univ.fr ; S2 | es2 | es2@univ.fr").play(
        "users"
    )
    assert (verbs(draft), codes(draft)) == ([], ["COMPTE_AMBIGU es1 / S1BIS"])
    assert frozen(world) == ["es1"]


@pytest.mark.parametrize("way", ["the code of old is back", "somebody gave the account its new code"])
def test_clear_again_it_is_frozen_no_more(world, way):
    world.change(people="code | uid ; S1BIS | es1 ; S2 | es2").play("users")
    if way == "the code of old is back":
        world.change(people="code ; S1 ; S2").play("users")
    else:
        world.moodle.users[world.id("users", "es1")]["idnumber"] = "S1BIS"
        world.change().play("users")
    assert frozen(world) == []
    assert verbs(world.draft("users")) == []
    known = world.owned["account"].set_index("user_id")["code"]
    assert known[world.id("users", "es1")] == ("S1" if way == "the code of old is back" else "S1BIS")


@pytest.mark.parametrize(
    "people",
    ["S1 | es1 ; S2 | es2 ; S1 | es1.bis", " | es1 ; S2 | es2", "S1 | es2 ; S2 | es1"],
    ids=["two entries claim it", "its entry has no code any more", "two logins are exchanged"],
)
def test_whatever_makes_it_uncertain_freezes_it(world, people):
    draft = world.change(people=f"code | uid ; {people}").play("users")
    assert verbs(draft) == []
    assert "es1" in frozen(world)


def test_a_newcomer_who_waits_for_a_login_does_not_freeze_the_one_who_leaves_it(world):
    draft = world.change(people="code | uid ; S1 | nouveau ; S9 | es1 ; S2 | es2").play("users")
    assert codes(draft) == ["COMPTE_AMBIGU es1 / S9"]
    assert frozen(world) == []
    assert verbs(world.change().play("users")) == ["account create es1"]


@pytest.mark.parametrize("idnumber", [None, "AUTRE"])
def test_an_account_of_ours_whose_idnumber_somebody_emptied_or_changed_is_healed(world, idnumber):
    world.moodle.users[world.id("users", "es1")]["idnumber"] = idnumber
    world.change(people="code | uid ; S1 | nouveau ; S2 | es2").play("users")
    assert world.see("users", "username | idnumber")[1:] == ["es2 | S2", "nouveau | S1"]


ONE = "entry | population | code | sought | uid | mail | sn ; a | student | S1 | oui | e1 | a@univ.fr | Nom ; a | staff | T1 | non | e1 | a@univ.fr | Nom"
TEACHES = {
    "seance_ade": "code_element | code_enseignant ; A | T1",
    "groupe_etudiant": "code_groupe | code_etudiant ; G | S1",
}


def test_one_entry_with_both_codes_has_one_account_that_studies_and_teaches_the_same_night():
    world = university(**COURSE, **TEACHES, people=ONE)
    world.night()
    assert world.see("users", "username | idnumber")[1:] == ["e1 | S1"]
    assert world.table() == ["A | e1 | editingteacher", "A | e1 | student"]
    assert [verbs(draft) for draft in world.change().night().values()] == [[], [], [], [], []]


def test_a_student_who_begins_to_teach_keeps_the_account_and_its_idnumber():
    world = university(
        **COURSE,
        **TEACHES,
        people="entry | population | code | uid | mail | sn ; a | student | S1 | e1 | a@univ.fr | Nom",
    )
    world.play("users")
    assert verbs(world.change(people=ONE).play("users")) == []
    assert sorted(world.owned["account"]["population"]) == ["staff", "student"]


def test_a_teacher_who_begins_to_study_keeps_the_account_and_its_idnumber():
    world = university(**COURSE, **TEACHES, people="entry | population | code | uid | sn ; a | staff | T1 | p1 | Nom")
    world.play("users")
    both = "entry | population | code | sought | uid | sn ; a | student | S1 | non | p1 | Nom ; a | staff | T1 | oui | p1 | Nom"
    assert verbs(world.change(people=both).play("users")) == []
    assert world.see("users", "username | idnumber")[1:] == ["p1 | T1"]


@pytest.mark.parametrize("left", ["student", "staff"])
def test_whoever_leaves_one_population_and_stays_in_the_other_is_not_suspended(left):
    world = university(people=ONE)
    world.play("users")
    stays = {"student": "staff | T1", "staff": "student | S1"}[left]
    world.change(people=f"entry | population | code | uid | mail | sn ; a | {stays} | e1 | a@univ.fr | Nom")
    assert verbs(world.play("users")) == []
    assert verbs(world.change(people="code ; S9").play("users")) == ["account suspend e1", "account create es9"]
    assert world.owned["account"]["suspended"].tolist()[:2] == [True, True]
    assert "account unsuspend e1" in verbs(world.change(people=ONE).play("users"))


def test_a_former_student_whose_entry_of_staff_still_carries_the_old_code_is_two_accounts_and_certain():
    world = university(people="population | code | uid ; student | S1 | e1 ; staff | T1 | p1")
    world.play("users")
    staff = "entry | population | code | sought | uid | mail ; b | student | S1 | non | p1 | p1@univ.fr ; b | staff | T1 | oui | p1 | p1@univ.fr"
    draft = world.change(people=staff).draft("users")
    assert (verbs(draft)[:1], codes(draft)) == (["account suspend e1"], [])


def test_an_entry_that_only_carries_a_code_yields_to_the_entry_of_that_population():
    both = (
        "entry | population | code | sought | uid ; a | student | S1 | oui | e1 ;"
        " b | student | S1 | non | p1 ; b | staff | T1 | oui | p1"
    )
    world = university(people=both)
    assert verbs(world.play("users")) == ["account create e1", "account create p1"]
    assert world.see("users", "username | idnumber")[1:] == ["e1 | S1", "p1 | T1"]


def test_a_code_that_changes_in_one_population_alone_leaves_the_whole_account_as_it_is():
    world = university(people=ONE)
    world.play("users")
    draft = world.change(people=ONE.replace("S1", "S9").replace("a@univ.fr", "b@univ.fr")).play("users")
    assert (verbs(draft), codes(draft)) == (["account recode e1"], ["COMPTE_AMBIGU e1 / S9"])
    assert going_on(draft.changes).empty
    assert frozen(world) == ["e1", "e1"]


@pytest.mark.parametrize("order", [["S1", "S2"], ["S2", "S1"]])
def test_of_several_codes_the_register_keeps_its_own_else_refers(order):
    several = "entry | population | code | uid | mail ; " + " ; ".join(
        f"a | student | {c} | e1 | a@univ.fr" for c in order
    )
    world = university(**COURSE, people=several, groupe_etudiant="code_groupe | code_etudiant ; G | S2",
                       inscription_administrative="code_etudiant ; S2")  # fmt: skip
    world.play("users")
    assert world.see("users", "username | idnumber")[1:] == ["e1 | S2"]
    world.change(inscription_administrative="code_etudiant ; S1")
    assert verbs(world.play("users")) == []


def test_what_cannot_be_read_is_told_and_nothing_of_it_replaces_what_was_known(world):
    world.change(people="code | sn | unreadable ; S1 |  | sn ; S2 | NomS2 | ")
    draft = world.draft("users")
    assert (verbs(draft), codes(draft)) == ([], ["NOM_ABSENT es1 / S1", "FICHE_ILLISIBLE es1 / S1"])


def test_a_code_too_long_for_moodle_is_told_and_nobody_is_created():
    draft = university(people=f"code | uid | mail ; {'1' * 256} | e1 | a@univ.fr").draft("users")
    assert (verbs(draft), [code.split()[0] for code in codes(draft)]) == ([], ["COMPTE_AMBIGU"])
