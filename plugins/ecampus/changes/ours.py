"""What is ours among what Moodle has now: the same id, and the same moment of creation.

A Moodle that was restored from a backup hands out ids again: an object that another made since is not ours.
"""

from __future__ import annotations

import pandas as pd


def present(owned: pd.DataFrame, existing: pd.DataFrame) -> pd.DataFrame:
    """The objects of ``owned`` (id, created, and others) that ``existing`` (the same, and others) still has.

    The columns of both, once; a moment of creation that one of the two does not know proves nothing against it.
    """
    rows = owned.merge(existing, on="id", suffixes=("", "_now"))
    if "created_now" not in rows:
        return rows
    other = rows["created"].ne(rows["created_now"]).fillna(False).astype("bool")
    return rows[~other].drop(columns="created_now").reset_index(drop=True)
