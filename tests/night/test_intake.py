"""What is read a second time: some accounts as they are now among those that have not changed."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from ecampus.errors import TruncatedRead
from ecampus.moodle import accounts
from ecampus.moodle.reader import WebServices
from ecampus.night import intake


def account(number: int, **more) -> dict:
    return {"id": number, "username": f"e{number}", "auth": "cas", "suspended": False, "email": "", **more}


def read_again(*answer: dict) -> pd.DataFrame:
    """Accounts 4, 5 and 6, of which 5 and 6 are asked for again, when Moodle shows this of them."""
    before = accounts.named(showing(account(4), account(5), account(6)), [4, 5, 6])
    return intake.read_again(WebServices(showing(*answer)), "users", before, [5, 6])


def showing(*answer: dict):
    return SimpleNamespace(call=lambda function, **params: list(answer))


def test_those_asked_for_are_as_they_are_now_and_the_others_as_they_were():
    now = read_again(account(6), account(5, username="autre"))
    assert now["username"].tolist() == ["e4", "autre", "e6"]


def test_one_that_was_deleted_meanwhile_is_left_out():
    gone = account(6, email="0cc175b9c0f1b6a831c399e269772661", username="e6@univ.fr.1764000000")
    assert read_again(account(5), gone)["id"].tolist() == [4, 5]


@pytest.mark.parametrize("answer", [[account(5)], [account(6)], []])
def test_an_answer_that_lacks_one_leaves_no_account_out_for_the_phases_to_come(answer):
    with pytest.raises(TruncatedRead, match="core_user_get_users_by_field : relancer la phase"):
        read_again(*answer)
