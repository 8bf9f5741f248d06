"""What the register learns of accounts without any write."""

from __future__ import annotations

import pandas as pd

from ecampus.changes.accounts import freed, leaving
from ecampus.joins import differs
from ecampus.rules import addresses
from ecampus.rules.accounts import LEFT_ALONE

FROZEN = ["AMBIGU", "NON_LU"]
LINK = ["user_id", "population"]
LEARNED = ["code", "address", "frozen", "created", "since"]


def learned(
    entries: pd.DataFrame, left: pd.DataFrame, owned: pd.DataFrame, users: pd.DataFrame, night: str
) -> pd.DataFrame:
    """What the register did not know: user_id, population, code, address, frozen, created, since.

    The codes of accounts that are certain; the address that an account gives up, none once it has one again; which
    accounts are frozen: nothing of a person moves as long as their account is uncertain.

    ``entries``, ``left``: as ``rules.accounts.judged`` gives them. ``owned``: the register's accounts.
    """
    certain = entries[~entries["verdict"].isin(LEFT_ALONE) & ~entries["new"]]
    rows = linked(certain).merge(owned[[*LINK, *LEARNED]], on=LINK, how="outer", suffixes=("_now", ""))
    moment = users.reindex(columns=["id", "created"]).drop_duplicates("id").set_index("id")["created"]
    fresh = rows.assign(
        code=rows["code_now"].fillna(rows["code"]),
        address=given_up(rows, certain, freed(entries[entries["usable"]], leaving(left))),
        frozen=rows["user_id"].isin(left.loc[left["verdict"].isin(FROZEN), "user_id"]),
        created=rows["created"].fillna(rows["user_id"].map(moment).astype("Int64")),
        since=rows["since"].fillna(night),
    )
    rows["frozen"] = rows["frozen"].eq(True)
    news = pd.concat([differs(fresh[column], rows[column]) for column in LEARNED], axis="columns").any(axis="columns")
    gone = rows["user_id"].isin(left.loc[left["verdict"].eq("DISPARU"), "user_id"])
    return fresh.loc[news & ~gone, [*LINK, *LEARNED]].reset_index(drop=True)


def linked(certain: pd.DataFrame) -> pd.DataFrame:
    """The codes of these accounts: user_id, population, code."""
    ids = certain["id"].astype("int64")
    parts = [
        pd.DataFrame({"user_id": ids, "population": population, "code": certain[population]})
        for population in ("student", "staff")
    ]
    return pd.concat(parts).dropna(subset="code").astype({"population": "str"})


def given_up(rows: pd.DataFrame, certain: pd.DataFrame, freed: pd.DataFrame) -> pd.Series:
    """The address that each account gave up and does not have again."""
    own = pd.Series(certain["email"].to_numpy(), index=certain["id"].astype("int64"), dtype="str")
    lent = rows["user_id"].map(own).astype("str").eq(addresses.provisional(rows["user_id"]))
    kept = rows["address"].mask(rows["user_id"].isin(certain["id"]) & ~lent)
    tonight = rows["user_id"].map(freed.set_index("user_id")["email"]).astype("str")
    return kept.fillna(tonight)
