"""The plan: one row per change, complete before the first write, in the order of the writes.

Its columns are the fields of ``Change``. ``digest`` names a plan; ``apply`` takes no other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from ecampus.joins import among, slashed
from ecampus.kinds import DESTRUCTIVE, KINDS
from ecampus.shapes import none, shaped


class Change(NamedTuple):
    """One change.

    ``object``, ``verb``: a kind of ``ecampus.kinds``. ``key``: what staff call the object: code, username, «cours /
    groupe / personne»; ``name``: the name to show beside it, or ''. ``scope``: its composante, null where there is
    none (accounts).

    ``moodle_id``: the object's id when Moodle already has it. ``place``: the code of the object; of a membership its
    cohort or its group; of a row its course's idnumber. ``place_id``: Moodle's id of the cohort or the group of a
    membership; ``course_id``: of the course of a group. ``user_id``, ``username``, ``role``: whom it is about; the role
    of an account is its population. ``foreign``: a row copied for somebody else, that does not become ours.

    ``before``: what changes, as it is (JSON object): only names, places and fields of objects. ``after``: what is sent
    (JSON object). ``unit``: the ``change_id`` that stands or falls with this change: its own, or that of the key it
    moves. ``needs``: that of the change that must have succeeded first. ``held``: why it waits for an approval.
    """

    object: str
    verb: str
    key: str
    name: str
    scope: str | None
    moodle_id: int | None
    place_id: int | None
    course_id: int | None
    user_id: int | None
    place: str | None
    username: str | None
    role: str | None
    foreign: bool
    before: str | None
    after: str | None
    unit: str
    needs: str | None
    held: str | None


COLUMNS = list(Change._fields)
IDS = ["moodle_id", "place_id", "course_id", "user_id"]
TYPES = dict.fromkeys(COLUMNS, "str") | dict.fromkeys(IDS, "Int64") | {"foreign": "bool"}


def empty() -> pd.DataFrame:
    """A plan without any change."""
    return none(TYPES)


def typed(rows: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with exactly the columns and the types of a plan; what is missing is null, or false."""
    return shaped(rows, TYPES)


def change_id(object_: str, verb: str, key: str) -> str:
    """What names a change inside a plan and from one plan to the next."""
    return f"{object_}|{verb}|{key}"


def change_ids(plan: pd.DataFrame) -> pd.Series:
    """``change_id`` of every row."""
    return plan["object"] + "|" + plan["verb"] + "|" + plan["key"]


def changes(
    object_: str,
    verb: str,
    rows: pd.DataFrame,
    *,
    key: str | Sequence[str],
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
    **columns: str,
) -> pd.DataFrame:
    """One change per row of ``rows``.

    ``key``: the columns that name it. ``before`` / ``after``: field sent → column that holds it; a null value is
    left out. ``columns``: column of the plan → column that holds it (``moodle_id="id"``). The composante is taken from
    ``rows['composante']`` where there is one; without ``unit`` each change is its own.
    """
    if rows.empty:
        return empty()
    keys = [key] if isinstance(key, str) else list(key)
    made = pd.DataFrame(
        {
            "object": object_,
            "verb": KINDS[object_, verb].verb,
            "key": slashed(rows, keys),
            "name": "",
            "scope": rows.get("composante", pd.NA),
            "before": _objects(rows, before),
            "after": _objects(rows, after),
        },
        index=rows.index,
    )
    made = typed(made.assign(**{column: rows[source] for column, source in columns.items()}))
    return made.assign(unit=made["unit"].fillna(change_ids(made)))


def _objects(rows: pd.DataFrame, fields: Mapping[str, str] | None) -> pd.Series | Any:
    if fields is None:
        return pd.NA
    values = rows[list(fields.values())].astype("object")
    values = values.where(values.notna(), None)
    names = list(fields)
    return pd.Series(
        [
            json.dumps(
                {n: v for n, v in zip(names, row, strict=True) if v is not None},
                ensure_ascii=False,
                default=int,
            )
            for row in values.itertuples(index=False, name=None)
        ],
        index=rows.index,
        dtype="str",
    )


def in_order(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The parts one after the other, as one plan."""
    filled = [part for part in parts if not part.empty]
    return pd.concat(filled, ignore_index=True) if filled else empty()


def fields(column: pd.Series, names: Sequence[str]) -> pd.DataFrame:
    """These text fields of ``before`` or ``after`` as columns, on the same index; null where a change has none."""
    found = [json.loads(text) if isinstance(text, str) else {} for text in column]
    return pd.DataFrame({name: [f.get(name) for f in found] for name in names}, index=column.index).astype("str")


def rows(plan: pd.DataFrame) -> pd.DataFrame:
    """The rows of the enrolment table that these changes are about: course_idnumber, username, role."""
    return plan[["place", "username", "role"]].rename(columns={"place": "course_idnumber"})


def digest(plan: pd.DataFrame) -> str:
    """A short name of exactly these changes in this order."""
    return hashlib.sha256(pd.util.hash_pandas_object(plan, index=False).to_numpy().tobytes()).hexdigest()[:16]


def still_true(plan: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
    """The changes of ``plan`` that a fresh comparison still asks for, with the ids and values of now.

    A run that was killed resumes with these: what was done is no longer asked, what was not planned is not done, and
    what was held stays so.
    """
    kept = fresh[among(change_ids(fresh), change_ids(plan))].reset_index(drop=True)
    held = plan.loc[plan["held"].notna(), ["unit", "held"]].drop_duplicates("unit").set_index("unit")["held"]
    return kept.assign(held=kept["held"].fillna(kept["unit"].map(held).astype("str")))


def destructive_first(plan: pd.DataFrame) -> pd.DataFrame:
    """The changes that take something away, then the others; else in their order."""
    kinds = plan["object"] + "|" + plan["verb"]
    taking = kinds.isin(DESTRUCTIVE)
    return plan.iloc[(~taking).to_numpy().argsort(kind="stable")]


def counts(plan: pd.DataFrame) -> dict[str, dict[str, int]]:
    """How many changes of each verb, by object."""
    found: dict[str, dict[str, int]] = {}
    for (object_, verb), number in plan.groupby(["object", "verb"], sort=False).size().items():
        found.setdefault(str(object_), {})[str(verb)] = int(number)
    return found


def each(plan: pd.DataFrame) -> list[Change]:
    """The changes one by one."""
    return [Change(*row) for row in zip(*(_values(plan[name]) for name in COLUMNS), strict=True)]


def _values(column: pd.Series) -> list[Any]:
    known = column.notna()
    if not known.any():
        return [None] * len(column)
    return (column if known.all() else column.astype("object").where(known, None)).tolist()


class ByPlace:
    """The changes of a plan by their places, made one by one a few thousand at a time: a first night has a million."""

    CHUNK, KEPT = 2000, 16

    def __init__(self, plan: pd.DataFrame) -> None:
        @lru_cache(self.KEPT)
        def chunk(number: int) -> list[Change]:
            return each(plan.iloc[number * self.CHUNK : (number + 1) * self.CHUNK])

        self._chunk = chunk

    def __getitem__(self, place: int) -> Change:
        number, rest = divmod(place, self.CHUNK)
        return self._chunk(number)[rest]


def taken(plan: pd.DataFrame, places: Sequence[int], ids: Sequence[int | None]) -> pd.DataFrame:
    """The changes at these places, with the ids of what they created."""
    there, fresh = plan.iloc[list(places)], pd.array(list(ids), dtype="Int64")
    known = fresh.isna()
    fresh[known] = there["moodle_id"].array[known]
    return there.assign(moodle_id=fresh)


def item(change: Change) -> dict[str, Any]:
    """The change as a plain record, without what is null or false: what is noted before a call."""
    named = zip(COLUMNS, change, strict=True)
    return {name: value for name, value in named if value is not None and value is not False}


def of_items(records: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The changes that ``item`` made records of."""
    return typed(pd.DataFrame(list(records), columns=COLUMNS))
