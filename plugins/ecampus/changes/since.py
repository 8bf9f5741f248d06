"""What a night did to each object, in sum, beside what is there now: whether somebody came after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from ecampus.changes import plan
from ecampus.joins import has

LOST = plan.TYPES | {"why": "str"}
"""Columns of what does not come back: those of the change that was done, and why."""


class Turned(NamedTuple):
    """``changes``: a plan of inverses. ``lost``: what does not come back, columns as ``LOST``."""

    changes: pd.DataFrame
    lost: pd.DataFrame


def lost(rows: pd.DataFrame, why: str) -> pd.DataFrame:
    """These changes, that nothing turns round. ``why``: a key of ``words.undoing.WHY``."""
    return plan.typed(rows).assign(why=why).astype(LOST)


def gathered(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All that does not come back, each reason of a change once."""
    filled = [part for part in parts if not part.empty]
    if not filled:
        return plan.empty().assign(why="").astype(LOST)
    rows = pd.concat(filled, ignore_index=True)
    return rows.drop_duplicates(["object", "verb", "key", "why"], ignore_index=True)


def of(done: pd.DataFrame, object_: str, *verbs: str) -> pd.DataFrame:
    """The changes of one object, of these verbs, or of any."""
    rows = done[done["object"] == object_]
    return rows[rows["verb"].isin(verbs)] if verbs else rows


def summed(done: pd.DataFrame, names: Sequence[str], whole: bool = False) -> pd.DataFrame:
    """One row an object: its last change, ``first`` (its first verb), and of each field ``was_…`` and ``left_…``.

    ``done``: changes of one kind of object, in their order. Null in both: that night said nothing of the field; what
    was empty before, or by ``whole`` after, is ''.
    """
    rows = done.reset_index(drop=True)
    was, left = plan.fields(rows["before"], names), plan.fields(rows["after"], names)
    left = left.fillna("") if whole else left
    was = was.fillna("").where(left.notna())
    by = rows["moodle_id"].astype("int64")
    was = was.groupby(by, sort=False).first().add_prefix("was_")
    left = left.groupby(by, sort=False).last().add_prefix("left_")
    first = rows.groupby(by, sort=False)["verb"].first().rename("first")
    last = rows.drop_duplicates("moodle_id", keep="last").astype({"moodle_id": "int64"})
    values = pd.concat([was, left, first], axis="columns").astype("str")
    return last.merge(values, left_on="moodle_id", right_index=True, validate="one_to_one").reset_index(drop=True)


def seen(
    done: pd.DataFrame, names: Sequence[str], now: pd.DataFrame, ours: pd.Series, whole: bool = False
) -> pd.DataFrame:
    """``summed``, newest first, with what is there: ``now_…``, and three truths.

    ``here``: it is in Moodle and ours. ``stands``: it is as that night left it, and was otherwise before. ``other``:
    somebody changed it since.
    """
    rows = summed(done, names, whole).iloc[::-1].reset_index(drop=True)
    there = now.loc[now["id"].isin(ours), ["id", *names]].drop_duplicates("id").set_index("id").add_prefix("now_")
    rows["here"] = rows["moodle_id"].isin(there.index)
    rows = rows.merge(there, left_on="moodle_id", right_index=True, how="left").reset_index(drop=True)
    as_was, as_left = (pd.Series(True, index=rows.index) for _ in range(2))
    for name in names:
        told, found = rows[f"left_{name}"].notna(), rows[f"now_{name}"].fillna("")
        as_was &= ~told | found.eq(rows[f"was_{name}"].fillna(""))
        as_left &= ~told | found.eq(rows[f"left_{name}"].fillna(""))
    return rows.assign(stands=rows["here"] & as_left & ~as_was, other=rows["here"] & ~as_left & ~as_was)


def members(done: pd.DataFrame, held: pd.DataFrame, owned: pd.DataFrame, container: str) -> pd.DataFrame:
    """One row a membership that did change in sum: its last change, with ``there`` and ``ours``.

    ``held``, ``owned``: those that there are, those that are ours (``container``, user_id).
    """
    by = ["place_id", "user_id"]
    rows = done.dropna(subset=by)
    first = rows.drop_duplicates(by).set_index(by)["verb"]
    last = rows.drop_duplicates(by, keep="last").reset_index(drop=True)
    same = last["verb"].eq(first.reindex(pd.MultiIndex.from_frame(last[by])).to_numpy())
    last = last[same.astype("bool")].reset_index(drop=True)
    pairs = [container, "user_id"]
    return last.assign(there=has(last, held, by, pairs), ours=has(last, owned, by, pairs))
