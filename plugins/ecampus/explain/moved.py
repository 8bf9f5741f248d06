"""Where the people of an archived course are now: the porteur's course, the FOAD twin, or nowhere else and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ecampus.explain.element import UNKNOWN, Course
from ecampus.explain.facts import Departure, Line, Seat, Sheet
from ecampus.explain.ladders import SEATS, SHEETS, nearest
from ecampus.explain.seats import STUDENT
from ecampus.rules.teaching import SEATED
from ecampus.words import why_courses


class Moved(NamedTuple):
    """Those who are in the same place for the same reason. ``where``: the code of the course; '' nowhere else.

    ``how``: by what they are there, or why they did not follow.
    """

    where: str
    role: str
    how: str
    usernames: tuple[str, ...]


def where_they_are(course: Course, left: Departure) -> tuple[Moved, ...]:
    """Everybody of the archive once, those who followed first, then the most."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for line in _once(left.people):
        role = STUDENT if line.role == STUDENT else "teacher"
        where, how = _now(course, left, line)
        found.setdefault((where, role, how), []).append(line.username)
    groups = (Moved(*kind, tuple(sorted(names))) for kind, names in found.items())
    return tuple(sorted(groups, key=lambda one: (not one.where, -len(one.usernames), one)))


def _once(lines: Iterable[Line]) -> Iterable[Line]:
    """A teacher who has a student's row too counts as a teacher."""
    return {line.username: line for line in sorted(lines, key=lambda line: line.role != STUDENT)}.values()


def _now(course: Course, left: Departure, line: Line) -> tuple[str, str]:
    row = _row(left, line)
    there = [one for one in left.lines if one.username == line.username]
    late = {one[:3] for one in left.late if one.verb == "enrol"}
    taken = [one for one in there if one[:3] not in late]
    if taken:
        best = max(taken, key=lambda one: (row is not None and one.course_idnumber == row.key, one.ours))
        return best.course_idnumber, _by(row, best)
    if other := next((key for key, username in left.otherwise if username == line.username), ""):
        return other, why_courses.OTHERWISE
    return "", why_courses.NOT_TAKEN if there else _reason(course, line, row)


def _by(row: Seat | Sheet | None, line: Line) -> str:
    if row is None or row.verdict != SEATED or row.key != line.course_idnumber:
        return why_courses.KEPT if line.ours else why_courses.BY_A_ROW
    return why_courses.by_group(row.code_groupe or "") if isinstance(row, Seat) else why_courses.BY_SHEETS


def _row(left: Departure, line: Line) -> Seat | Sheet | None:
    """Of the ladder of their role, the row that got furthest."""
    if line.role == STUDENT:
        return nearest((one for one in left.seats if one.username == line.username), SEATS)
    return nearest((one for one in left.sheets if one.username == line.username), SHEETS)


def _reason(course: Course, line: Line, row: Seat | Sheet | None) -> str:
    code = course.element.code
    if course.element.verdict == UNKNOWN:
        return why_courses.NOT_IN_REFER
    if row is None and not line.ours:
        return why_courses.BY_HAND
    if row is None:
        return (why_courses.NO_GROUP if line.role == STUDENT else why_courses.NO_SHEET).format(code=code)
    if isinstance(row, Seat) and row.verdict == "PORTE":
        return why_courses.not_attached(row.code_groupe or "?", course.porteur)
    return why_courses.TO_COME if row.verdict == SEATED else why_courses.VERDICTS[row.verdict]
