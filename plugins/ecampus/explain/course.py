"""A course alone, or a group: what it is, who is in it and through what, who is not and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ecampus.explain.answer import archive, read
from ecampus.explain.element import NOT_COMPUTED, UNKNOWN, Course, not_computed, unknown, without_course
from ecampus.explain.facts import Departure, Night, Place, Roster, Seat, Space
from ecampus.explain.ladders import SEATS, SHEETS, each_nearest
from ecampus.explain.moved import Moved, where_they_are
from ecampus.explain.pending import pending
from ecampus.rules.teaching import GROUP, SEATED
from ecampus.words import asking, why, why_courses, why_seats
from ecampus.words.why import Todo


class Present(NamedTuple):
    """Somebody in the course: their login, role, through what («par le groupe X», «à la main»)."""

    username: str
    role: str
    by: str


class Missing(NamedTuple):
    """Somebody whom the ladders name for this element and who is not in its course."""

    code: str
    reason: str


class Group(NamedTuple):
    """A group attached to the element."""

    code: str
    label: str
    state: str


@dataclass(frozen=True)
class Life:
    """``known``: REFER or ecampus has something of this code. ``kept``: of its archive, '' without one."""

    known: bool
    code: str
    sentence: str
    kept: str
    todos: tuple[Todo, ...]
    events: tuple[str, ...]
    moved: tuple[Moved, ...]
    present: tuple[Present, ...]
    missing: tuple[Missing, ...]
    groups: tuple[Group, ...]
    portes: tuple[str, ...]
    read: tuple[str, ...]

    @property
    def ticket(self) -> str:
        """The facts for the assistance, in plain text."""
        return asking.life(self)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """How many people are missing for each reason, the most first."""
        return Counter(one.reason for one in self.missing).most_common()


def life(course: Course, roster: Roster, night: Night, left: Departure | None = None) -> Life:
    """All that there is to tell of the course of an element, or of its FOAD course.

    ``left``: of its last archive, null without one.
    """
    key = course.keys[-1] if course.foad else course.element.code
    space = next((one for one in course.offer.spaces if (one.idnumber or "").upper() == key.upper()), None)
    there = tuple(_present(roster, key)) if space else ()
    lives = space is not None and space.key is not None and not space.archived
    moved = where_they_are(course, left) if left and not lives else ()
    sentence, todos = _state(course, key, space, there, night)
    todos = (*todos, *pending(course, key, night))
    archives = "" if lives else archive(course)
    kept = why_courses.kept(archives, sum(len(one.usernames) for one in moved)) if archives else ""
    known = course.element.verdict != UNKNOWN or bool(course.offer.spaces)
    return Life(
        known, key, sentence, kept, todos, tuple(_events(course, space)), moved, there,
        tuple(_missing(course, roster, there)), tuple(_groups(course)), roster.portes, read(night),
    )  # fmt: skip


def _state(
    course: Course, key: str, space: Space | None, there: Iterable[Present], night: Night
) -> tuple[str, tuple[Todo, ...]]:
    element, label = course.element, course.element.libelle or None
    if element.porte and element.verdict == "PORTE" and not course.foad:
        return why_courses.porte(element.code, label, course.porteur, bool(archive(course))), _unwanted(course)
    if space is not None and space.key is not None and not space.archived:
        roles = Counter(one.role for one in there)
        label = label or space.fullname.removeprefix(f"{key} - ")
        return why_courses.living(key, label, space.visible, roles["student"], roles.total() - roles["student"]), ()
    name, more = _absent(course, key, night)
    if name == "ARCHIVE":
        told = why_courses.archived(element.code, label, night.annee)
        reason = why_seats.told(name, {"ou": element.code, "annee": night.annee, "archive": ""})
        return told, (why.todo(reason.where, reason.todo, reason.guide),)
    words = {"ou": element.code, "cle": key, "annee": night.annee, "contact": night.contact, "archive": archive(course),
             "code_porteur": element.code_porteur or "?", "porteur": course.porteur, **more}  # fmt: skip
    reason = why_seats.told(name, words)
    todos = (why.todo(reason.where, reason.todo, reason.guide),) if reason.todo else ()
    if name in (NOT_COMPUTED, "COURS_DONE"):
        return why_courses.not_seen(key, label, reason.told), todos
    return why_courses.without(key, label, reason.told), todos


def _unwanted(course: Course) -> tuple[Todo, ...]:
    """What brings the course of a porté back."""
    if not archive(course):
        return ()
    return (why.todo("Apogée", why_courses.separated(course.element.code, course.porteur), "PORTE_DISPARU"),)


def _absent(course: Course, key: str, night: Night) -> tuple[str, dict[str, str]]:
    verdict = course.element.verdict
    if verdict == UNKNOWN:
        never = not_computed(night)
        return (NOT_COMPUTED, never) if never else (unknown(course), {})
    if course.foad and not any(one.foad and one.key == key and one.verdict == "COURS" for one in course.offer.elements):
        return "PAS_A_DISTANCE", {}
    if verdict == "CODE_DOUBLE":
        return verdict, {}
    return without_course(course, key, night) if verdict == "COURS" else (f"ELEMENT_{verdict}", {})


def _events(course: Course, space: Space | None) -> list[str]:
    """What the register knows of its life, the last first."""
    told = [why_courses.made(space.since)] if space and space.since else []
    return [f"archivé{archive(course)}"] * bool(archive(course)) + told


def _present(roster: Roster, key: str) -> Iterable[Present]:
    seats = {seat.username: seat for seat in roster.seats if seat.verdict == SEATED and seat.key == key}
    teachers = {sheet.username for sheet in roster.sheets if sheet.verdict == SEATED and sheet.key == key}
    late = {(one.username, one.role) for one in roster.late if one.course_idnumber == key and one.verb == "enrol"}
    for line in roster.lines:
        if line.course_idnumber.upper() != key.upper() or (line.username, line.role) in late:
            continue
        by = "laissé tel quel" if line.ours else "à la main"
        if line.role == "student" and line.username in seats:
            by = f"par le groupe {seats[line.username].code_groupe}"
        elif line.role != "student" and line.username in teachers:
            by = "par ses séances dans ADE"
        yield Present(line.username, line.role, by)


def _missing(course: Course, roster: Roster, there: Iterable[Present]) -> list[Missing]:
    """Of each person the row that got furthest, unless they are in the course, or in the one that the row wants.

    The latter is the porteur's, or the FOAD twin.
    """
    late = {one[:3] for one in roster.late if one.verb == "enrol"}
    inside, taken = {one.username for one in there}, {one[:2] for one in roster.lines if one[:3] not in late}
    rows = [*each_nearest(roster.seats, SEATS), *each_nearest(roster.sheets, SHEETS)]
    return [
        Missing(code, why_courses.TO_COME if row.verdict == SEATED else why_courses.VERDICTS[row.verdict])
        for code, row in rows
        if row.username not in inside and row.verdict != "CHEZ_LE_PORTEUR" and (row.key, row.username) not in taken
    ]


def _groups(course: Course) -> list[Group]:
    mine = [one for one in course.offer.places if one.code_element == course.element.code]
    return sorted(Group(one.code_groupe, one.libelle or "", _where(one)) for one in mine)


def _where(place: Place) -> str:
    told = why_courses.VERDICTS[place.verdict]
    return f"{told} dans {place.key}" if place.verdict == GROUP else told


@dataclass(frozen=True)
class OneGroup:
    """A group: where it is attached, and each of its students with what becomes of them there."""

    sentence: str
    places: tuple[tuple[str, str], ...]
    students: tuple[tuple[str, str, str], ...]
    read: tuple[str, ...]


def unattached(code: str, label: str, students: int, night: Night) -> OneGroup:
    """A group that REFER attaches to no element."""
    return OneGroup(why_courses.unattached(code, label or None, students), (), (), read(night))


def group(code: str, places: Iterable[Place], seats: Iterable[Seat], night: Night) -> OneGroup:
    """All that there is to tell of a group."""
    places, seats = [*places], [*seats]
    spaces = sorted({one.key for one in places if one.key})
    label = next((one.libelle for one in places), None)
    members = len({seat.code_etudiant for seat in seats})
    sentence = why_courses.group(code, label, spaces, members) if places else why_courses.unknown_group(code)
    rows = sorted((one.code_etudiant, one.code_element, why_courses.VERDICTS[one.verdict]) for one in seats)
    attached = tuple(sorted((one.code_element, _where(one)) for one in places))
    return OneGroup(sentence, attached, tuple(rows), read(night))
