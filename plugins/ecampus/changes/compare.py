"""Two comparisons that are always true or false, whatever is null."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def differs(left: pd.Series, right: pd.Series) -> pd.Series:
    """Whether two columns of one frame differ, row by row; null is a value apart, equal to itself."""
    both_null = left.isna() & right.isna()
    return ~(left.eq(right).fillna(False).astype("bool") | both_null)


def has(left: pd.DataFrame, right: pd.DataFrame, on: Sequence[str]) -> pd.Series:
    """Which rows of ``left`` stand in ``right``, compared by the columns ``on``; on the index of ``left``."""
    names = list(on)
    known = right[names].drop_duplicates()
    beside = left[names].merge(known, on=names, how="left", indicator=True, validate="many_to_one")
    return pd.Series((beside["_merge"] == "both").to_numpy(), index=left.index)
