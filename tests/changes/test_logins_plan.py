"""Logins that change hands, vanish, or that Moodle refuses: nobody inherits another's courses."""

from __future__ import annotations

import pandas as pd
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


@pytest.fixture(scope="module")
def night_of_an_archive(first_night: World) -> World:
    world = first_night.copy().change(people="code ; S1 ; S2 ; S4", element="code ; B")
    world.play("users", "offer", "enrolments")
    assert world.table() == ["ex_A | es1 | student", "ex_A | es2 | student"]
    return world


@pytest.fixture
def archived(night_of_an_archive: World) -> World:
    """The course is an archive by now, whose rows no rule takes away; S4 has an account too."""
    return night_of_an_archive.copy()


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


def test_nor_if_that_login_gave_it_the_code_of_its_person(archived):
    delete(archived, "es1")
    archived.by_hand("users", "username | idnumber | lastname ; es1 | S9 | NomS9")
    draft = archived.change(people="code | uid ; S9 | es1 ; S2 | es2 ; S4 | es4").play("users")
    assert verbs(draft) == ["enrolment unenrol ex_A / es1 / student"]


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


UNSEEN = (
    "des inscriptions de la synchronisation nomment encore cet identifiant, et un compte connu d'elle n'est plus lu avec"
    " les autres : elles sont peut-être les siennes"
)


def unseen(world: World, username: str) -> None:
    """From here on this account is neither read nor known to be gone (its method became mnet)."""
    hidden, whole = world.id("users", username), world.existing

    def without(phase: str) -> dict[str, pd.DataFrame]:
        found = whole(phase)
        return found | {"users": found["users"][found["users"]["id"].ne(hidden)].reset_index(drop=True)}

    world.existing = without


@pytest.mark.parametrize(
    "people", ["S3 | es1 ; S2 | es2", "S2 | es2 ; S4 | es1"], ids=["a newcomer", "another whose login becomes that one"]
)
def test_whoever_takes_a_login_that_rows_of_nobody_name_waits_while_one_of_our_accounts_is_not_seen(archived, people):
    delete(archived, "es1")
    unseen(archived, "es2")
    draft = archived.change(people=f"code | uid ; {people}").play("users")
    assert [verb for verb in verbs(draft) if "es1" in verb] == []
    told = draft.anomalies.set_index("key")["sentence"]
    code = people.partition(" | es1")[0][-2:]
    assert told[f"es1 / {code}"] == (
        f"Le compte es1 (code {code}) est laissé tel quel : {UNSEEN} ; corriger le compte sur ecampus ou la fiche dans"
        " l'annuaire LDAP."
    )
    assert archived.table() == ["ex_A | es1 | student", "ex_A | es2 | student"]


@pytest.mark.parametrize("person", ["S3 | es1 ;", ""], ids=["who has the login", "though nobody takes it"])
def test_seen_again_the_rows_go_and_then_the_newcomer_comes(archived, person):
    delete(archived, "es1")
    seen = archived.existing
    unseen(archived, "es2")
    archived.change(people=f"code | uid ; {person} S2 | es2").play("users")
    archived.existing = seen
    draft = archived.change().play("users")
    assert verbs(draft) == ["enrolment unenrol ex_A / es1 / student", *(["account create es1"] if person else [])]
    assert archived.table() == ["ex_A | es2 | student"]


@pytest.mark.parametrize("idnumber", ["", "S3"])
def test_an_account_made_by_hand_under_that_login_waits_as_well(archived, idnumber):
    delete(archived, "es1")
    seen = archived.existing
    unseen(archived, "es2")
    archived.by_hand("users", f"username | idnumber | lastname ; es1 | {idnumber} | NomS3")
    draft = archived.change(people="code | uid ; S3 | es1 ; S2 | es2 ; S4 | es4").play("users")
    assert (verbs(draft), codes(draft)) == ([], ["COMPTE_AMBIGU es1 / S3", "COMPTE_AMBIGU es2 / S2"])
    archived.existing = seen
    archived.change().play("users")
    assert archived.table() == ["ex_A | es2 | student"]


def test_whose_account_was_deleted_has_a_new_one_with_the_rows_of_old_though_another_is_not_seen(archived):
    delete(archived, "es1")
    unseen(archived, "es2")
    assert verbs(archived.change().play("users")) == ["account create es1"]
    assert archived.table() == ["ex_A | es1 | student", "ex_A | es2 | student"]


def test_nobody_waits_for_a_login_that_no_row_of_ours_names_though_an_account_is_not_seen(world):
    unseen(world, "es2")
    world.moodle.table.add(("E7", "es3", "student"))
    draft = world.change(people="code | uid ; S1 | es1 ; S2 | es2 ; S3 | es3").play("users")
    assert verbs(draft) == ["account create es3"]


def test_a_rename_killed_after_its_rows_were_copied_does_not_wait_for_them(archived):
    unseen(archived, "es2")
    archived.moodle.table.add(("ex_A", "nouveau", "student"))
    copied = pd.DataFrame([{"course_idnumber": "ex_A", "username": "nouveau", "role": "student"}])
    archived.owned["enrolment"] = pd.concat([archived.owned["enrolment"], copied], ignore_index=True)
    draft = archived.change(people="code | uid ; S1 | nouveau ; S2 | es2").play("users")
    assert "account rename nouveau" in verbs(draft)
    assert archived.table() == ["ex_A | es2 | student", "ex_A | nouveau | student"]


@pytest.mark.parametrize("found", ["the same night", "an earlier night"])
def test_whoever_is_renamed_to_the_login_of_a_deleted_account_has_none_of_its_rows_in_archives(archived, found):
    delete(archived, "es1")
    if found == "an earlier night":
        archived.owned["account"] = archived.owned["account"].query("code != 'S1'")
    archived.change(people="code | uid ; S2 | es2 ; S4 | es1").play("users")
    assert archived.see("users", "username | idnumber")[1:] == ["es1 | S4", "es2 | S2"]
    assert archived.table() == ["ex_A | es2 | student"]


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
