"""Somebody alone: their account, and every course that concerns them, the missing ones first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ecampus.explain.account import account
from ecampus.explain.answer import answer, identity, read
from ecampus.explain.element import Course, not_computed, unknown_element
from ecampus.explain.facts import Night, Offer, Person
from ecampus.words import asking, why, why_accounts
from ecampus.words.why import Todo


class Listed(NamedTuple):
    """One course of a person's: where to ask more (``asked``), its code and label, in it or not, why."""

    asked: str
    space: str
    present: bool | None
    reason: str


@dataclass(frozen=True)
class Portrait:
    """``courses``: the missing ones first. ``read``: which night tells it, by sentences."""

    sentence: str
    account: str
    todos: tuple[Todo, ...]
    courses: tuple[Listed, ...]
    read: tuple[str, ...]

    @property
    def ticket(self) -> str:
        """The facts for the assistance, in plain text: codes, no name."""
        return asking.portrait(self)


def elements(person: Person) -> list[str]:
    """The codes of REFER's elements that concern somebody, and of the courses that the table names for them."""
    found = {seat.code_element for seat in person.seats} | {sheet.code_element for sheet in person.sheets}
    return sorted(found | {line.course_idnumber for line in person.lines})


def portrait(person: Person, offer: Offer, night: Night) -> Portrait:
    """All that there is to tell of somebody. ``offer``: of ``elements``."""
    about = account(person, night)
    reason = why_accounts.told(about.why, about.words)
    courses = sorted(_courses(person, offer, night), key=lambda one: (one.present is True, one.space))
    number = None if not courses and not_computed(night) else len(courses)
    absent = sum(not one.present for one in courses)
    todos = (why.todo(reason.where, reason.todo, reason.guide),) if reason.todo else ()
    return Portrait(why.portrait(*identity(person), number, absent), reason.told, todos, tuple(courses), read(night))


def _courses(person: Person, offer: Offer, night: Night) -> list[Listed]:
    """Each course once: an element that leads to the course of another one is told with that one."""
    known = {one.code: one for one in offer.elements if not one.foad}
    found: dict[str, Listed] = {}
    for code in elements(person):
        element = known.get(code)
        if element is None and any(one.key == code for one in offer.elements if one.foad):
            continue  # the FOAD course of an element that is told
        told = answer(person, Course(element or unknown_element(code), False, offer), night)
        listed = Listed(code, told.space, told.finding.present, told.reason)
        if told.finding.key not in found or (listed.present and not found[told.finding.key].present):
            found[told.finding.key] = listed
    return list(found.values())
