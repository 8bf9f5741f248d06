"""Small facts, one line each: what a test says is what differs from a student whom all enrols in L1CAS101."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from ecampus.explain.element import Course
from ecampus.explain.facts import (  # fmt: skip
    Element,
    Entry,
    Line,
    Membership,
    Night,
    Offer,
    Person,
    Phase,
    Place,
    Planned,
    Seat,
    Sheet,
    Space,
)

NIGHT = date(2026, 11, 25)
LABEL = "algèbre linéaire"


def entry(**more: Any) -> Entry:
    known = Entry(
        "COMPTE", "e2100123", "Nom", "Camille", "c@univ.fr", "22100123", None, "22100123", 7, "e2100123", False, None,
        "cas", True,
    )  # fmt: skip
    return known._replace(**more)


def seat(verdict: str = "INSCRIT", **more: Any) -> Seat:
    known = Seat(verdict, "22100123", "L1CAS101", "L1CAS101-TD1", None, "GROUPE", False, False, True, "e2100123")
    return known._replace(**{"key": "L1CAS101" if verdict == "INSCRIT" else None} | more)


def sheet(verdict: str = "INSCRIT", **more: Any) -> Sheet:
    return Sheet(verdict, "00041028", "L1CAS101", "F1", "L1CAS101", 12.0, "2026-09-10", "p0041028")._replace(**more)


def element(code: str = "L1CAS101", verdict: str = "COURS", **more: Any) -> Element:
    known = Element(verdict, code, LABEL, False, code, code, False, False, None, "LCAS1_1", "SCIENCES")
    return known._replace(**more)


def space(idnumber: str = "L1CAS101", **more: Any) -> Space:
    known = Space(31, idnumber, idnumber, f"{idnumber} - {LABEL}", True, idnumber, None, "2026-09-03")
    return known._replace(**more)


def group(code: str = "L1CAS101-TD1", verdict: str = "GROUPE", **more: Any) -> Place:
    return Place(verdict, code, "TD1", "L1CAS101", "L1CAS101", False, "L1CAS101", "SCIENCES")._replace(**more)


def line(key: str = "L1CAS101", ours: bool = True, role: str = "student", username: str = "e2100123") -> Line:
    return Line(key, username, role, ours)


def change(kind: str, **more: Any) -> Planned:
    """``kind``: «enrolment|enrol», «course|create», «account|create»."""
    object_, verb = kind.split("|")
    place = "L1CAS101" if object_ != "account" else "22100123"
    known = Planned(object_, verb, "L1CAS101", place, "e2100123", None, None, None)
    return known._replace(**more)


def student(**more: Any) -> Person:
    """Student 22100123: account, IA, seat, published row."""
    known = Person(
        student="22100123", username="e2100123", user_id=7, entries=(entry(),), seats=(seat(),), lines=(line(),),
        cohorts=(Membership("MEMBRE", "LCAS1_1", "LCAS1_1 - licence 1"),),
    )  # fmt: skip
    return replace(known, **more)


def teacher(**more: Any) -> Person:
    known = Person(
        staff="00041028", username="p0041028", user_id=8,
        entries=(entry(uid="p0041028", student=None, staff="00041028", username="p0041028", id=8),),
        sheets=(sheet(),), lines=(line(role="editingteacher", username="p0041028"),),
    )  # fmt: skip
    return replace(known, **more)


def course(*elements: Element, foad: bool = False, **more: Any) -> Course:
    """L1CAS101 and its course, unless other elements are given: the question is about the first."""
    there = elements or (element(),)
    offer = Offer(elements=there, spaces=(space(),), places=(group(),), read=frozenset({31}))
    return Course(there[0], foad, replace(offer, **more))


def night(phase: str = "enrolments", **more: Any) -> Night:
    """All five phases verified and good; ``more``: of that one."""
    good = Phase(NIGHT, datetime(2026, 11, 25, 3, 15, tzinfo=UTC), "success", verified=True)
    phases = dict.fromkeys(("users", "cohorts", "offer", "enrolments", "groups"), good)
    return Night(phases | {phase: replace(good, **more)}, "2026", "pôle plateforme")
