"""The plan: one row per change, complete before the first write.

Columns
    object    account, cohort, cohort_member, category, course, group, group_member, enrolment
    verb      see ``VERBS``
    key       what staff call the object: code, username, «cours / groupe / personne»
    name      the name to show beside the key, or ''
    scope     composante, or null
    moodle_id the object's id when Moodle already has it
    before    what changes, as it is (JSON object), null for a creation
    after     what is sent (JSON object), null for a removal
    needs     ``change_id`` of the change that must have succeeded first, or null
    held      why this change waits for an approval, or null

Rows are in the order of the writes. ``digest`` names a plan; ``apply`` takes no other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

COLUMNS = ["object", "verb", "key", "name", "scope", "moodle_id", "before", "after", "needs", "held"]
VERBS = [
    "create", "rename", "move", "update", "restore", "archive", "delete",
    "suspend", "unsuspend", "carry", "clear", "enrol", "unenrol", "add", "remove",
]  # fmt: skip
TYPES = dict.fromkeys(COLUMNS, "str") | {"moodle_id": "Int64"}
_EMPTY = pd.DataFrame(columns=COLUMNS).astype(TYPES)


def empty() -> pd.DataFrame:
    """A plan without any change."""
    return _EMPTY.copy()


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
    name: str | None = None,
    moodle_id: str | None = None,
    needs: str | None = None,
) -> pd.DataFrame:
    """One change per row of ``rows``.

    ``key``: the columns that name it. ``before`` / ``after``: field sent → column that holds it; a null value is
    left out. ``name``, ``moodle_id``, ``needs``: columns. The composante is taken from ``rows['composante']`` if any.
    """
    if rows.empty:
        return empty()
    keys = [key] if isinstance(key, str) else list(key)
    return pd.DataFrame(
        {
            "object": object_,
            "verb": verb,
            "key": _joined(rows, keys),
            "name": rows[name] if name else "",
            "scope": rows.get("composante", pd.NA),
            "moodle_id": rows[moodle_id].astype("Int64") if moodle_id else pd.NA,
            "before": _objects(rows, before),
            "after": _objects(rows, after),
            "needs": rows[needs] if needs else pd.NA,
            "held": pd.NA,
        },
        columns=COLUMNS,
        index=rows.index,
    ).astype(TYPES)


def _joined(rows: pd.DataFrame, keys: list[str]) -> pd.Series:
    joined = rows[keys[0]].astype("str")
    for column in keys[1:]:
        joined = joined + " / " + rows[column].astype("str")
    return joined


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


def fields(column: pd.Series) -> pd.DataFrame:
    """``before`` or ``after`` back as columns, on the same index; null rows give nulls."""
    return pd.DataFrame([json.loads(text) if isinstance(text, str) else {} for text in column], index=column.index)


def texts(column: pd.Series, names: Sequence[str]) -> pd.DataFrame:
    """These text fields of ``before`` or ``after``, as columns that are there even when no change has them."""
    return fields(column).reindex(columns=list(names)).astype("str")


def digest(plan: pd.DataFrame) -> str:
    """A short name of exactly these changes in this order."""
    return hashlib.sha256(plan.to_json(orient="records", force_ascii=False).encode()).hexdigest()[:16]


def still_true(plan: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
    """The changes of ``plan`` that a fresh comparison still asks for, with the ids and values of now.

    A run that was killed resumes with these: what was done is no longer asked, what was not planned is not done.
    """
    return fresh[change_ids(fresh).isin(change_ids(plan))].reset_index(drop=True)


def counts(plan: pd.DataFrame) -> dict[str, dict[str, int]]:
    """How many changes of each verb, by object."""
    found: dict[str, dict[str, int]] = {}
    for (object_, verb), number in plan.groupby(["object", "verb"], sort=False).size().items():
        found.setdefault(str(object_), {})[str(verb)] = int(number)
    return found
