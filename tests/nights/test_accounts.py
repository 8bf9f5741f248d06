"""The night of accounts on the sandbox: addresses exchanged, an account deleted by hand, a name that cannot be read."""

from __future__ import annotations

import pytest
from campus import night_after

from sandbox.moodle.users import deleted

FIRST = ("e2100123", "e2100124", "e2100125")


@pytest.fixture
def tonight(empty):
    """Accounts are made; the next night is to come."""
    empty.play("users")
    return empty


def mails(campus) -> list[str]:
    return [campus.ask("SELECT email FROM mdl_user WHERE username = ?", uid) for uid in FIRST]


@pytest.mark.parametrize("by_database", [False, True])
@pytest.mark.parametrize("turn", [(1, 0, 2), (1, 2, 0), (2, 0, 1)], ids=["two", "three", "three the other way"])
def test_those_who_exchange_their_addresses_have_them_within_one_night(tonight, turn, by_database):
    tonight.by_database = by_database
    had = mails(tonight)
    for uid, place in zip(FIRST, turn, strict=True):
        tonight.people("UPDATE person SET mail = ? WHERE uid = ?", had[place], uid)
    tonight.play("users", "apres", night_after(1))
    assert mails(tonight) == [had[place] for place in turn]
    tonight.box.moodle.calls.clear()
    tonight.play("users", "encore", night_after(2))
    assert tonight.writes() == []


@pytest.mark.parametrize("by_database", [False, True])
def test_a_deleted_account_is_made_again_for_whoever_is_still_in_the_directory(tonight, by_database):
    tonight.by_database = by_database
    gone = tonight.ask("SELECT id FROM mdl_user WHERE username = ?", FIRST[0])
    db = tonight.box.moodle.db
    db.update("user", gone, **deleted(db, db.get("user", gone)))
    frames = tonight.prepared("users", "apres", night_after(1)).files
    assert frames.read_frame("existing/gone_accounts.parquet")["user_id"].tolist() == [gone]
    tonight.play("users", "encore", night_after(1))
    assert tonight.ask("SELECT COUNT(*) FROM mdl_user WHERE username = ? AND deleted = 0", FIRST[0]) == 1


def test_a_name_in_latin_1_leaves_the_name_that_was_known(tonight):
    known = tonight.ask("SELECT lastname FROM mdl_user WHERE username = ?", FIRST[0])
    tonight.people("UPDATE person SET sn = CAST(x'416E6472E9' AS BLOB) WHERE uid = ?", FIRST[0])
    tonight.play("users", "apres", night_after(1))
    assert tonight.ask("SELECT lastname FROM mdl_user WHERE username = ?", FIRST[0]) == known
    told = tonight.anomalies("users")
    assert FIRST[0] in " ".join(told.loc[told["code"] == "FICHE_ILLISIBLE", "key"])
