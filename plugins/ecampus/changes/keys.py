"""Moving a key: nobody is unenrolled by a rename.

Moodle applies the enrolment table at every login too, with no guard (moodle.md, enrol_database). So before a course's
idnumber or a username changes, its rows are written under the new key; after the change, the rows of the old key go.
Killed anywhere in between, nobody has lost anything and the next run finishes.
"""

from __future__ import annotations

import pandas as pd

from ecampus.changes import plan

ROW = ["course_idnumber", "username", "role"]


def around(
    moves: pd.DataFrame, column: str, rows: pd.DataFrame, owned: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The changes of the enrolment table to make before and after the keys move.

    ``moves``: old, new, change_id (of the change that moves the key). ``column``: course_idnumber or username.
    ``rows``: the table now. ``owned``: the rows that are ours. Rows of others are copied but never removed, and
    their copies stay theirs.
    """
    moving = moves[moves["old"].str.upper() != moves["new"].str.upper()]
    old = rows.merge(moving, left_on=column, right_on="old")
    old = old.merge(owned[ROW].assign(ours=True), on=ROW, how="left")
    old["foreign"] = old["ours"].isna()
    new = old.assign(**{column: old["new"]})
    new = new.merge(rows.assign(there=True), on=ROW, how="left")
    new = new[new["there"].isna()].drop_duplicates(ROW)
    before = plan.changes(
        "enrolment", "carry", new, key=ROW, after={**{field: field for field in ROW}, "foreign": "foreign"}
    )
    ours = old[~old["foreign"]]
    after = plan.changes("enrolment", "clear", ours, key=ROW, before={field: field for field in ROW}, needs="change_id")
    return before, after
