"""What the store has of the nights and the history has not: runs of an older version, or files that went."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ecampus.calendar import PHASES
from ecampus.history import runs
from ecampus.history.nights import Line, lines
from ecampus.store import journals
from ecampus.store.files import REPLAY, Run, Store


def untold(store: Store, first: str = "", last: str = "~") -> list[str]:
    """The nights of which a run has ended and is not in the history, in their order. Raises StoreUnusable.

    A night with a run of each phase in the history is taken for whole: what is left of it is written within a week
    (``keeping``), and 400 nights are not listed for it.
    """
    return among(store, lines(store, first, last), first, last)


def among(store: Store, known: Iterable[Line], first: str = "", last: str = "~") -> list[str]:
    """The same, ``known`` being the history's runs of these nights."""
    told = {(line["night"], line["phase"], line["run"]) for line in known}
    whole = {(night, phase) for night, phase, _ in told}
    there = (night.isoformat() for night in journals.nights(store))
    return [
        night
        for night in there
        if first <= night <= last
        and any(
            (night, phase, run) not in told and _ended(store, night, phase, run)
            for phase in PHASES
            if (night, phase) not in whole
            for run in store.names(f"{night}/{phase}")
        )
    ]


def _ended(store: Store, night: str, phase: str, run: str) -> bool:
    if run.endswith(REPLAY):
        return False
    return runs.line(Run(store, phase, date.fromisoformat(night), run)) is not None
