"""«Historique»: a calendar of the nights, when each ended, changes beside their limit, anomalies, and how all grows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from fastapi import APIRouter, Response

from ecampus.calendar import PHASES, today
from ecampus.history import nights, tally, untold
from ecampus.history.nights import DUE, Night
from ecampus.limits import BREAKERS
from ecampus.pages import gap, plot
from ecampus.pages.page import Asked
from ecampus.words import looking
from ecampus.words.progress import duration
from ecampus.words.titles import TITLES

BACK = timedelta(days=400)
NOON = 12 * 60
"""A night that ended later is drawn as if it had ended then."""

router = APIRouter()


@router.get("/historique")
def past(page: Asked, limite: str = "archive_course", anomalie: str = "") -> Response:
    """The last 400 nights."""
    store, breaker = page.site.store(), limite if limite in looking.LIMITS else "archive_course"
    first = (today(page.site.now()) - BACK).isoformat()
    known = nights.lines(store, first)
    missing = untold.among(store, known, first)
    found, lack = nights.calendar(known, missing), gap.said(store, missing)
    if not known:
        return page.show("nothing.html", "Historique", told=lack or looking.NEVER)
    tallies, code = tally.tallies(store, known, first), anomalie if anomalie in TITLES else ""
    minutes, units = [night.minutes for night in found], nights.units(store, breaker, first)
    view = {
        "summary": looking.summary(found),
        "lack": lack,
        "months": months(found),
        "ends": plot.bars(minutes, [DUE] * len(found), NOON),
        "nights": found,
        "weeks": plot.bars([unit.week for unit in units], [unit.limit for unit in units]),
        "units": units,
        "breaker": breaker,
        "drawn_limit": not BREAKERS[breaker].known,
        "growth": grown(nights.growth(known)),
        "code": code,
        "codes": tally.by_code(tallies),
        "told": tally.by_month(tallies, code),
    }
    return page.show("past.html", "Historique", words=looking, PHASES=PHASES, TITLES=TITLES, duration=duration, **view)


def months(found: Sequence[Night]) -> list[tuple[str, dict[int, Night]]]:
    """By month, the last first, its nights by their day."""
    by_month = groupby(found, key=lambda night: night.night[:7])
    return [(month, {int(night.night[8:]): night for night in some}) for month, some in by_month][::-1]


def grown(known: Sequence[tuple[str, dict[str, int]]]) -> list[tuple[str, dict[str, int]]]:
    """What was ours at the last night of each month, the last first."""
    return list({night[:7]: ours for night, ours in known}.items())[::-1]
