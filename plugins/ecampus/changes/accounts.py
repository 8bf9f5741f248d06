"""The changes of Moodle accounts, once each person is beside theirs (``rules.accounts``)."""

from __future__ import annotations

import pandas as pd

from ecampus.changes import plan
from ecampus.joins import among
from ecampus.rules import addresses
from ecampus.rules.accounts import yielding

FIELDS = {"firstname": "given_name", "lastname": "sn", "email": "wanted_mail", "idnumber": "wanted_code"}


def create_changes(rows: pd.DataFrame, auth: str) -> pd.DataFrame:
    """``create``: with the managed authentication method and so without a password.

    ``other_code``: the code of the same person in the other population.
    """
    other = rows["staff"].where(rows["population"].eq("student"), rows["student"])
    return plan.changes(
        "account", "create", rows.assign(auth=auth, other=other), key="uid", place="code", username="uid",
        role="population", after={**FIELDS, "username": "uid", "auth": "auth", "other_code": "other"},
    )  # fmt: skip


def rename_changes(rows: pd.DataFrame) -> pd.DataFrame:
    """``rename``: the username follows the directory's uid."""
    renamed = rows[~rows["new"] & rows["username"].ne(rows["wanted_uid"])]
    return plan.changes(
        "account", "rename", renamed, key="wanted_uid", moodle_id="id", place="code", username="wanted_uid",
        before={"username": "username"}, after={"username": "wanted_uid"},
    )  # fmt: skip


def update_changes(rows: pd.DataFrame, leaving: pd.DataFrame) -> pd.DataFrame:
    """``update``: only the fields that differ, so that an address is free before it is taken.

    Before all, those that left (``leaving``) give up the address that somebody has in LDAP.
    """
    known = rows[~rows["new"]]
    before, after, touched = {}, {}, pd.Series(False, index=known.index)
    work = known[["id", "wanted_uid"]].copy()
    for field, source in FIELDS.items():
        differs = known[source].notna() & known[source].ne(known[field].fillna(""))
        work[f"old_{field}"] = known[field].where(differs)
        work[f"new_{field}"] = known[source].where(differs)
        before[field], after[field] = f"old_{field}", f"new_{field}"
        touched |= differs
    work = work[touched]
    moves = work.rename(columns={"wanted_uid": "uid", "old_email": "old", "new_email": "new"})[["uid", "old", "new"]]
    given_up = freed(rows, leaving)
    return plan.in_order(
        [
            plan.changes(
                "account", "update", given_up, key="username", moodle_id="user_id", needs="needs",
                before={"email": "email"}, after={"email": "provisional"},
            ),
            plan.changes(
                "account", "update", work.loc[addresses.in_order(moves)], key="wanted_uid", moodle_id="id",
                before=before, after=after,
            ),
        ]
    )  # fmt: skip


def freed(rows: pd.DataFrame, leaving: pd.DataFrame) -> pd.DataFrame:
    """Of ``leaving``, those whose address somebody takes tonight."""
    taken = rows.loc[rows["wanted_mail"].str.lower().ne(rows["email"].str.lower()), "wanted_mail"].str.lower()
    return leaving[among(leaving["email"].str.lower(), taken.dropna())]


def unsuspend_changes(rows: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """``unsuspend``: back in LDAP, and the register says that we suspended it."""
    ours = register.loc[register["suspended"], "user_id"]
    back = rows[rows["id"].isin(ours).astype("bool") & rows["suspended"]]
    return plan.changes(
        "account", "unsuspend", back.assign(back=False), key="wanted_uid", moodle_id="id",
        before={"suspended": "suspended"}, after={"suspended": "back"},
    )  # fmt: skip


def leaving(left: pd.DataFrame) -> pd.DataFrame:
    """The accounts that gave up, or can give up, their address: those that left, suspended by us or tonight.

    Their columns, provisional (the address that they take) and needs (the suspension that comes first, or null).
    """
    rows = left[left["user_id"].isin(yielding(left))]
    tonight = plan.change_id("account", "suspend", "") + rows["username"]
    return rows.assign(provisional=addresses.provisional(rows["user_id"]), needs=tonight.where(~rows["suspended"]))


def suspend_changes(rows: pd.DataFrame) -> pd.DataFrame:
    """``suspend``: accounts that LDAP once explained and no longer does; never deleted, enrolments kept."""
    return plan.changes(
        "account", "suspend", rows[~rows["suspended"]].assign(gone=True), key="username", moodle_id="user_id",
        before={"suspended": "suspended"}, after={"suspended": "gone"},
    )  # fmt: skip
