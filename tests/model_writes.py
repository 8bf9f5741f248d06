"""How the Moodle in memory takes a plan, sent as ``ecampus.apply`` would: what it refuses, what it does in silence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from ecampus.apply.groups import crossing
from ecampus.apply.offer import given_up
from ecampus.apply.people import lent
from ecampus.apply.writer import in_steps
from ecampus.changes import plan
from ecampus.kinds import KINDS
from ecampus.rules import collation
from model import Moodle, Row


class Refused(Exception):
    """Moodle's own word."""


def write(moodle: Moodle, changes: pd.DataFrame) -> Iterator[Row]:
    """Send a plan as ``ecampus.apply`` does, in place; one journal entry after each change that was tried.

    Whoever stops asking for the next entry kills the run there.
    """
    done: set[str] = set()
    for (kind, verb), step in in_steps(changes):
        records = step.astype("object").where(step.notna(), None).to_dict("records")
        ready = []
        for record in records:
            if record["needs"] is not None and record["needs"] not in done:
                yield record | {"outcome": "put_off"}
            else:
                ready.append(record)
        for entry in _sent(moodle, kind, verb, ready):
            if entry["outcome"] == "done":
                done.add(plan.change_id(entry["object"], entry["verb"], entry["key"]))
            yield entry


def _sent(moodle: Moodle, kind: str, verb: str, records: list[Row]) -> Iterator[Row]:
    if kind == "group" and verb in ("rename", "archive", "restore"):
        for record, clash in zip(records, crossing(plan.typed(pd.DataFrame(records))), strict=True):
            if clash:  # the writer's detour through a name of passage
                moodle.groups[record["moodle_id"]].update(name=f"\0{record['key']}", idnumber=None)
    if (kind, verb) in NAMING:
        items = [json.loads(record["after"]) | {"id": record["moodle_id"]} for record in records]
        for item in given_up(plan.typed(pd.DataFrame(records)), items):
            NAMING[kind, verb](moodle)[item["id"]].update(item)
    if (kind, verb) == ("account", "update"):
        for item in lent(pd.DataFrame(records), [_sent_account(record) for record in records]):
            moodle.users[item["id"]]["email"] = item["email"]
    refused = []
    for record in records:
        entry = _tried(moodle, record)
        if entry["outcome"] == "failed" and KINDS[kind, verb].again:
            refused.append(record)
        else:
            yield entry
    for record in refused:
        yield _tried(moodle, record)


def _sent_account(record: Row) -> Row:
    return {"id": record["moodle_id"], **json.loads(record["after"])}


def _tried(moodle: Moodle, record: Row) -> Row:
    cells = _cells(record)
    before, after = ((json.loads(record[side]) if record[side] else {}) | cells for side in ("before", "after"))
    try:
        id_, sent = WRITES[record["object"], record["verb"]](moodle, record["moodle_id"], before, after)
    except Refused as refusal:
        return record | {"outcome": "failed", "message": str(refusal)}
    place = sent.get("group_id", sent.get("cohort_id", record["place_id"]))
    return record | {"outcome": "done", "moodle_id": id_, "place_id": place}


def _cells(record: Row) -> Row:
    """What memberships, rows and groups carry in columns of their own."""
    names = CELLS.get(record["object"], {})
    return {name: record[column] for name, column in names.items() if record[column] is not None}


CELLS = {
    "cohort_member": {"cohort": "place", "cohort_id": "place_id", "user_id": "user_id"},
    "group": {"course_id": "course_id"},
    "group_member": {"course_id": "course_id", "code": "place", "group_id": "place_id", "user_id": "user_id"},
    "enrolment": {"course_idnumber": "place", "username": "username", "role": "role"},
}


Change = Callable[[Moodle, Any, Row, Row], tuple[Any, Row]]


def _unique(rows: dict[int, Row], id_: int | None, value: Any, *columns: str) -> None:
    if value and any(
        collation.key(str(r[c] or "")) == collation.key(str(value))
        for i, r in rows.items()
        if i != id_
        for c in columns
    ):
        raise Refused(f"{columns[0]} {value} taken")


def _create_account(moodle: Moodle, _: Any, before: Row, after: Row) -> tuple[int, Row]:
    _unique(moodle.users, None, after["username"], "username")
    _unique(moodle.users, None, after["email"], "email")
    fields = {name: after[name] for name in ("username", "firstname", "lastname", "email", "idnumber", "auth")}
    return moodle.add("users", fields | {"suspended": False}), after


def _update_account(moodle: Moodle, id_: int, before: Row, after: Row) -> tuple[int, Row]:
    for column in ("username", "email"):
        _unique(moodle.users, id_, after.get(column), column)
    moodle.users[id_].update(after)
    return id_, after


def _create_cohort(moodle: Moodle, _: Any, before: Row, after: Row) -> tuple[int, Row]:
    _unique(moodle.cohorts, None, after["idnumber"], "idnumber")
    return moodle.add("cohorts", after), after


def _rename_cohort(moodle: Moodle, id_: int, before: Row, after: Row) -> tuple[int, Row]:
    _unique(moodle.cohorts, id_, after["idnumber"], "idnumber")
    moodle.cohorts[id_].update(after)
    return id_, after


def _add_cohort_member(moodle: Moodle, _: Any, before: Row, after: Row) -> tuple[Any, Row]:
    cohort = _one(moodle.cohorts, idnumber=after["cohort"]) if "cohort_id" not in after else after["cohort_id"]
    moodle.cohort_members.add((cohort, after["user_id"]))
    return None, after | {"cohort_id": cohort}


def _remove_cohort_member(moodle: Moodle, _: Any, before: Row, after: Row) -> tuple[Any, Row]:
    moodle.cohort_members.discard((before["cohort_id"], before["user_id"]))
    return None, after


def _one(rows: dict[int, Row], **wanted: Any) -> int:
    found = [id_ for id_, row in rows.items() if all(row[name] == value for name, value in wanted.items())]
    if not found:
        raise Refused(f"no {wanted}")
    return found[0]


def _category(moodle: Moodle, code: str | None) -> int:
    by_code = {(row["idnumber"] or "").upper(): id_ for id_, row in moodle.categories.items()}
    if code and code not in by_code:
        raise Refused(f"no category {code}")
    return by_code[code] if code else moodle.root


def _create_category(moodle: Moodle, _: Any, before: Row, after: Row) -> tuple[int, Row]:
    _unique(moodle.categories, None, after["idnumber"], "idnumber")
    parent = _category(moodle, after.get("parent_code"))
    visible = parent == 0 or moodle.categories[parent]["visible"]
    row = {"idnumber": after["idnumber"], "name": after["name"], "parent_id": parent, "visible": visible}
    return moodle.add("categories", row), after


def _rename_category(moodle: Moodle, id_: int, before: Row, after: Row) -> tuple[int, Row]:
    _unique(moodle.categories, id_, after["idnumber"], "idnumber")
    moodle.categories[id_].update(after)
    return id_, after


def _move_category(moodle: Moodle, id_: int, before: Row, after: Row) -> tuple[int, Row]:
    parent = above = _category(moodle, after.get("parent_code"))
    while above:
        if above == id_:
            raise Refused("cannotmovecategory")
        above = moodle.categories[above]["parent_id"]
    moodle.categories[id_]["parent_id"] = parent
    if parent and not moodle.categories[parent]["visible"]:
        hide(moodle, id_)
    return id_, after


def hide(moodle: Moodle, category: int) -> None:
    """As Moodle hides a category: with all that is in it."""
    moodle.categories[category]["visible"] = False
    for course in moodle.courses.values():
        if course["category_id"] == category:
            course["visible"] = False
    for id_, row in moodle.categories.items():
        if row["parent_id"] == category:
            hide(moodle, id_)


def _delete_category(moodle: Moodle, id_: int, before: Row, after: Row) -> tuple[int, Row]:
    if any(row["parent_id"] == id_ for row in moodle.categories.values()):
        raise Refused("not empty")
    if any(course["category_id"] == id_ for course in moodle.courses.values()):
        raise Refused("not empty")
    del moodle.categories[id_]
    return id_, after


def _create_course(moodle: Moodle, _: Any, before: Row, after: Row) -> tuple[int, Row]:
    for column in ("idnumber", "shortname"):
        _unique(moodle.courses, None, after[column], column)
    category = _category(moodle, after["category_code"])
    fields = {name: after[name] for name in ("idnumber", "shortname", "fullname")}
    return moodle.add("courses", fields | {"category_id": category, "visible": False}), after


def _rename_course(moodle: Moodle, id_: int, before: Row, after: Row) -> tuple[int, Row]:
    for column in ("idnumber", "shortname"):
        _unique(moodle.courses, id_, after[column], column)
    moodle.courses[id_].update(after)
    return id_, after


def _move_course(moodle: Moodle, id_: int, before: Row, after: Row) -> tuple[int, Row]:
    category = _category(moodle, after["category_code"])
    moodle.courses[id_]["category_id"] = category
    moodle.courses[id_]["visible"] &= moodle.categories[category]["visible"]
    return id_, after


def _create_group(moodle: Moodle, _: Any, before: Row, after: Row) -> tuple[int, Row]:
    _room_for_group(moodle, None, after)
    return moodle.add("groups", after), after


def _rename_group(moodle: Moodle, id_: int, before: Row, after: Row) -> tuple[int, Row]:
    _room_for_group(moodle, id_, after)
    moodle.groups[id_].update(after)
    return id_, after


def _room_for_group(moodle: Moodle, id_: int | None, after: Row) -> None:
    beside = {i: group for i, group in moodle.groups.items() if group["course_id"] == after["course_id"]}
    _unique(beside, id_, after["name"], "name")
    if any(
        group["idnumber"] == after["idnumber"] or collation.one_number(group["idnumber"] or "", after["idnumber"])
        for i, group in beside.items()
        if i != id_
    ):
        raise Refused(f"idnumber {after['idnumber']} taken")


def _delete_group(moodle: Moodle, id_: int, before: Row, after: Row) -> tuple[int, Row]:
    del moodle.groups[id_]
    moodle.group_members = {pair for pair in moodle.group_members if pair[0] != id_}
    return id_, after


def _add_group_member(moodle: Moodle, _: Any, before: Row, after: Row) -> tuple[Any, Row]:
    group = after.get("group_id") or _one(moodle.groups, course_id=after["course_id"], idnumber=after["code"])
    place = (after["course_id"], after["user_id"])
    if place not in moodle.seats and place not in moodle.manual:
        raise Refused("user not enrolled")
    moodle.group_members.add((group, after["user_id"]))
    return None, after | {"group_id": group}


def _remove_group_member(moodle: Moodle, _: Any, before: Row, after: Row) -> tuple[Any, Row]:
    moodle.group_members.discard((before["group_id"], before["user_id"]))
    return None, after


def _row(fields: Row) -> tuple[str, str, str]:
    return fields["course_idnumber"], fields["username"], fields["role"]


def _publish(moodle: Moodle, _: Any, before: Row, after: Row) -> tuple[Any, Row]:
    moodle.table.add(_row(after))
    return None, after


def _withdraw(moodle: Moodle, _: Any, before: Row, after: Row) -> tuple[Any, Row]:
    moodle.table.discard(_row(before))
    return None, after


NAMING: dict[tuple[str, str], Callable[[Moodle], dict[int, Row]]] = {
    **dict.fromkeys([("course", verb) for verb in ("rename", "recode", "restore", "archive")], lambda m: m.courses),
    ("category", "rename"): lambda m: m.categories,
}
WRITES: dict[tuple[str, str], Change] = {
    ("account", "create"): _create_account,
    ("account", "rename"): _update_account,
    ("account", "update"): _update_account,
    ("account", "recode"): _update_account,
    ("account", "suspend"): _update_account,
    ("account", "unsuspend"): _update_account,
    ("cohort", "create"): _create_cohort,
    ("cohort", "rename"): _rename_cohort,
    ("cohort_member", "add"): _add_cohort_member,
    ("cohort_member", "remove"): _remove_cohort_member,
    ("category", "create"): _create_category,
    ("category", "rename"): _rename_category,
    ("category", "move"): _move_category,
    ("category", "delete"): _delete_category,
    ("course", "create"): _create_course,
    ("course", "rename"): _rename_course,
    ("course", "recode"): _rename_course,
    ("course", "restore"): _rename_course,
    ("course", "archive"): _rename_course,
    ("course", "move"): _move_course,
    ("group", "create"): _create_group,
    ("group", "rename"): _rename_group,
    ("group", "archive"): _rename_group,
    ("group", "restore"): _rename_group,
    ("group", "delete"): _delete_group,
    ("group_member", "add"): _add_group_member,
    ("group_member", "remove"): _remove_group_member,
    ("enrolment", "copy_key"): _publish,
    ("enrolment", "enrol"): _publish,
    ("enrolment", "drop_key"): _withdraw,
    ("enrolment", "unenrol"): _withdraw,
}
