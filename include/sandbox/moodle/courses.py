"""Courses: core_course_*_courses; a move into a hidden category hides the course for good."""

import sqlite3
from typing import Any

from sandbox.moodle.database import COURSE, SITE_COURSE, Database, now
from sandbox.moodle.errors import MoodleError, blank, category_context, invalid_parameter
from sandbox.moodle.params import INT, RAW, TEXT, WORD, Optional
from sandbox.moodle.service import Caller, web_service

CREATED = {
    "fullname": TEXT,
    "shortname": TEXT,
    "categoryid": INT,
    "idnumber": Optional(RAW),
    "summary": Optional(RAW),
    "summaryformat": Optional(INT),
    "format": Optional(WORD),
    "visible": Optional(INT),
    "groupmode": Optional(INT),
    "groupmodeforce": Optional(INT),
    "newsitems": Optional(INT),
    "numsections": Optional(INT),
    "startdate": Optional(INT),
    "enddate": Optional(INT),
    "lang": Optional(WORD),
    "courseformatoptions": Optional([{"name": WORD, "value": RAW}]),
}
UPDATED = {key: Optional(getattr(kind, "description", kind)) for key, kind in CREATED.items()} | {"id": INT}
COLUMNS = (
    "fullname",
    "shortname",
    "idnumber",
    "summary",
    "format",
    "visible",
    "groupmode",
    "startdate",
    "enddate",
)
GUARDED = ("fullname", "shortname", "idnumber", "summary")


@web_service("core_course_create_courses", courses=[CREATED])
def create_courses(caller: Caller, courses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All or nothing."""
    with caller.db.transaction():
        return [_create(caller, course) for course in courses]


def _create(caller: Caller, sent: dict[str, Any]) -> dict[str, Any]:
    category = caller.db.find("course_categories", sent["categoryid"])
    if category is None:
        raise category_context(sent["categoryid"], "Invalid parameter value detected")
    caller.require("moodle/course:create")
    _check_names(sent)
    if not caller.can("moodle/course:visibility"):
        sent = {**sent, "visible": category["visible"]}
    key = create_course(caller.db, category, **{key: sent[key] for key in COLUMNS if key in sent})
    return {"id": key, "shortname": sent["shortname"]}


def create_course(db: Database, category: sqlite3.Row, **columns: Any) -> int:
    """Add a course with its manual enrolment method; visible as its category unless told."""
    _check_unique(db, columns, 0)
    visible = columns.setdefault("visible", category["visible"])
    stamps = {"timecreated": now(), "timemodified": now()}
    key = db.insert("course", category=category["id"], visibleold=visible, **columns, **stamps)
    db.context(COURSE, key)
    db.insert("enrol", enrol="manual", courseid=key)
    return key


def _check_names(sent: dict[str, Any]) -> None:
    for name in ("fullname", "shortname"):
        if name in sent and not sent[name].strip():
            raise blank(name)


def _check_unique(db: Database, sent: dict[str, Any], key: int) -> None:
    shortname, idnumber = sent.get("shortname", ""), sent.get("idnumber", "")
    if shortname not in ("", "0") and db.same("course", "shortname", shortname, but=key):
        message = f"Short name is already used for another course ({shortname})"
        raise MoodleError("shortnametaken", message)
    if idnumber not in ("", "0") and db.same("course", "idnumber", idnumber, but=key):
        message = f"ID number is already used for another course ({idnumber})"
        raise MoodleError("courseidnumbertaken", message)


@web_service("core_course_update_courses", courses=[UPDATED])
def update_courses(caller: Caller, courses: list[dict[str, Any]]) -> dict[str, Any]:
    """Each course for itself; the refused ones come back as warnings, one moved to nowhere **after** the move."""
    warnings = []
    for sent in courses:
        try:
            with caller.db.transaction():
                _update(caller, sent)
            if sent.get("categoryid"):
                caller.db.get("course_categories", sent["categoryid"])
        except MoodleError as error:
            warnings.append(
                {"item": "course", "itemid": sent["id"], "warningcode": error.code, "message": error.message}
            )
    return {"warnings": warnings}


def _update(caller: Caller, sent: dict[str, Any]) -> None:
    db = caller.db
    old = db.find("course", sent["id"])
    if old is None:
        raise db.missing("course")
    caller.enter(sent["id"])
    caller.require("moodle/course:update")
    if sent["id"] == SITE_COURSE:
        raise MoodleError("invalidcourse", "Invalid course")
    changed = {key: sent[key] for key in COLUMNS if key in sent and sent[key] != old[key]}
    category = sent.get("categoryid") or old["category"]
    _require_for(caller, changed, category != old["category"])
    _check_names(changed)
    _check_unique(db, changed, sent["id"])
    if "visible" in changed:
        changed["visibleold"] = changed["visible"]
    if category != old["category"]:
        changed.update(_moved(db, category, changed))
    db.update("course", sent["id"], **changed, timemodified=now())


def _require_for(caller: Caller, changed: dict[str, Any], moves: bool) -> None:
    if moves:
        caller.require("moodle/course:changecategory")
    for column in GUARDED:
        if column in changed:
            caller.require(f"moodle/course:change{column}")
    if "visible" in changed:
        caller.require("moodle/course:visibility")


def _moved(db: Database, category: int, changed: dict[str, Any]) -> dict[str, Any]:
    """A hidden category hides the course, and no other one shows it again."""
    target = db.find("course_categories", category)
    hides = (target is None or not target["visible"]) and "visible" not in changed
    return {"category": category, **({"visible": 0} if hides else {})}


@web_service("core_course_delete_courses", courseids=[INT])
def delete_courses(caller: Caller, courseids: list[int]) -> dict[str, Any]:
    """Each course for itself; unknown ones and the site's own come back as warnings."""
    warnings = []
    for key in courseids:
        refusal = _delete_one(caller, key)
        if refusal:
            code, message = refusal
            warnings.append({"item": "course", "itemid": key, "warningcode": code, "message": message})
    return {"warnings": warnings}


def _delete_one(caller: Caller, key: int) -> tuple[str, str] | None:
    if caller.db.find("course", key) is None:
        return "unknowncourseidnumber", f"Unknown course ID {key}"
    caller.enter(key)
    if not caller.can("moodle/course:delete"):
        return "cannotdeletecourse", f"You do not have the permission to delete this course{key}"
    if key == SITE_COURSE:
        return "cannotdeletecategorycourse", f"Course {key} failed to be deleted"
    with caller.db.transaction():
        delete_course(caller.db, key)
    return None


def delete_course(db: Database, key: int) -> None:
    """A course with its groups, enrolments, roles and context."""
    context = db.context(COURSE, key)
    groups = "SELECT id FROM mdl_groups WHERE courseid = ?"
    db.run(f"DELETE FROM mdl_groups_members WHERE groupid IN ({groups})", (key,))
    db.run("DELETE FROM mdl_groups WHERE courseid = ?", (key,))
    methods = "SELECT id FROM mdl_enrol WHERE courseid = ?"
    db.run(f"DELETE FROM mdl_user_enrolments WHERE enrolid IN ({methods})", (key,))
    db.run("DELETE FROM mdl_enrol WHERE courseid = ?", (key,))
    db.run("DELETE FROM mdl_role_assignments WHERE contextid = ?", (context,))
    db.run("DELETE FROM mdl_context WHERE id = ?", (context,))
    db.run("DELETE FROM mdl_course WHERE id = ?", (key,))


@web_service("core_course_get_courses", options=Optional({"ids": Optional([INT], ())}, {"ids": ()}))
def get_courses(caller: Caller, options: dict[str, Any]) -> list[dict[str, Any]]:
    """All courses, the site's own (id 1) included; one course that the token may not enter fails the call."""
    ids = options["ids"]
    rows = caller.db.all("SELECT * FROM mdl_course ORDER BY id")
    return [_shown(caller, row) for row in rows if not ids or row["id"] in ids]


def _shown(caller: Caller, row: sqlite3.Row) -> dict[str, Any]:
    if row["id"] != SITE_COURSE:
        caller.course(row["id"], "moodle/course:view")
    return _described(caller, row)


def _described(caller: Caller, row: sqlite3.Row) -> dict[str, Any]:
    shown = {
        "id": row["id"],
        "fullname": caller.text(row["fullname"]),
        "shortname": caller.text(row["shortname"]),
        "displayname": caller.text(row["fullname"]),
        "categoryid": row["category"],
        "summary": row["summary"],
        "summaryformat": 1,
        "format": row["format"],
        "startdate": row["startdate"],
        "enddate": row["enddate"],
    }
    if caller.can("moodle/course:update"):
        shown.update({key: row[key] for key in MANAGED})
        shown["categorysortorder"] = row["id"]
    return shown


MANAGED = ("idnumber", "visible", "groupmode", "timecreated", "timemodified")


@web_service("core_course_get_courses_by_field", field=Optional(WORD, ""), value=Optional(RAW, ""))
def get_courses_by_field(caller: Caller, field: str, value: str) -> dict[str, Any]:
    """Courses by id, ids, shortname, idnumber or category; those that the token may not see are absent."""
    where = {
        "": "? = ''",
        "id": "id = ?",
        "category": "category = ?",
        "ids": "instr(',' || ? || ',', ',' || id || ',')",
        "shortname": "shortname = ? COLLATE moodle",
        "idnumber": "idnumber = ? COLLATE moodle",
    }
    if field not in where:
        raise invalid_parameter()
    rows = caller.db.all(f"SELECT * FROM mdl_course WHERE {where[field]} ORDER BY id", (value if field else "",))
    categories = caller.db.all("SELECT id, name FROM mdl_course_categories")
    names = {row["id"]: row["name"] for row in categories}
    shown = [_shown_by_field(caller, row, names.get(row["category"], "")) for row in rows if _sees(caller, row)]
    return {"courses": shown, "warnings": []}


def _sees(caller: Caller, row: sqlite3.Row) -> bool:
    return bool(row["visible"]) or caller.can("moodle/course:viewhiddencourses")


def _shown_by_field(caller: Caller, row: sqlite3.Row, category: str) -> dict[str, Any]:
    return {**_described(caller, row), "categoryname": caller.text(category), "visible": row["visible"]}
