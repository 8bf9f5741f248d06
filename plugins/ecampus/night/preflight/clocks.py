"""The clocks that a night compares: of Moodle's web server, of the database of the register, of this machine."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

from ecampus.moodle import reads
from ecampus.moodle.client import MoodleClient
from ecampus.night.preflight.inspection import Inspection, Part
from ecampus.night.preflight.moodle import Site
from ecampus.register import rights
from ecampus.sources.sql import Hook
from ecampus.words.progress import duration

PART = "Horloges"
MOST = 60.0
"""Seconds: beyond, what a killed run had in hand is judged wrongly (``night/in_flight``)."""


def look(found: Inspection, site: Site | None, hook: Hook | None) -> None:
    """How far each is from this machine's, and they from each other."""
    at = found.part(PART)
    moodle = at.tried("Moodle", lambda: _of_moodle(site.client)) if site else None
    base = at.tried("base des inscriptions", lambda: rights.now(hook) - time.time()) if hook else None
    if moodle is None or base is None:
        at.unseen("Moodle et base des inscriptions")
        return
    _judge(at, moodle, base)


def _judge(at: Part, moodle: float, base: float) -> None:
    apart = abs(moodle - base)
    if apart > MOST:
        at.bad(
            "Moodle et base des inscriptions",
            f"{duration(apart)} les séparent : régler les deux machines par NTP, sinon ce qu'une nuit interrompue avait"
            " en main est mal jugé.",
        )
    else:
        at.good("Moodle et base des inscriptions", f"{duration(apart)} les séparent")
    if abs(base) > MOST:
        at.warning(
            "cette machine", f"{duration(abs(base))} la séparent de la base des inscriptions : la régler par NTP"
        )


def _of_moodle(client: MoodleClient) -> float | None:
    """Seconds that its web server is ahead of this machine; null when it does not say."""
    reads.site(client)
    return parsedate_to_datetime(client.date).timestamp() - time.time() if client.date else None
