"""The plan: one row per change, complete before the first write.

Columns (all text but those said otherwise)
    object, verb  a kind of ``ecampus.kinds``
    key       what staff call the object: code, username, «cours / groupe / personne»
    name      the name to show beside the key, or ''
    scope     composante; null where there is none (accounts)
    moodle_id the object's id when Moodle already has it (Int64)
    place     the code of the object; of a membership its cohort or its group; of a row its course's idnumber
    place_id  Moodle's id of the cohort or the group of a membership (Int64)
    course_id Moodle's id of the course of a group (Int64)
    user_id, username, role   whom it is about (user_id Int64); the role of an account is its population
    foreign   a row copied for somebody else: it does not become ours (bool)
    before    what changes, as it is (JSON object): only names, places and fields of objects
    after     what is sent (JSON object)
    unit      the ``change_id`` that stands or falls with this change: its own, or that of the key it moves
    needs     the ``change_id`` of the change that must have succeeded first, or null
    held      why this change waits for an approval, or null

Rows are in the order of the writes. ``digest`` names a plan; ``apply`` takes no other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ecampus.joins import among, slashed
from ecampus.kinds import KINDS

IDS = ["moodle_id", "place_id", "course_id", "user_id"]
TEXTS = ["place", "username", "role"]
COLUMNS = [
    "object", "verb", "key", "name", "scope", *IDS, *TEXTS, "foreign", "before", "after", "unit", "needs", "held",
]  # fmt: skip
TYPES = dict.fromkeys(COLUMNS, "str") | dict.fromkeys(IDS, "Int64") | {"foreign": "bool"}
_EMPTY = pd.DataFrame(columns=COLUMNS).astype(TYPES)


def empty() -> pd.DataFrame:
    """A plan without any change."""
    return _EMPTY.copy()


def typed(rows: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with exactly the columns and the types of a plan; what is missing is null, or false."""
    whole = rows.reindex(columns=COLUMNS)
    return whole.assign(foreign=whole["foreign"].eq(True)).astype(TYPES)


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

    A run that was killed resumes with these: what was done is no longer asked, what was not planned is not done.
    """
    return fresh[among(change_ids(fresh), change_ids(plan))].reset_index(drop=True)


def counts(plan: pd.DataFrame) -> dict[str, dict[str, int]]:
    """How many changes of each verb, by object."""
    found: dict[str, dict[str, int]] = {}
    for (object_, verb), number in plan.groupby(["object", "verb"], sort=False).size().items():
        found.setdefault(str(object_), {})[str(verb)] = int(number)
    return found


def items(plan: pd.DataFrame) -> list[dict[str, Any]]:
    """The changes as plain records, without what is null or false: what is noted before a call."""
    values = zip(*(plan[name].tolist() for name in plan), strict=True)
    return [{name: value for name, value in zip(plan, row, strict=True) if _told(value)} for row in values]


def _told(value: Any) -> bool:
    return value is not None and value is not False and value is not pd.NA and value == value


def of_items(records: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The changes that ``items`` made records of."""
    return typed(pd.DataFrame(list(records), columns=COLUMNS))
