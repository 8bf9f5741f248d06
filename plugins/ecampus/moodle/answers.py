"""What each function answers: the shapes that Moodle 4.5 declares (``…_returns`` in its source), checked here alone.

A read whose answer has another shape is no reading, a write whose answer has another shape is not known to be done: a
session that expired, a proxy, a page of somebody else, an answer to an earlier call: all come with HTTP 200 and JSON.
A shape is one of the kinds below, ``[shape]`` a list of it, ``{key: shape}`` an object with at least these keys,
``Maybe`` a key that may be absent (Moodle leaves out what the token may not see: ``rows`` says what it lacks).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

MOST = 2**63 - 1


@dataclass(frozen=True)
class Maybe:
    """A key that Moodle may leave out."""

    shape: Any


@dataclass(frozen=True)
class Created:
    """The objects made of the list ``param``, in its order: an id each, and ``echoes`` of what was sent."""

    param: str
    echoes: tuple[str, ...]


@dataclass(frozen=True)
class Applied:
    """``{"warnings": [...]}``: the others of the list ``param`` are applied; ``named``: they carry the item's id."""

    param: str
    named: bool = True


VOID = object()
"""``null`` and nothing else."""


def number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -MOST <= value <= MOST


def identity(value: Any) -> bool:
    return number(value) and value > 0


def text(value: Any) -> bool:
    """A text that can be written anywhere (half a character cannot), or null."""
    return value is None or (isinstance(value, str) and (value.isascii() or _whole(value)))


def word(value: Any) -> bool:
    return isinstance(value, str) and value != "" and text(value)


def flag(value: Any) -> bool:
    return value is True or value is False or (number(value) and value in (0, 1))


def warningcode(value: Any) -> bool:
    return number(value) or word(value)


WARNING = {"warningcode": warningcode, "message": text, "item": Maybe(text), "itemid": Maybe(number)}
ACCOUNT = {
    "id": identity,
    "username": Maybe(word),
    "firstname": Maybe(text),
    "lastname": Maybe(text),
    "email": Maybe(text),
    "idnumber": Maybe(text),
    "auth": Maybe(word),
    "suspended": Maybe(flag),
}
COURSE = {
    "id": identity,
    "shortname": text,
    "fullname": text,
    "categoryid": number,
    "idnumber": Maybe(text),
    "visible": Maybe(flag),
    "timecreated": Maybe(number),
}
CATEGORY = {
    "id": identity,
    "name": text,
    "parent": number,
    "coursecount": number,
    "idnumber": Maybe(text),
    "visible": Maybe(flag),
}
GROUP = {"id": identity, "courseid": identity, "name": text, "idnumber": text}
GROUPING = {"id": identity, "courseid": identity, "groups": Maybe([{"id": identity}])}

TOGETHER = "tool_mobile_call_external_functions"
"""Many calls in one request, up to the first that Moodle refuses; optional, and used for reads only."""

READS: dict[str, Any] = {
    TOGETHER: {"responses": [{"error": flag, "data": Maybe(text), "exception": Maybe(text)}]},
    "core_webservice_get_site_info": {
        "userid": identity,
        "username": word,
        "siteurl": word,
        "functions": [{"name": word}],
    },
    "core_user_get_users": {"users": [ACCOUNT]},
    "core_user_get_users_by_field": [ACCOUNT],
    "core_course_get_categories": [CATEGORY],
    "core_course_get_courses": [COURSE],
    "core_cohort_get_cohorts": [{"id": identity, "idnumber": text, "name": text, "description": Maybe(text)}],
    "core_cohort_get_cohort_members": [{"cohortid": identity, "userids": [identity]}],
    "core_enrol_get_enrolled_users": [{"id": identity, "roles": [{"shortname": text}]}],
    "core_group_get_course_groups": [GROUP],
    "core_group_get_groups": [GROUP],
    "core_group_get_group_members": [{"groupid": identity, "userids": [identity]}],
    "core_group_get_course_groupings": [GROUPING],
    "core_group_get_groupings": [GROUPING],
}
WRITES: dict[str, Any] = {
    "core_user_create_users": Created("users", ("username",)),
    "core_user_update_users": Applied("users"),
    "core_cohort_create_cohorts": Created("cohorts", ("idnumber",)),
    "core_cohort_update_cohorts": VOID,
    "core_cohort_delete_cohorts": VOID,
    "core_cohort_add_cohort_members": Applied("members", named=False),
    "core_cohort_delete_cohort_members": VOID,
    "core_course_create_categories": Created("categories", ("name",)),
    "core_course_update_categories": VOID,
    "core_course_delete_categories": VOID,
    "core_course_create_courses": Created("courses", ("shortname",)),
    "core_course_update_courses": Applied("courses"),
    "core_course_delete_courses": Applied("courseids"),
    "core_group_create_groups": Created("groups", ("courseid", "idnumber")),
    "core_group_update_groups": VOID,
    "core_group_delete_groups": VOID,
    "core_group_add_group_members": VOID,
    "core_group_delete_group_members": VOID,
}


def is_read(function: str) -> bool:
    """Whether a call of it changes nothing, so that it may be tried again."""
    return "_get_" in function or function == TOGETHER


def repeatable(function: str) -> bool:
    """Whether a write that may have been done can be sent again: memberships and updates are as if they came once.

    A creation that came twice is refused as taken, and would be told as a stranger's.
    """
    return function in WRITES and ("_update_" in function or function.endswith("_members"))


def believed(function: str, params: dict[str, Any], answer: Any) -> bool:
    """Whether ``answer`` is what ``function`` answers to ``params``; a write that nobody declared is never believed.

    A creation may come back shorter, when PHP cut the list that it was sent: what comes then says what it is made of.
    """
    if function == TOGETHER:
        return fits(READS[function], answer) and _in_turn(params["requests"], answer["responses"])
    if is_read(function):
        return function not in READS or fits(READS[function], answer)
    declared = WRITES.get(function)
    if declared is VOID:
        return answer is None
    if isinstance(declared, Created):
        return _created(declared, params.get(declared.param, ()), answer)
    return isinstance(declared, Applied) and _applied(declared, params.get(declared.param, ()), answer)


def refusal(answer: Any) -> bool:
    """Whether this is Moodle saying no: an exception's class, its code and its words."""
    shape = {"exception": word, "errorcode": Maybe(text), "message": Maybe(text)}
    return isinstance(answer, dict) and "exception" in answer and fits(shape, answer)


def fits(shape: Any, value: Any) -> bool:
    """Whether a value has this shape."""
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(shape[0], item) for item in value)
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(_has(value, key, inner) for key, inner in shape.items())
    kind: Callable[[Any], bool] = shape
    return kind(value)


def item_id(item: Any) -> str:
    """The id by which a warning names an item (``itemid``); empty when items have none."""
    key = item.get("id") if isinstance(item, dict) else item
    return "" if key is None else str(key)


def _has(value: dict[str, Any], key: str, shape: Any) -> bool:
    if isinstance(shape, Maybe):
        return key not in value or fits(shape.shape, value[key])
    return key in value and fits(shape, value[key])


def _in_turn(asked: Sequence[Any], responses: Sequence[Any]) -> bool:
    """An answer to each call, or to the first ones, of which the last is a refusal."""
    refused = [bool(response["error"]) for response in responses]
    whole = len(responses) == len(asked) or (0 < len(responses) < len(asked) and refused[-1])
    return whole and not any(refused[:-1]) and all("data" in one for one in responses if not one["error"])


def _created(declared: Created, items: Sequence[Any], answer: Any) -> bool:
    if not fits([{"id": identity}], answer) or not 0 < len(answer) <= len(items):
        return False
    if len({row["id"] for row in answer}) < len(answer):
        return False
    cut = len(answer) < len(items)
    return all(
        _echoed(row, item, name, cut) for row, item in zip(answer, items, strict=False) for name in declared.echoes
    )


def _echoed(row: dict[str, Any], item: Any, name: str, must: bool) -> bool:
    """Moodle trims what it stores; what was not sent cannot come back."""
    if name not in row or name not in item:
        return not must
    return str(row[name]).strip() == str(item[name]).strip()


def _applied(declared: Applied, items: Sequence[Any], answer: Any) -> bool:
    if not isinstance(answer, dict) or set(answer) != {"warnings"} or not fits([WARNING], answer["warnings"]):
        return False
    named = {str(warning["itemid"]) for warning in answer["warnings"] if "itemid" in warning}
    return not declared.named or named <= {item_id(item) for item in items}


def _whole(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
