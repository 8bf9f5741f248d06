"""The ladder of accounts: each LDAP entry, and each account of ours that none explains, keeps one verdict.

An entry: EXCLU, SANS_CODE, AMBIGU, AUTRE_AUTH, IDENTIFIANT_REFUSE, NOM_ABSENT, EMAIL_ABSENT, EMAIL_DOUBLE, else COMPTE.
The four before COMPTE are good for an account that exists (it keeps what it has), not for a new one. An account that no
entry explains: DISPARU, NON_LU, EXCLU, AUTRE_AUTH, AMBIGU, else PARTI.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ecampus.joins import among, has
from ecampus.rules import addresses, matching
from ecampus.rules.matching import PERSON, SEEN
from ecampus.rules.people import UidForms
from ecampus.rules.verdicts import first_failing
from ecampus.shapes import cast

GOOD = "COMPTE"
LEFT_ALONE = ["EXCLU", "SANS_CODE", "AMBIGU", "AUTRE_AUTH"]
GONE = "PARTI"
USERNAME = r"[-.@_a-z0-9]{1,100}"  # Moodle 4.5: PARAM_USERNAME, user.username
IDNUMBER = 255  # user.idnumber


@dataclass(frozen=True)
class Site:
    """Whose accounts are touched: of this method, by no login or id named here; what a login's form tells."""

    auth: str
    excluded: frozenset[str]
    forms: UidForms


def judged(
    people: pd.DataFrame,
    users: pd.DataFrame,
    owned: pd.DataFrame,
    gone: pd.Series,
    refer: pd.DataFrame,
    site: Site,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every LDAP entry, and every account of ours that no entry explains, with its verdict.

    ``people``: LDAP, cleaned. ``owned``: the register's accounts. ``gone``: the ids of those that Moodle says it has
    not. ``refer``: population, code of everybody whom REFER names.

    Entries: as ``matching.entries``, and verdict, reason (of AMBIGU), new (no account yet), wanted_uid, wanted_mail,
    wanted_code, usable: what the account is to have, and whether the person is to have one.
    Accounts: user_id, username… , ours (we suspended it), address, verdict.
    """
    users = cast(users, dict.fromkeys(SEEN[:-1], "str"))
    kept = owned[~owned["user_id"].isin(gone)]
    kept = kept.assign(seen=kept["user_id"].isin(users["id"]))
    who = matching.identities(people, users, kept, refer)
    found = matching.candidates(who, users, kept[kept["seen"]], site.forms)
    rows = matching.entries(people, who, found, users, kept)
    rows = _judged_entries(rows, site)
    certain = rows.loc[~rows["verdict"].isin(["SANS_CODE", "AMBIGU"]) & rows["id"].notna(), ["entry", "id"]]
    doubtful = pd.concat([*_named(found, rows, certain["entry"]), _explained(people, owned)])
    left = owned[~owned["user_id"].isin(certain["id"])]
    accounts = _judged_accounts(left, users, gone, doubtful, rows["uid"], site)
    return _with_addresses(rows, accounts, users, owned), accounts


def _judged_entries(rows: pd.DataFrame, site: Site) -> pd.DataFrame:
    """The rungs that do not look at addresses; of those that fail none of these, EMAIL_ABSENT and COMPTE."""
    new = rows["id"].isna()
    refused = rows["uid"].str.fullmatch(USERNAME).ne(True) & rows["username"].ne(rows["uid"])
    excluded = rows["uid"].isin(site.excluded) | rows["username"].isin(site.excluded)
    blank = rows["uid"].isna() | rows["code"].isna()
    too_long = rows["code"].str.len().gt(IDNUMBER)
    rows = rows.assign(doubt=rows["doubt"].mask(too_long, "son code est trop long pour ecampus"))
    verdict = first_failing(
        {
            "EXCLU": excluded,
            "SANS_CODE": blank,
            "AMBIGU": rows["doubt"].notna(),
            "AUTRE_AUTH": ~new & rows["auth"].ne(site.auth),
            "IDENTIFIANT_REFUSE": refused,
            "NOM_ABSENT": rows["sn"].isna() | rows["given_name"].isna(),
            "EMAIL_ABSENT": ~addresses.accepted(rows["mail"]),
        },
        GOOD,
    )
    blocked = verdict.isin(LEFT_ALONE) | (new & verdict.ne(GOOD))
    return rows.assign(
        verdict=verdict,
        reason=rows["doubt"].mask(blank, "sa fiche n'a pas de code ou d'identifiant"),
        new=new,
        usable=~blocked,
        wanted_uid=rows["uid"].mask(refused, rows["username"]),
    )


def _named(found: pd.DataFrame, rows: pd.DataFrame, certain: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The ids of the accounts that an uncertain entry names, by a code or by its login."""
    named = rows.loc[rows["named"].notna() & ~among(rows["entry"], certain), "named"]
    return found.loc[~among(found["entry"], certain), "id"], named.astype("int64")


def _explained(people: pd.DataFrame, owned: pd.DataFrame) -> pd.Series:
    """The ids of the accounts of which LDAP still has the person, whoever its account is by now."""
    return owned.loc[has(owned, people[people["sought"]], PERSON), "user_id"]


def _judged_accounts(
    left: pd.DataFrame, users: pd.DataFrame, gone: pd.Series, doubtful: pd.Series, uids: pd.Series, site: Site
) -> pd.DataFrame:
    """The accounts of ours that no certain entry has. One that an uncertain entry may have is AMBIGU: nothing moves."""
    left = left.groupby("user_id", as_index=False).agg({"suspended": "any", "address": "first"})
    left = cast(left.rename(columns={"suspended": "ours"}), {"ours": "bool", "address": "str"})
    known = users.drop_duplicates("id").rename(columns={"id": "user_id"})[["user_id", *SEEN]]
    left = left.merge(known, how="left", on="user_id")
    left["suspended"] = left["suspended"].eq(True).fillna(False).astype("bool")
    verdict = first_failing(
        {
            "DISPARU": left["user_id"].isin(gone),
            "NON_LU": ~left["user_id"].isin(users["id"]),
            "EXCLU": left["username"].isin(site.excluded),
            "AUTRE_AUTH": left["auth"].ne(site.auth),
            "AMBIGU": left["user_id"].isin(doubtful) | among(left["username"], uids),
        },
        GONE,
    )
    return left.assign(verdict=verdict)


def _with_addresses(
    rows: pd.DataFrame, accounts: pd.DataFrame, users: pd.DataFrame, owned: pd.DataFrame
) -> pd.DataFrame:
    """EMAIL_DOUBLE, wanted_mail and wanted_code.

    Without an address in LDAP, an account that gave its own up has it back if nobody took it.
    """
    given_up = owned.dropna(subset="address").drop_duplicates("user_id").set_index("user_id")["address"]
    mail = rows["mail"].where(addresses.accepted(rows["mail"]))
    lent = rows["email"].eq(addresses.provisional(rows["id"]))
    mail = mail.mask(mail.isna() & lent, rows["id"].map(given_up))
    claims = rows.assign(mail=mail)[rows["usable"] & mail.notna()]
    refused = addresses.disputes(claims, users[["id", "email"]], yielding(accounts))
    double = refused.reindex(rows.index, fill_value=False)
    verdict = rows["verdict"].mask(double & rows["verdict"].eq(GOOD), "EMAIL_DOUBLE")
    return rows.assign(
        verdict=verdict,
        usable=rows["usable"] & ~(double & rows["new"]),
        wanted_mail=mail.mask(double, rows["email"]).fillna(rows["email"]),
        wanted_code=_idnumbers(rows, owned),
    )


def yielding(accounts: pd.DataFrame) -> pd.Series:
    """The ids of those that left and that we suspended, or suspend tonight: they give their address up."""
    ours = accounts["ours"] | ~accounts["suspended"]
    return accounts.loc[accounts["verdict"].eq(GONE) & ours, "user_id"]


def _idnumbers(rows: pd.DataFrame, owned: pd.DataFrame) -> pd.Series:
    """The idnumber that stays when it is one of the person's codes, else the person's code.

    Moodle shows an idnumber 0 as an empty one.
    """
    known = has(rows, owned, ["id", "idnumber"], ["user_id", "code"])
    stays = known | rows["idnumber"].eq(rows["student"]) | rows["idnumber"].eq(rows["staff"])
    stays |= rows["idnumber"].isna() & rows["code"].eq("0") & ~rows["new"]
    return rows["code"].mask(stays, rows["idnumber"])
