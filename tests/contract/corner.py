"""The corner of a Moodle that one run of the contract makes for itself, and removes."""

from __future__ import annotations

import re
import secrets
from itertools import count
from typing import Any

import pytest
import requests
from releases import Release

from ecampus.moodle.functions import FUNCTIONS
from rest import Rest

MARK = "ecampus-contract"
"""The idnumber of a category that an administrator makes by hand, on test sites only."""
HIDDEN = "ecampus-contract-hidden"
"""The idnumber of a hidden category under it: REST can hide none."""
PREFIX = "ecampus-contract-"
DOMAIN = "ecampus-contract.invalid"
PASSWORD = "Contrat-2026!"
OURS = [
    "core_cohort_delete_cohorts",
    "core_course_delete_courses",
    "core_course_get_courses_by_field",
    "core_group_assign_grouping",
    "core_group_create_groupings",
    "core_user_delete_users",
    "core_user_get_users_by_field",
    "enrol_manual_enrol_users",
    "enrol_manual_unenrol_users",
]
"""Functions of the contract's own service, besides those of production."""
UNKNOWN = 99_999_999
CHUNK = 100
LOGIN_TOKEN = re.compile(r'name="logintoken" value="(\w+)"')


class NotATestSite(Exception):
    """The contract does not start on this site; its text says why in one line."""


class Corner(Rest):
    """Everything is made in ``home`` or carries ``PREFIX`` or ``DOMAIN``; raises NotATestSite."""

    domain = DOMAIN

    def __init__(self, url: str, token: str, auth: str = Rest.auth) -> None:
        super().__init__(url, token, timeout=600)
        self.auth = auth
        self.run = f"{PREFIX}{secrets.token_hex(3)}"
        self._codes = count(1)
        self.release = self._checked()
        self.mark = self._marked(MARK)
        if not self.mark:
            raise NotATestSite(
                f"{url} is not marked as a test site, nothing was written: where it may be disturbed, and only there,"
                f" an administrator makes a category with the idnumber {MARK} (docs/moodle.md)."
            )
        self.shade = self._marked(HIDDEN)

    def _checked(self) -> Release:
        """The release of the site, once its token offers all that the contract calls."""
        site = self.call("core_webservice_get_site_info")
        if "errorcode" in site:
            raise NotATestSite(f"{self.url} refuses the token of the contract: {site['message']}")
        needed = {*OURS, *(function for phase in FUNCTIONS.values() for function in phase)}
        if missing := needed - {function["name"] for function in site["functions"]}:
            raise NotATestSite(f"{self.url}: the service of the contract's token lacks {', '.join(sorted(missing))}")
        return Release.of(site["release"])

    def _marked(self, idnumber: str) -> int:
        criteria = [{"key": "idnumber", "value": idnumber}]
        found = self.call("core_course_get_categories", criteria=criteria, addsubcategories=0)
        return int(found[0]["id"]) if found else 0

    def open(self) -> None:
        """Remove what an interrupted run left, then make the category of this one."""
        self.sweep()
        self.top = self.mark
        self.home = self.top = self.category("Contract", idnumber=self.run)

    def sweep(self) -> None:
        """Remove all that any run has made: what carries our names, and nothing else."""
        cohorts = [one["id"] for one in self.call("core_cohort_get_cohorts") if ours(one["idnumber"])]
        self._remove("core_cohort_delete_cohorts", "cohortids", cohorts)
        places = {0, self.mark, self.shade}
        categories = self.call("core_course_get_categories")
        nests = {one["id"] for one in categories if one["parent"] in places and ours(one["idnumber"])}
        for nest in nests - places:
            self._remove("core_course_delete_categories", "categories", [{"id": nest, "recursive": 1}])
        everybody = [{"key": "email", "value": f"%{DOMAIN}"}]
        users = [one["id"] for one in self.call("core_user_get_users", criteria=everybody)["users"]]
        self._remove("core_user_delete_users", "userids", users)

    def _remove(self, function: str, param: str, items: list[Any]) -> None:
        for start in range(0, len(items), CHUNK):
            answer = self.call(function, **{param: items[start : start + CHUNK]})
            assert answer is None, answer

    def code(self) -> str:
        """A login, a code, a name that nothing has yet."""
        return f"{self.run}-{next(self._codes)}"

    def hidden(self) -> int:
        """A new category under a hidden one; skips where the administrator has made none."""
        if not self.shade:
            pytest.skip(f"the site has no hidden category with the idnumber {HIDDEN}")
        return self.category("Coulisses", parent=self.shade, idnumber=self.code())

    def below(self, category: int, **options: Any) -> list[dict[str, Any]]:
        """A category and all that is under it, as read."""
        criteria = [{"key": "ids", "value": category}]
        return list(self.call("core_course_get_categories", criteria=criteria, **options))

    def category_read(self, key: int) -> dict[str, Any]:
        (found,) = self.below(key, addsubcategories=0)
        return dict(found)

    def course_read(self, key: int, **options: Any) -> dict[str, Any]:
        (found,) = self.call("core_course_get_courses", options={"ids": [key]}, **options)
        return dict(found)

    def coded(self, *idnumbers: str) -> list[str]:
        """Those of the idnumbers that a course has, as it writes them."""
        asked = [{"field": "idnumber", "value": idnumber} for idnumber in idnumbers]
        answers = [self.call("core_course_get_courses_by_field", **one)["courses"] for one in asked]
        return [course["idnumber"] for answer in answers for course in answer]

    def named(self, *usernames: str) -> list[str]:
        """Those of the logins that exist."""
        found = self.call("core_user_get_users_by_field", field="username", values=usernames)
        return [one["username"] for one in found]

    def user_read(self, key: int) -> dict[str, Any]:
        (found,) = self.call("core_user_get_users_by_field", field="id", values=[key])
        return dict(found)

    def groups(self, course: int, **options: Any) -> list[str]:
        """The names of the groups of a course, as listed."""
        return [one["name"] for one in self.call("core_group_get_course_groups", courseid=course, **options)]

    def cohorts(self, *idnumbers: str, **options: Any) -> list[dict[str, Any]]:
        wanted = {idnumber.lower() for idnumber in idnumbers}
        found = self.call("core_cohort_get_cohorts", **options)
        return [one for one in found if (one["idnumber"] or "").lower() in wanted]

    def person(self, username: str) -> int:
        """An account that can log in here."""
        return self.user(username, auth="manual", password=PASSWORD)

    def login(self, username: str) -> bool:
        """Log in as a browser does."""
        page = f"{self.url}/login/index.php"
        with requests.Session() as browser:
            token = LOGIN_TOKEN.search(browser.get(page, timeout=self.timeout).text)
            typed = {"username": username, "password": PASSWORD, "logintoken": token.group(1) if token else ""}
            answer = browser.post(page, data=typed, timeout=self.timeout)
        return "/login/" not in answer.url


def ours(text: str | None) -> bool:
    """Whether it carries the contract's prefix, in whatever case, spaces aside."""
    return (text or "").strip().lower().startswith(PREFIX)
