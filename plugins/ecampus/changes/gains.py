"""What done changes teach the register: what is ours by them, and what no longer is (``ecampus.kinds``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.plan import Change
from ecampus.kinds import FALSE, KINDS, NIGHT, NONE, TRUE
from ecampus.register.owned import MEMBERS, SHAPES, Owned, disowning, owning
from ecampus.shapes import cast
from ecampus.words.speech import fields

Records = list[dict[str, Any]]
OTHER = {"student": "staff", "staff": "student"}


def fold(owned: Owned, done: pd.DataFrame, night: str) -> Owned:
    """What is ours once the changes ``done`` (plan columns, with the ids of what was created) are counted in.

    Folding the same changes twice changes nothing.
    """
    folded = dict(owned)
    for object_, gained, lost in told(plan.each(done), night):
        if gained:
            folded[object_] = owning(object_, folded[object_], _frame(object_, gained))
        if lost:
            folded[object_] = disowning(object_, folded[object_], _frame(object_, lost))
    return folded


def _frame(object_: str, records: Records) -> pd.DataFrame:
    frame = pd.DataFrame(records)
    return cast(frame, {name: SHAPES[object_][name] for name in frame})


def told(done: Sequence[Change], night: str) -> Iterator[tuple[str, Records, Records]]:
    """By kind of change: the kind of object, what is ours by these changes, what no longer is."""
    for (object_, verb), changes in by_kind(done).items():
        kind = KINDS[object_, verb]
        mine = [change for change in changes if not change.foreign]
        if kind.object == "account":
            mine += _other_codes(mine)
        lost = _records(kind.losses, changes, night)
        yield kind.object, _records(kind.gains, mine, night), lost
        if lost and kind.object in MEMBERS:
            members, container = MEMBERS[kind.object]
            yield members, [], [{container: record["id"]} for record in lost]


def by_kind(done: Sequence[Change]) -> dict[tuple[str, str], list[Change]]:
    """The changes of each object and verb."""
    found: dict[tuple[str, str], list[Change]] = {}
    for change in done:
        found.setdefault((change.object, change.verb), []).append(change)
    return found


def _other_codes(accounts: Sequence[Change]) -> list[Change]:
    """The accounts that also carry the code of the same person in the other population, by that code."""
    others = [(account, fields(account.after).get("other_code")) for account in accounts]
    return [account._replace(place=code, role=OTHER[str(account.role)]) for account, code in others if code]


def _records(columns: Mapping[str, str], changes: Sequence[Change], night: str) -> Records:
    """As ``learned``, one by one; none where the kind teaches nothing."""
    constants = _constants(night)
    always = {name: constants[source] for name, source in columns.items() if source in constants}
    varying = {name: source for name, source in columns.items() if source not in constants}
    return [
        {name: getattr(change, source) for name, source in varying.items()} | always for change in changes if columns
    ]


def learned(columns: Mapping[str, str], rows: pd.DataFrame, night: str) -> pd.DataFrame:
    """Columns of the register, from those of the plan or from a constant of ``ecampus.kinds``."""
    constants = _constants(night)
    return pd.DataFrame(
        {name: constants[source] if source in constants else rows[source] for name, source in columns.items()},
        index=rows.index,
    )


def _constants(night: str) -> dict[str, Any]:
    return {NIGHT: night, NONE: None, TRUE: True, FALSE: False}
