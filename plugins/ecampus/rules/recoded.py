"""A code that changed: what vanishes beside something new that resembles it (docs/rules.md, «A code that changed»).

Pure likeness. It is only ever proposed: people say whether the two are one.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

import pandas as pd

from ecampus.joins import among, has, joined, looked_up
from ecampus.rules import text
from ecampus.rules.accounts import IDNUMBER
from ecampus.rules.collation import key, same
from ecampus.rules.matching import PERSON

NEAR = 0.8
"""Of ``SequenceMatcher.ratio``: labels from here on are nearly the same."""
NUMBER = re.compile(r"\d+|\b[ivx]+\b")
PAIR = ["old", "new"]


def elements(
    old: pd.DataFrame, new: pd.DataFrame, had: pd.DataFrame, has_now: pd.DataFrame, apart: pd.Series
) -> pd.DataFrame:
    """The pairs old, new that resemble each other and nothing else: one to one.

    ``old``, ``new``: element, label, category_code, once each. ``had``, ``has_now``: element, group. ``apart``: the
    pairs of which people said that they are two, as «old/new». Alike, in one category: the same label, nearly the same,
    or at least half of the groups that the old one had. Who has the same label resembles nobody else. With two
    candidates there is none.
    """
    mine, theirs = (rows.rename(columns={"element": name, "label": f"{name}_label"})
                    for name, rows in (("old", old), ("new", new)))  # fmt: skip
    rows = joined(mine, theirs, ["category_code"])
    rows = rows[~among(rows["old"] + "/" + rows["new"], apart)]
    equal = same(rows["old_label"]).eq(same(rows["new_label"]))
    near = [nearly(*labels) for labels in zip(rows["old_label"], rows["new_label"], strict=True)]
    alike = equal | pd.Series(near, index=rows.index, dtype="bool") | shares(rows, had, has_now)
    named = among(rows["old"], rows.loc[equal, "old"]) | among(rows["new"], rows.loc[equal, "new"])
    rows = rows.loc[alike & (equal | ~named), PAIR]
    return rows[~rows.duplicated("old", keep=False) & ~rows.duplicated("new", keep=False)].reset_index(drop=True)


def nearly(left: str, right: str) -> bool:
    """Whether two labels are nearly the same: «Algèbre 1» and «Algèbre 2» are not, whatever they have in common."""
    left, right = key(left), key(right)
    if NUMBER.findall(left) != NUMBER.findall(right):
        return False
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.real_quick_ratio() >= NEAR and matcher.quick_ratio() >= NEAR and matcher.ratio() >= NEAR


def shares(pairs: pd.DataFrame, had: pd.DataFrame, has_now: pd.DataFrame) -> pd.Series:
    """Whether the new one of each pair has at least half of the groups of the old one, those that nothing else has.

    A group of a whole year is attached to all its elements, and tells none of them apart.
    """
    own = has_now[~has_now.duplicated("group", keep=False)]
    both = had.merge(own, on="group", suffixes=("", "_now")).rename(columns={"element": "old", "element_now": "new"})
    common = both.groupby(PAIR).size()
    found = pd.Series(list(zip(pairs["old"], pairs["new"], strict=True)), index=pairs.index).map(common).fillna(0)
    total = looked_up(pairs["old"], had.groupby("element").size()).fillna(0)
    return (found.gt(0) & (found * 2 >= total)).astype("bool")


def people(
    entries: pd.DataFrame, users: pd.DataFrame, owned: pd.DataFrame, known: pd.DataFrame, auth: str
) -> pd.DataFrame:
    """The accounts of ours whose person may have another code by now: uid, user_id, population, old, new, idnumber.

    Same login, same names; exactly one of its codes is another one; the old one is nowhere any more, the new one is
    nobody else's. ``entries``: as ``accounts.judged`` gives them. ``owned``: the register's accounts that Moodle has.
    ``known``: population, code of everybody whom LDAP or REFER names. ``idnumber``: the one to have.
    """
    rows = entries[entries["verdict"].eq("AMBIGU") & entries["named"].notna()]
    rows = rows[~rows.duplicated("uid", keep=False)].rename(columns={"named": "user_id"})
    rows = rows[["uid", "user_id", "sn", "given_name", "student", "staff"]].astype({"user_id": "int64"})
    columns = ["id", "firstname", "lastname", "idnumber", "auth"]
    beside = users.drop_duplicates("id")[columns].rename(columns={"id": "user_id"})
    rows = rows.merge(beside, on="user_id", validate="many_to_one")
    agree = same(rows["firstname"]).eq(same(rows["given_name"])) & same(rows["lastname"]).eq(same(rows["sn"]))
    rows = rows[agree & rows["auth"].eq(auth)].reset_index(drop=True)
    changed = _changed(rows, owned)
    changed = changed[~has(changed, known, PERSON, PERSON)].rename(columns={"code": "old"})
    taken = pd.concat([owned[PERSON], entries_codes(entries[~entries["uid"].isin(changed["uid"])])])
    carried = users.loc[~users["id"].isin(changed["user_id"]), "idnumber"].str.upper()
    free = ~has(changed, taken, ["population", "new"], PERSON) & ~among(changed["new"], carried.dropna())
    changed = changed[free & ~changed.duplicated(["population", "new"], keep=False)]
    other = changed["staff"].where(changed["population"].eq("student"), changed["student"])
    stays = changed["idnumber"].str.upper().eq(other) & other.notna()
    columns = ["uid", "user_id", "population", "old", "new", "idnumber"]
    return changed.assign(idnumber=changed["new"].mask(stays, changed["idnumber"]))[columns].reset_index(drop=True)


def _changed(rows: pd.DataFrame, owned: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with population, code (the register's) and new, where one code is another and none is missing."""
    codes = entries_codes(rows, ["user_id"]).rename(columns={"code": "new"})
    mine = owned.loc[owned["user_id"].isin(rows["user_id"]), ["user_id", *PERSON]]
    mine = mine.merge(codes, on=["user_id", "population"], how="left")
    other = mine["new"].ne(mine["code"])
    doubtful = mine.loc[mine["new"].isna() | (mine["new"].str.len() > IDNUMBER), "user_id"]
    once = mine[other & ~mine["user_id"].isin(doubtful)]
    once = once[~once.duplicated("user_id", keep=False)]
    return once.merge(rows, on="user_id", validate="one_to_one")


def entries_codes(entries: pd.DataFrame, columns: tuple[str, ...] | list[str] = ()) -> pd.DataFrame:
    """Each code of each entry: ``columns``, population, code."""
    parts = [entries[[*columns, population]].rename(columns={population: "code"}).assign(population=population)
             for population in ("student", "staff")]  # fmt: skip
    return pd.concat(parts, ignore_index=True).dropna(subset="code").astype({"population": "str", "code": "str"})


def label(fullnames: pd.Series, codes: pd.Series) -> pd.Series:
    """The label inside ``CODE - libellé`` or ``CODE-FOAD - libellé (FOAD)``."""
    bare = [name.removeprefix(f"{code} - ") for name, code in zip(fullnames, codes, strict=True)]
    return pd.Series(bare, index=fullnames.index, dtype="str").str.removesuffix(text.FOAD_LABEL)
