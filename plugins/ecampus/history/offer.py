"""What the last runs keep of elements, of their courses and of their groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ecampus.explain import facts
from ecampus.explain.element import Course
from ecampus.history.asked import Asked, Change
from ecampus.history.rows import both, either, one_of
from ecampus.rules.text import FOAD_KEY


class _Space(NamedTuple):
    id: int
    idnumber: str | None
    shortname: str | None
    fullname: str
    visible: bool


class _Owned(NamedTuple):
    id: int
    key: str
    archived: str | None
    since: str | None


def offer(asked: Asked, codes: Iterable[str]) -> facts.Offer:
    """What is known of these elements and of their porteurs."""
    elements = asked.verdicts("offer", facts.Element, "courses", one_of("code", {*codes}))
    others = {one.porteur for one in elements if one.porteur} - {one.code for one in elements}
    elements += asked.verdicts("offer", facts.Element, "courses", one_of("code", others))
    known = {one.code for one in elements} | {*codes}
    keys = known | {code + FOAD_KEY for code in known}
    there = spaces(asked, keys)
    read = one_of("course_id", [space.id for space in there])
    told = asked.lately.read("groups")
    seen = asked.of(told, "existing/enrolled.parquet", facts.Enrolled, read)
    return facts.Offer(
        elements=elements,
        spaces=there,
        places=asked.verdicts("enrolments", facts.Place, "groups", one_of("code_element", known)),
        changes=asked.changes(("offer",), either(one_of("key", keys), one_of("place", keys))),
        read=frozenset(one.course_id for one in seen),
    )


class _Group(NamedTuple):
    code: str
    libelle: str | None


class _Member(NamedTuple):
    code_etudiant: str


def spaces(asked: Asked, keys: Iterable[str]) -> tuple[facts.Space, ...]:
    """The courses of Moodle that are or were under these codes, ours or not."""
    told, upper = asked.lately.read("enrolments"), {key.upper() for key in keys}
    ours = {one.id: one for one in asked.of(told, "owned/course.parquet", _Owned, one_of("upper(key)", upper))}
    now = asked.recoded()
    moved = [id_ for id_, one in now.items() if {one.key.upper(), str(one.place).upper()} & upper]
    which = either(one_of(("upper(idnumber)", "upper(shortname)"), upper), one_of("id", [*ours, *moved]))
    found = asked.of(told, "existing/courses.parquet", _Space, which)
    unnamed = [one.id for one in found if one.id not in ours]
    ours |= {one.id: one for one in asked.of(told, "owned/course.parquet", _Owned, one_of("id", unnamed))}
    none = _Owned(0, "", None, None)
    there = [
        facts.Space(*one, key=own.key or None, archived=own.archived, since=own.since)
        for one in found
        for own in [ours.get(one.id, none)]
    ]
    return tuple(_since(space, now[space.id]) if space.id in now else space for space in there)


def _since(space: facts.Space, change: Change) -> facts.Space:
    """The course as its last change left it."""
    archived = {"archive": (change.at or "")[:10], "restore": None}.get(change.verb, space.archived)
    return space._replace(idnumber=change.place, shortname=change.place, key=change.key, archived=archived)


def roster(asked: Asked, course: Course) -> facts.Roster:
    """Who is or might be in the course of this element, and the elements that are taught in it too."""
    code, keys = course.element.code, [*course.keys, course.element.code]
    of_the_element = one_of("code_element", [code])
    seats = asked.verdicts("enrolments", facts.Seat, "seats", of_the_element)
    sheets = (
        ()
        if course.foad
        else asked.verdicts("enrolments", facts.Sheet, "teachers", either(of_the_element, one_of("key", [code])))
    )
    portes = asked.verdicts("offer", facts.Element, "courses", both(one_of("porteur", [code]), one_of("porte", [True])))
    return facts.Roster(
        seats=tuple(seat for seat in seats if seat.cemu or not course.foad),
        sheets=sheets,
        lines=asked.lines("course_idnumber", keys),
        late=asked.late("course_idnumber", keys),
        portes=tuple(sorted({one.code for one in portes})),
    )


def group(asked: Asked, code: str) -> tuple[tuple[facts.Place, ...], tuple[facts.Seat, ...]]:
    """Where a group is attached, and its students there."""
    which = one_of("code_groupe", [code])
    places = asked.verdicts("enrolments", facts.Place, "groups", which)
    return places, asked.verdicts("enrolments", facts.Seat, "seats", which)


def unattached(asked: Asked, code: str) -> tuple[str, int] | None:
    """The label of a group that REFER attaches to no element, and how many students it has; null where it has none."""
    told = asked.lately.judged("enrolments")
    named = asked.of(told, "source/groupe.parquet", _Group, one_of("code", [code]))
    students = asked.of(told, "source/groupe_etudiant.parquet", _Member, one_of("code_groupe", [code]))
    return (named[0].libelle or "", len({one.code_etudiant for one in students})) if named else None
