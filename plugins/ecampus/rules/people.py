"""Who is who: LDAP's people, REFER's codes and Moodle's accounts."""

from __future__ import annotations

import pandas as pd

ACCOUNT = ["population", "code", "user_id", "username"]


def accounts(users: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """The Moodle account of each person code, suspended ones included: population, code, user_id, username.

    ``links``: the ledger's accounts (user_id, population, code). An idnumber that one account carries is that
    person's, whatever the population unless the ledger knows better; one that several carry is nobody's but the
    ledger's.
    """
    carried = users[users["idnumber"].fillna("") != ""].rename(columns={"id": "user_id", "idnumber": "carried"})
    carried = carried.assign(code=carried["carried"].str.upper())[["user_id", "username", "code"]]
    linked = carried.merge(links[["user_id", "population", "code"]], on=["user_id", "code"])
    alone = carried[~carried.duplicated("code", keep=False) & ~carried["user_id"].isin(linked["user_id"])]
    both = alone.merge(pd.DataFrame({"population": ["student", "staff"]}), how="cross")
    return pd.concat([linked, both])[ACCOUNT].drop_duplicates(["population", "code"], ignore_index=True)


def of_population(people: pd.DataFrame, population: str) -> pd.DataFrame:
    """The accounts of one population: code, user_id, username."""
    return people.loc[people["population"] == population, ["code", "user_id", "username"]]


def absent(codes: pd.Series, known: pd.Series, who: str) -> pd.DataFrame:
    """The rows of COMPTE_ABSENT: code_personne, qui."""
    missing = codes[~codes.isin(known)].drop_duplicates()
    return pd.DataFrame({"code_personne": missing.to_numpy(), "qui": who}).dropna()
