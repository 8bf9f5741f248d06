"""Groupings of a course: core_group_*_groupings."""

import sqlite3
from typing import Any

from sandbox.moodle.database import Database, now
from sandbox.moodle.errors import MoodleError, invalid_parameter
from sandbox.moodle.groups import CAPABILITY, shown_group
from sandbox.moodle.params import BOOL, INT, RAW, TEXT, Optional
from sandbox.moodle.service import Caller, web_service

GROUPING = {"courseid": INT, "name": TEXT, "description": RAW, "idnumber": Optional(RAW)}


@web_service("core_group_create_groupings", groupings=[GROUPING])
def create_groupings(caller: Caller, groupings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All or nothing; without an idnumber the grouping is made, and the answer is not what Moodle itself expects."""
    created = []
    with caller.db.transaction():
        for grouping in groupings:
            sql = "SELECT 1 FROM mdl_groupings WHERE courseid = ? AND name = ? COLLATE moodle"
            if not grouping["name"].strip() or caller.db.value(sql, (grouping["courseid"], grouping["name"])):
                raise invalid_parameter()
            caller.course(grouping["courseid"], CAPABILITY)
            key = create_grouping(caller.db, **grouping)
            created.append(_shown(caller, caller.db.get("groupings", key)))
    if any("idnumber" not in grouping for grouping in groupings):
        kind = "core\\exception\\invalid_response_exception"
        raise MoodleError("invalidresponse", "Invalid response value detected", kind)
    return created


def create_grouping(db: Database, courseid: int, name: str, description: str = "", idnumber: str = "") -> int:
    """Add a grouping, its name and idnumber trimmed."""
    return db.insert(
        "groupings", courseid=courseid, name=name.strip(), idnumber=idnumber.strip(), description=description,
        timemodified=now(),
    )  # fmt: skip


@web_service("core_group_assign_grouping", assignments=[{"groupingid": INT, "groupid": INT}])
def assign_grouping(caller: Caller, assignments: list[dict[str, int]]) -> None:
    """All or nothing; a group that is in it already is no error."""
    with caller.db.transaction():
        for one in assignments:
            grouping = caller.db.get("groupings", one["groupingid"])
            caller.db.get("groups", one["groupid"])
            caller.course(grouping["courseid"], CAPABILITY)
            assign(caller.db, one["groupingid"], one["groupid"])


def assign(db: Database, grouping: int, group: int) -> None:
    """Put a group in a grouping."""
    sql = "SELECT 1 FROM mdl_groupings_groups WHERE groupingid = ? AND groupid = ?"
    if not db.value(sql, (grouping, group)):
        db.insert("groupings_groups", groupingid=grouping, groupid=group, timeadded=now())


@web_service("core_group_get_course_groupings", courseid=INT)
def get_course_groupings(caller: Caller, courseid: int) -> list[dict[str, Any]]:
    caller.course(courseid, CAPABILITY)
    rows = caller.db.all("SELECT * FROM mdl_groupings WHERE courseid = ? ORDER BY name COLLATE moodle", (courseid,))
    return [_shown(caller, row) for row in rows]


@web_service("core_group_get_groupings", groupingids=[INT], returngroups=Optional(BOOL, False))
def get_groupings(caller: Caller, groupingids: list[int], returngroups: bool) -> list[dict[str, Any]]:
    """One unknown id fails the call; a grouping without any group has no key ``groups``."""
    sql = (
        "SELECT g.* FROM mdl_groups g JOIN mdl_groupings_groups i ON i.groupid = g.id"
        " WHERE i.groupingid = ? ORDER BY g.id"
    )
    found = []
    for key in groupingids:
        grouping = caller.db.get("groupings", key)
        caller.course(grouping["courseid"], CAPABILITY)
        groups = [_of_grouping(caller, row) for row in caller.db.all(sql, (key,))] if returngroups else []
        found.append(_shown(caller, grouping) | ({"groups": groups} if groups else {}))
    return found


def _of_grouping(caller: Caller, row: sqlite3.Row) -> dict[str, Any]:
    shown = shown_group(caller, row)
    return {name: value for name, value in shown.items() if name not in ("visibility", "participation")}


def _shown(caller: Caller, row: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "courseid": row["courseid"],
        "name": caller.text(row["name"]),
        "description": row["description"],
        "descriptionformat": 1,
        "idnumber": row["idnumber"],
    }
