"""Accounts as Moodle has them now: those of this site, each once, and nothing believed that the answer does not prove."""

from __future__ import annotations

import pytest
from moodle_standin import StandIn, ids

from ecampus import contract
from ecampus.errors import SourceRefused, TruncatedRead
from ecampus.moodle import accounts


def user(number: int, **more) -> dict:
    return {
        "id": number,
        "username": f"u{number}",
        "auth": "cas",
        "suspended": False,
        "lastname": "N",
        "email": f"u{number}@univ.example",
        **more,
    }


def test_accounts_come_in_one_call_and_a_missing_idnumber_is_null(client, moodle: StandIn):
    moodle.answer = lambda f, form: {
        "users": [user(1, username="guest"), user(2, idnumber="22100001", suspended=True)],
        "warnings": [],
    }
    frame = accounts.users(client)
    assert frame["idnumber"].isna().tolist() == [True, False]
    assert frame["suspended"].tolist() == [False, True]
    assert {key: moodle.calls[0][key] for key in ("criteria[0][key]", "criteria[0][value]")} == {
        "criteria[0][key]": "lastname",
        "criteria[0][value]": "%",
    }
    contract.validate("users", frame)


def test_a_token_that_sees_some_accounts_only_is_refused(client, moodle):
    moodle.answer = lambda f, form: {"users": [user(2), user(3)], "warnings": []}
    with pytest.raises(SourceRefused) as refused:
        accounts.users(client)
    assert str(refused.value) == (
        "Le compte du jeton Moodle ne voit que 2 comptes, sans celui du visiteur anonyme que tout site a : un administrateur"
        " ajoute la capacité moodle/user:viewdetails à son rôle, au niveau du site."
    )


def test_accounts_that_another_site_lends_are_not_those_of_this_one(client, moodle):
    lent = user(3, username="e2100123", auth="mnet", idnumber="22100123")
    moodle.answer = lambda f, form: {"users": [user(1, username="guest"), lent, user(4, username="e2100123")]}
    assert accounts.users(client)["id"].tolist() == [1, 4]


def test_one_username_is_one_account_whatever_moodle_holds(client, moodle, caplog):
    twice = [user(9, username="e2100123"), user(1, username="guest"), user(4, username="e2100123")]
    moodle.answer = lambda f, form: {"users": twice}
    frame = accounts.users(client)
    assert frame["id"].tolist() == [1, 4]
    assert frame.set_index("username").index.is_unique
    assert caplog.messages == [
        "Comptes laissés de côté, leur identifiant est celui d'un compte plus ancien : n° 9 ; un administrateur les"
        " renomme ou les supprime."
    ]


def test_an_account_that_moodle_has_not_is_known_only_by_an_answer_that_shows_the_witness(client, moodle):
    moodle.answer = lambda function, form: [{"id": 4}, {"id": 2}]
    assert accounts.known(client, [4, 9], witness=2)["user_id"].tolist() == [4]
    moodle.answer = lambda function, form: []
    with pytest.raises(TruncatedRead) as stopped:
        accounts.known(client, [4, 9], witness=2)
    assert str(stopped.value) == (
        "Moodle ne montre plus le compte n° 2 qu'il vient de montrer : on ne sait pas quels comptes ont été supprimés et"
        " rien n'est écrit ; relancer la phase."
    )


def test_an_account_that_moodle_answers_as_deleted_is_not_known(client, moodle):
    digest = "0cc175b9c0f1b6a831c399e269772661"
    moodle.answer = lambda function, form: [
        {"id": 4, "email": digest},
        {"id": 5, "email": digest, "idnumber": "22100123"},
        {"id": 6, "email": "a@univ.fr"},
        {"id": 2},
    ]
    assert accounts.known(client, [4, 5, 6], witness=2)["user_id"].tolist() == [5, 6]


def test_nobody_is_asked_for_when_nobody_is_missing(client, moodle):
    assert accounts.known(client, [], witness=2).empty
    assert moodle.calls == []


def test_accounts_are_read_by_their_ids_without_those_that_are_deleted_or_lent(client, moodle):
    digest = "0cc175b9c0f1b6a831c399e269772661"
    moodle.answer = lambda function, form: [
        user(4, idnumber="22100123"),
        {**user(5), "email": digest},
        user(6, auth="mnet"),
    ]
    frame = contract.validate("users", accounts.named(client, [4, 5, 6]))
    assert frame["id"].tolist() == [4]
    assert moodle.calls[0]["field"] == "id"
    assert ids(moodle.calls[0], "values") == [4, 5, 6]


@pytest.mark.parametrize("answered", [[4, 5], [], [4, 5, 7], [4, 5, 5]], ids=["short", "nothing", "another", "twice"])
def test_an_answer_that_lacks_an_account_asked_for_by_its_id_proves_nothing(client, moodle, answered):
    moodle.answer = lambda function, form: [user(number) for number in answered]
    with pytest.raises(TruncatedRead) as stopped:
        accounts.named(client, [4, 5, 6])
    assert str(stopped.value) == (
        f"Moodle a répondu {len(answered)} lignes pour 3 demandées à core_user_get_users_by_field : relancer la phase."
    )


def test_accounts_are_asked_for_a_few_hundred_a_call_and_each_answer_is_counted(client, moodle):
    moodle.answer = lambda function, form: [user(number) for number in ids(form, "values")]
    assert len(accounts.named(client, range(2, 1002))) == 1000
    assert len(moodle.calls) == 2
    moodle.answer = lambda function, form: [user(number) for number in ids(form, "values") if number != 900]
    with pytest.raises(TruncatedRead, match="499 lignes pour 500"):
        accounts.named(client, range(2, 1002))
