"""What is ours, as frames; pure. The register keeps the same in tables (``ecampus_<kind>``).

Destructive verbs touch only that (docs/rules.md, «Safety»). One frame per kind of object, identity first:
    account        user_id, population; code, suspended (it was we), address (put back on return), frozen
    cohort         id; code             cohort_member  cohort_id, user_id
    category       id; code             course         id; key, idnumber (as we gave it last),
                                                       archived (ISO night, null while live)
    group          id; course_id, code, archived
    group_member   group_id, user_id
    enrolment      course_idnumber, username, role
Objects also have ``scope`` (composante), ``created`` (Moodle's time, for ids come back) and ``since`` (first night).
"""

from __future__ import annotations

import pandas as pd

from ecampus import shapes
from ecampus.joins import has

Owned = dict[str, pd.DataFrame]

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
    "cohort": {"id": "int64", "code": "str", **_OBJECT},
    "cohort_member": {"cohort_id": "int64", "user_id": "int64"},
    "category": {"id": "int64", "code": "str", **_OBJECT},
    "course": {"id": "int64", "key": "str", "idnumber": "str", "archived": "str", **_OBJECT},
    "group": {"id": "int64", "course_id": "int64", "code": "str", "archived": "str", **_OBJECT},
    "group_member": {"group_id": "int64", "user_id": "int64"},
    "enrolment": {"course_idnumber": "str", "username": "str", "role": "str"},
}
IDENTITY = {kind: ["id"] for kind in ("cohort", "category", "course", "group")} | {
    "account": ["user_id", "population"],
    "cohort_member": ["cohort_id", "user_id"],
    "group_member": ["group_id", "user_id"],
    "enrolment": ["course_idnumber", "username", "role"],
}

MEMBERS = {"cohort": ("cohort_member", "cohort_id"), "group": ("group_member", "group_id")}
"""What goes with an object that is no longer ours: the kind of its memberships, their column that names it."""


def empty() -> Owned:
    """Nothing is ours: the first night ever."""
    return {kind: shaped(kind, pd.DataFrame()) for kind in SHAPES}


def shaped(kind: str, frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with exactly the columns and types of that kind."""
    return shapes.shaped(frame, SHAPES[kind]).reset_index(drop=True)


def owning(kind: str, owned: pd.DataFrame, gained: pd.DataFrame) -> pd.DataFrame:
    """``owned`` with these rows added or replaced; a column they do not have keeps its value.

    Rows that name only a part of the identity (a suspended account) speak of all that share it.
    """
    identity = IDENTITY[kind]
    known = owned.drop_duplicates(identity)
    named = [column for column in identity if column in gained]
    if named != identity:
        gained = gained.merge(known[identity], on=named)
    missing = [column for column in SHAPES[kind] if column not in gained]
    if missing:
        gained = gained.merge(known[[*identity, *missing]], on=identity, how="left")
        for column in missing:
            if SHAPES[kind][column] == "bool":
                gained[column] = gained[column].eq(True)
    both = pd.concat([known, shaped(kind, gained)], ignore_index=True)
    return both.drop_duplicates(identity, keep="last", ignore_index=True)


def disowning(kind: str, owned: pd.DataFrame, lost: pd.DataFrame) -> pd.DataFrame:
    """``owned`` without the rows whose identity, or the part of it that ``lost`` has, is in ``lost``."""
    identity = [column for column in IDENTITY[kind] if column in lost]
    return shaped(kind, owned[~has(owned, lost, identity)])


def whole(named: Owned, owned: Owned) -> Owned:
    """``named``, some objects of ours by kind, with what is in them.

    The groups of the courses, the memberships, and the rows of the enrolment table that no other course of ours has.
    """
    found = {kind: named.get(kind, owned[kind][:0]) for kind in ("category", "cohort", "course", "group")}
    courses, groups = found["course"], owned["group"]
    inside = groups["id"].isin(found["group"]["id"]) | groups["course_id"].isin(courses["id"])
    found["group"] = groups[inside]
    for kind, (members, container) in MEMBERS.items():
        found[members] = owned[members][owned[members][container].isin(found[kind]["id"])]
    kept = owned["course"].loc[~owned["course"]["id"].isin(courses["id"]), "idnumber"].str.upper()
    codes, rows = pd.concat([courses["idnumber"], courses["key"]]).str.upper(), owned["enrolment"]
    course = rows["course_idnumber"].str.upper()
    return found | {"enrolment": rows[course.isin(codes) & ~course.isin(kept)]}


def without_removed(owned: Owned, existing: dict[str, pd.DataFrame]) -> Owned:
    """What is ours less what somebody removed by hand since: memberships and rows put back by hand are theirs.

    So are objects that Moodle says it has no more (``gone``): made again, they have another id.

    A membership that a plugin holds by now was removed too: one that is ours belongs to nobody in Moodle.

    ``existing`` must be younger than ``owned``. Memberships of a cohort or a group that was not read are kept.
    """
    if "gone" in existing:
        owned = _without_gone(owned, existing["gone"])
    kept = dict(owned)
    if "held_members" in existing:
        owned = owned | {"group_member": without_held(owned["group_member"], existing)}
    for kind, frame, (container, containers) in (
        ("cohort_member", "cohort_members", ("cohort_id", "cohorts")),
        ("group_member", "group_members", ("group_id", "groups")),
    ):
        if frame in existing:
            unread = owned[kind][~owned[kind][container].isin(existing[containers]["id"])]
            there = owned[kind][has(owned[kind], existing[frame], IDENTITY[kind])]
            kept[kind] = pd.concat([there, unread], ignore_index=True)
    if "enrolment_rows" in existing:
        ours = owned["enrolment"]
        there = ours[has(ours, existing["enrolment_rows"], IDENTITY["enrolment"])]
        kept["enrolment"] = there.reset_index(drop=True)
    return kept


def _without_gone(owned: Owned, gone: pd.DataFrame) -> Owned:
    """With a course go its groups, and with a cohort or a group its members."""
    categories, courses, cohorts, groups = (
        gone.loc[gone["kind"] == kind, "id"] for kind in ("category", "course", "cohort", "group")
    )
    lost = owned["group"]["id"].isin(groups) | owned["group"]["course_id"].isin(courses)
    return owned | {
        "category": owned["category"][~owned["category"]["id"].isin(categories)],
        "course": owned["course"][~owned["course"]["id"].isin(courses)],
        "cohort": owned["cohort"][~owned["cohort"]["id"].isin(cohorts)],
        "cohort_member": owned["cohort_member"][~owned["cohort_member"]["cohort_id"].isin(cohorts)],
        "group": owned["group"][~lost],
        "group_member": owned["group_member"][~owned["group_member"]["group_id"].isin(owned["group"].loc[lost, "id"])],
    }


def without_held(memberships: pd.DataFrame, existing: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Our ``group_member`` less those that a plugin of Moodle holds: it alone may remove them."""
    return disowning("group_member", memberships, existing["held_members"])
