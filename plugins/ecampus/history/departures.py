"""What the last runs keep of the people of an archived course, for the courses where its element is taught now."""

from __future__ import annotations

from typing import NamedTuple

from ecampus.explain import facts
from ecampus.explain.element import Course, archived
from ecampus.history.asked import Asked
from ecampus.history.rows import either, one_of


class _User(NamedTuple):
    id: int
    username: str


def departure(asked: Asked, course: Course) -> facts.Departure | None:
    """Null for a course that has no archive."""
    archive = archived(course)
    if archive is None or not archive.idnumber:
        return None
    people = asked.lines("course_idnumber", [archive.idnumber])
    logins = [line.username for line in people]
    there = {one.id: str(one.idnumber) for one in course.offer.spaces if (one.idnumber or "").upper() in _homes(course)}
    codes = {course.element.code, course.porteur}
    which = either(one_of("code_element", codes), one_of("key", [course.porteur]))
    return facts.Departure(
        people=people,
        seats=asked.verdicts("enrolments", facts.Seat, "seats", one_of("code_element", codes)),
        sheets=asked.verdicts("enrolments", facts.Sheet, "teachers", which),
        lines=asked.lines("course_idnumber", there.values()),
        late=asked.late("course_idnumber", there.values()),
        otherwise=_otherwise(asked, there, logins),
    )


def _homes(course: Course) -> set[str]:
    """Where it is taught now: the ordinary course and its FOAD twin, whichever of them was archived."""
    return {key.upper() for key in course._replace(foad=False).keys}


def _otherwise(asked: Asked, there: dict[int, str], logins: list[str]) -> tuple[tuple[str, str], ...]:
    users = asked.of(asked.lately.read("users"), "existing/users.parquet", _User, one_of("username", logins))
    names = {one.id: one.username for one in users}
    told, which = asked.lately.read("groups"), one_of("course_id", there)
    seen = asked.of(told, "existing/enrolled.parquet", facts.Enrolled, which)
    return tuple(sorted((there[one.course_id], names[one.user_id]) for one in seen if one.user_id in names))
