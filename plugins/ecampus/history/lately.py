"""Which runs say what is so now: of each phase the last that judged, and what was written since."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ecampus.calendar import PHASES
from ecampus.errors import StoreUnusable
from ecampus.store import opening
from ecampus.store.files import REPLAY, Run, Store
from ecampus.store.opening import Opening

LOG = logging.getLogger("ecampus")
VERDICTS, PLAN, REPORT = "verdicts.parquet", "plan.json", "report.json"


@dataclass(frozen=True)
class Told:
    """A run and what it is."""

    run: Run
    opening: Opening

    @property
    def writes(self) -> bool:
        """Whether it may have written something."""
        return self.opening.mode == "live"


@dataclass(frozen=True)
class Lately:
    """Of each phase its runs, the latest first, back to the last that judged and to the last that read a true state.

    A frozen run reads Moodle as the phases before it would leave it: what is there is told by a run that writes.
    """

    runs: dict[str, tuple[Told, ...]]

    def judged(self, phase: str) -> Told | None:
        """The latest run that judged everybody by the rules."""
        return next((told for told in self.runs.get(phase, ()) if _judges(told)), None)

    def read(self, phase: str) -> Told | None:
        """The latest run that read what is really there; a frozen one where there is none other."""
        return next((told for told in self.runs.get(phase, ()) if _reads(told)), None) or self.judged(phase)

    def since(self, phase: str) -> list[Told]:
        """The runs that may have written since that reading, itself among them, the oldest first."""
        found = []
        for told in self.runs.get(phase, ()):
            found += [told] if told.writes else []
            if _reads(told):
                break
        return found[::-1]


def lately(store: Store) -> Lately:
    """What the store tells of the last night, phase by phase; of a phase that did not get so far, of the one before."""
    runs: dict[str, list[Told]] = {phase: [] for phase in PHASES}
    for night in _nights(store):
        for phase in PHASES:
            if not _enough(runs[phase]):
                runs[phase] += _runs(store, phase, night)
        if all(_enough(found) for found in runs.values()):
            break
    return Lately({phase: tuple(found) for phase, found in runs.items()})


def _nights(store: Store) -> Iterator[date]:
    """The nights of the store, the latest first."""
    for name in reversed(store.names("")):
        try:
            yield date.fromisoformat(name)
        except ValueError:
            continue


def _runs(store: Store, phase: str, night: date) -> list[Told]:
    """The runs of a phase that were reported, the latest first; one that is at work tells nothing yet.

    Nor does one that nobody can read any more: the log says so, and the answers are those of an older one.
    """
    found = []
    for run_id in store.names(f"{night.isoformat()}/{phase}"):
        run = Run(store, phase, night, run_id)
        if run_id.endswith(REPLAY) or not (run.files.exists(opening.RUN) and run.files.exists(REPORT)):
            continue
        try:
            found.append(Told(run, opening.read(run)))
        except StoreUnusable as unreadable:
            LOG.warning("%s", unreadable)
    return sorted(found, key=lambda told: told.opening.opened_at, reverse=True)


def _enough(found: list[Told]) -> bool:
    return any(_judges(told) for told in found) and any(_reads(told) for told in found)


def _judges(told: Told) -> bool:
    whole = told.opening.mode in ("live", "frozen") and told.opening.undoes is None
    return whole and told.run.files.exists(PLAN) and told.run.files.exists(VERDICTS)


def _reads(told: Told) -> bool:
    return told.writes and _judges(told)
