"""Moving a key: nobody is unenrolled by a rename.

Moodle applies the enrolment table at every login too, with no guard (moodle.md, enrol_database). So before a course's
idnumber or a username changes, its rows are written under the new key; after the change, the rows of the old key go.
Killed anywhere in between, nobody has lost anything and the next run finishes. The three
stand or fall together: one unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ecampus.changes import plan
from ecampus.joins import among, has

ROW = ["course_idnumber", "username", "role"]
CELLS: dict[str, Any] = {"place": "course_idnumber", "username": "username", "role": "role"}


def around(
    moves: pd.DataFrame, column: str, rows: pd.DataFrame, owned: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The changes of the enrolment table to make before and after the keys move.

    ``moves``: old, new, change_id (of the change that moves the key), unit (else that change alone). ``column``:
    course_idnumber or username. ``rows``: the table now. ``owned``: the register's enrolments and courses. Keys are
    compared without case. Rows of others are copied but never removed, and their copies stay theirs.
    """
    moving = moves.assign(old=moves["old"].str.upper(), unit=moves.get("unit", moves["change_id"]))
    moving = moving[moving["old"] != moving["new"].str.upper()].drop_duplicates("old")
    old = rows.assign(old=rows[column].str.upper()).merge(moving, on="old", validate="many_to_one")
    old = scoped(old.assign(foreign=~has(old, owned["enrolment"], ROW)), owned["course"])
    new = old.assign(**{column: old["new"]}).sort_values("foreign", kind="stable").drop_duplicates(ROW)
    new = new[~has(new, rows, ROW)].sort_index()
    before = plan.changes("enrolment", "copy_key", new, key=ROW, foreign="foreign", unit="unit", **CELLS)
    after = plan.changes(
        "enrolment", "drop_key", old[~old["foreign"]], key=ROW, unit="unit", needs="change_id", **CELLS
    )
    return before, after


def scoped(rows: pd.DataFrame, courses: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with the composante of the course that each names by the code that we gave it. ``courses``: ours."""
    codes = courses.assign(code=courses["idnumber"].str.upper()).drop_duplicates("code").set_index("code")["scope"]
    return rows.assign(composante=rows["course_idnumber"].str.upper().map(codes).astype("str"))


def strays(changes: pd.DataFrame) -> pd.Series:
    """The rows copied for a key that none of these changes moves (a mask)."""
    copied, movers = changes[changes["verb"] == "copy_key"], changes[changes["object"] != "enrolment"]
    moves = has(copied, movers, ["unit", "place"]) | has(copied, movers, ["unit", "username"])
    return pd.Series(changes.index.isin(moves.index[~moves]), index=changes.index)


def following(changes: pd.DataFrame) -> pd.Series:
    """The rows that only follow a key which another of these changes moves (a mask)."""
    movers = changes.loc[changes["object"] != "enrolment", "unit"]
    return changes["verb"].isin(["copy_key", "drop_key"]) & among(changes["unit"], movers)
