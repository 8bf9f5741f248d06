"""«Historique»: a calendar of the nights, when each ended, what it changed beside a limit, and how all of it grows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from fastapi import APIRouter, Response

from ecampus.calendar import today
from ecampus.history import nights
from ecampus.history.nights import DUE, Night
from ecampus.pages import plot
from ecampus.pages.page import Asked
from ecampus.words import looking

BACK = timedelta(days=400)
NOON = 12 * 60
"""A night that ended later is drawn as if it had ended then."""

router = APIRouter()


@router.get("/historique")
def past(page: Asked, limite: str = "archive_course") -> Response:
    """The last 400 nights."""
    store, breaker = page.site.store(), limite if limite in looking.LIMITS else "archive_course"
    first = (today(page.site.now()) - BACK).isoformat()
    found = nights.calendar(store, first)
    if not found:
        return page.show("nothing.html", "Historique", told=looking.NEVER)
    minutes, units = [night.minutes for night in found], nights.units(store, breaker, first)
    view = {
        "summary": looking.summary(found),
        "months": months(found),
        "ends": plot.bars(minutes, [DUE] * len(found), NOON),
        "nights": found,
        "weeks": plot.bars([unit.week for unit in units], [unit.limit for unit in units]),
        "units": units,
        "breaker": breaker,
        "growth": grown(nights.growth(nights.lines(store, first))),
    }
    return page.show("past.html", "Historique", words=looking, **view)


def months(found: Sequence[Night]) -> list[tuple[str, dict[int, Night]]]:
    """By month, the last first, its nights by their day."""
    by_month = groupby(found, key=lambda night: night.night[:7])
    return [(month, {int(night.night[8:]): night for night in some}) for month, some in by_month][::-1]


def grown(known: Sequence[tuple[str, dict[str, int]]]) -> list[tuple[str, dict[str, int]]]:
    """What was ours at the last night of each month, the last first."""
    return list({night[:7]: ours for night, ours in known}.items())[::-1]
