"""Categories: core_course_*_categories; what hides a category hides its courses."""

import sqlite3
from typing import Any

from sandbox.moodle.courses import delete_course
from sandbox.moodle.database import CATEGORY, SYSTEM, Database, now
from sandbox.moodle.errors import MoodleError
from sandbox.moodle.params import BOOL, INT, RAW, TEXT, WORD, Optional
from sandbox.moodle.service import Caller, web_service

DESCRIBED = {"idnumber": Optional(RAW), "description": Optional(RAW), "descriptionformat": Optional(INT, 1)}
SEARCHED = {"id": "id", "name": "name COLLATE moodle", "parent": "parent", "visible": "visible",
            "idnumber": "idnumber COLLATE moodle"}  # fmt: skip
SEARCHED_WITH = {"idnumber": "moodle/category:manage", "visible": "moodle/category:viewhiddencategories"}
"""Criteria that only some may name: Moodle refuses the others rather than to answer that there is none."""


def category(db: Database, key: int) -> sqlite3.Row:
    row = db.find("course_categories", key)
    if row is None:
        raise MoodleError("unknowncategory", f'Unknown category with category ID number "{key}"')
    return row


@web_service("core_course_create_categories", categories=[{"name": TEXT, "parent": Optional(INT, 0), **DESCRIBED}])
def create_categories(caller: Caller, categories: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All or nothing."""
    db, created = caller.db, []
    with db.transaction():
        for asked in categories:
            if asked["parent"] and db.find("course_categories", asked["parent"]) is None:
                raise MoodleError("unknowcategory", "Category not known!")
            caller.require("moodle/category:manage")
            key = create_category(db, **{**asked, "name": asked["name"]})
            created.append({"id": key, "name": caller.text(asked["name"])})
    return created


def create_category(db: Database, name: str, parent: int = 0, **columns: Any) -> int:
    """Add a category; under a hidden parent it is hidden."""
    _check(db, {"name": name, **columns}, 0)
    columns.pop("descriptionformat", None)
    visible, path = 1, ""
    if parent:
        above = category(db, parent)
        visible, path = above["visible"], above["path"]
    key = db.insert("course_categories", name=name, parent=parent, visible=visible, timemodified=now(), **columns)
    db.context(CATEGORY, key)
    _set_path(db, key, f"{path}/{key}")
    return key


def _check(db: Database, sent: dict[str, Any], key: int) -> None:
    """Names and idnumbers, the only lengths that Moodle says in words."""
    if "name" in sent and sent["name"] in ("", "0"):
        raise MoodleError("categorynamerequired", "Category name is required")
    if len(sent.get("name", "")) > 255:
        raise MoodleError("categorytoolong", "Category name too long")
    idnumber = sent.get("idnumber", "")
    if len(idnumber) > 100:
        raise MoodleError("idnumbertoolong", "ID number is too long")
    if idnumber and db.same("course_categories", "idnumber", idnumber, but=key):
        raise MoodleError("categoryidnumbertaken", "ID number is already used for another category")


def _set_path(db: Database, key: int, path: str) -> None:
    db.update("course_categories", key, path=path, depth=path.count("/"))
    for row in db.all("SELECT id FROM mdl_course_categories WHERE parent = ?", (key,)):
        _set_path(db, row["id"], f"{path}/{row['id']}")


@web_service(
    "core_course_update_categories",
    categories=[{"id": INT, "name": Optional(TEXT), "parent": Optional(INT), **DESCRIBED}],
)
def update_categories(caller: Caller, categories: list[dict[str, Any]]) -> None:
    """All or nothing."""
    with caller.db.transaction():
        for sent in categories:
            old = category(caller.db, sent["id"])
            caller.require("moodle/category:manage")
            update_category(caller.db, old, sent)


def update_category(db: Database, old: sqlite3.Row, sent: dict[str, Any]) -> None:
    """Change what is sent; under a hidden parent the category and its courses become hidden."""
    _check(db, sent, old["id"])
    if sent.get("parent", old["parent"]) != old["parent"]:
        _move(db, old, sent["parent"])
    changed = {key: sent[key] for key in ("name", "idnumber", "description") if key in sent}
    db.update("course_categories", old["id"], **changed, timemodified=now())


def _move(db: Database, moved: sqlite3.Row, parent: int) -> None:
    path, visible = "", 1
    if parent:
        target = db.get("course_categories", parent)
        path, visible = target["path"], target["visible"]
        if str(moved["id"]) in path.split("/"):
            raise MoodleError("cannotmovecategory", "Cannot move category")
    db.update("course_categories", moved["id"], parent=parent)
    _set_path(db, moved["id"], f"{path}/{moved['id']}")
    if moved["visible"] and not visible:
        hide(db, moved["id"], visibleold=1)


def hide(db: Database, key: int, visibleold: int = 0) -> None:
    """Hide a category, everything under it and all their courses, as the button of the real one does."""
    row = category(db, key)
    db.update("course_categories", key, visibleold=visibleold)
    if not row["visible"]:
        return
    db.update("course_categories", key, visible=0)
    _hide_courses(db, key)
    for below in db.all("SELECT id FROM mdl_course_categories WHERE path LIKE ?", (f"{row['path']}/%",)):
        db.run("UPDATE mdl_course_categories SET visibleold = visible, visible = 0 WHERE id = ?", (below["id"],))
        _hide_courses(db, below["id"])


def _hide_courses(db: Database, key: int) -> None:
    db.run("UPDATE mdl_course SET visibleold = visible, visible = 0 WHERE category = ?", (key,))


@web_service(
    "core_course_delete_categories",
    categories=[{"id": INT, "newparent": Optional(INT), "recursive": Optional(BOOL, False)}],
)
def delete_categories(caller: Caller, categories: list[dict[str, Any]]) -> None:
    """Without ``recursive`` the content moves to the parent (or ``newparent``); with it, it is deleted."""
    db = caller.db
    with db.transaction():
        for asked in categories:
            row = category(db, asked["id"])
            caller.require("moodle/category:manage")
            if asked["recursive"]:
                _check_courses(caller, row, "moodle/course:delete")
                _delete_tree(db, row)
            else:
                heir = _heir(db, asked.get("newparent") or row["parent"])
                _check_courses(caller, row, "moodle/course:create")
                _delete_keeping_content(db, row, heir)


def _check_courses(caller: Caller, row: sqlite3.Row, capability: str) -> None:
    """A category with courses goes only with the right to delete them, or to put them elsewhere."""
    sql = (
        "SELECT 1 FROM mdl_course c JOIN mdl_course_categories k ON k.id = c.category"
        " WHERE instr(k.path || '/', ? || '/') = 1"
    )
    if not caller.can(capability) and caller.db.value(sql, (row["path"],)):
        why = "because you can neither delete the contents, nor move them elsewhere."
        raise MoodleError("youcannotdeletecategory", f"You cannot delete category '{row['name']}' {why}")


def _heir(db: Database, key: int) -> sqlite3.Row:
    """Where the content goes."""
    if not key:
        raise MoodleError("movecatcontentstoroot", "Moving the category content to root is not allowed. "
                          "You must move the contents to an existing category!")  # fmt: skip
    return category(db, key)


def _delete_tree(db: Database, row: sqlite3.Row) -> None:
    for below in db.all("SELECT * FROM mdl_course_categories WHERE parent = ?", (row["id"],)):
        _delete_tree(db, below)
    for course in db.all("SELECT id FROM mdl_course WHERE category = ?", (row["id"],)):
        delete_course(db, course["id"])
    _delete(db, row)


def _delete_keeping_content(db: Database, row: sqlite3.Row, heir: sqlite3.Row) -> None:
    for below in db.all("SELECT * FROM mdl_course_categories WHERE parent = ?", (row["id"],)):
        _move(db, below, heir["id"])
    hidden = "" if heir["visible"] else ", visible = 0"
    sql = f"UPDATE mdl_course SET category = ?, timemodified = ?{hidden} WHERE category = ?"
    db.run(sql, (heir["id"], now(), row["id"]))
    _delete(db, row)


def _delete(db: Database, row: sqlite3.Row) -> None:
    """The category alone; its cohorts go up to its parent."""
    above = db.context(CATEGORY, row["parent"]) if row["parent"] else db.context(SYSTEM, 0)
    context = db.context(CATEGORY, row["id"])
    db.run("UPDATE mdl_cohort SET contextid = ? WHERE contextid = ?", (above, context))
    db.run("DELETE FROM mdl_context WHERE id = ?", (context,))
    db.run("DELETE FROM mdl_course_categories WHERE id = ?", (row["id"],))


@web_service(
    "core_course_get_categories",
    criteria=Optional([{"key": WORD, "value": RAW}], ()),
    addsubcategories=Optional(BOOL, True),
)
def get_categories(caller: Caller, criteria: list[dict[str, str]], addsubcategories: bool) -> list[dict[str, Any]]:
    """Categories by path; hidden ones are silently absent for who may not see them, with all below."""
    rows = caller.db.all(
        "SELECT c.*, (SELECT count(*) FROM mdl_course WHERE category = c.id) AS coursecount"
        " FROM mdl_course_categories c"
    )
    rows = _matching(caller, rows, criteria, addsubcategories)
    see_hidden = caller.can("moodle/category:viewhiddencategories")
    shut = {str(row["id"]) for row in rows if not row["visible"] and not see_hidden}
    return [_shown(caller, row) for row in rows if not shut.intersection(row["path"].split("/"))]


def _matching(
    caller: Caller, rows: list[sqlite3.Row], criteria: list[dict[str, str]], below: bool
) -> list[sqlite3.Row]:
    rows = sorted(rows, key=lambda row: [int(part) for part in row["path"].split("/")[1:]])
    if not criteria:
        return rows
    found = {row["id"] for row in caller.db.all(*_query(caller, criteria))}
    if below:
        return [row for row in rows if found.intersection(map(int, row["path"].split("/")[1:]))]
    return [row for row in rows if row["id"] in found]


def _query(caller: Caller, criteria: list[dict[str, str]]) -> tuple[str, list[str]]:
    where, values = [], []
    for one in criteria:
        key = one["key"]
        if key == "ids":
            where.append("instr(',' || ? || ',', ',' || id || ',')")
        elif key not in SEARCHED or (key in SEARCHED_WITH and not caller.can(SEARCHED_WITH[key])):
            raise MoodleError("criteriaerror", "Missing permissions to search on a criterion.")
        else:
            where.append(f"{SEARCHED[key]} = ?")
        values.append(one["value"])
    return f"SELECT id FROM mdl_course_categories WHERE {' AND '.join(where)}", values


def _shown(caller: Caller, row: sqlite3.Row) -> dict[str, Any]:
    shown = {
        "id": row["id"],
        "name": caller.text(row["name"]),
        "description": row["description"] or "",
        "descriptionformat": 1,
        "parent": row["parent"],
        "sortorder": row["id"] * 10_000,
        "coursecount": row["coursecount"],
        "depth": row["depth"],
        "path": row["path"],
    }
    if caller.can("moodle/category:manage"):
        shown.update(idnumber=row["idnumber"], visible=row["visible"], visibleold=row["visibleold"])
        shown.update(timemodified=row["timemodified"], theme="")
    return shown
