"""What done changes teach the register: what is ours by them, and what no longer is (``ecampus.kinds``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from ecampus.changes import plan
from ecampus.kinds import FALSE, KINDS, NIGHT, NONE, TRUE
from ecampus.register.owned import MEMBERS, Owned, disowning, owning

OTHER = {"student": "staff", "staff": "student"}


def fold(owned: Owned, done: pd.DataFrame, night: str) -> Owned:
    """What is ours once the changes ``done`` (plan columns, with the ids of what was created) are counted in.

    Folding the same changes twice changes nothing.
    """
    folded = dict(owned)
    for object_, gained, lost in told(done, night):
        if gained is not None:
            folded[object_] = owning(object_, folded[object_], gained)
        if lost is not None:
            folded[object_] = disowning(object_, folded[object_], lost)
    return folded


def told(done: pd.DataFrame, night: str) -> Iterator[tuple[str, pd.DataFrame | None, pd.DataFrame | None]]:
    """By kind of change: the kind of object, what is ours by these changes, what no longer is (null where none is)."""
    for (object_, verb), rows in by_kind(done):
        kind = KINDS[object_, verb]
        mine = rows[~rows["foreign"]] if rows["foreign"].any() else rows
        gained = learned(kind.gains, both_codes(mine) if object_ == "account" else mine, night) if kind.gains else None
        lost = learned(kind.losses, rows, night) if kind.losses else None
        yield kind.object, gained, lost
        if lost is not None and kind.object in MEMBERS:
            members, container = MEMBERS[kind.object]
            yield members, None, lost.rename(columns={"id": container})


def by_kind(done: pd.DataFrame) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    """(object, verb) and its changes; most often they are all of one kind."""
    if done.empty:
        return
    first = done["object"].iloc[0], done["verb"].iloc[0]
    if done["object"].eq(first[0]).all() and done["verb"].eq(first[1]).all():
        yield first, done
        return
    for (object_, verb), rows in done.groupby(["object", "verb"], sort=False):
        yield (str(object_), str(verb)), rows


def both_codes(rows: pd.DataFrame) -> pd.DataFrame:
    """``rows``, and again the accounts that also carry the code of the same person in the other population."""
    other = plan.fields(rows["after"], ["other_code"])["other_code"]
    return pd.concat([rows, rows.assign(place=other, role=rows["role"].map(OTHER))[other.notna()]])


def learned(columns: Mapping[str, str], rows: pd.DataFrame, night: str) -> pd.DataFrame:
    """Columns of the register, from those of the plan or from a constant of ``ecampus.kinds``."""
    constants = {NIGHT: night, NONE: pd.NA, TRUE: True, FALSE: False}
    return pd.DataFrame(
        {name: constants[source] if source in constants else rows[source] for name, source in columns.items()},
        index=rows.index,
    )
