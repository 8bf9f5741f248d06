"""Which Moodle account is whose: each LDAP entry beside the account that is its, with every reason to doubt it.

Matched by the register, else by idnumber, else by username if the account's idnumber is empty; anything else is left
alone (docs/rules.md, «Users»). ``owned`` is the register's accounts that still exist: user_id, population, code, and
``seen``, whether they were read with the others.
"""

from __future__ import annotations

import pandas as pd

from ecampus.joins import among, has, looked_up
from ecampus.rules.people import UidForms, by_form
from ecampus.shapes import cast

PERSON = ["population", "code"]
SEEN = ["username", "idnumber", "auth", "firstname", "lastname", "email", "suspended"]


def identities(people: pd.DataFrame, users: pd.DataFrame, owned: pd.DataFrame, refer: pd.DataFrame) -> pd.DataFrame:
    """One code per entry and population: entry, population, code, sought, uid.

    Of several codes: the register's, else one that an account carries, else one that REFER knows (``refer``:
    population, code), else the lowest. A code that an entry only carries yields to the entry that the filter of that
    population finds for it.
    """
    rows = people.loc[people["code"].notna(), ["entry", *PERSON, "sought", "uid"]]
    ours, wanted = (has(rows, known, PERSON) for known in (owned, refer))
    carried = among(rows["code"], users["idnumber"].str.upper())
    rows = rows.assign(ours=~ours, carried=~carried, wanted=~wanted)
    rows = rows.sort_values(["entry", "population", "ours", "carried", "wanted", "code"])
    rows = rows.drop_duplicates(["entry", "population"])
    only_carried = ~rows["sought"] & has(rows, rows[rows["sought"]], PERSON)
    return rows.loc[~only_carried, ["entry", *PERSON, "sought", "uid"]].reset_index(drop=True)


def candidates(who: pd.DataFrame, users: pd.DataFrame, owned: pd.DataFrame, forms: UidForms) -> pd.DataFrame:
    """The accounts that may be an identity's (``who``: as ``identities``): its columns and id.

    By the register; by the idnumber of an account that the register does not know, unless its login has the form of
    the other population; by the idnumber and the login together.
    """
    linked = who.merge(owned[["user_id", *PERSON]], on=PERSON).rename(columns={"user_id": "id"})
    linked = linked[linked["id"].isin(users["id"])]
    carried = users.loc[users["idnumber"].notna(), ["id", "username", "idnumber"]]
    carried = carried.assign(code=carried["idnumber"].str.upper(), form=by_form(carried["username"], forms))
    found = who.merge(carried, on="code")
    exact = found["username"].eq(found["uid"])
    of_it = found["form"].eq(found["population"])
    shared = who.loc[who.duplicated("code", keep=False) & ~who.duplicated(PERSON, keep=False), "code"]
    free = ~found["id"].isin(owned["user_id"]) & (of_it | (found["form"].isna() & ~among(found["code"], shared)))
    columns = [*who.columns, "id"]
    return pd.concat([linked[columns], found.loc[exact | free, columns]]).drop_duplicates(ignore_index=True)


def entries(
    people: pd.DataFrame, who: pd.DataFrame, found: pd.DataFrame, users: pd.DataFrame, owned: pd.DataFrame
) -> pd.DataFrame:
    """One row per entry: what it says, its codes (student, staff), its account (null: to be created), the doubts.

    entry, uid, sn, given_name, mail, unreadable, student, staff, code and population (what Moodle's idnumber is when
    it has none), id, username… of the account, doubt (a reason in French, null when certain).
    """
    rows = people.drop_duplicates("entry").set_index("entry")
    rows = rows[["uid", "sn", "given_name", "mail", "unreadable"]].sort_index()
    sure = found[found["sought"] | ~among(found["entry"], found.loc[found["sought"], "entry"])]
    several = sure.groupby("entry")["id"].nunique().gt(1).reindex(rows.index, fill_value=False)
    rows["id"] = sure.drop_duplicates("entry").set_index("entry")["id"].reindex(rows.index).astype("Int64")

    by_name = users.drop_duplicates("username").set_index("username")
    rows["named"] = looked_up(rows["uid"], by_name["id"]).astype("Int64")
    blank = users.loc[users["idnumber"].isna() & ~users["id"].isin(owned["user_id"]), "id"]
    free = rows["id"].isna() & rows["named"].isin(blank).astype("bool")
    rows["id"] = rows["id"].mask(free, rows["named"])

    mine = _kept(who, found, rows["id"])
    for population in ("student", "staff"):
        codes = mine[mine["population"] == population].set_index("entry")["code"]
        rows[population] = codes.reindex(rows.index).astype("str")
    first = mine.sort_values(["entry", "sought", "population"], ascending=[True, False, False])
    first = first.drop_duplicates("entry").set_index("entry")
    for column in PERSON:
        rows[column] = first[column].reindex(rows.index).astype("str")

    account = users.drop_duplicates("id").set_index("id")
    for column in SEEN:
        rows[column] = rows["id"].map(account[column])
    rows = cast(rows, dict.fromkeys(SEEN[:-1], "str"))
    rows["suspended"] = rows["suspended"].eq(True).fillna(False).astype("bool")
    rows["doubt"] = _doubt(rows, mine, several, owned)
    return rows.reset_index()


def _kept(who: pd.DataFrame, found: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """``who`` and id, less the codes that an entry only carries while another account has them."""
    mine = who.assign(id=looked_up(who["entry"], ids))
    elsewhere = found.assign(mine=looked_up(found["entry"], ids))
    elsewhere = elsewhere[~elsewhere["sought"] & elsewhere["id"].ne(elsewhere["mine"]).fillna(True).astype("bool")]
    return mine[~has(mine, elsewhere, ["entry", "population"])]


def _doubt(rows: pd.DataFrame, mine: pd.DataFrame, several: pd.Series, owned: pd.DataFrame) -> pd.Series:
    named, id_ = rows["named"], rows["id"]
    recycled = named.notna() & named.ne(id_).fillna(True).astype("bool")
    twice = id_.notna() & rows.duplicated("id", keep=False)
    twice |= rows["uid"].notna() & rows.duplicated("uid", keep=False)
    twice |= rows.index.isin(mine.loc[mine.duplicated(PERSON, keep=False), "entry"])
    unseen = mine.merge(owned.loc[~owned["seen"], PERSON], on=PERSON)["entry"]
    doubt = pd.Series(pd.NA, index=rows.index, dtype="str")
    for mask, words in (
        (rows.index.isin(unseen), "son compte n'est plus lu avec les autres"),
        (recycled, "son identifiant est déjà porté par le compte d'une autre personne"),
        (rows.index.isin(_changed(rows, mine, owned)), "son code n'est plus celui qui est connu pour ce compte"),
        (several, "plusieurs comptes portent ce code"),
        (twice, "deux fiches de l'annuaire se disputent ce compte"),
    ):
        doubt = doubt.mask(mask, words)
    return doubt


def _changed(rows: pd.DataFrame, mine: pd.DataFrame, owned: pd.DataFrame) -> pd.Series:
    """The entries whose code is no longer the register's, unless somebody gave it to the account on ecampus."""
    known = owned[["user_id", *PERSON]].rename(columns={"user_id": "id", "code": "known"})
    beside = mine[mine["id"].notna()].astype({"id": "int64"}).merge(known, on=["id", "population"])
    there = rows[["username", "idnumber"]].reindex(beside["entry"])
    given = there["username"].to_numpy() == beside["uid"].to_numpy()
    given &= there["idnumber"].str.upper().to_numpy() == beside["code"].to_numpy()
    return beside.loc[(beside["known"] != beside["code"]) & ~given, "entry"]
