"""What is known of a person, of an element, of a group: the rows that the runs of the last night keep of them.

Fields have the names of the columns that they come from (``rules/``: the ladders; ``contract/``; ``changes/plan``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple


class Entry(NamedTuple):
    """An LDAP entry in the ladder of accounts; ``id``: of its account, null when there is none."""

    verdict: str
    uid: str | None
    sn: str | None
    given_name: str | None
    mail: str | None
    student: str | None
    staff: str | None
    code: str | None
    id: int | None
    username: str | None
    suspended: bool | None
    reason: str | None
    auth: str | None
    usable: bool | None


class Left(NamedTuple):
    """An account of ours that no entry explains: PARTI, DISPARU, AMBIGU…"""

    verdict: str
    user_id: int
    username: str | None
    suspended: bool | None
    firstname: str | None
    lastname: str | None
    auth: str | None


class Owned(NamedTuple):
    """What the register has of an account of ours."""

    user_id: int
    population: str
    code: str
    suspended: bool | None


class Membership(NamedTuple):
    """A row of the ladder of cohorts: an IA; ``name``: the cohort's, null where there is none."""

    verdict: str
    code_etape: str
    name: str | None
    composante: str | None = None


class Registered(NamedTuple):
    """A student of an étape in the ladder of cohorts."""

    verdict: str
    code_etudiant: str
    code_etape: str
    composante: str | None = None


class Seat(NamedTuple):
    """A row of the ladder of seats; ``code_groupe`` null: an IP alone."""

    verdict: str
    code_etudiant: str
    code_element: str
    code_groupe: str | None
    key: str | None
    place: str | None
    cemu: bool
    tele: bool
    ip: bool
    username: str | None


class Sheet(NamedTuple):
    """A row of the ladder of teachers; ``key``: the code of the porteur, whose course it is."""

    verdict: str
    code_enseignant: str
    code_element: str
    code_activite: str
    key: str | None
    seances: float | None
    premiere_seance: str | None
    username: str | None


class Element(NamedTuple):
    """A row of the ladder of courses: an element, or its FOAD twin."""

    verdict: str
    code: str
    libelle: str
    foad: bool
    key: str
    porteur: str | None
    porte: bool
    a_distance: bool
    code_porteur: str | None
    category_code: str | None
    composante: str | None


class Place(NamedTuple):
    """A row of the ladder of groups: a group attached to an element."""

    verdict: str
    code_groupe: str
    libelle: str | None
    code_element: str
    porteur: str | None
    cemu: bool
    key: str | None
    composante: str | None


class Space(NamedTuple):
    """A course of Moodle; ``key``: ours, by the register, null when it is somebody else's."""

    id: int
    idnumber: str | None
    shortname: str | None
    fullname: str
    visible: bool
    key: str | None
    archived: str | None
    since: str | None


class Line(NamedTuple):
    """A row of the enrolment table, as it is after the last writes; ``ours``: we published it."""

    course_idnumber: str
    username: str
    role: str
    ours: bool


class Late(NamedTuple):
    """A row that Moodle was not seen to follow: published and not taken (``enrol``), removed and still there."""

    course_idnumber: str
    username: str
    role: str
    verb: str


class Enrolled(NamedTuple):
    """Somebody whom Moodle showed enrolled, where a run read it."""

    course_id: int
    user_id: int


class Planned(NamedTuple):
    """A change that was planned and what became of it: outcome done, failed, put_off; null when nothing was tried."""

    object: str
    verb: str
    key: str
    place: str | None
    username: str | None
    held: str | None
    outcome: str | None
    message: str | None


@dataclass(frozen=True)
class Phase:
    """What the last run that judged says of itself.

    ``reason``: why it wrote nothing, null when it was live. ``state``: of ``report.json``, null without a report.
    ``failure``: why it failed. ``held``: question → its sentence. ``verified``: Moodle was looked at since the writes.
    """

    night: date
    opened_at: datetime
    state: str | None = None
    reason: str | None = None
    failure: str | None = None
    held: dict[str, str] = field(default_factory=dict)
    verified: bool = False


@dataclass(frozen=True)
class Night:
    """The phases of which something is known, by name; the year; whom to ask."""

    phases: dict[str, Phase]
    annee: str
    contact: str
    contact_link: str | None = None


@dataclass(frozen=True)
class Person:
    """All that is known of somebody. ``student``, ``staff``: the codes; ``username``: of the account, null if none."""

    student: str | None = None
    staff: str | None = None
    username: str | None = None
    user_id: int | None = None
    entries: tuple[Entry, ...] = ()
    left: tuple[Left, ...] = ()
    cohorts: tuple[Membership, ...] = ()
    seats: tuple[Seat, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    lines: tuple[Line, ...] = ()
    late: tuple[Late, ...] = ()
    enrolled: tuple[Enrolled, ...] = ()
    changes: tuple[Planned, ...] = ()


@dataclass(frozen=True)
class Roster:
    """Who is or might be in the course of an element: the ladders' rows, the table's. ``portes``: taught there too."""

    seats: tuple[Seat, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    lines: tuple[Line, ...] = ()
    late: tuple[Late, ...] = ()
    portes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Departure:
    """Who is in the last archive of a course, and what is known of them for the courses where it is taught now.

    ``people``: the archive's rows of the table; ``lines``, ``late``: of these courses. ``otherwise``: code of one of
    them, login: whom Moodle showed enrolled there, whatever the way.
    """

    people: tuple[Line, ...] = ()
    seats: tuple[Seat, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    lines: tuple[Line, ...] = ()
    late: tuple[Late, ...] = ()
    otherwise: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Offer:
    """What is known of some elements: their ladder, their courses in Moodle, their groups, what was planned for them.

    ``read``: ids of the courses of which the last night read who is enrolled, whatever the way.
    """

    elements: tuple[Element, ...] = ()
    spaces: tuple[Space, ...] = ()
    places: tuple[Place, ...] = ()
    changes: tuple[Planned, ...] = ()
    read: frozenset[int] = frozenset()
