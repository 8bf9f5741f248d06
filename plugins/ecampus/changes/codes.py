"""Codes that ours take back from whoever carries them by now, as Moodle's database compares them.

What somebody typed in one of ours is free for another the same night: ours leave it for their own code.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ecampus.joins import among, differs
from ecampus.rules.collation import same


def carried(existing: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Every code in use (``collation.same``). ``columns``: where an object carries one."""
    return same(pd.concat([existing[column] for column in columns]).dropna())


def off(rows: pd.DataFrame, code: str, columns: Sequence[str]) -> pd.Series:
    """Which objects do not carry their own ``code``; one of which it is not known is let be."""
    astray = pd.concat([differs(rows[column], rows[code]) for column in columns], axis="columns").any(axis="columns")
    return astray.astype("bool") & rows[code].notna()


def holding(rows: pd.DataFrame, codes: pd.Series, columns: Sequence[str]) -> pd.Series:
    """Which objects carry one of these codes."""
    if rows.empty or codes.empty:
        return pd.Series(False, index=rows.index)
    held = pd.concat([among(same(rows[column]), same(codes)) for column in columns], axis="columns")
    return held.any(axis="columns").astype("bool")


def stuck(
    moving: pd.DataFrame, code: str, existing: pd.DataFrame, columns: Sequence[str], leaving: Sequence[int] = ()
) -> pd.Series:
    """Which of ours cannot have their ``code``: it is that of an object that stays, or of one stuck in its turn.

    ``moving``: ours that are ``off``, with their id. ``leaving``: ids of those that give theirs up in any case.
    """
    stays = pd.Series(False, index=moving.index)
    while not stays.all():
        others = existing[~existing["id"].isin([*leaving, *moving.loc[~stays, "id"]])]
        more = ~stays & among(same(moving[code]), carried(others, columns))
        if not more.any():
            break
        stays |= more
    return stays
