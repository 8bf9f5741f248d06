"""Rows of one frame beside those of another. Every distinct value is looked at once: a number stands for it.

Null is a value apart, equal to itself. Masks are always of booleans, whatever is null.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.extensions import take
from pandas.api.types import is_integer_dtype

TEXT = pd.StringDtype(na_value=np.nan)
LARGEST = 2**62
LARGEST_ID = 2**31


def differs(left: pd.Series, right: pd.Series) -> pd.Series:
    """Whether two columns of one frame differ, row by row."""
    both_null = left.isna() & right.isna()
    return ~(left.eq(right).fillna(False).astype("bool") | both_null)


def numbered(*tables: Sequence[pd.Series]) -> list[np.ndarray]:
    """One number (int64) for each row of each table, equal where the rows are, column by column in their order."""
    lengths = [len(table[0]) for table in tables]
    packed, size = np.zeros(sum(lengths), dtype="int64"), 1
    for column in zip(*tables, strict=True):
        codes, many = _codes(pd.concat(column, ignore_index=True) if len(column) > 1 else column[0])
        if size * many > LARGEST:
            packed, known = pd.factorize(packed)
            size = len(known)
        packed, size = packed * many + codes, size * many
    return np.split(packed, np.cumsum(lengths)[:-1])


def columns(frame: pd.DataFrame, names: Sequence[str]) -> list[pd.Series]:
    """These columns, one by one: pandas looks up a list of names many times as slowly."""
    return [frame[name] for name in names]


def _codes(values: pd.Series) -> tuple[np.ndarray, int]:
    """A number from 0 for each value, 0 for null, and how many numbers that takes. Ids are numbers already."""
    if is_integer_dtype(values.dtype) and values.notna().any():
        low, high = int(values.min()), int(values.max())
        if high - low < LARGEST_ID:
            return (values - low + 1).fillna(0).to_numpy("int64"), high - low + 2
    codes, distinct = pd.factorize(values)
    return codes + 1, len(distinct) + 1


def within(mine: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Which of these ``numbered`` are among those."""
    return pd.Series(mine).isin(theirs).to_numpy()


def has(left: pd.DataFrame, right: pd.DataFrame, on: Sequence[str], right_on: Sequence[str] | None = None) -> pd.Series:
    """Which rows of ``left`` stand in ``right``, compared by the columns ``on``; on the index of ``left``."""
    return _among(columns(left, on), columns(right, right_on or on))


def once(rows: pd.DataFrame, on: Sequence[str]) -> pd.DataFrame:
    """The first of the rows that have the same ``on``; on the index of ``rows``."""
    mine = rows[on[0]] if len(on) == 1 else pd.Series(numbered(columns(rows, on))[0])
    return rows[~mine.duplicated().to_numpy()]


def slashed(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """What these columns hold as one text: «L1MAT101 / 22100123»."""
    text = rows[columns[0]].astype("str")
    for column in columns[1:]:
        text = text + " / " + rows[column].astype("str")
    return text


def among(values: pd.Series, known: pd.Series | pd.Index) -> pd.Series:
    """Which of ``values`` are in ``known``; on the index of ``values``."""
    return _among([values], [known.to_series() if isinstance(known, pd.Index) else known])


def _among(left: Sequence[pd.Series], right: Sequence[pd.Series]) -> pd.Series:
    if left[0].empty or right[0].empty:
        return pd.Series(False, index=left[0].index)
    if len(left) == 1 and left[0].dtype == right[0].dtype == TEXT:
        mine, theirs = (pa.array(column.array) for column in (left[0], right[0]))
        return pd.Series(pc.is_in(mine, value_set=theirs).to_numpy(zero_copy_only=False), index=left[0].index)
    mine, theirs = numbered(left, right)
    return pd.Series(within(mine, theirs), index=left[0].index)


def looked_up(keys: pd.Series, table: pd.Series) -> pd.Series:
    """What ``table``, whose index has no double, says of each key; null where it has none. On the index of ``keys``."""
    places, distinct = pd.factorize(keys)
    found = table.reindex(pd.Index(distinct))
    return pd.Series(take(found.array, places, allow_fill=True), index=keys.index)


def beside(left: pd.DataFrame, right: pd.DataFrame, on: Sequence[str]) -> pd.DataFrame:
    """``left``, each row with the other columns of the row of ``right`` that has the same ``on``, null without any.

    On the index of ``left``. Raises ValueError when ``right`` has two rows for one.
    """
    mine, theirs = numbered(columns(left, on), columns(right, on))
    known = pd.Index(theirs)
    if not known.is_unique:
        raise ValueError(f"{list(on)}: several rows for one")
    places = known.get_indexer(pd.Index(mine))
    return pd.DataFrame({**dict(left.items()), **_taken(right, on, places, left.index)})


def joined(left: pd.DataFrame, right: pd.DataFrame, on: Sequence[str]) -> pd.DataFrame:
    """Every row of ``left`` with every row of ``right`` that has the same ``on``: ``left``'s order, a new index."""
    mine, theirs = numbered(columns(left, on), columns(right, on))
    first, second = _pairs(mine, theirs)
    index = pd.RangeIndex(len(first))
    return pd.DataFrame({**_taken(left, [], first, index), **_taken(right, on, second, index)}, index=index)


def _pairs(mine: np.ndarray, theirs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The places of equal numbers, left by left; those of one left in the order of the right."""
    codes, distinct = pd.factorize(np.concatenate([theirs, mine]))
    theirs, mine = codes[: len(theirs)], codes[len(theirs) :]
    each = np.bincount(theirs, minlength=len(distinct))
    many, first = each[mine], (each.cumsum() - each)[mine]
    start = np.repeat(first - (many.cumsum() - many), many)
    return np.repeat(np.arange(len(mine)), many), theirs.argsort(kind="stable")[start + np.arange(len(start))]


def _taken(frame: pd.DataFrame, without: Sequence[str], places: np.ndarray, index: pd.Index) -> dict[str, pd.Series]:
    """The rows at these places, null for -1, column by column, on this index."""
    kept = {name: column for name, column in frame.items() if name not in without}
    found = {name: take(column.array, places, allow_fill=True) for name, column in kept.items()}
    return {name: pd.Series(values, index=index, dtype="object" if kept[name].dtype == "object" else None)
            for name, values in found.items()}  # fmt: skip
