"""Accounts: core_user_*."""

import hashlib
import re
import sqlite3
from itertools import count
from typing import Any

from sandbox.moodle.database import Database, now
from sandbox.moodle.errors import MoodleError, coding_error, invalid_parameter, invalid_response
from sandbox.moodle.params import BOOL, INT, LANG, RAW, RAW_TRIMMED, TEXT, USER_NAME, WORD, Optional
from sandbox.moodle.service import Caller, web_service

EMPTY = ("", "0")
WITH_PASSWORD = {"email", "manual", "none"}
LABEL = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
EMAIL = re.compile(
    rf"(?!\.)(?!.*\.\.)[\w.!#$%&'*+/=?^`{{|}}~-]{{1,64}}(?<!\.)@({LABEL}\.)+(?=[A-Za-z]){LABEL}", re.ASCII
)
SEARCHED_EXACTLY = {"id": INT, "idnumber": RAW, "username": USER_NAME, "auth": WORD}
SEARCHED_LIKE = {"email": RAW_TRIMMED, "lastname": TEXT, "firstname": TEXT}

DETAILS = {
    "password": Optional(RAW),
    "idnumber": Optional(RAW),
    "institution": Optional(TEXT),
    "department": Optional(TEXT),
    "city": Optional(TEXT),
    "lang": Optional(LANG),
}
CREATED = {
    **DETAILS,
    "username": USER_NAME,
    "firstname": TEXT,
    "lastname": TEXT,
    "email": RAW_TRIMMED,
    "auth": Optional(WORD, "manual"),
    "idnumber": Optional(RAW, ""),
    "lang": Optional(LANG, "fr"),
    "createpassword": Optional(BOOL),
}
UPDATED = {
    **DETAILS,
    "id": INT,
    "username": Optional(USER_NAME),
    "auth": Optional(WORD),
    "suspended": Optional(BOOL),
    "firstname": Optional(TEXT),
    "lastname": Optional(TEXT),
    "email": Optional(RAW_TRIMMED),
}


@web_service("core_user_create_users", users=[CREATED])
def create_users(caller: Caller, users: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All or nothing."""
    _check_methods(caller.db, users)
    caller.require("moodle/user:create")
    with caller.db.transaction():
        return [_create(caller.db, user) for user in users]


def _create(db: Database, user: dict[str, Any]) -> dict[str, Any]:
    with_password = any([user.pop("password", ""), user.pop("createpassword", False)])
    if any(not user[field].strip() for field in ("username", "firstname", "lastname")):
        raise invalid_parameter()
    if db.same("user", "username", user["username"]):
        raise invalid_parameter()
    if not user["auth"] or not user["lang"]:
        raise invalid_parameter()
    if user["auth"] in WITH_PASSWORD and not with_password:
        raise invalid_parameter()
    if not EMAIL.fullmatch(user["email"]) or db.same("user", "email", user["email"]):
        raise invalid_parameter()
    key = db.insert("user", **user, timecreated=now(), timemodified=now())
    return {"id": key, "username": user["username"]}


@web_service("core_user_update_users", users=[UPDATED])
def update_users(caller: Caller, users: list[dict[str, Any]]) -> dict[str, Any]:
    """Each account for itself; the refused ones come back as warnings."""
    _check_methods(caller.db, users)
    caller.require("moodle/user:update")
    warnings = []
    for user in users:
        try:
            with caller.db.transaction():
                _update(caller, user)
        except MoodleError as error:
            warnings.append({"item": "user", "itemid": user["id"], "warningcode": error.code, "message": error.message})
    return {"warnings": warnings}


def _update(caller: Caller, user: dict[str, Any]) -> None:
    db = caller.db
    old = db.one("SELECT * FROM mdl_user WHERE id = ?", (user["id"],))
    _check_touchable(db, old)
    assert old is not None
    email = user.get("email", old["email"])
    if email != old["email"]:
        if not EMAIL.fullmatch(email):
            raise MoodleError("useremailinvalid", "error/useremailinvalid")
        if db.same("user", "email", email, but=user["id"]):
            raise MoodleError("useremailduplicate", "Duplicate address")
    changed = {k: v for k, v in user.items() if k in old.keys() and old[k] != v}  # noqa: SIM118 (a Row)
    if changed:
        db.update("user", user["id"], **changed, timemodified=now())


def _check_methods(db: Database, users: list[dict[str, Any]]) -> None:
    """One method that the site does not have refuses all."""
    if {user["auth"] for user in users if user.get("auth")} - db.methods():
        raise invalid_parameter()


def _check_touchable(db: Database, user: sqlite3.Row | None) -> None:
    if user is None:
        raise MoodleError("invaliduserid", "Invalid user ID")
    if str(user["id"]) in db.setting("siteadmins").split(","):
        raise MoodleError("usernotupdatedadmin", "Cannot update admin accounts")
    if user["deleted"]:
        raise MoodleError("usernotupdateddeleted", "User is a deleted user")
    if user["username"] == "guest":
        raise MoodleError("usernotupdatedguest", "Cannot update guest account")


@web_service("core_user_delete_users", userids=[INT])
def delete_users(caller: Caller, userids: list[int]) -> None:
    """All or nothing. The account stays, under another name, in no course, group or cohort."""
    caller.require("moodle/user:delete")
    db = caller.db
    with db.transaction():
        for key in userids:
            user = db.get("user", key)
            if str(key) in db.setting("siteadmins").split(","):
                raise MoodleError("useradminodelete", "Administrator accounts cannot be deleted.")
            for table in ("cohort_members", "groups_members", "role_assignments", "user_enrolments"):
                db.run(f"DELETE FROM mdl_{table} WHERE userid = ?", (key,))
            db.update("user", key, **deleted(db, user))


def deleted(db: Database, user: sqlite3.Row) -> dict[str, Any]:
    """What is left of an account: its login becomes the address and the time, its address the MD5 of the login."""
    address = user["email"] or f"{user['username']}.{user['id']}@unknownemail.invalid"
    logins = (f"{address.lower()[:89]}.{time}" for time in count(now()))
    digest = hashlib.md5(user["username"].encode(), usedforsecurity=False).hexdigest()
    login = next(login for login in logins if not db.same("user", "username", login))
    return {"deleted": 1, "idnumber": "", "username": login, "email": digest}


@web_service("core_user_get_users", criteria=[{"key": WORD, "value": RAW}])
def get_users(caller: Caller, criteria: list[dict[str, str]]) -> dict[str, Any]:
    """Accounts that match all criteria; ``%`` and ``_`` work in names and e-mail; an empty one hides its account."""
    where, values, warnings = ["deleted = 0"], [], []
    keys = [one["key"] for one in criteria]
    if len(set(keys)) < len(keys):
        raise MoodleError("keyalreadyset", "error/keyalreadyset")
    for key, value in ((one["key"], one["value"]) for one in criteria):
        if key == "auth" and value not in caller.db.methods():
            value = ""  # what Moodle cleans it to
        if key in SEARCHED_EXACTLY:
            where.append(f"{key} = ?" if key == "id" else f"{key} = ? COLLATE moodle")
        elif key in SEARCHED_LIKE:
            where.append(f"{key} LIKE ?")
        else:
            message = f"The search key '{key}' is not supported, look at the web service documentation"
            warnings.append({"item": key, "warningcode": "invalidfieldparameter", "message": message})
            continue
        values.append(value)
    rows = caller.db.all(f"SELECT * FROM mdl_user WHERE {' AND '.join(where)} ORDER BY id", values)
    asked = [key for key in keys if key in SEARCHED_EXACTLY or key in SEARCHED_LIKE]
    found = [details for row in rows if (details := user_details(caller, row))]
    shown = [user for user in found if all(user.get(key) not in (None, "", "0") for key in asked)]
    return {"users": shown, "warnings": warnings}


@web_service("core_user_get_users_by_field", field=WORD, values=[RAW])
def get_users_by_field(caller: Caller, field: str, values: list[str]) -> list[dict[str, Any]]:
    """Deleted accounts too. One value that cleaning would change (an upper-case username) fails the whole call."""
    kinds = {"id": INT, "idnumber": RAW, "username": USER_NAME, "email": RAW_TRIMMED}
    if field not in kinds:
        raise coding_error("invalid field parameter")
    if any(not kinds[field].unchanged(value) for value in values):
        raise invalid_parameter()
    column = field if field == "id" else f"{field} COLLATE moodle"
    marks = ", ".join("?" * len(values))
    sql = f"SELECT * FROM mdl_user WHERE {column} IN ({marks}) ORDER BY id"
    rows = caller.db.all(sql, [int(value) if field == "id" else value for value in values])
    return [details for row in rows if (details := user_details(caller, row))]


def user_details(caller: Caller, user: sqlite3.Row) -> dict[str, Any] | None:
    """What the token may see of an account; an idnumber, institution or city that PHP finds empty has no key at all."""
    everything = caller.can("moodle/user:viewalldetails")
    if not (caller.can("moodle/user:viewdetails") or user["id"] == caller.user):
        return None
    details = {
        "id": user["id"],
        "firstname": user["firstname"],
        "lastname": user["lastname"],
        "fullname": f"{user['firstname']} {user['lastname']}",
        "suspended": bool(user["suspended"]),
        "firstaccess": 0,
        "lastaccess": 0,
    }
    if caller.can("moodle/site:viewuseridentity"):
        details["email"] = user["email"]
    if everything:
        if user["auth"] not in caller.db.methods():
            raise invalid_response()
        details.update(username=user["username"], auth=user["auth"], confirmed=True, lang=user["lang"])
        details.update(theme="", timezone="99", mailformat=1, trackforums=0, department=user["department"])
        details.update({key: user[key] for key in ("idnumber", "institution") if user[key] not in EMPTY})
    if user["city"] not in EMPTY:
        details["city"] = user["city"]
    return details
