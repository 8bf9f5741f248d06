"""Groups of a course: core_group_*."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.moodle.database import Database, now
from sandbox.moodle.enrolments import is_enrolled
from sandbox.moodle.errors import MoodleError, invalid_parameter
from sandbox.moodle.params import BOOL, INT, RAW, TEXT, Optional
from sandbox.moodle.service import Caller, web_service
from sandbox.moodle.text import loosely_equal

CAPABILITY = "moodle/course:managegroups"
SETTINGS = {
    "descriptionformat": Optional(INT, 1),
    "enrolmentkey": Optional(RAW),
    "idnumber": Optional(RAW),
    "visibility": Optional(INT),
    "participation": Optional(BOOL),
}
MEMBER = {"groupid": INT, "userid": INT}
UNCOMPARED = ("", "0")


@web_service("core_group_create_groups", groups=[{"courseid": INT, "name": TEXT, "description": RAW, **SETTINGS}])
def create_groups(caller: Caller, groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All or nothing; names come back as sent, trimmed."""
    created = []
    with _batch(caller.db):
        for group in groups:
            _check_name(caller.db, group["courseid"], group["name"])
            caller.course(group["courseid"], CAPABILITY)
            key = create_group(caller.db, **_columns(group), courseid=group["courseid"])
            created.append({**_shown(caller, caller.db.get("groups", key)), "name": group["name"].strip()})
    return created


def create_group(db: Database, courseid: int, name: str, idnumber: str = "", description: str = "") -> int:
    """Add a group, its name and idnumber trimmed."""
    with _course_data(db, courseid, idnumber.strip()) as seen:
        _check_idnumber(seen, idnumber.strip())
        return db.insert(
            "groups", courseid=courseid, name=name.strip(), idnumber=idnumber.strip(), description=description,
            timecreated=now(), timemodified=now(),
        )  # fmt: skip


@contextmanager
def _batch(db: Database) -> Iterator[None]:
    """A transaction. What its rollback did not undo is in ``groups_seen``; what is true there is of no use."""
    try:
        with db.transaction():
            yield
    finally:
        db.groups_seen = {course: seen for course, seen in db.groups_seen.items() if seen != _of_course(db, course)}


@contextmanager
def _course_data(db: Database, course: int, idnumber: str) -> Iterator[list[sqlite3.Row]]:
    """The groups of a course as Moodle's cache has them: no rollback undoes it, a group written empties it.

    It is read to compare idnumbers. A group refused after that (idnumber taken, database error) leaves in it the
    groups of the same batch, which are rolled back: they are listed, and their idnumbers are taken.
    """
    seen = db.groups_seen.get(course) or _of_course(db, course)
    try:
        yield seen
    except MoodleError:
        if idnumber not in UNCOMPARED:
            db.groups_seen[course] = seen
        raise
    db.groups_seen.pop(course, None)


def _of_course(db: Database, course: int) -> list[sqlite3.Row]:
    return db.all("SELECT * FROM mdl_groups WHERE courseid = ? ORDER BY name COLLATE moodle", (course,))


def _columns(group: dict[str, Any]) -> dict[str, Any]:
    return {key: group[key] for key in ("name", "idnumber", "description") if key in group}


def _check_name(db: Database, course: int, name: str) -> None:
    """The name as sent, spaces in front included, is what Moodle looks for in the course."""
    sql = "SELECT 1 FROM mdl_groups WHERE courseid = ? AND name = ? COLLATE moodle"
    if not name.strip() or db.value(sql, (course, name)):
        raise invalid_parameter()


def _check_idnumber(groups: list[sqlite3.Row], idnumber: str, but: int = 0) -> None:
    """Compared by PHP's loose ``==``: "7", "007" and "7.0" are one idnumber."""
    if idnumber in UNCOMPARED:
        return
    for row in groups:
        if row["id"] != but and loosely_equal(row["idnumber"], idnumber):
            raise MoodleError("idnumbertaken", "This ID number is already in use")


@web_service("core_group_update_groups", groups=[{"id": INT, "name": TEXT, "description": Optional(RAW), **SETTINGS}])
def update_groups(caller: Caller, groups: list[dict[str, Any]]) -> None:
    """All or nothing; the name must always be sent."""
    with _batch(caller.db):
        for sent in groups:
            old = caller.db.find("groups", sent["id"])
            if old is None or not sent["name"].strip():
                raise invalid_parameter()
            caller.course(old["courseid"], CAPABILITY)
            _update(caller.db, old, _columns(sent))


def _update(db: Database, old: sqlite3.Row, sent: dict[str, str]) -> None:
    if not loosely_equal(sent["name"], old["name"]):
        sql = "SELECT id FROM mdl_groups WHERE courseid = ? AND name = ? COLLATE moodle"
        if db.value(sql, (old["courseid"], sent["name"])):
            raise invalid_parameter()
    sent = {key: value if key == "description" else value.strip() for key, value in sent.items()}
    with _course_data(db, old["courseid"], sent.get("idnumber", "")) as seen:
        _check_idnumber(seen, sent.get("idnumber", ""), but=old["id"])
        db.update("groups", old["id"], **sent, timemodified=now())


@web_service("core_group_delete_groups", groupids=[INT])
def delete_groups(caller: Caller, groupids: list[int]) -> None:
    """Unknown ids are silently ignored."""
    with caller.db.transaction():
        for key in groupids:
            group = caller.db.find("groups", key)
            if group is None:
                continue
            caller.course(group["courseid"], CAPABILITY)
            caller.db.run("DELETE FROM mdl_groups_members WHERE groupid = ?", (key,))
            caller.db.run("DELETE FROM mdl_groups WHERE id = ?", (key,))
            caller.db.groups_seen.pop(group["courseid"], None)


def _shown(caller: Caller, row: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "courseid": row["courseid"],
        "name": caller.text(row["name"]),
        "description": row["description"],
        "descriptionformat": 1,
        "enrolmentkey": "",
        "idnumber": row["idnumber"],
        "visibility": 0,
        "participation": True,
    }


@web_service("core_group_get_course_groups", courseid=INT)
def get_course_groups(caller: Caller, courseid: int) -> list[dict[str, Any]]:
    caller.course(courseid, CAPABILITY)
    groups = caller.db.groups_seen.get(courseid) or _of_course(caller.db, courseid)
    return [_shown(caller, row) for row in groups]


def _group(caller: Caller, key: int) -> sqlite3.Row:
    """A group that must exist, in a course that the token may manage."""
    group = caller.db.get("groups", key)
    caller.course(group["courseid"], CAPABILITY)
    return group


@web_service("core_group_get_groups", groupids=[INT])
def get_groups(caller: Caller, groupids: list[int]) -> list[dict[str, Any]]:
    """One unknown id fails the call."""
    return [_shown(caller, _group(caller, key)) for key in groupids]


@web_service("core_group_get_group_members", groupids=[INT])
def get_group_members(caller: Caller, groupids: list[int]) -> list[dict[str, Any]]:
    """One unknown id fails the call."""
    sql = (
        "SELECT u.id FROM mdl_user u JOIN mdl_groups_members m ON m.userid = u.id"
        " WHERE m.groupid = ? AND u.deleted = 0 ORDER BY u.lastname, u.firstname"
    )
    members = []
    for key in groupids:
        _group(caller, key)
        members.append({"groupid": key, "userids": [row["id"] for row in caller.db.all(sql, (key,))]})
    return members


@web_service("core_group_add_group_members", members=[MEMBER])
def add_group_members(caller: Caller, members: list[dict[str, int]]) -> None:
    """All or nothing: one person not enrolled (suspended is enough) loses the batch; a member is no error."""
    with caller.db.transaction():
        for member in members:
            group = caller.db.get("groups", member["groupid"])
            caller.db.get("user", member["userid"])
            caller.course(group["courseid"], CAPABILITY)
            if not is_enrolled(caller.db, group["courseid"], member["userid"]):
                raise invalid_parameter()
            add_member(caller.db, member["groupid"], member["userid"])


def add_member(db: Database, group: int, user: int) -> None:
    sql = "SELECT 1 FROM mdl_groups_members WHERE groupid = ? AND userid = ?"
    if not db.value(sql, (group, user)):
        db.insert("groups_members", groupid=group, userid=user, timeadded=now())
        db.update("groups", group, timemodified=now())


@web_service("core_group_delete_group_members", members=[MEMBER])
def delete_group_members(caller: Caller, members: list[dict[str, int]]) -> None:
    """All or nothing; someone who is no member is no error."""
    with caller.db.transaction():
        for member in members:
            caller.db.get("user", member["userid"])
            _group(caller, member["groupid"])
            sql = "DELETE FROM mdl_groups_members WHERE groupid = ? AND userid = ?"
            caller.db.run(sql, (member["groupid"], member["userid"]))
            caller.db.update("groups", member["groupid"], timemodified=now())
