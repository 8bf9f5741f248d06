"""An étape alone: its cohort, and each student who has an IA for it with what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ecampus.explain.answer import read
from ecampus.explain.facts import Night, Registered
from ecampus.words import why_courses


@dataclass(frozen=True)
class Cohort:
    """``students``: code, what becomes of them; whoever is no member first."""

    sentence: str
    students: tuple[tuple[str, str], ...]
    read: tuple[str, ...]


def cohort(code: str, name: str | None, rows: Iterable[Registered], night: Night) -> Cohort:
    """All that there is to tell of an étape. ``name``: of its cohort, null where there is none yet."""
    rows = sorted(rows, key=lambda row: (row.verdict == why_courses.MEMBER, row.code_etudiant))
    members = sum(row.verdict == why_courses.MEMBER for row in rows)
    told = tuple((row.code_etudiant, why_courses.COHORTS[row.verdict]) for row in rows)
    return Cohort(why_courses.cohort(name or code, members, len(rows)), told, read(night))
