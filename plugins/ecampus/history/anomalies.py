"""The anomalies of a month: each once, with the days on which it was told; pure."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ecampus.history.tables import ANOMALIES

KEY = ["phase", "month", "code", "key", "composante", "sentence", "first_night"]


def with_night(known: pd.DataFrame, phase: str, night: date, notes: pd.DataFrame | None) -> pd.DataFrame:
    """The month once this night told ``notes`` (code, key, composante, sentence, first_night), whatever it had told.

    ``notes``: null when no run of the night tells any more.
    """
    bit = 1 << (night.day - 1)
    parts = [known.assign(days=known["days"] & ~bit)]
    if notes is not None:
        parts.append(notes.assign(phase=phase, month=f"{night:%Y-%m}", days=bit)[ANOMALIES.names].drop_duplicates())
    return _together(pd.concat([part.astype({"days": "int64"}) for part in parts if len(part)] or [known]))


def since(known: pd.DataFrame, night: date) -> pd.DataFrame:
    """The month without the days before ``night``."""
    return _together(known.assign(days=known["days"] & ~((1 << (night.day - 1)) - 1)))


def _together(rows: pd.DataFrame) -> pd.DataFrame:
    """A day is told once: the sum of these bits is their union."""
    if rows.empty:
        return rows
    summed = rows.groupby(KEY, dropna=False, as_index=False)["days"].sum()
    return summed[summed["days"] > 0].reset_index(drop=True)
