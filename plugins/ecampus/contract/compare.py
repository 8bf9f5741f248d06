"""Comparisons that know nulls: a mask of a frame never holds NA."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def differs(left: pd.Series, right: Any) -> pd.Series:
    """Where ``left`` is not ``right`` (a series of the same index, or one value): null is null, and no value is null.

    Always of dtype bool. Raises ValueError for two indexes.
    """
    right = (
        right if isinstance(right, pd.Series) else pd.Series([right] * len(left), index=left.index, dtype=left.dtype)
    )
    if not left.index.equals(right.index):
        raise ValueError("two columns of different rows cannot be compared")
    nothing, nothing_there = left.isna().to_numpy(), right.isna().to_numpy()
    unlike = (left != right).to_numpy(dtype="bool", na_value=True)
    found = np.where(nothing | nothing_there, nothing != nothing_there, unlike)
    return pd.Series(found, index=left.index)


def only(frame: pd.DataFrame, mask: pd.Series) -> pd.DataFrame:
    """The rows of ``frame`` where ``mask`` holds. Raises TypeError unless the mask is of dtype bool, without NA."""
    if mask.dtype != "bool":
        raise TypeError(f"a mask must be of dtype bool, this one is {mask.dtype}: compare with differs()")
    return frame.loc[mask]
