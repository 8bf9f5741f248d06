"""Rows of REFER that could not be read (``LIGNE_ILLISIBLE``): their object is frozen, what may hang on them stays.

The frame ``illisible`` of the cleaned views (absent: every row was read) has a row per row set aside: its view, and
the codes that it names, null where it names none.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ecampus.joins import has
from ecampus.rules import people

CODES = ["category", "element", "group", "student", "teacher", "etape"]
_NONE = pd.DataFrame(columns=CODES, dtype="str")
KEYS = {"categorie": "category", "element": "element", "porte": "element", "groupe": "group", "etape": "etape"}


def rows(refer: Mapping[str, pd.DataFrame], view: str) -> pd.DataFrame:
    """The codes that the unreadable rows of ``view`` name: ``CODES``, null where a row names none."""
    aside = refer.get("illisible")
    if aside is None or aside.empty:
        return _NONE
    of_view = aside["view"].str.removeprefix("refer_").eq(view)
    return aside.loc[of_view, CODES].drop_duplicates(ignore_index=True)


def codes(refer: Mapping[str, pd.DataFrame], view: str) -> pd.Series:
    """The objects of ``view`` whose row could not be read."""
    return rows(refer, view)[KEYS[view]].dropna()


def nameless(refer: Mapping[str, pd.DataFrame], view: str) -> bool:
    """Whether a row of ``view`` could not even be named: it may be that of any object."""
    return bool(rows(refer, view)[KEYS[view]].isna().any())


def members(refer: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Whom the unreadable rows may keep in which group of which element: group, element, student, foad.

    Null is any; foad is 'O' for what an IA decides (télé-enseignement), else null.
    """
    views = ["groupe", "groupe_element", "groupe_etudiant", "inscription_administrative"]
    found = pd.concat([rows(refer, view).assign(view=view) for view in views], ignore_index=True)
    foad = pd.Series(pd.NA, index=found.index, dtype="str").mask(found["view"] == "inscription_administrative", "O")
    return found.assign(foad=foad)[["view", "group", "element", "student", "foad"]].astype("str")


def places(refer: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Which groups the unreadable rows may keep in the courses of which element: group, element; null is any."""
    found = members(refer)
    return found.loc[found["view"].isin(["groupe", "groupe_element"]), ["group", "element"]].drop_duplicates()


def seats(refer: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Whom the unreadable rows may keep in the courses of which element: element, student, foad; null is any.

    A row that names its group is about the elements of that group and its students.
    """
    found = members(refer)
    if found.empty:
        return found[["element", "student", "foad"]]
    named = found[found["group"].notna()]
    elements = refer["groupe_element"].rename(columns={"code_groupe": "group", "code_element": "of_group"})
    students = refer["groupe_etudiant"].rename(columns={"code_groupe": "group", "code_etudiant": "in_group"})
    attached = named["view"].eq("groupe_element")
    there = named[~attached].merge(elements[["group", "of_group"]], on="group")
    there["element"] = there["of_group"]
    both = pd.concat([there, named[attached]], ignore_index=True)
    inside = both[both["view"] != "groupe_etudiant"].merge(students[["group", "in_group"]], on="group")
    inside["student"] = inside["in_group"]
    kept = [found[found["group"].isna()], both[both["view"] == "groupe_etudiant"], inside]
    return pd.concat(kept, ignore_index=True)[["element", "student", "foad"]].drop_duplicates().astype("str")


def of_accounts(doubts: pd.DataFrame, column: str, known: pd.DataFrame, population: str) -> pd.DataFrame:
    """``doubts`` with the username of the person whose code is in ``column``, in its place; null is any."""
    columns = [*doubts.columns.drop(column), "username"]
    if doubts.empty:
        return doubts.rename(columns={column: "username"})[columns]
    named = doubts.merge(people.of_population(known, population), left_on=column, right_on="code")
    both = pd.concat([named, doubts[doubts[column].isna()]], ignore_index=True)
    return both[columns].astype("str")


def explained(owned: pd.DataFrame, doubts: pd.DataFrame) -> pd.Series:
    """What of ours an unreadable row may explain: every code that the row names is that of ours.

    ``doubts``: text columns, all of them in ``owned``; a null there may be anything. Returns a mask of ``owned``.
    """
    found = pd.Series(False, index=owned.index)
    if doubts.empty:
        return found
    named = doubts.notna()
    for pattern, part in doubts.groupby([named[column] for column in doubts], sort=False):
        columns = [column for column, known in zip(doubts, pattern, strict=True) if known]
        if not columns:
            return pd.Series(True, index=owned.index)
        found |= has(owned, part, columns)
    return found
