"""Frames of declared columns. A shape is column → type («str», «Int64», «bool»…), in the order of the columns.

``frame.astype`` of several columns copies and puts together all of them, even where nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

Shape = Mapping[str, Any]


def none(shape: Shape) -> pd.DataFrame:
    """No row of this shape."""
    return _none(tuple(shape.items())).copy(deep=False)


def cast(frame: pd.DataFrame, shape: Shape) -> pd.DataFrame:
    """``frame``, its columns that ``shape`` names of that type; what converts is what ``Series.astype`` converts.

    Raises KeyError for a column that is not there.
    """
    found = dict(frame.dtypes.items())
    other = {name: kind for name, kind in shape.items() if found[name] != _dtype(kind)}
    return frame.assign(**{name: frame[name].astype(kind) for name, kind in other.items()}) if other else frame


def shaped(frame: pd.DataFrame, shape: Shape) -> pd.DataFrame:
    """``frame`` with exactly these columns and types, on its index; what is missing is null, or false."""
    there = dict(frame.items())
    columns = {name: _column(there.get(name), kind, len(frame)) for name, kind in shape.items()}
    return pd.DataFrame(columns, index=frame.index)


def _column(values: pd.Series | None, kind: str, size: int) -> Any:
    if values is None:
        return np.zeros(size, dtype="bool") if kind == "bool" else pd.array([None] * size, dtype=kind)
    if values.dtype == _dtype(kind):
        return values.array
    return values.eq(True).fillna(False).to_numpy("bool") if kind == "bool" else values.astype(kind).array


@cache
def _none(shape: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in shape})


@cache
def _dtype(kind: Any) -> Any:
    return pd.api.types.pandas_dtype(kind)
