"""Courses, groups and étapes by their name."""

from __future__ import annotations

from typing import NamedTuple

from ecampus.explain.reach import Reach
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
    composante: str | None


class _Group(NamedTuple):
    code_groupe: str
    libelle: str
    composante: str | None


class _Etape(NamedTuple):
    code: str
    libelle: str
    code_composante: str | None


def called(asked: Asked, name: str, reach: Reach) -> list[Place]:
    """Those within reach whose label holds each of these words, case and accents apart; ``MOST`` of them, and one more
    where there are more.
    """
    if not (words := [word for word in name.split() if len(word) > 1]):
        return []
    which = holding("libelle", words)
    etapes = asked.of(asked.lately.judged("cohorts"), "source/etape.parquet", _Etape, which)
    found = [("cours", *one) for one in asked.verdicts("offer", _Course, "courses", which)]
    found += [("étape", *one) for one in etapes]
    found += [("groupe", *one) for one in asked.verdicts("enrolments", _Group, "groups", which)]
    seen = (Place(*place) for *place, composante in found if reach.sees(composante))
    return list(dict.fromkeys(seen))[: MOST + 1]
