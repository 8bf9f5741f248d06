"""A fresh Moodle for each test, and a client that says what it got, errors included."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox import moodle


def flatten(value: Any, name: str = "") -> dict[str, str]:
    """PHP's nested names: ``{"a": [{"b": 1}]}`` becomes ``{"a[0][b]": "1"}``."""
    if isinstance(value, (list, tuple)):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        return {name: str(value)}
    parts: dict[str, str] = {}
    for key, item in value.items():
        parts |= flatten(item, f"{name}[{key}]" if name else str(key))
    return parts


class Site:
    """A running Moodle, the external table beside it, and short ways to fill both."""

    def __init__(self, folder: Path) -> None:
        self.server = moodle.start(folder)
        self.db, self.faults, self.settings = self.server.db, self.server.faults, self.server.settings
        self.plugin = self.server.enrol_database.settings
        self.http = requests.Session()
        self.address = f"{self.server.url}/webservice/rest/server.php"
        self.rows()

    def form(self, function: str, *, raw: bool = True, token: str = "", **params: Any) -> dict[str, str]:
        head = {"wstoken": token or self.server.token, "wsfunction": function, "moodlewsrestformat": "json"}
        return head | ({"moodlewssettingraw": "1"} if raw else {}) | flatten(params)

    def post(self, function: str, **params: Any) -> requests.Response:
        return self.http.post(self.address, data=self.form(function, **params), timeout=5)

    def call(self, function: str, **params: Any) -> Any:
        return self.post(function, **params).json()

    def refused(self, function: str, **params: Any) -> str:
        """The errorcode of a call that must fail."""
        answer = self.post(function, **params)
        assert answer.status_code == 200
        return str(answer.json()["errorcode"])

    def user(self, username: str, **more: Any) -> int:
        account = {"username": username, "firstname": "Ada", "lastname": "Noir", "auth": "cas"}
        sent = {**account, "email": f"{username}@univ.example", **more}
        return int(self.call("core_user_create_users", users=[sent])[0]["id"])

    def course(self, code: str, **more: Any) -> int:
        sent = {"shortname": code, "fullname": f"{code} - cours", "idnumber": code, "categoryid": 1, **more}
        return int(self.call("core_course_create_courses", courses=[sent])[0]["id"])

    def category(self, name: str, **more: Any) -> int:
        return int(self.call("core_course_create_categories", categories=[{"name": name, **more}])[0]["id"])

    def group(self, course: int, name: str, **more: Any) -> int:
        sent = {"courseid": course, "name": name, "description": "", **more}
        return int(self.call("core_group_create_groups", groups=[sent])[0]["id"])

    def enrol(self, course: int, user: int, **more: Any) -> None:
        sent = {"roleid": 5, "userid": user, "courseid": course, **more}
        assert self.call("enrol_manual_enrol_users", enrolments=[sent]) is None

    def join(self, group: int, user: int) -> Any:
        return self.call("core_group_add_group_members", members=[{"groupid": group, "userid": user}])

    def members(self, group: int) -> list[int]:
        answer = self.call("core_group_get_group_members", groupids=[group])
        return list(answer[0]["userids"])

    def rows(self, *rows: tuple[str, str, str]) -> None:
        """Make the external table hold exactly these rows."""
        with closing(sqlite3.connect(self.plugin.table_path)) as table, table:
            table.execute("CREATE TABLE IF NOT EXISTS enrolments (course_idnumber, username, role)")
            table.execute("DELETE FROM enrolments")
            table.executemany("INSERT INTO enrolments VALUES (?, ?, ?)", rows)

    def people(self, course: int, **options: Any) -> dict[str, list[str]]:
        """Usernames of a course with their roles; ``onlyactive=1`` leaves suspended enrolments out."""
        asked = {"userfields": "id,username,roles", **options}
        listed = [{"name": name, "value": value} for name, value in asked.items()]
        found = self.call("core_enrol_get_enrolled_users", courseid=course, options=listed)
        return {one["username"]: [role["shortname"] for role in one["roles"]] for one in found}

    def row(self, table: str, key: int) -> dict[str, Any]:
        return dict(self.db.get(table, key))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    running = Site(tmp_path)
    yield running
    running.http.close()
    running.server.stop()
