"""The REST service of a Moodle as any client calls it, and short ways to make things there."""

from __future__ import annotations

from typing import Any

import requests

STUDENT, TEACHER = 5, 3
"""The ids that Moodle's installation gives to the roles ``student`` and ``editingteacher``."""


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


class Rest:
    """One Moodle and one token. ``home`` is the category where courses are made, ``top`` where categories are."""

    home, top = 1, 0
    domain = "univ.example"
    auth = "cas"
    """The method of the accounts that are made."""

    def __init__(self, url: str, token: str, timeout: float = 5) -> None:
        self.url, self.token, self.timeout = url.rstrip("/"), token, timeout
        self.address = f"{self.url}/webservice/rest/server.php"
        self.http = requests.Session()

    def form(self, function: str, *, raw: bool = True, token: str = "", **params: Any) -> dict[str, str]:
        head = {"wstoken": token or self.token, "wsfunction": function, "moodlewsrestformat": "json"}
        return head | ({"moodlewssettingraw": "1"} if raw else {}) | flatten(params)

    def post(self, function: str, **params: Any) -> requests.Response:
        return self.http.post(self.address, data=self.form(function, **params), timeout=self.timeout)

    def call(self, function: str, **params: Any) -> Any:
        return self.post(function, **params).json()

    def refused(self, function: str, **params: Any) -> str:
        """The errorcode of a call that must fail."""
        answer = self.post(function, **params)
        assert answer.status_code == 200
        return str(answer.json()["errorcode"])

    def user(self, username: str, **more: Any) -> int:
        return self._made("core_user_create_users", "users", self.account(username, **more))

    def account(self, username: str, **more: Any) -> dict[str, Any]:
        """What ``core_user_create_users`` is sent: an account of another system, without a password."""
        named = {"username": username, "firstname": "Ada", "lastname": "Noir", "auth": self.auth}
        return {**named, "email": f"{username.lower()}@{self.domain}", **more}

    def course(self, code: str, **more: Any) -> int:
        sent = {"shortname": code, "fullname": f"{code} - cours", "idnumber": code, "categoryid": self.home, **more}
        return self._made("core_course_create_courses", "courses", sent)

    def category(self, name: str, **more: Any) -> int:
        return self._made("core_course_create_categories", "categories", {"name": name, "parent": self.top, **more})

    def cohort(self, idnumber: str, **more: Any) -> int:
        return self._made("core_cohort_create_cohorts", "cohorts", cohort(idnumber, **more))

    def group(self, course: int, name: str, **more: Any) -> int:
        sent = {"courseid": course, "name": name, "description": "", **more}
        return self._made("core_group_create_groups", "groups", sent)

    def _made(self, function: str, param: str, item: dict[str, Any]) -> int:
        answer = self.call(function, **{param: [item]})
        assert isinstance(answer, list), answer
        return int(answer[0]["id"])

    def enrol(self, course: int, user: int, **more: Any) -> None:
        sent = {"roleid": STUDENT, "userid": user, "courseid": course, **more}
        assert self.call("enrol_manual_enrol_users", enrolments=[sent]) is None

    def join(self, group: int, user: int) -> Any:
        return self.call("core_group_add_group_members", members=[{"groupid": group, "userid": user}])

    def members(self, group: int) -> list[int]:
        answer = self.call("core_group_get_group_members", groupids=[group])
        return list(answer[0]["userids"])

    def people(self, course: int, **options: Any) -> dict[str, list[str]]:
        """Usernames of a course with their roles; ``onlyactive=1`` leaves suspended enrolments out."""
        found = self.call("core_enrol_get_enrolled_users", courseid=course, options=_options(options))
        return {one["username"]: sorted(role["shortname"] for role in one["roles"]) for one in found}


def cohort(idnumber: str, **more: Any) -> dict[str, Any]:
    """What ``core_cohort_create_cohorts`` is sent: a cohort of the whole site."""
    return {"categorytype": {"type": "system", "value": ""}, "name": "Licence 1", "idnumber": idnumber, **more}


def _options(asked: dict[str, Any]) -> list[dict[str, Any]]:
    asked = {"userfields": "id,username,roles", **asked}
    return [{"name": name, "value": value} for name, value in asked.items()]
