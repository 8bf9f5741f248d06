"""The night of accounts on the sandbox: addresses exchanged, an account deleted by hand, a name that cannot be read."""

from __future__ import annotations

import pytest
from campus import night_after

from sandbox.moodle.users import deleted

FIRST = "e2100123"
TURNS = {
    "two": {"e2100123": "e2100124", "e2100124": "e2100123"},
    "three": {"e2100126": "e2100127", "e2100127": "e2100128", "e2100128": "e2100126"},
    "three the other way": {"e2100129": "e2100131", "e2100130": "e2100129", "e2100131": "e2100130"},
}
"""Who gets whose address."""


def mail(campus, uid: str) -> str:
    return campus.ask("SELECT email FROM mdl_user WHERE username = ?", uid)


@pytest.mark.parametrize("by_database", [False, True])
def test_those_who_exchange_their_addresses_have_them_within_one_night(campus, by_database):
    campus.by_database = by_database
    wanted = {how: {uid: mail(campus, other) for uid, other in turn.items()} for how, turn in TURNS.items()}
    for addresses in wanted.values():
        for uid, address in addresses.items():
            campus.people("UPDATE person SET mail = ? WHERE uid = ?", address, uid)
    assert campus.play("users", "apres", night_after(1))["counts"] == {"account": {"update": 8}}
    assert {how: {uid: mail(campus, uid) for uid in turn} for how, turn in TURNS.items()} == wanted
    campus.box.moodle.calls.clear()
    campus.play("users", "encore", night_after(2))
    assert campus.writes() == []


@pytest.mark.parametrize("by_database", [False, True])
def test_a_deleted_account_is_made_again_for_whoever_is_still_in_the_directory(campus, by_database):
    campus.by_database = by_database
    gone = campus.ask("SELECT id FROM mdl_user WHERE username = ?", FIRST)
    db = campus.box.moodle.db
    db.update("user", gone, **deleted(db, db.get("user", gone)))
    frames = campus.prepared("users", "apres", night_after(1)).files
    assert frames.read_frame("existing/gone_accounts.parquet")["user_id"].tolist() == [gone]
    campus.play("users", "encore", night_after(1))
    assert campus.ask("SELECT COUNT(*) FROM mdl_user WHERE username = ? AND deleted = 0", FIRST) == 1


def test_a_name_in_latin_1_leaves_the_name_that_was_known(campus):
    known = campus.ask("SELECT lastname FROM mdl_user WHERE username = ?", FIRST)
    campus.people("UPDATE person SET sn = CAST(x'416E6472E9' AS BLOB) WHERE uid = ?", FIRST)
    campus.play("users", "apres", night_after(1))
    assert campus.ask("SELECT lastname FROM mdl_user WHERE username = ?", FIRST) == known
    told = campus.anomalies("users")
    assert FIRST in " ".join(told.loc[told["code"] == "FICHE_ILLISIBLE", "key"])
