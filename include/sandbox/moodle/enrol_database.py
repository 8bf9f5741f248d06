"""The plugin ``enrol_database``: it applies the external table, on its schedule and at each login.

Table ``enrolments(course_idnumber, username, role)`` of the SQLite file that the settings name. The task
holds no lock on it: it lists the courses, then reads course by course, as the real one does.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from sandbox.moodle.database import COURSE, Database, now
from sandbox.moodle.enrolments import ACTIVE, SUSPENDED, assign, enrol, method, unenrol

COMPONENT = "enrol_database"
DONE, UNREACHABLE, UNREADABLE = 0, 1, 2
COURSES = "SELECT DISTINCT course_idnumber FROM enrolments"
PEOPLE = "SELECT username, role FROM enrolments WHERE course_idnumber = ?"
TABLE_SETTINGS = {
    "dbtype": "mysqli",
    "dbpass": "secret-de-la-table",
    "debugdb": 0,
    "localcoursefield": "idnumber",
    "localuserfield": "username",
    "localrolefield": "shortname",
    "remoteenroltable": "enrolments",
    "remotecoursefield": "course_idnumber",
    "remoteuserfield": "username",
    "remoterolefield": "role",
    "remoteotheruserfield": "",
    "newcoursetable": "",
}
ROWS_OF_ONE = "SELECT course_idnumber, role FROM enrolments WHERE username = ?"


class Unreachable(Exception):
    """The file of the external table cannot be opened."""


class Unreadable(Exception):
    """The external table does not answer a query."""


class Removal(IntEnum):
    """What becomes of an enrolment whose row is gone: the values of Moodle's ``unenrolaction``."""

    UNENROL = 0
    KEEP = 1
    SUSPEND = 2
    SUSPEND_NO_ROLES = 3


@dataclass
class PluginSettings:
    """The settings of the plugin; ``default_role`` is a shortname, empty for none."""

    table_path: Path
    removal: Removal = Removal.SUSPEND_NO_ROLES
    ignore_hidden_courses: bool = False
    default_role: str = ""


@dataclass
class Current:
    """People of one course with a role by this method: the roles, and the enrolment's status if any."""

    roles: dict[int, set[int]]
    status: dict[int, int]


class EnrolDatabase:
    """``sync()`` is the scheduled task, ``sync_user()`` what happens at a login."""

    def __init__(self, db: Database, settings: PluginSettings) -> None:
        self.db, self.settings = db, settings

    @contextmanager
    def _table(self) -> Iterator[sqlite3.Connection]:
        """The external table, read-only; ``Unreachable`` when its file cannot be opened."""
        uri = f"{self.settings.table_path.absolute().as_uri()}?mode=ro"
        try:
            connection = sqlite3.connect(uri, uri=True, timeout=1)
        except sqlite3.Error as error:
            raise Unreachable from error
        with closing(connection):
            yield connection

    def show_settings(self) -> None:
        """Keep them where the page of the plugin keeps its settings, those of the table beside."""
        chosen, roles = self.settings, self._roles()
        self.db.set_plugin(
            COMPONENT,
            **TABLE_SETTINGS,
            unenrolaction=int(chosen.removal),
            ignorehiddencourses=int(chosen.ignore_hidden_courses),
            defaultrole=roles.get(chosen.default_role, ""),
        )

    def sync(self) -> int:
        """Apply the whole table; ``DONE``, ``UNREACHABLE`` or ``UNREADABLE``. Errors are lines of the log."""
        self.db.set_plugin("tool_task", lastcronstart=now())
        self.db.run("UPDATE mdl_task_scheduled SET lastruntime = ? WHERE component = ?", (now(), COMPONENT))
        self._say("Course synchronisation skipped.")
        self._say("Starting user enrolment synchronisation...")
        try:
            with self._table() as table:
                listed = [course for (course,) in _read(table, COURSES) if course]
                self._warn_if_empty(listed)
                for course in self._mapped_courses(set(listed)):
                    self._sync_course(table, course, bool(listed))
        except Unreachable:
            self._say("Error while communicating with external enrolment database")
            return UNREACHABLE
        except Unreadable:
            self._say("Error reading data from the external enrolment table")
            return UNREADABLE
        self._say("...user enrolment synchronisation finished.")
        return DONE

    def _warn_if_empty(self, listed: list[str]) -> None:
        if not listed and self.settings.removal == Removal.UNENROL:
            self._say(
                "Preventing unenrolment of all current users, because it might result in major data loss,"
                " there has to be at least one record in external enrol table, sorry."
            )

    def _mapped_courses(self, listed: set[str]) -> list[sqlite3.Row]:
        """Courses that have the method or are in the table; idnumbers compared exactly here."""
        sql = (
            "SELECT c.*, e.id AS enrolid FROM mdl_course c"
            " LEFT JOIN mdl_enrol e ON e.courseid = c.id AND e.enrol = 'database'"
            " WHERE c.idnumber <> '' ORDER BY c.id"
        )
        courses = [row for row in self.db.all(sql) if row["enrolid"] or row["idnumber"] in listed]
        unknown = listed - {row["idnumber"] for row in courses}
        if unknown:
            self._say(f"error: following courses do not exist - {', '.join(sorted(unknown))}")
        return courses

    def _sync_course(self, table: sqlite3.Connection, course: sqlite3.Row, guard_off: bool) -> None:
        if self.settings.ignore_hidden_courses and not course["visible"]:
            return
        rows = _read(table, PEOPLE, course["idnumber"])
        with self.db.transaction():
            if self.db.find("course", course["id"]) is None:
                return
            enrolid = method(self.db, course["id"], "database")
            context = self.db.context(COURSE, course["id"])
            current = self._current(enrolid)
            wanted = self._wanted(rows, course["idnumber"])
            for user, roles in wanted.items():
                self._grant(course["id"], enrolid, context, user, roles, current)
            if guard_off or self.settings.removal != Removal.UNENROL:
                gone = [user for user in current.roles if user not in wanted]
                self._remove(course["id"], enrolid, gone, current.status)

    def _current(self, enrolid: int, only: int | None = None) -> Current:
        """Only who has a role by this method: an enrolment left without one is never looked at again."""
        current = Current(defaultdict(set), {})
        sql = (
            "SELECT a.userid, a.roleid, u.status FROM mdl_role_assignments a"
            " LEFT JOIN mdl_user_enrolments u ON u.enrolid = a.itemid AND u.userid = a.userid"
            f" WHERE a.component = '{COMPONENT}' AND a.itemid = ?1 AND (?2 IS NULL OR a.userid = ?2)"
        )
        for row in self.db.all(sql, (enrolid, only)):
            current.roles[row["userid"]].add(row["roleid"])
            if row["status"] is not None:
                current.status[row["userid"]] = row["status"]
        return current

    def _wanted(self, rows: list[tuple[str, ...]], course: str) -> dict[int, dict[int, None]]:
        """Roles by person; unknown people and roles are lines of the log."""
        wanted: dict[int, dict[int, None]] = defaultdict(dict)
        users: dict[str, int | None] = {}
        roles = self._roles()
        for username, role in rows:
            if username not in users:
                users[username] = self.db.same("user", "username", username or "")
            user, roleid = users[username], roles.get(role, roles.get(self.settings.default_role))
            if user is None:
                self._say(f"error: skipping unknown user username '{username}' in course '{course}'")
            elif roleid is None:
                self._say(f"error: skipping user '{user}' in course '{course}' - missing course and default role")
            else:
                wanted[user][roleid] = None
        return wanted

    def _roles(self) -> dict[str, int]:
        return {row["shortname"]: row["id"] for row in self.db.all("SELECT shortname, id FROM mdl_role")}

    def _grant(
        self, course: int, enrolid: int, context: int, user: int, roles: dict[int, None], current: Current
    ) -> None:
        """Enrol or re-activate, then make the roles of this method those of the table."""
        had = current.roles.get(user, set())
        if current.status.get(user) != ACTIVE:
            enrol(self.db, course, "database", user, next(iter(roles)))
        for role in roles.keys() - had:
            assign(self.db, context, user, role, COMPONENT, enrolid)
        for role in had - roles.keys():
            sql = "DELETE FROM mdl_role_assignments WHERE itemid = ? AND userid = ? AND roleid = ? AND component = ?"
            self.db.run(sql, (enrolid, user, role, COMPONENT))

    def _remove(self, course: int, enrolid: int, users: list[int], status: dict[int, int]) -> None:
        """The removal action, for people whose last row is gone."""
        action = self.settings.removal
        for user in users:
            if action == Removal.UNENROL:
                unenrol(self.db, course, "database", user)
            elif action != Removal.KEEP:
                if status.get(user) == ACTIVE:
                    enrol(self.db, course, "database", user, None, SUSPENDED)
                if action == Removal.SUSPEND_NO_ROLES:
                    sql = "DELETE FROM mdl_role_assignments WHERE itemid = ? AND userid = ? AND component = ?"
                    self.db.run(sql, (enrolid, user, COMPONENT))

    def sync_user(self, user: int) -> None:
        """One person's rows, at login: **no guard**, so an empty table takes every enrolment away."""
        username = self.db.get("user", user)["username"]
        try:
            with self._table() as table:
                rows = _read(table, ROWS_OF_ONE, username)
        except (Unreachable, Unreadable):
            return
        with self.db.transaction():
            wanted = self._wanted_courses(rows)
            for course, roles in wanted.items():
                enrolid = method(self.db, course, "database")
                context = self.db.context(COURSE, course)
                self._grant(course, enrolid, context, user, roles, self._current(enrolid, user))
            for row in self._held_by(user):
                if row["courseid"] not in wanted:
                    status = self._current(row["enrolid"], user).status
                    self._remove(row["courseid"], row["enrolid"], [user], status)

    def _wanted_courses(self, rows: list[tuple[str, ...]]) -> dict[int, dict[int, None]]:
        wanted: dict[int, dict[int, None]] = defaultdict(dict)
        roles = self._roles()
        for idnumber, role in rows:
            course = self.db.same("course", "idnumber", idnumber) if idnumber else None
            roleid = roles.get(role, roles.get(self.settings.default_role))
            if course and roleid and not self._ignored(course):
                wanted[course][roleid] = None
        return wanted

    def _ignored(self, course: int) -> bool:
        return self.settings.ignore_hidden_courses and not self.db.get("course", course)["visible"]

    def _held_by(self, user: int) -> list[sqlite3.Row]:
        sql = (
            "SELECT DISTINCT e.id AS enrolid, e.courseid FROM mdl_role_assignments a"
            " JOIN mdl_enrol e ON e.id = a.itemid AND e.enrol = 'database'"
            f" WHERE a.userid = ? AND a.component = '{COMPONENT}'"
        )
        return [row for row in self.db.all(sql, (user,)) if not self._ignored(row["courseid"])]

    def _say(self, line: str) -> None:
        self.db.run("INSERT INTO sandbox_task_log (time, line) VALUES (?, ?)", (now(), line))


def _read(table: sqlite3.Connection, sql: str, *values: str) -> list[tuple[str, ...]]:
    try:
        return table.execute(sql, values).fetchall()
    except sqlite3.Error as error:
        raise Unreadable from error
