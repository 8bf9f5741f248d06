"""Moodle's refusals, as its web services say them (class, errorcode, message)."""

CAPABILITIES = {
    "moodle/category:manage": "Manage categories",
    "moodle/category:viewhiddencategories": "See hidden categories",
    "moodle/cohort:assign": "Add and remove cohort members",
    "moodle/cohort:manage": "Create, delete and move cohorts",
    "moodle/cohort:view": "View site-wide cohorts",
    "moodle/course:changecategory": "Change course category",
    "moodle/course:changefullname": "Change course full name",
    "moodle/course:changeidnumber": "Change course ID number",
    "moodle/course:changeshortname": "Change course short name",
    "moodle/course:changesummary": "Change course summary",
    "moodle/course:create": "Create courses",
    "moodle/course:delete": "Delete courses",
    "moodle/course:enrolreview": "Review course enrolments",
    "moodle/course:managegroups": "Manage groups",
    "moodle/course:update": "Update course settings",
    "moodle/course:viewhiddengroups": "View hidden groups",
    "moodle/course:view": "View courses without participation",
    "moodle/course:viewhiddencourses": "View hidden courses",
    "moodle/course:viewparticipants": "View participants",
    "moodle/course:visibility": "Hide/show courses",
    "moodle/role:assign": "Assign roles to users",
    "moodle/site:accessallgroups": "Access all groups",
    "moodle/site:viewuseridentity": "See full user identity in lists",
    "moodle/user:create": "Create users",
    "moodle/user:delete": "Delete users",
    "moodle/user:update": "Update user profiles",
    "moodle/user:viewalldetails": "View user full information",
    "moodle/user:viewhiddendetails": "View hidden details of users",
    "moodle/user:viewdetails": "View user profiles",
    "enrol/manual:enrol": "Enrol users",
    "enrol/manual:unenrol": "Unenrol users from the course",
    "webservice/rest:use": "Use REST protocol",
}


class MoodleError(Exception):
    """An exception that reaches the client as an envelope, with HTTP status 200."""

    def __init__(self, code: str, message: str, kind: str = "core\\exception\\moodle_exception") -> None:
        super().__init__(message)
        self.code, self.message, self.kind = code, message, kind

    def envelope(self) -> dict[str, str]:
        return {"exception": self.kind, "errorcode": self.code, "message": self.message}


def invalid_parameter() -> MoodleError:
    """Most validation failures: not a word on which item (moodle.md, the envelope)."""
    kind = "core\\exception\\invalid_parameter_exception"
    return MoodleError("invalidparameter", "Invalid parameter value detected", kind)


def missing_record(table: str) -> MoodleError:
    """``table``: empty where Moodle does not name it."""
    kind = "dml_missing_record_exception"
    if not table:
        return MoodleError("invalidrecordunknown", "Can't find data record in database.", kind)
    if table == "user":
        return MoodleError("invaliduser", "Invalid user", kind)
    return MoodleError("invalidrecord", f"Can't find data record in database table {table}.", kind)


def invalid_response() -> MoodleError:
    """What was found has a value that Moodle itself would not accept: not a word on which."""
    kind = "core\\exception\\invalid_response_exception"
    return MoodleError("invalidresponse", "Invalid response value detected", kind)


def write_failed() -> MoodleError:
    """A value too long for its column, or a deadlock: the message does not say which."""
    return MoodleError("dmlwriteexception", "Error writing to database", "dml_write_exception")


def coding_error(why: str) -> MoodleError:
    words = f"Coding error detected, it must be fixed by a programmer: {why}"
    return MoodleError("codingerror", words, "core\\exception\\coding_exception")


def no_access() -> MoodleError:
    return MoodleError("accessexception", "Access control exception", "webservice_access_exception")


def capability_required(capability: str) -> MoodleError:
    message = (
        f"Sorry, but you do not currently have permissions to do that ({CAPABILITIES.get(capability, capability)})."
    )
    return MoodleError("nopermissions", message, "core\\exception\\required_capability_exception")


def login_required() -> MoodleError:
    """A course that the account may not enter: the words do not tell a hidden one from one without enrolment."""
    kind = "core\\exception\\require_login_exception"
    return MoodleError("requireloginerror", "Course or activity not accessible.", kind)


def course_context(course: int, why: str) -> MoodleError:
    return MoodleError(
        "errorcoursecontextnotvalid",
        f"You cannot execute functions in the course context (course id:{course}). "
        f"The context error message was: {why}",
    )


def category_context(category: int, why: str) -> MoodleError:
    return MoodleError(
        "errorcatcontextnotvalid",
        f"You cannot execute functions in the category context (category id:{category}). "
        f"The context error message was: {why}",
    )


def blank(field: str) -> MoodleError:
    return MoodleError("errorinvalidparam", f'The param "{field}" is invalid.')
