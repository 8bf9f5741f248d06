"""The vocabulary of the cases: an element, a group, a student… each gives rows."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import NamedTuple

from sandbox.university.tables import Tables, Value

RULE = "RÈGLE"
"""The «anomaly» of a case that shows a rule at work."""

Fact = tuple[str, tuple[Value | timedelta, ...]]
Facts = list[Fact]


class Case:
    """One situation: the anomaly it raises, what happened at the university, and the rows that say it."""

    def __init__(self, anomaly: str, story: str, *facts: Facts) -> None:
        self.anomaly, self.story = anomaly, story
        self.facts: Facts = list(chain.from_iterable(facts))


class Person(NamedTuple):
    """A student (code 8 figures, uid e + 7) or a teacher (code padded with zeros, uid p + 7)."""

    code: str
    given_name: str | None
    sn: str | None
    mail: str | None
    uid: str


def write_facts(tables: Tables, facts: Iterable[Fact], today: date, *, annee: str | None = None) -> None:
    """Add the rows; a time span is written as the date so many days from ``today``."""
    for table, values in facts:
        dated = ((today + v).isoformat() if isinstance(v, timedelta) else v for v in values)
        tables.add(table, *dated, annee=annee)


def category(code: str, label: str, parent: str | None, composante: str) -> Facts:
    return [("refer_categorie", (code, label, parent, composante))]


def etape(code: str, label: str, composante: str) -> Facts:
    return [("refer_etape", (code, label, composante))]


def element(code: str, label: str, category: str = "LCAS1_1", *, distance: bool = False) -> Facts:
    return [("refer_element", (code, label, category, "O" if distance else "N"))]


def carried(porte: str, *, by: str) -> Facts:
    return [("refer_porte", (porte, by))]


def group(
    code: str, label: str, *, on: Sequence[str], members: Sequence[Person] = (), collection: str = "CAS-TD"
) -> Facts:
    """A group, the elements it is attached to, and its students."""
    return [
        ("refer_groupe", (code, label, collection)),
        *(("refer_groupe_element", (code, element)) for element in on),
        *(("refer_groupe_etudiant", (code, person.code)) for person in members),
    ]


def ia(person: Person, etape: str = "LCAS1_1", *, tele: bool = False) -> Facts:
    return [("refer_inscription_administrative", (person.code, etape, "O" if tele else "N"))]


def ip(element: str, *people: Person, etape: str = "LCAS1_1") -> Facts:
    return [("refer_inscription_pedagogique", (person.code, etape, element)) for person in people]


def session(
    activity: str,
    element: str,
    teacher: Person,
    *,
    planned: int | None = 12,
    origin: str = "APOGEE",
    obsolete: bool = False,
    first_in: int | None = 15,
) -> Facts:
    """A teacher on an ADE sheet; ``first_in`` is in days from today, negative when teaching has started."""
    first = None if first_in is None else timedelta(days=first_in)
    return [
        (
            "refer_seance_ade",
            (activity, element, teacher.code, origin, "O" if obsolete else "N", planned, first),
        )
    ]


def student(person: Person) -> Facts:
    """The person's entry in the directory."""
    return [("person", ("student", *_entry(person)))]


def teacher(person: Person) -> Facts:
    """The person's entry in the directory."""
    return [("person", ("staff", *_entry(person)))]


def _entry(person: Person) -> tuple[Value, ...]:
    return person.code, person.uid, person.sn, person.given_name, person.mail, 1
