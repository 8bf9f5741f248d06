"""Which changes of a plan would be made, some of them being held: as the writer decides it, without writing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ecampus.changes import keys, plan
from ecampus.joins import among, has
from ecampus.register.owned import MEMBERS

REFERENCES = {"category": ("parent_code", "parent_id"), "course": ("category_code", "category_id")}
"""The field of a change that names a category by its code, and the column of the object that holds its id."""


def possible(changes: pd.DataFrame, categories: pd.Index) -> pd.DataFrame:
    """The changes that are not held and do not hang on one that is; numbered from 0.

    Put off with it: what needs it, the rows copied for its key, what goes into its category, the members of its group.
    ``categories``: the codes of those that Moodle has.
    """
    left = changes[changes["held"].isna()].reset_index(drop=True)
    while True:
        made, created = plan.change_ids(left), left[left["verb"] == "create"]
        good = left["needs"].isna() | among(left["needs"], made)
        good &= ~keys.strays(left)
        into = category_of(left)
        there = categories.union(created.loc[created["object"] == "category", "key"])
        good &= into.isna() | into.isin(there)
        for container, (members, _) in MEMBERS.items():
            homeless = left["object"].eq(members) & left["place_id"].isna()
            good &= ~homeless | has(left, created[created["object"] == container], ["course_id", "place"])
        if good.all():
            return left
        left = left[good].reset_index(drop=True)


def category_of(changes: pd.DataFrame) -> pd.Series:
    """The code of the category into which each of these changes puts its object; null for others, and at the top."""
    found = pd.Series(pd.NA, index=changes.index, dtype="str")
    for object_, (field, _) in REFERENCES.items():
        rows = changes[changes["object"] == object_]
        found[rows.index] = plan.fields(rows["after"], [field])[field]
    return found


def emptied(deleted: pd.DataFrame, seen: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Of these deletions, those of one kind, the ones that Moodle allows: a category that holds nothing by then."""
    if deleted["object"].iloc[0] != "category":
        return deleted
    courses, above = seen["courses"]["category_id"], seen["categories"].set_index("id")["parent_id"]
    allowed = []
    for place, id_ in deleted["moodle_id"].items():
        if not courses.eq(id_).any() and not above.eq(id_).any():
            above = above.drop(id_, errors="ignore")
            allowed.append(place)
    return deleted.loc[allowed]
