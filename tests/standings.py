"""Nights as their records tell them."""

from __future__ import annotations

from datetime import date, datetime

from ecampus.calendar import PARIS, PHASES
from ecampus.words.standing import Standing

DAY = date(2026, 11, 25)
HOURS = {"users": (0, 4), "cohorts": (3, 46), "offer": (4, 6), "enrolments": (4, 16), "groups": (5, 12)}


def moment(hour: int, minute: int) -> datetime:
    """Of that night, in Paris."""
    return datetime(2026, 11, 25, hour, minute, tzinfo=PARIS)


def night(reason: str | None = None, **others: Standing) -> list[Standing]:
    """A good one, but for ``others``. ``reason``: why its phases wrote nothing."""
    good = {phase: Standing(phase, "success", moment(*HOURS[phase]), reason) for phase in PHASES}
    return list((good | others).values())


FAILED = night(
    enrolments=Standing("enrolments", "failed", moment(4, 16), "Moodle ne répond pas."),
    groups=Standing("groups", "failed", moment(5, 0), "« Inscriptions » : en échec.", passed_on=True),
)
