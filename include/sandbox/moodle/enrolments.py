"""Who is in a course: the enrolment primitives, enrol_manual_*, core_enrol_get_enrolled_users."""

import sqlite3
from collections import defaultdict
from typing import Any

from sandbox.moodle.database import COURSE, Database, now
from sandbox.moodle.errors import MoodleError, coding_error, invalid_parameter
from sandbox.moodle.params import INT, RAW, WORD, Optional
from sandbox.moodle.service import Caller, web_service
from sandbox.moodle.users import user_details

ACTIVE, SUSPENDED = 0, 1
ENROLMENT = {
    "roleid": INT,
    "userid": INT,
    "courseid": INT,
    "timestart": Optional(INT),
    "timeend": Optional(INT),
    "suspend": Optional(INT, 0),
}
RETURNED = {
    "address", "city", "country", "customfields", "department", "description", "descriptionformat", "email",
    "enrolledcourses", "firstaccess", "firstname", "fullname", "groups", "id", "idnumber", "institution",
    "interests", "lastaccess", "lastcourseaccess", "lastname", "phone1", "phone2", "preferences",
    "profileimageurl", "profileimageurlsmall", "roles", "username",
}  # fmt: skip
FIELDS = RETURNED | {
    "auth", "confirmed", "lang", "mailformat", "suspended", "theme", "timezone", "trackforums",
}  # fmt: skip


def method(db: Database, course: int, name: str) -> int:
    """The id of a course's enrolment method, added if the course has none of that name."""
    found = db.value("SELECT id FROM mdl_enrol WHERE courseid = ? AND enrol = ?", (course, name))
    return found or db.insert("enrol", enrol=name, courseid=course)


def enrol(
    db: Database,
    course: int,
    name: str,
    user: int,
    role: int | None,
    status: int = ACTIVE,
    start: int = 0,
    end: int = 0,
) -> None:
    """Enrol by a method or set the status of the enrolment; the role of a manual one has no component."""
    enrolid = method(db, course, name)
    sql = "SELECT id FROM mdl_user_enrolments WHERE enrolid = ? AND userid = ?"
    found = db.value(sql, (enrolid, user))
    state = {"status": status, "timestart": start, "timeend": end, "timemodified": now()}
    if found:
        db.update("user_enrolments", found, **state)
    else:
        db.insert("user_enrolments", enrolid=enrolid, userid=user, **state)
    if role:
        owner = ("", 0) if name == "manual" else (f"enrol_{name}", enrolid)
        assign(db, db.context(COURSE, course), user, role, *owner)


def assign(db: Database, context: int, user: int, role: int, component: str = "", item: int = 0) -> None:
    db.run(
        "INSERT OR IGNORE INTO mdl_role_assignments"
        " (contextid, userid, roleid, component, itemid, timemodified) VALUES (?, ?, ?, ?, ?, ?)",
        (context, user, role, component, item, now()),
    )


def unenrol(db: Database, course: int, name: str, user: int) -> None:
    """Unenrol from a method; the last one takes all roles and **all** group memberships with it."""
    enrolid = method(db, course, name)
    mine = (enrolid, user)
    if not db.value("SELECT 1 FROM mdl_user_enrolments WHERE enrolid = ? AND userid = ?", mine):
        return
    component = f"enrol_{name}"
    sql = "DELETE FROM mdl_role_assignments WHERE userid = ? AND component = ? AND itemid = ?"
    db.run(sql, (user, component, enrolid))
    db.run("DELETE FROM mdl_user_enrolments WHERE enrolid = ? AND userid = ?", mine)
    if not is_enrolled(db, course, user):
        context = db.context(COURSE, course)
        db.run("DELETE FROM mdl_role_assignments WHERE userid = ? AND contextid = ?", (user, context))
        groups = "SELECT id FROM mdl_groups WHERE courseid = ?"
        db.run(f"DELETE FROM mdl_groups_members WHERE userid = ? AND groupid IN ({groups})", (user, course))


def is_enrolled(db: Database, course: int, user: int) -> bool:
    """Enrolled by any method, suspended or not."""
    sql = (
        "SELECT 1 FROM mdl_user_enrolments u JOIN mdl_enrol e ON e.id = u.enrolid WHERE e.courseid = ? AND u.userid = ?"
    )
    return db.value(sql, (course, user)) is not None


@web_service("enrol_manual_enrol_users", enrolments=[ENROLMENT])
def enrol_users(caller: Caller, enrolments: list[dict[str, int]]) -> None:
    """All or nothing."""
    with caller.db.transaction():
        for one in enrolments:
            if caller.db.find("course", one["courseid"]) is None:
                raise invalid_parameter()
            caller.enter(one["courseid"])
            caller.require("enrol/manual:enrol")
            if caller.db.get("user", one["userid"])["username"] == "guest":
                raise MoodleError("guestsarenotallowed", "The guest user is not allowed to do this")
            known = caller.db.value("SELECT 1 FROM mdl_role WHERE id = ?", (one["roleid"],))
            if not known or not caller.can("moodle/role:assign"):
                raise MoodleError("wsusercannotassign", _cannot_assign(one))
            status = SUSPENDED if one["suspend"] else ACTIVE
            dates = (one.get("timestart") or 0, one.get("timeend") or 0)
            enrol(caller.db, one["courseid"], "manual", one["userid"], one["roleid"], status, *dates)


def _cannot_assign(one: dict[str, int]) -> str:
    return (
        f"You don't have the permission to assign this role ({one['roleid']}) "
        f"to this user ({one['userid']}) in this course ({one['courseid']})."
    )


@web_service("enrol_manual_unenrol_users", enrolments=[{"userid": INT, "courseid": INT, "roleid": Optional(INT)}])
def unenrol_users(caller: Caller, enrolments: list[dict[str, int]]) -> None:
    """All or nothing; on an enrolment of another method it does nothing and says nothing. ``roleid`` never counted."""
    if not caller.db.release.unenrols_by_role and any("roleid" in one for one in enrolments):
        raise invalid_parameter()
    with caller.db.transaction():
        for one in enrolments:
            caller.enter(one["courseid"])
            caller.require("enrol/manual:unenrol")
            caller.db.get("user", one["userid"])
            unenrol(caller.db, one["courseid"], "manual", one["userid"])


@web_service("core_enrol_get_enrolled_users", courseid=INT, options=Optional([{"name": WORD, "value": RAW}], ()))
def get_enrolled_users(caller: Caller, courseid: int, options: list[dict[str, str]]) -> list[dict[str, Any]]:
    """People of a course, suspended enrolments included unless ``onlyactive``; ``userfields`` lightens it."""
    asked = {option["name"]: option["value"] for option in options}
    caller.db.get("course", courseid)
    context = caller.course(courseid, "moodle/course:enrolreview", "moodle/course:viewparticipants")
    active = _active_or_not(caller, asked)
    fields = set(filter(None, asked.get("userfields", "").split(",")))
    if fields - FIELDS:
        raise MoodleError("invaliduserfield", f"Invalid user field: {min(fields - FIELDS)}")
    kept = (fields or RETURNED) & RETURNED | {"id", "fullname"}
    people = _people(caller.db, courseid, active, asked)
    extra = {
        "roles": _roles(caller.db, context) if "roles" in kept else {},
        "groups": _groups(caller, courseid) if "groups" in kept else {},
    }
    return [shown for row in people if (shown := _person(caller, row, kept, extra))]


def _active_or_not(caller: Caller, asked: dict[str, str]) -> str:
    """Whose any enrolment is active (1), whose none is (0), or both."""
    only_active = asked.get("onlyactive", "0") not in ("", "0")
    only_suspended = asked.get("onlysuspended", "0") not in ("", "0")
    if only_active or only_suspended:
        caller.require("moodle/course:enrolreview")
    if only_active and only_suspended:
        raise coding_error("Both onlyactive and onlysuspended are set, this is probably not what you want!")
    if only_active:
        return "1"
    return "0" if only_suspended else "0, 1"


def _people(db: Database, course: int, active: str, asked: dict[str, str]) -> list[sqlite3.Row]:
    """Accounts of the course; a disabled method, an enrolment to come or ended is not active."""
    limit, start = int(asked.get("limitnumber") or 0) or -1, int(asked.get("limitfrom") or 0)
    return db.all(
        "SELECT u.* FROM mdl_user u JOIN (SELECT e.userid AS userid FROM mdl_user_enrolments e"
        " JOIN mdl_enrol m ON m.id = e.enrolid WHERE m.courseid = ?1 GROUP BY e.userid HAVING"
        " max(m.status = 0 AND e.status = 0 AND e.timestart < ?2 AND (e.timeend = 0 OR e.timeend > ?2))"
        f" IN ({active})) q ON q.userid = u.id"
        " WHERE u.deleted = 0 ORDER BY u.id LIMIT ?3 OFFSET ?4",
        (course, round(now(), -2), limit, start),
    )


def _roles(db: Database, context: int) -> dict[int, list[dict[str, Any]]]:
    """A role comes as often as it was given: by hand and by the table, twice."""
    rows = db.all(
        "SELECT a.userid, r.id, r.shortname FROM mdl_role_assignments a"
        " JOIN mdl_role r ON r.id = a.roleid WHERE a.contextid = ? ORDER BY r.id",
        (context,),
    )
    roles = defaultdict(list)
    for row in rows:
        role = {"roleid": row["id"], "name": "", "shortname": row["shortname"], "sortorder": 0}
        roles[row["userid"]].append(role)
    return roles


def _groups(caller: Caller, course: int) -> dict[int, list[dict[str, Any]]]:
    rows = caller.db.all(
        "SELECT m.userid, g.id, g.name, g.description FROM mdl_groups_members m"
        " JOIN mdl_groups g ON g.id = m.groupid WHERE g.courseid = ? ORDER BY g.name",
        (course,),
    )
    groups = defaultdict(list)
    for row in rows:
        group = {"id": row["id"], "name": caller.text(row["name"]), "description": row["description"]}
        groups[row["userid"]].append({**group, "descriptionformat": 1})
    return groups


def _person(
    caller: Caller, row: sqlite3.Row, kept: set[str], extra: dict[str, dict[int, list[dict[str, Any]]]]
) -> dict[str, Any] | None:
    details = user_details(caller, row)
    if details is None:
        return None
    shown = {key: value for key, value in details.items() if key in kept}
    for name in kept & extra.keys():
        shown[name] = extra[name].get(row["id"], [])
    if not shown.get("groups", True):
        del shown["groups"]
    return shown
