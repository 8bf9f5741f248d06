"""Accounts: matched by idnumber, else by username if the idnumber is empty; whatever is not certain is left alone."""

from __future__ import annotations

import pytest

import tables
from ecampus.rules.referential import PersonCodes
from world import World, codes, lines, university, verbs

TWO = "code ; S1 ; S2"
ACCOUNT = "username | idnumber | auth | firstname | lastname | email | suspended"


@pytest.fixture(scope="module")
def first_night() -> World:
    world = university(people=TWO)
    world.play("users")
    return world


@pytest.fixture
def world(first_night: World) -> World:
    return first_night.copy()


def seen(world: World) -> list[str]:
    return [line for line in world.see("users", ACCOUNT) if not line.startswith("admin ")]


def beside(people: str, users: str, **settings) -> tuple[list[str], list[str]]:
    """The plan and the anomalies of these people beside these hand-made accounts."""
    world = university(people=people)
    world.by_hand("users", users)
    world.settings = tables.replace(world.settings, **settings)
    draft = world.draft("users")
    return verbs(draft), codes(draft)


def test_a_newcomer_gets_an_account_of_the_managed_method(first_night):
    assert seen(first_night) == lines("""
        es1 | S1 | cas | Camille | NomS1 | es1@univ.fr | non
        es2 | S2 | cas | Camille | NomS2 | es2@univ.fr | non
    """)


def test_no_password_is_made():
    assert "password" not in "".join(university(people=TWO).draft("users").changes["after"])


def test_names_e_mail_and_username_follow_the_directory(world):
    world.change(
        people="code | uid | sn | given_name | mail ; S1 | es1 | Autre | Claude | c@univ.fr ; S2 | nouveau | NomS2 | Camille | es2@univ.fr"
    )
    assert verbs(world.play("users")) == ["account rename nouveau", "account update es1"]
    assert seen(world) == lines("""
        es1     | S1 | cas | Claude  | Autre | c@univ.fr   | non
        nouveau | S2 | cas | Camille | NomS2 | es2@univ.fr | non
    """)
    assert verbs(world.draft("users")) == []


def test_only_the_fields_that_differ_are_sent(world):
    changes = world.change(people="code | mail ; S1 | autre@univ.fr ; S2 | es2@univ.fr").draft("users").changes
    assert changes[["before", "after"]].to_numpy().tolist() == [
        ['{"email": "es1@univ.fr"}', '{"email": "autre@univ.fr"}']
    ]


def test_uids_are_lower_case_and_codes_upper_case_whatever_the_directory_says():
    world = university(people="code | uid ;  s1 | E1 ")
    world.play("users")
    assert world.see("users", "username | idnumber") == ["admin | ", "e1 | S1"]


def test_person_codes_are_padded_by_the_rule_of_the_site():
    world = university(people="code | population | uid ; 12 | student | e12 ; 3 | staff | p3")
    world.settings = tables.replace(world.settings, padding=PersonCodes(student=8, staff=5))
    world.play("users")
    assert world.see("users", "username | idnumber")[1:] == ["e12 | 00000012", "p3 | 00003"]


def test_an_account_made_by_hand_is_matched_by_its_idnumber():
    assert beside(TWO, "username | idnumber | lastname | email ; es1 | S1 | NomS1 | es1@univ.fr") == (
        ["account create es2"],
        [],
    )


def test_without_an_idnumber_it_is_matched_by_its_username_and_receives_its_code():
    world = university(people="code ; S1")
    world.by_hand("users", "username | idnumber | lastname ; es1 |  | NomS1")
    assert verbs(world.play("users")) == ["account update es1"]
    assert seen(world)[0].startswith("es1 | S1 | cas")


@pytest.mark.parametrize(
    ("people", "users", "told"),
    [
        ("code ; S1", "username | idnumber ; a | S1 ; b | S1", "COMPTE_AMBIGU es1 / S1"),
        ("code ; S1", "username | idnumber ; es1 | AUTRE", "COMPTE_AMBIGU es1 / S1"),
        ("code ; S1", "username | idnumber ; vieux | S1 ; es1 | ", "COMPTE_AMBIGU es1 / S1"),
        ("code ; S1", "username | idnumber ; vieux | S1 ; es1 | AUTRE", "COMPTE_AMBIGU es1 / S1"),
        ("code | uid ;  | es1", "username | idnumber ; es1 | ", "COMPTE_AMBIGU es1 / vide"),
        ("code | uid | mail ; S1 |  | a@univ.fr", "username | idnumber ; es1 | S1", "COMPTE_AMBIGU vide / S1"),
        ("code | uid ; S1 | x ; S1 | y", "username | idnumber ; es1 | S1", "COMPTE_AMBIGU x / S1"),
        ("code ; S1", "username | idnumber | auth ; es1 | S1 | manual", "COMPTE_AUTRE_AUTH es1 / S1"),
        ("code ; S1", "username | idnumber | auth ; es1 |  | ldap", "COMPTE_AUTRE_AUTH es1 / S1"),
    ],
    ids=[
        "two accounts carry the code", "recycled uid", "uid of another account without idnumber",
        "uid of another person", "no code", "no uid", "two people claim it", "other method", "other method by name",
    ],
)  # fmt: skip
def test_whatever_is_not_certain_is_left_alone_and_told(people, users, told):
    plan, anomalies = beside(people, users)
    assert plan == []
    assert told in anomalies


def test_an_excluded_account_is_neither_touched_nor_told():
    plan = beside(
        "code | uid ; S1 | admin ; S2 | service",
        "username | idnumber ; service | S2",
        exclude=frozenset({"admin", "service"}),
    )
    assert plan == ([], [])


def test_a_site_administrator_is_neither_touched_nor_told(world):
    world.moodle.site_admins = {(world.id("users", "S1"),)}
    world.change(people="code | uid | mail ; S1 | nouveau | autre@univ.fr ; S2 | es2 | es2@univ.fr")
    assert (verbs(world.draft("users")), codes(world.draft("users"))) == ([], [])
    world.change(people="code ; S2")
    assert verbs(world.draft("users")) == []
    world.moodle.site_admins = set()
    assert verbs(world.draft("users")) == ["account suspend es1"]


def test_a_student_and_a_teacher_with_the_same_code_are_two_people():
    people = "population | code ; student | 42 ; staff | 42"
    world = university(people=people)
    world.play("users")
    assert world.see("users", "username | idnumber")[1:] == ["e42 | 42", "p42 | 42"]
    assert verbs(world.draft("users")) == []
    world.change(people="population | code | uid ; student | 42 | nouveau ; staff | 42 | p42").play("users")
    assert world.see("users", "username | idnumber")[1:] == ["nouveau | 42", "p42 | 42"]


def test_an_account_that_carries_the_code_goes_to_the_one_of_the_two_whose_uid_it_has():
    people = "population | code ; student | 42 ; staff | 42"
    assert beside(people, "username | idnumber | lastname ; p42 | 42 | Ancien") == (
        ["account update p42", "account create e42"],
        [],
    )


def test_gone_from_the_directory_it_is_suspended_never_deleted_back_it_is_unsuspended(world):
    world.change(people="code ; S2")
    assert verbs(world.play("users")) == ["account suspend es1"]
    assert seen(world)[0].endswith("oui")
    assert verbs(world.draft("users")) == []
    world.change(people=TWO)
    assert verbs(world.play("users")) == ["account unsuspend es1"]
    assert seen(world)[0].endswith("non")
    assert verbs(world.draft("users")) == []


def test_an_account_suspended_by_hand_stays_suspended(world):
    world.moodle.users[world.id("users", "es1")]["suspended"] = True
    assert verbs(world.play("users")) == []


def test_once_reactivated_it_may_be_suspended_by_hand_like_any_other(world):
    world.change(people="code ; S2").play("users")
    world.change(people=TWO).play("users")
    world.moodle.users[world.id("users", "es1")]["suspended"] = True
    assert verbs(world.play("users")) == []


def test_an_account_that_the_directory_never_explained_is_never_suspended(world):
    world.by_hand("users", "username | idnumber ; invite | X9 ; autre | ")
    assert verbs(world.play("users")) == []


def test_gone_from_the_directory_but_of_another_method_meanwhile_it_is_left_alone(world):
    world.moodle.users[world.id("users", "es1")]["auth"] = "manual"
    assert verbs(world.change(people="code ; S2").draft("users")) == []


def test_the_account_whose_uid_was_recycled_is_left_alone_even_when_its_owner_has_gone(world):
    world.change(people="code | uid ; S9 | es1 ; S2 | es2")
    draft = world.draft("users")
    assert (verbs(draft), codes(draft)) == ([], ["COMPTE_AMBIGU es1 / S9"])


@pytest.mark.parametrize("mail", ["", "pas une adresse", "a@b", "deux@mots ici.fr"])
def test_without_a_usable_e_mail_a_newcomer_has_no_account_and_an_account_keeps_its_own(world, mail):
    world.change(people=f"code | mail ; S1 | {mail} ; S2 | es2@univ.fr ; S3 | {mail}")
    draft = world.draft("users")
    assert (verbs(draft), codes(draft)) == ([], ["EMAIL_ABSENT es1 / S1", "EMAIL_ABSENT es3 / S3"])


def test_an_e_mail_that_several_claim_stays_with_the_account_that_has_it(world):
    world.change(people="code | mail ; S1 | ES2@univ.fr ; S2 | es2@univ.fr ; S3 | es2@univ.fr")
    draft = world.draft("users")
    assert (verbs(draft), codes(draft)) == ([], ["EMAIL_DOUBLE es1 / S1", "EMAIL_DOUBLE es3 / S3"])


def test_an_e_mail_that_several_newcomers_claim_goes_to_the_lowest_uid(world):
    world.change(people="code | mail ; S1 | es1@univ.fr ; S2 | es2@univ.fr ; S4 | x@univ.fr ; S3 | x@univ.fr")
    draft = world.draft("users")
    assert (verbs(draft), codes(draft)) == (["account create es3"], ["EMAIL_DOUBLE es4 / S4"])


def test_an_e_mail_that_its_owner_gives_up_tonight_is_free_tonight(world):
    world.change(people="code | mail ; S1 | neuf@univ.fr ; S2 | es2@univ.fr ; S3 | es1@univ.fr")
    world.play("users")
    assert world.see("users", "username | email")[1:] == [
        "es1 | neuf@univ.fr",
        "es2 | es2@univ.fr",
        "es3 | es1@univ.fr",
    ]


def test_without_a_name_a_newcomer_has_no_account_and_an_account_keeps_its_own(world):
    world.change(people="code | sn | given_name ; S1 |  | Camille ; S2 | NomS2 | Camille ; S3 | Nom | ")
    draft = world.draft("users")
    assert (verbs(draft), codes(draft)) == ([], ["NOM_ABSENT es1 / S1", "NOM_ABSENT es3 / S3"])


def test_names_lose_what_moodle_refuses_and_are_cut_to_its_hundred_characters():
    world = university(people=f"code | sn | given_name ; S1 | <b>Ha</b> | {'x' * 300}")
    world.play("users")
    assert world.see("users", "lastname | firstname")[1:] == [f"‹b›Ha‹/b› | {'x' * 100}"]


def population(kind: str, number: int) -> str:
    """A table of so many people of one population."""
    return "code | population ; " + " ; ".join(f"{kind[0]}{n} | {kind}" for n in range(number))


def test_those_whom_we_suspended_already_are_not_lost_again():
    world = university(people=population("student", 6))
    world.play("users")
    for left, gone in ((3, ["es3", "es4", "es5"]), (2, ["es2"]), (1, ["es1"])):
        world.change(people=population("student", left))
        assert verbs(world.play("users")) == [f"account suspend {uid}" for uid in gone]
