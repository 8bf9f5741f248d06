"""Logins that change hands, vanish, or that Moodle refuses: nobody inherits another's courses."""

from __future__ import annotations

import pytest

from world import World, codes, university, verbs

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
    assert world.table() == ["A | es1 | student", "A | es2 | student"]
    return world


@pytest.fixture
def world(first_night: World) -> World:
    return first_night.copy()


def delete(world: World, username: str) -> int:
    """Somebody deletes an account by hand."""
    gone = world.id("users", username)
    del world.moodle.users[gone]
    world.moodle.seats = {place: seat for place, seat in world.moodle.seats.items() if place[1] != gone}
    return gone


REFUSED = ["e o'neil", "é1", "a" * 101, "a/b", "a+b"]


@pytest.mark.parametrize("uid", REFUSED)
def test_a_login_that_moodle_refuses_is_told_nothing_is_renamed_the_rest_is_updated_nobody_new_is_created(world, uid):
    world.change(people=f"code | uid | sn ; S1 | {uid} | Autre ; S2 | es2 | NomS2 ; S3 | {uid}3 | Nom")
    draft = world.draft("users")
    told = ["IDENTIFIANT_REFUSE " + f"{uid} / S1", "IDENTIFIANT_REFUSE " + f"{uid}3 / S3"]
    assert verbs(draft) == ["account update es1"]
    assert [code for code in codes(draft) if not code.startswith("EMAIL")] == told
    world.play("users")
    assert verbs(world.draft("users")) == []
    assert world.table() == ["A | es1 | student", "A | es2 | student"]


def test_an_upper_case_login_is_lowered_and_not_refused(world):
    assert codes(world.change(people="code | uid ; S1 | ES1 ; S2 | es2").draft("users")) == []


def test_rows_of_a_deleted_account_go_before_a_newcomer_takes_its_login(world):
    gone = delete(world, "es1")
    world.change(people="code | uid ; S9 | es1 ; S2 | es2")
    draft = world.play("users")
    assert verbs(draft) == ["enrolment unenrol A / es1 / student", "account create es1"]
    assert world.table() == ["A | es2 | student"]
    assert gone not in set(world.owned["account"]["user_id"])


def test_they_go_though_nobody_takes_it_and_the_person_who_is_still_there_has_a_new_account(world):
    delete(world, "es1")
    assert verbs(world.change().play("users")) == ["enrolment unenrol A / es1 / student", "account create es1"]
    world.play("offer", "enrolments")
    assert world.table() == ["A | es1 | student", "A | es2 | student"]


def test_they_are_not_given_to_an_account_that_a_login_made_in_the_meantime(world):
    delete(world, "es1")
    world.by_hand("users", "username | idnumber | lastname ; es1 |  | NomS9")
    draft = world.change(people="code | uid ; S9 | es1 ; S2 | es2").play("users")
    assert verbs(draft) == ["enrolment unenrol A / es1 / student", "account update es1"]


def test_nor_to_a_person_whose_login_becomes_that_one(world):
    delete(world, "es1")
    world.change(
        people="code | uid ; S2 | es1", groupe_etudiant="code_groupe | code_etudiant ; G | S1",
    ).play("users")  # fmt: skip
    assert world.table() == ["A | es1 | student"]
    assert world.see("users", "username | idnumber")[1:] == ["es1 | S2"]
    world.play("offer", "enrolments")
    assert world.table() == []


def test_as_long_as_an_account_is_not_read_and_not_known_to_be_gone_nothing_of_it_moves(world):
    hidden = delete(world, "es1")
    existing = world.existing("users") | {"gone_accounts": world.existing("users")["gone_accounts"].iloc[:0]}
    inputs = world.change().inputs("users")
    from ecampus.changes import users
    from tables import replace

    draft = users.draft(replace(inputs, existing=existing))
    assert (verbs(draft), codes(draft)) == ([], ["COMPTE_AMBIGU es1 / S1"])
    frozen = draft.recognised["account"]
    assert frozen.loc[frozen["frozen"], "user_id"].tolist() == [hidden]


def test_a_hand_made_row_that_names_a_login_which_is_left_is_told_that_night_and_stays(world):
    world.moodle.table.add(("E7", "es1", "student"))
    draft = world.change(people="code | uid ; S1 | nouveau ; S2 | es2").play("users")
    assert codes(draft) == ["LIGNE_HERITEE E7 / es1 / student"]
    assert draft.anomalies["sentence"].tolist() == [
        "La ligne E7 / es1 / student de la table des inscriptions, faite à la main, nomme l'ancien identifiant de S1,"
        " devenu nouveau : qui recevra cet identifiant en héritera ; la corriger ou la supprimer dans cette table si elle"
        " n'est pas pour cette personne."
    ]
    assert "E7 | es1 | student" in world.table()
    assert codes(world.change().draft("users")) == []


@pytest.mark.parametrize("people", ["S1 | autre ; S2 | nouveau", "S1 | es1 ; S2 | es2 ; S9 | nouveau"])
def test_and_so_is_one_that_names_a_login_which_a_rename_or_a_creation_brings(world, people):
    world.moodle.table.add(("E7", "NOUVEAU", "student"))
    draft = world.change(people=f"code | uid ; {people}").draft("users")
    assert "LIGNE_HERITEE E7 / NOUVEAU / student" in codes(draft)


def test_an_account_of_another_moment_of_creation_is_not_ours(world):
    ours = world.id("users", "es1")
    world.owned["account"] = world.owned["account"].assign(created=100)
    inputs = world.change().inputs("users")
    from ecampus.changes import logins
    from tables import replace

    users = inputs.existing["users"].assign(
        created=[100 if id_ != ours else 200 for id_ in inputs.existing["users"]["id"]]
    )
    restored = replace(inputs, existing=inputs.existing | {"users": users.astype({"created": "Int64"})})
    assert logins.gone(restored).tolist() == [ours]
