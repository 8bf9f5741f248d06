"""The element that is asked about: in which courses one may be for it, and why one of them is not there."""

from __future__ import annotations

from typing import NamedTuple

from ecampus.calendar import PHASES
from ecampus.explain.facts import Element, Night, Offer, Space
from ecampus.explain.writing import written
from ecampus.rules.text import FOAD_KEY

UNKNOWN = "INCONNU"
"""The verdict of a code that is no element of REFER's."""
NOT_COMPUTED = "PAS_CALCULE"


class Course(NamedTuple):
    """Of which element one asks, whether for its FOAD course alone, and what is known of the offer around it."""

    element: Element
    foad: bool
    offer: Offer

    @property
    def porteur(self) -> str:
        """The element in whose course it is taught."""
        return self.element.porteur if self.element.porte and self.element.porteur else self.element.code

    @property
    def frozen(self) -> Element:
        """The one that is frozen: the element, or else its porteur."""
        both = [one for one in self.offer.elements if not one.foad and one.code in (self.element.code, self.porteur)]
        return next((one for one in both if one.verdict not in ("PORTE", "COURS")), self.element)

    @property
    def keys(self) -> list[str]:
        """The courses in which one may be for this element."""
        twin = self.porteur + FOAD_KEY
        if self.foad:
            return [twin]
        there = any(one.foad and one.key == twin and one.verdict == "COURS" for one in self.offer.elements)
        return [self.porteur, twin] if there else [self.porteur]


def unknown_element(code: str) -> Element:
    """An element of which REFER says nothing."""
    return Element(UNKNOWN, code, "", False, code, None, False, False, None, None, None)


def archives(course: Course) -> list[Space]:
    """The archives of ours that had this code, or have it now."""
    code = (course.element.code + FOAD_KEY * course.foad).upper()
    return [one for one in course.offer.spaces if one.archived and code in (upper(one.key), upper(one.idnumber))]


def archived(course: Course) -> Space | None:
    """The last of them."""
    return max(archives(course), key=lambda one: one.archived or "", default=None)


def unknown(course: Course) -> str:
    """Of a code that REFER does not have this year: an archive of ours, somebody's own space, or nothing at all."""
    if archives(course):
        return "ARCHIVE"
    return "ESPACE_A_LA_MAIN" if course.offer.spaces else "ELEMENT_INCONNU"


def not_computed(night: Night) -> dict[str, str]:
    """The first phase that never got so far as to tell who is in a course; nothing when both did."""
    never = [PHASES[name] for name in ("offer", "enrolments") if name not in night.phases]
    return {"traitement": never[0]} if never else {}


def without_course(course: Course, key: str, night: Night) -> tuple[str, dict[str, str]]:
    """Why the course that the rules want is not there under its code."""
    spaces = course.offer.spaces
    if any(space.key is None and key.upper() in (upper(space.idnumber), upper(space.shortname)) for space in spaces):
        return "CODE_PRIS", {}
    if any(space.key == key and space.archived is None and space.idnumber != key for space in spaces):
        return "COURS_CODE_CHANGE", {}
    planned = [one for one in course.offer.changes if one.object == "course" and key in (one.key, one.place)]
    made = next((one for one in planned if one.verb in ("create", "restore", "recode")), None)
    found = written(made, night.phases.get("offer"))
    return f"COURS_{found.state.name}", found.words


def upper(code: str | None) -> str | None:
    """MariaDB, in Moodle, takes the case of a code for none; null stays null."""
    return code.upper() if code else None
