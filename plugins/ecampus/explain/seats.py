"""Somebody and an element: whether they are in its course, and the first thing that decides it.

The desired state is the good rows of the ladders (``rules/teaching``), the real one is the enrolment table as Moodle
was seen to follow it; where they differ, the plan, its journal and the state of the phase say why.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ecampus.explain.account import account
from ecampus.explain.element import NOT_COMPUTED, UNKNOWN, Course, not_computed, unknown, upper, without_course
from ecampus.explain.facts import Line, Night, Person, Planned, Seat, Sheet
from ecampus.explain.ladders import SEATS, SHEETS, nearest
from ecampus.explain.writing import Writing, written
from ecampus.rules.teaching import LIVING, SEATED

PHASE = "enrolments"
STUDENT, TEACHER = "student", "teacher"


class Finding(NamedTuple):
    """Whether somebody is in the course ``key`` and why.

    ``present``: null where it was published and nobody looked yet. ``rule``: what the rules say, INSCRIT or the rung
    that is not reached. ``why``: a name of ``words.why_seats.REASONS``; ``words``: what its sentence needs beside who
    and where. ``row``: the row of the ladder that decides.
    """

    present: bool | None
    rule: str
    why: str
    key: str
    role: str
    row: Seat | Sheet | None
    words: dict[str, str]


def findings(person: Person, course: Course, night: Night) -> list[Finding]:
    """As a student, as a teacher, or both, as the person's codes say; whoever has none counts as a student."""
    found = []
    if person.student or not person.staff:
        found.append(as_student(person, course, night))
    if person.staff:
        found.append(as_teacher(person, course, night))
    return found


def finding(person: Person, course: Course, night: Night) -> Finding:
    """The one answer: being there before not being there, then the role in which something is known."""
    return min(findings(person, course, night), key=lambda one: (not one.present, one.row is None))


def as_student(person: Person, course: Course, night: Night) -> Finding:
    """The answer of the ladder of seats.

    Another element may seat them there: the FOAD course of E1 has the code of an element E1-FOAD.
    """
    asked = {course.element.code, course.porteur}
    rows = [seat for seat in person.seats if seat.code_element in asked and (seat.cemu or not course.foad)]
    seated = [seat for seat in person.seats if seat.verdict == SEATED and seat.key in course.keys]
    row = nearest([*rows, *seated], SEATS)
    if course.foad and row is None:
        return _settled(person, course, night, STUDENT, None, _without_cemu(person, course))
    return _settled(person, course, night, STUDENT, row, _seat_reason(person, course, row))


def as_teacher(person: Person, course: Course, night: Night) -> Finding:
    """The answer of the ladder of teachers; FOAD courses are filled by hand."""
    if course.foad:
        return _settled(person, course, night, TEACHER, None, "FOAD_MANUEL")
    row = nearest(
        [one for one in person.sheets if one.code_element == course.element.code or one.key == course.porteur], SHEETS
    )
    missing = unknown(course) if course.element.verdict == UNKNOWN else "AUCUNE_SEANCE"
    return _settled(person, course, night, TEACHER, row, row.verdict if row else missing)


def _seat_reason(person: Person, course: Course, row: Seat | Sheet | None) -> str:
    """The rung on which the row stopped, made precise: what is missing when it is in no group."""
    if course.element.verdict == UNKNOWN:
        return unknown(course)
    if row is None:
        return "AUCUN_GROUPE" if person.seats or person.cohorts else "HORS_REFER"
    if row.verdict != "SANS_GROUPE":
        return row.verdict
    if course.element.porte:
        return "PORTE_HORS_GROUPE"
    living = [place for place in course.offer.places if place.code_element == course.porteur]
    return "IP_SANS_GROUPE" if any(place.verdict in LIVING for place in living) else "ELEMENT_SANS_GROUPE"


def _without_cemu(person: Person, course: Course) -> str:
    """Of the three conditions of the FOAD course, the first that a student in no CEMU group fails."""
    twin = [one for one in course.offer.elements if one.foad and one.key in course.keys]
    if not any(one.verdict == "COURS" for one in twin):
        return "PAS_A_DISTANCE"
    ordinary = [seat for seat in person.seats if seat.code_element in (course.element.code, course.porteur)]
    if any(seat.tele for seat in ordinary):
        return "TELE_SANS_CEMU"
    return "PAS_EN_TELE" if ordinary else "AUCUN_GROUPE" if person.seats or person.cohorts else "HORS_REFER"


def _settled(person: Person, course: Course, night: Night, role: str, row: Seat | Sheet | None, reason: str) -> Finding:
    """What the rules want (``row``, ``reason``) beside what is there."""
    wanted = row is not None and row.verdict == SEATED
    key = (row.key if row else None) or course.keys[0]
    there = _line(person, course)
    leaving = next((one for one in person.late if one.verb == "unenrol" and _same(one.course_idnumber, course)), None)
    if there is not None:
        why, present, words = _in_the_table(person, there, wanted, reason, night)
        return Finding(present, reason, why, there.course_idnumber, role, row, words)
    if leaving is not None:
        return Finding(True, reason, "RETRAIT_NON_FAIT", leaving.course_idnumber, role, row, {})
    other = _otherwise(person, course)
    if other is not None:
        return Finding(True, reason, "AUTREMENT", other, role, row, {})
    if never := not_computed(night):
        return Finding(None, reason, NOT_COMPUTED, key, role, row, never)
    why, words = _absent(person, course, night, key, role, wanted, reason)
    return Finding(False, reason, why, key, role, row, words)


def _in_the_table(
    person: Person, line: Line, wanted: bool, reason: str, night: Night
) -> tuple[str, bool | None, dict[str, str]]:
    """Their row is in the table: seen by Moodle or not, wanted or kept."""
    if any(one.verb == "enrol" and _is(one, line) for one in person.late):
        return "NON_PRIS", False, {}
    phase = night.phases.get(PHASE)
    planned = _planned(person.changes, "enrol", line.course_idnumber)
    if planned is not None and planned.outcome == "done" and not (phase and phase.verified):
        return "A_VERIFIER", None, {}
    if reason == "ARCHIVE":
        return "DANS_L_ARCHIVE", True, {}
    if not line.ours:
        return "A_LA_MAIN", True, {}
    if wanted:
        return SEATED, True, {}
    found = written(_planned(person.changes, "unenrol", line.course_idnumber), phase)
    if found.state in (Writing.HELD, Writing.REFUSED, Writing.FROZEN, Writing.STOPPED):
        return f"RETRAIT_{found.state.name}", True, found.words
    return "GARDE", True, {"garde": reason}


def _absent(
    person: Person, course: Course, night: Night, key: str, role: str, wanted: bool, reason: str
) -> tuple[str, dict[str, str]]:
    if wanted:
        found = written(_planned(person.changes, "enrol", key), night.phases.get(PHASE))
        undone = _planned(person.changes, "unenrol", key)
        if found.state == Writing.DONE and undone is not None and undone.outcome == "done":
            return "A_PUBLIER_UNDONE", {}
        return f"A_PUBLIER_{found.state.name}", found.words
    if reason == "COMPTE_ABSENT":
        about = account(person, night)
        return "COMPTE_ABSENT", {"compte": about.why, **about.words}
    if reason == "COURS_ABSENT":
        return without_course(course, key, night)
    if reason == "ELEMENT_GELE":
        return f"ELEMENT_{course.frozen.verdict}", {}
    return reason, {}


def _line(person: Person, course: Course) -> Line | None:
    """Their row of a course that Moodle has under that code; ours before somebody else's."""
    there = {upper(space.idnumber) for space in course.offer.spaces}
    mine = [line for line in person.lines if _same(line.course_idnumber, course)]
    return max((line for line in mine if upper(line.course_idnumber) in there), key=lambda one: one.ours, default=None)


def _otherwise(person: Person, course: Course) -> str | None:
    """The course where Moodle shows them enrolled though no row of the table says it."""
    ids = {one.course_id for one in person.enrolled}
    spaces = [space for space in course.offer.spaces if space.id in ids and _same(space.idnumber or "", course)]
    return spaces[0].idnumber if spaces else None


def _same(key: str, course: Course) -> bool:
    """MariaDB, in Moodle, takes the case of a code for none."""
    return key.upper() in {one.upper() for one in course.keys}


def _is(late: object, line: Line) -> bool:
    return all(getattr(late, name) == getattr(line, name) for name in ("course_idnumber", "username", "role"))


def _planned(changes: Iterable[Planned], verb: str, key: str) -> Planned | None:
    return next((one for one in changes if (one.object, one.verb, one.place) == ("enrolment", verb, key)), None)
