"""Cohorts: core_cohort_*."""

import sqlite3
from typing import Any

from sandbox.moodle.database import CATEGORY, SYSTEM, Database, now
from sandbox.moodle.errors import invalid_parameter
from sandbox.moodle.params import BOOL, INT, RAW, TEXT, Optional
from sandbox.moodle.service import Caller, web_service
from sandbox.moodle.text import HTML, format_text

PLACE = {"type": TEXT, "value": RAW}
DESCRIBED = {
    "categorytype": PLACE,
    "name": RAW,
    "idnumber": RAW,
    "description": Optional(RAW),
    "descriptionformat": Optional(INT, 1),
    "visible": Optional(BOOL),
}
COLUMNS = ("name", "idnumber", "description", "descriptionformat", "visible")
MEMBER = {"cohorttype": {"type": TEXT, "value": RAW}, "usertype": {"type": TEXT, "value": RAW}}


def _place(db: Database, place: dict[str, str]) -> int:
    """The id of the context a cohort is asked for: the system's, or a category's by id or idnumber."""
    kind, value = place["type"], place["value"]
    if kind == "system":
        return db.context(SYSTEM, 0)
    if kind not in ("id", "idnumber"):
        raise invalid_parameter()
    category = db.same("course_categories", kind, value)
    if not category:
        raise invalid_parameter()
    return db.context(CATEGORY, category)


def _columns(db: Database, cohort: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {key: cohort[key] for key in COLUMNS if key in cohort}
    return {**kept, "contextid": _place(db, cohort["categorytype"]), "timemodified": now()}


def _shown(caller: Caller, row: sqlite3.Row) -> dict[str, Any]:
    """A cohort as read; its description is escaped unless asked for raw, its name in some releases only."""
    raw = caller.raw or not row["description"]
    return {
        "id": row["id"],
        "name": caller.text(row["name"]) if caller.db.release.formats_cohorts else row["name"],
        "idnumber": row["idnumber"],
        "description": row["description"] if raw else format_text(row["description"], row["descriptionformat"]),
        "descriptionformat": row["descriptionformat"] if raw else HTML,
        "visible": bool(row["visible"]),
        "theme": "",
    }


@web_service("core_cohort_create_cohorts", cohorts=[DESCRIBED])
def create_cohorts(caller: Caller, cohorts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All or nothing."""
    db, created = caller.db, []
    with db.transaction():
        for cohort in cohorts:
            columns = _columns(db, cohort)
            if db.same("cohort", "idnumber", cohort["idnumber"]):
                raise invalid_parameter()
            caller.require("moodle/cohort:manage")
            created.append(_shown(caller, db.get("cohort", db.insert("cohort", **columns, timecreated=now()))))
    return created


@web_service("core_cohort_update_cohorts", cohorts=[{"id": INT, **DESCRIBED}])
def update_cohorts(caller: Caller, cohorts: list[dict[str, Any]]) -> None:
    """All or nothing; the real one does not check that the idnumber is free, nor does this one."""
    db = caller.db
    with db.transaction():
        for cohort in cohorts:
            if not cohort["name"].strip():
                raise invalid_parameter()
            db.get("cohort", cohort["id"])
            caller.require("moodle/cohort:manage")
            db.update("cohort", cohort["id"], **_columns(db, cohort))


@web_service("core_cohort_delete_cohorts", cohortids=[INT])
def delete_cohorts(caller: Caller, cohortids: list[int]) -> None:
    with caller.db.transaction():
        for key in cohortids:
            caller.db.get("cohort", key)
            caller.require("moodle/cohort:manage")
            caller.db.run("DELETE FROM mdl_cohort_members WHERE cohortid = ?", (key,))
            caller.db.run("DELETE FROM mdl_cohort WHERE id = ?", (key,))


@web_service("core_cohort_get_cohorts", cohortids=Optional([INT], ()))
def get_cohorts(caller: Caller, cohortids: list[int]) -> list[dict[str, Any]]:
    """All cohorts, or those asked for; unknown ids are silently absent."""
    rows = caller.db.all("SELECT * FROM mdl_cohort ORDER BY id")
    if rows:
        caller.require("moodle/cohort:manage", "moodle/cohort:view")
    return [{**_shown(caller, row), "customfields": []} for row in rows if not cohortids or row["id"] in cohortids]


@web_service("core_cohort_get_cohort_members", cohortids=[INT])
def get_cohort_members(caller: Caller, cohortids: list[int]) -> list[dict[str, Any]]:
    """One unknown id fails the call."""
    sql = (
        "SELECT u.id FROM mdl_user u JOIN mdl_cohort_members m ON m.userid = u.id"
        " WHERE m.cohortid = ? ORDER BY u.lastname, u.firstname"
    )
    members = []
    for key in cohortids:
        caller.db.get("cohort", key)
        caller.require("moodle/cohort:manage", "moodle/cohort:view")
        members.append({"cohortid": key, "userids": [row["id"] for row in caller.db.all(sql, (key,))]})
    return members


@web_service("core_cohort_add_cohort_members", members=[MEMBER])
def add_cohort_members(caller: Caller, members: list[dict[str, dict[str, str]]]) -> dict[str, Any]:
    """Each for itself; warning "1" bad type, "2" unknown cohort or user, "3" already a member."""
    db, warnings = caller.db, []
    with db.transaction():
        for member in members:
            warning = _add_member(caller, member["cohorttype"], member["usertype"])
            if warning:
                warnings.append({"warningcode": warning[0], "message": warning[1]})
    return {"warnings": warnings}


def _add_member(caller: Caller, cohort: dict[str, str], user: dict[str, str]) -> tuple[str, str] | None:
    db = caller.db
    if cohort["type"] not in ("id", "idnumber"):
        return "1", f"invalid parameter: cohortype={cohort['type']}"
    if user["type"] not in ("id", "username"):
        return "1", f"invalid parameter: usertype={user['type']}"
    cohort_id = db.same("cohort", cohort["type"], cohort["value"])
    if not cohort_id:
        return "2", f"cohort {cohort['type']}={cohort['value']} not exists"
    user_id = db.same("user", user["type"], user["value"])
    if not user_id or db.find("user", user_id) is None:
        return "2", f"user {user['type']}={user['value']} not exists"
    sql = "SELECT 1 FROM mdl_cohort_members WHERE cohortid = ? AND userid = ?"
    if db.value(sql, (cohort_id, user_id)):
        return "3", (
            f"record already exists: cohort({cohort['type']}={cohort['value']} {user['type']}={user['value']})"
        )
    caller.require("moodle/cohort:manage", "moodle/cohort:assign")
    db.insert("cohort_members", cohortid=cohort_id, userid=user_id, timeadded=now())
    return None


@web_service("core_cohort_delete_cohort_members", members=[{"cohortid": INT, "userid": INT}])
def delete_cohort_members(caller: Caller, members: list[dict[str, int]]) -> None:
    """All or nothing; someone who is no member is no error."""
    with caller.db.transaction():
        for member in members:
            caller.db.get("cohort", member["cohortid"])
            caller.db.get("user", member["userid"])
            caller.require("moodle/cohort:manage", "moodle/cohort:assign")
            sql = "DELETE FROM mdl_cohort_members WHERE cohortid = ? AND userid = ?"
            caller.db.run(sql, (member["cohortid"], member["userid"]))
