"""The groups that leave: deleted, archived ``ex_``, and the archives that give up a code that is not theirs."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ecampus.changes import group_names, plan
from ecampus.changes.group_members import PAIR, PLACE
from ecampus.joins import has

HERE: dict[str, Any] = {"course_id": "course_id", "place": "code"}
NAMES = {"idnumber": "idnumber", "name": "old_name"}


def purely_ours(gone: pd.DataFrame, existing: dict[str, pd.DataFrame], owned: pd.DataFrame) -> pd.Series:
    """Which of these groups hold nobody put in by hand, nor by a plugin."""
    members = existing["group_members"]
    members = members[members["group_id"].isin(gone["id"])]
    return ~gone["id"].isin(members.loc[~has(members, owned, PAIR), "group_id"])


def in_the_way(deleted: pd.DataFrame, wanted: pd.DataFrame) -> pd.Series:
    """Groups to delete whose name or code another of the course takes, which Moodle refuses while they are there."""
    here = wanted[wanted["course_id"].isin(deleted["course_id"])].rename(columns={"code": "idnumber"})
    named, names = (
        group_names.places(groups["course_id"], groups[name])
        for groups, name in ((deleted, "old_name"), (here, "name"))
    )
    held = deleted.assign(code=deleted["idnumber"].fillna("").str.upper())
    return has(named, names, group_names.PLACE) | group_names.taken_codes(held, here)


def yielding(archives: pd.DataFrame, places: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    """Our ``archives`` that carry the code of a group that REFER wants in their course: one a code, the oldest.

    ``places``: course_id, code of the wanted ones. ``kept``: archived tonight, whose older archives wait for another
    night.
    """
    carried = group_names.taken_codes(
        archives.assign(code=archives["idnumber"].fillna("").str.upper()), places.assign(idnumber=places["code"])
    )
    return archives[carried & ~has(archives, kept, PLACE)].sort_values("id").drop_duplicates(PLACE)


def delete_changes(deleted: pd.DataFrame) -> pd.DataFrame:
    """``delete``: groups of ours that REFER no longer has there, and that nobody else uses."""
    rows = deleted.rename(columns={"scope": "composante"})
    return plan.changes(
        "group", "delete", rows, key=["key", "code"], name="old_name", moodle_id="id", **HERE, before=NAMES
    )


def archive_changes(kept: pd.DataFrame) -> pd.DataFrame:
    """``archive``: those that hold somebody else, or are in a grouping: restrictions and submissions hang on them."""
    return _recoded("archive", kept, key="code", name="new_name")


def yield_changes(archived: pd.DataFrame) -> pd.DataFrame:
    """``rename``: archives that give up the code that somebody gave them, or that a new group has; their name stays."""
    return _recoded("rename", archived, key="new_code", name="old_name")


def _recoded(verb: str, rows: pd.DataFrame, key: str, name: str) -> pd.DataFrame:
    """These groups under ``new_code``; ``key``, ``name``: the columns of what names the change and of their name."""
    return plan.changes(
        "group", verb, rows.rename(columns={"scope": "composante"}), key=["key", key], name="old_name",
        moodle_id="id", course_id="course_id", place="new_code",
        before=NAMES, after={"idnumber": "new_code", "name": name},
    )  # fmt: skip
