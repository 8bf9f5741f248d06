"""The ownership ledger: what we created or adopted. Destructive verbs touch only that (docs/rules.md, «Safety»).

One frame per kind of object:
    account        user_id, population, code, suspended (bool: it was we who suspended it), address (the one that it
                   gave up), frozen (bool: nothing of it moves), created, since
    cohort         id, code                 cohort_member  cohort_id, user_id
    category       id, code                 course         id, key, archived (ISO night, null while live)
    group          id, course_id, code      group_member   group_id, user_id
    enrolment      course_idnumber, username, role

The ledger is folded from the journal: every change that was done says what it makes ours, and what no longer is.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ecampus.changes import plan
from ecampus.kinds import FALSE, KINDS, NIGHT, NONE, TRUE

Ledger = dict[str, pd.DataFrame]

_OBJECT = {"scope": "str", "created": "Int64", "since": "str"}
SHAPES: dict[str, dict[str, str]] = {
    "account": {
        "user_id": "int64",
        "population": "str",
        "code": "str",
        "suspended": "bool",
        "address": "str",
        "frozen": "bool",
        "created": "Int64",
        "since": "str",
    },
    "cohort": {"id": "int64", "code": "str"} | _OBJECT,
    "cohort_member": {"cohort_id": "int64", "user_id": "int64"},
    "category": {"id": "int64", "code": "str"} | _OBJECT,
    "course": {"id": "int64", "key": "str", "idnumber": "str", "archived": "str"} | _OBJECT,
    "group": {"id": "int64", "course_id": "int64", "code": "str"} | _OBJECT,
    "group_member": {"group_id": "int64", "user_id": "int64"},
    "enrolment": {"course_idnumber": "str", "username": "str", "role": "str"},
}
OTHER = {"student": "staff", "staff": "student"}
IDENTITY = {kind: [next(iter(shape))] for kind, shape in SHAPES.items()} | {
    "account": ["user_id", "population"],
    "cohort_member": ["cohort_id", "user_id"],
    "group_member": ["group_id", "user_id"],
    "enrolment": ["course_idnumber", "username", "role"],
}


def empty() -> Ledger:
    """A ledger that owns nothing: the first night ever."""
    return {kind: shaped(kind, pd.DataFrame()) for kind in SHAPES}


def shaped(kind: str, frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with exactly the columns and types of that kind."""
    shape = SHAPES[kind]
    whole = frame.reindex(columns=list(shape))
    flags = {column: whole[column].eq(True) for column, type_ in shape.items() if type_ == "bool"}
    return whole.assign(**flags).astype(shape).reset_index(drop=True)


def fold(ledger: Ledger, done: pd.DataFrame, night: str) -> Ledger:
    """The ledger once the changes ``done`` (plan columns, with the ids of what was created) are counted in.

    Folding the same changes twice changes nothing.
    """
    folded = dict(ledger)
    for (object_, verb), rows in done.groupby(["object", "verb"], sort=False):
        kind = KINDS[str(object_), str(verb)]
        if kind.gains:
            gained = learned(kind.gains, both_codes(rows[~rows["foreign"]]), night)
            folded[kind.object] = owning(kind.object, folded[kind.object], gained)
        if kind.losses:
            folded[kind.object] = disowning(kind.object, folded[kind.object], learned(kind.losses, rows, night))
    return folded


def both_codes(rows: pd.DataFrame) -> pd.DataFrame:
    """``rows``, and again those that also carry the code of the same person in the other population."""
    other = plan.fields(rows["after"], ["other_code"])["other_code"]
    return pd.concat([rows, rows.assign(place=other, role=rows["role"].map(OTHER))[other.notna()]])


def learned(columns: Mapping[str, str], rows: pd.DataFrame, night: str) -> pd.DataFrame:
    """What changes tell the register: its columns, from those of the plan or from a constant of ``ecampus.kinds``."""
    constants = {NIGHT: night, NONE: pd.NA, TRUE: True, FALSE: False}
    return pd.DataFrame(
        {name: constants[source] if source in constants else rows[source] for name, source in columns.items()},
        index=rows.index,
    )


def owning(kind: str, ledger: pd.DataFrame, gained: pd.DataFrame) -> pd.DataFrame:
    """``ledger`` with these rows added or replaced; a column they do not have keeps its value.

    Rows that name only a part of the identity (a suspended account) speak of all that share it.
    """
    known = ledger.drop_duplicates(IDENTITY[kind])
    named = [column for column in IDENTITY[kind] if column in gained]
    if named != IDENTITY[kind]:
        gained = gained.merge(known[IDENTITY[kind]], on=named)
    missing = [column for column in SHAPES[kind] if column not in gained]
    if missing:
        gained = gained.merge(known[[*IDENTITY[kind], *missing]], on=IDENTITY[kind], how="left")
        for column in missing:
            if SHAPES[kind][column] == "bool":
                gained[column] = gained[column].eq(True)
    both = pd.concat([known, shaped(kind, gained)], ignore_index=True)
    return both.drop_duplicates(IDENTITY[kind], keep="last", ignore_index=True)


def disowning(kind: str, ledger: pd.DataFrame, lost: pd.DataFrame) -> pd.DataFrame:
    """``ledger`` without the rows whose identity is in ``lost``."""
    identity = IDENTITY[kind]
    beside = ledger.merge(lost[identity].drop_duplicates().assign(lost=True), on=identity, how="left")
    return shaped(kind, beside[beside["lost"].isna()])


def without_removed(ledger: Ledger, existing: dict[str, pd.DataFrame]) -> Ledger:
    """The ledger less the memberships and rows that somebody removed by hand since: put back by hand, they are theirs.

    A membership that a plugin holds by now was removed too: one that is ours belongs to nobody in Moodle.

    ``existing`` must be younger than ``ledger``. Memberships of a cohort or a group that was not read are kept.
    """
    kept = dict(ledger)
    if "held_members" in existing:
        ledger = ledger | {"group_member": without_held(ledger["group_member"], existing)}
    for kind, frame, (container, containers) in (
        ("cohort_member", "cohort_members", ("cohort_id", "cohorts")),
        ("group_member", "group_members", ("group_id", "groups")),
    ):
        if frame in existing:
            unread = ledger[kind][~ledger[kind][container].isin(existing[containers]["id"])]
            kept[kind] = pd.concat([ledger[kind].merge(existing[frame], on=IDENTITY[kind]), unread], ignore_index=True)
    if "enrolment_rows" in existing:
        kept["enrolment"] = ledger["enrolment"].merge(existing["enrolment_rows"], on=IDENTITY["enrolment"])
    return kept


def without_held(memberships: pd.DataFrame, existing: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The ledger's ``group_member`` less those that a plugin of Moodle holds: it alone may remove them."""
    return disowning("group_member", memberships, existing["held_members"])
