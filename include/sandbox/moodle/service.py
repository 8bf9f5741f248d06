"""The web service itself: its functions by name, and who calls them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.moodle.database import COURSE, SITE_COURSE, Database
from sandbox.moodle.errors import (
    MoodleError,
    capability_required,
    course_context,
    invalid_parameter,
    login_required,
    no_access,
)
from sandbox.moodle.params import validate
from sandbox.moodle.text import format_string

NOT_PLAYED = {"core_course_duplicate_course", "core_course_import_course"}
"""Functions of Moodle that no service offers here: known, so refused otherwise than unknown ones."""


@dataclass(frozen=True)
class Caller:
    """The account behind the token, what it may do, and how it wants names.

    ``meet``: what a call inside another one meets, by its name.
    """

    db: Database
    user: int
    capabilities: frozenset[str]
    raw: bool
    meet: Callable[[str], None] = lambda _: None

    def can(self, capability: str) -> bool:
        return capability in self.capabilities

    def require(self, *any_of: str) -> None:
        """Refuse unless the token holds one of the capabilities; the last one is named."""
        if not self.capabilities.intersection(any_of):
            raise capability_required(any_of[-1])

    def text(self, name: str) -> str:
        """A name as this call gets it: escaped unless ``moodlewssettingraw=1``."""
        return name if self.raw else format_string(name)

    def enter(self, course: int) -> None:
        """Moodle's ``require_login``: a hidden course is closed to who may not see hidden courses."""
        visible = self.db.value("SELECT visible FROM mdl_course WHERE id = ?", (course,))
        if visible is None:
            raise self.db.missing("course")
        if course == SITE_COURSE:
            return
        if not visible and not self.can("moodle/course:viewhiddencourses"):
            raise login_required()
        if not self.can("moodle/course:view"):
            raise login_required()

    def course(self, course: int, *any_of: str) -> int:
        """Enter a course for a purpose; returns the id of its context."""
        try:
            if self.db.find("course", course) is None:
                raise invalid_parameter()
            self.enter(course)
        except MoodleError as error:
            raise course_context(course, error.message) from error
        self.require(*any_of)
        return self.db.context(COURSE, course)


@dataclass(frozen=True)
class Function:
    run: Callable[..., Any]
    params: dict[str, Any]


FUNCTIONS: dict[str, Function] = {}


def web_service(name: str, **params: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Publish ``run(caller, **params)`` as a function of the service, its parameters described."""

    def publish(run: Callable[..., Any]) -> Callable[..., Any]:
        FUNCTIONS[name] = Function(run, params)
        return run

    return publish


def call(db: Database, form: dict[str, Any], maintenance: bool, meet: Callable[[str], None]) -> Any:
    """What a form asks for, with Moodle's checks in its order: token, maintenance, function, parameters."""
    form = dict(form)
    token, name = form.pop("wstoken", None), form.pop("wsfunction", "")
    raw = form.pop("moodlewssettingraw", "0") in ("1", "true")
    for setting in (
        "moodlewsrestformat",
        "moodlewssettingfilter",
        "moodlewssettingfileurl",
        "moodlewssettinglang",
    ):
        form.pop(setting, None)
    if token != db.setting("token"):
        raise MoodleError("invalidtoken", "Invalid token - token not found")
    if maintenance:
        message = "The site is undergoing maintenance and is currently not available"
        raise MoodleError("sitemaintenance", message)
    capabilities = db.capabilities()
    if "webservice/rest:use" not in capabilities:
        raise no_access()
    function = _function(db, name)
    caller = Caller(db, int(db.setting("wsuser")), capabilities, raw, meet)
    return function.run(caller, **validate(function.params, form))


def _function(db: Database, name: Any) -> Function:
    if not name or not isinstance(name, str):
        raise invalid_parameter()
    if name in NOT_PLAYED:
        raise no_access()
    if name not in FUNCTIONS:
        raise db.missing("external_functions")
    if db.value("SELECT 1 FROM sandbox_service WHERE name = ?", (name,)) is None:
        raise no_access()
    return FUNCTIONS[name]


@web_service("core_webservice_get_site_info")
def get_site_info(caller: Caller) -> dict[str, Any]:
    db, user = caller.db, caller.db.get("user", caller.user)
    offered = db.all("SELECT name FROM sandbox_service ORDER BY name")
    return {
        "sitename": caller.text(db.setting("sitename")),
        "username": user["username"],
        "firstname": user["firstname"],
        "lastname": user["lastname"],
        "fullname": f"{user['firstname']} {user['lastname']}",
        "lang": user["lang"],
        "userid": user["id"],
        "siteurl": db.setting("siteurl"),
        "functions": [{"name": row["name"], "version": db.release.version} for row in offered],
        "release": db.release.name,
        "version": db.release.version,
        "userissiteadmin": False,
    }
