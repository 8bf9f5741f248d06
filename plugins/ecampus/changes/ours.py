"""What is ours among what Moodle has now: the same id, and the same moment of creation.

A Moodle that was restored from a backup hands out ids again: an object that another made since is not ours.
"""

from __future__ import annotations

import pandas as pd

from ecampus.joins import joined


def present(owned: pd.DataFrame, existing: pd.DataFrame) -> pd.DataFrame:
    """The objects of ``owned`` (id, created, and others) that ``existing`` (the same, and others) still has.

    The columns of both, once; a moment of creation that one of the two does not know proves nothing against it.
    """
    if "created" not in existing:
        return joined(owned, existing, ["id"])
    rows = joined(owned, existing.rename(columns={"created": "created_now"}), ["id"])
    other = rows.pop("created_now").ne(rows["created"]).fillna(False).astype("bool")
    return rows[~other].reset_index(drop=True)
