"""The changes of Moodle accounts, once each person is beside theirs."""

from __future__ import annotations

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.draft import Inputs

FIELDS = {"firstname": "given_name", "lastname": "sn", "email": "mail", "idnumber": "code"}


def untouchable(inputs: Inputs) -> set[str]:
    """Usernames never touched: those of ``exclude``, and of site administrators where Moodle's database shows them."""
    users, admins = inputs.existing["users"], inputs.existing["site_admins"]
    return {*inputs.settings.exclude, *users.loc[users["id"].isin(admins["user_id"]), "username"]}


def create_changes(rows: pd.DataFrame, auth: str) -> pd.DataFrame:
    """``create``: with the managed authentication method and so without a password."""
    return plan.changes(
        "account", "create", rows.assign(auth=auth), key="uid", place="code", username="uid", role="population",
        after={**FIELDS, "username": "uid", "auth": "auth"},
    )  # fmt: skip


def rename_changes(rows: pd.DataFrame) -> pd.DataFrame:
    """``rename``: the username follows the directory's uid."""
    renamed = rows[rows["id"].notna() & (rows["username"] != rows["uid"])]
    return plan.changes(
        "account", "rename", renamed, key="uid", moodle_id="id", place="code", username="uid",
        before={"username": "username"}, after={"username": "uid"},
    )  # fmt: skip


def update_changes(rows: pd.DataFrame) -> pd.DataFrame:
    """``update``: only the fields that differ."""
    known = rows[rows["id"].notna()]
    before, after, touched = {}, {}, pd.Series(False, index=known.index)
    work = known[["id", "uid"]].copy()
    for field, source in FIELDS.items():
        differs = known[source].notna() & (known[field].fillna("") != known[source])
        work[f"old_{field}"] = known[field].where(differs)
        work[f"new_{field}"] = known[source].where(differs)
        before[field], after[field] = f"old_{field}", f"new_{field}"
        touched |= differs
    return plan.changes("account", "update", work[touched], key="uid", moodle_id="id", before=before, after=after)


def unsuspend_changes(rows: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """``unsuspend``: back in LDAP, and the ledger says that we suspended it."""
    ours = ledger.loc[ledger["suspended"], "user_id"]
    ours_again = (rows["id"].isin(ours) & rows["suspended"].eq(True)).fillna(False).astype("bool")
    back = rows[ours_again]
    return plan.changes(
        "account", "unsuspend", back.assign(back=False), key="uid", moodle_id="id",
        before={"suspended": "suspended"}, after={"suspended": "back"},
    )  # fmt: skip


def suspend_changes(people: pd.DataFrame, users: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """``suspend``: accounts that LDAP once explained and no longer does; never deleted, enrolments kept.

    One whose uid LDAP gives to somebody else is left alone (COMPTE_AMBIGU).
    """
    ledger = inputs.ledger["account"]
    gone = ledger.merge(people[["population", "code"]].assign(there=True), on=["population", "code"], how="left")
    gone = gone[gone["there"].isna()].drop(columns="suspended").merge(users, left_on="user_id", right_on="id")
    left_alone = {*untouchable(inputs), *people["uid"]}
    managed = (gone["auth"] == inputs.settings.auth) & ~gone["username"].isin(left_alone)
    return plan.changes(
        "account", "suspend", gone[managed & ~gone["suspended"]].assign(gone=True), key="username", moodle_id="id",
        before={"suspended": "suspended"}, after={"suspended": "gone"},
    )  # fmt: skip


def links(matched: pd.DataFrame) -> pd.DataFrame:
    """What the ledger learns of accounts that are certain: user_id, population, code, suspended (unchanged)."""
    known = matched[matched["id"].notna()]
    return pd.DataFrame(
        {"user_id": known["id"].astype("int64"), "population": known["population"], "code": known["code"]}
    )
