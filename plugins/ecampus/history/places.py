"""Courses, groups and étapes by their name."""

from __future__ import annotations

from typing import NamedTuple

from ecampus.history.asked import Asked
from ecampus.history.people import MOST
from ecampus.history.rows import holding


class Place(NamedTuple):
    """``kind``: «cours», «groupe» or «étape»; ``name``: its label in REFER."""

    kind: str
    code: str
    name: str


class _Course(NamedTuple):
    code: str
    libelle: str


class _Group(NamedTuple):
    code_groupe: str
    libelle: str


def called(asked: Asked, name: str) -> list[Place]:
    """Those whose label holds each of these words, case and accents apart; ``MOST`` of them, and one more where there
    are more.
    """
    if not (words := [word for word in name.split() if len(word) > 1]):
        return []
    which = holding("libelle", words)
    etapes = asked.of(asked.lately.judged("cohorts"), "source/etape.parquet", _Course, which)
    found = [("cours", *one) for one in asked.verdicts("offer", _Course, "courses", which)]
    found += [("étape", *one) for one in etapes]
    found += [("groupe", *one) for one in asked.verdicts("enrolments", _Group, "groups", which)]
    return [Place(*one) for one in dict.fromkeys(found)][: MOST + 1]
