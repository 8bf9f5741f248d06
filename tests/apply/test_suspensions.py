"""Accounts that are looked at once more before they lose something."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from ecampus.apply import people
from ecampus.errors import TruncatedRead

ROWS = pd.DataFrame({"key": ["e4", "e5", "e6"], "moodle_id": pd.Series([4, 5, 6], dtype="Int64")})
DELETED = {"email": "0cc175b9c0f1b6a831c399e269772661", "username": "e6@univ.fr.1764000000"}


def account(number: int, **more) -> dict:
    return {"id": number, "username": f"e{number}", "auth": "cas", "suspended": False, "email": "", **more}


def suspended(monkeypatch, *answer: dict) -> tuple[list[str], list[str]]:
    """Whom the step sends and whom it puts off, when Moodle shows this of the accounts."""
    sent, put_off = [], []
    monkeypatch.setattr(people, "update_accounts", lambda writer, rows: sent.extend(rows["key"]))
    client = SimpleNamespace(call=lambda function, **params: list(answer))
    writer = SimpleNamespace(client=client, put_off=lambda rows, why: put_off.extend(rows["key"]))
    people.suspend_accounts(writer, ROWS)
    return sent, put_off


def test_an_account_that_is_another_by_now_or_is_deleted_is_put_off(monkeypatch):
    shown = account(4), account(5, username="autre"), account(6, **DELETED)
    assert suspended(monkeypatch, *shown) == (["e4"], ["e5", "e6"])


def test_an_answer_that_lacks_one_of_them_suspends_nobody(monkeypatch):
    with pytest.raises(TruncatedRead, match="2 lignes pour 3"):
        suspended(monkeypatch, account(4), account(5))
