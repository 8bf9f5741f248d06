"""What the runs of a night left in the store, as the pages tell it; a document that nobody can read is as none."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ecampus.calendar import PHASES
from ecampus.changes.draft import Settings
from ecampus.errors import StoreUnusable
from ecampus.orchestration import records
from ecampus.orchestration.records import RunRecord
from ecampus.store import journals, memory, opening
from ecampus.store.files import REHEARSALS, REPLAY, Run, Store
from ecampus.store.opening import Opening
from ecampus.words import tonight
from ecampus.words.clean import shortened
from ecampus.words.tonight import Phase, State

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger("ecampus")

TOLD = ("state", "reason", "counts", "planned", "held", "failed", "put_off")
"""What the pages tell of ``report.json``."""
BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Contact:
    """Whom to ask, and where; the latter null where nobody said."""

    name: str
    link: str | None


@dataclass(frozen=True)
class Played:
    """A run: ``run.json``, ``record.json`` and ``report.json``, each null when it is not there (yet)."""

    run: Run
    opened: Opening | None
    record: RunRecord | None
    report: dict[str, Any] | None

    @property
    def began(self) -> datetime:
        """When; long ago for a run that says nothing of it."""
        if self.record:
            return self.record.started_at
        return self.opened.opened_at if self.opened else BEGINNING

    @property
    def beside(self) -> str | None:
        """«replay», «undo», «approved», «backfill»: what else than the night it is; null for the night's own."""
        if self.run.replay:
            return "replay"
        known = self.opened
        if known is None:
            return None
        if known.undoes:
            return "undo"
        if known.only_approved:
            return "approved"
        return "backfill" if known.mode == "backfill" else None


def all_nights(store: Store) -> list[date]:
    """Every night that left something, the last first."""
    return journals.nights(store)[::-1]


def last(store: Store) -> date | None:
    """The last night of which something is kept; null in a store that is empty."""
    return next(iter(all_nights(store)), None)


def runs(store: Store, night: date) -> list[Played]:
    """Every run of this night, in the order of the phases, the first to begin first."""
    found = [
        _played(Run(store, phase, night, name.removesuffix(REPLAY), name.endswith(REPLAY)))
        for phase in PHASES
        for name in store.names(f"{night.isoformat()}/{phase}")
    ]
    order = list(PHASES)
    there = (one for one in found if one.opened or one.record)
    return sorted(there, key=lambda one: (order.index(one.run.phase), one.began))


def own(played: Iterable[Played]) -> dict[str, Played]:
    """The run that tells what became of each phase: the last to begin of the night's own."""
    return {one.run.phase: one for one in played if one.beside is None}


def contact(store: Store) -> Contact:
    """Whom staff are told to ask, as the last run that was opened says it."""
    night = last(store)
    known = [one.opened.settings for one in runs(store, night) if one.opened and one.opened.settings] if night else []
    return Contact(known[-1].contact, known[-1].contact_link) if known else Contact(Settings.contact, None)


def rehearsals(store: Store, night: date) -> dict[str, dict[str, Any]]:
    """By name, ``report.json`` of each rehearsal of this night, the forecast of 00h00 among them.

    Only those are read whose name, the id of the run that made them, is of that day or of the one before.
    """
    days = [(night - timedelta(days=back)).isoformat() for back in (0, 1)]
    names = [name for name in store.names(REHEARSALS) if any(day in name for day in days)]
    found = {name: document(store, f"{REHEARSALS}/{name}/report.json") for name in names}
    return {
        name: made
        for name, made in found.items()
        if made and made.get("night") == night.isoformat() and "moment" in made
    }


def composantes(store: Store) -> dict[str, str]:
    """Those of the étapes last read, and of the anomalies, sorted, with their labels; read again after each night.

    The label is that of the category which has the composante's code, as ``include/sql/apogee`` makes one for each; ''
    where REFER has none.
    """
    return _composantes(store, *(memory.last_night(store, phase) for phase in PHASES))


@lru_cache(maxsize=1)
def _composantes(store: Store, *_: date) -> dict[str, str]:
    found = {str(code) for phase in PHASES for code in memory.read(store, phase)["anomalies"]["composante"].dropna()}
    if "code_composante" in (etapes := last_source(store, "cohorts", "etape")):
        found |= {str(code) for code in etapes["code_composante"].dropna()}
    labels: dict[str, str] = {}
    if {"code", "code_composante", "libelle"} <= {*(known := last_source(store, "offer", "categorie"))}:
        own = known[known["code"].eq(known["code_composante"]) & known["libelle"].notna()]
        labels = {str(row.code): shortened(row.libelle, 80) for row in own.itertuples()}
    return {code: labels.get(code, "") for code in sorted(found)}


def last_source(store: Store, phase: str, view: str) -> pd.DataFrame:
    """What the last run of this phase that still has its extract read of this view of REFER; empty without any."""
    import pandas as pd

    for night in all_nights(store):
        for name in reversed(store.names(f"{night.isoformat()}/{phase}")):
            path = f"{night.isoformat()}/{phase}/{name}/source/{view}.parquet"
            try:
                if store.exists(path):
                    return store.read_frame(path)
            except StoreUnusable as unreadable:  # the header of every page would fall with it
                log.warning("%s", unreadable)
    return pd.DataFrame()


def document(store: Store, name: str) -> dict[str, Any] | None:
    """A JSON document; null when it is not there, or when nobody can read it."""
    try:
        found = store.read_json(name) if store.exists(name) else None
    except StoreUnusable as unreadable:
        log.warning("%s", unreadable)
        return None
    return found if isinstance(found, dict) else None


def _report(run: Run) -> dict[str, Any] | None:
    """``report.json``; null too where it lacks what a page tells of it: another version, or another thing."""
    found = document(run.files, "report.json")
    return found if found is not None and {*TOLD} <= {*found} else None


def _played(run: Run) -> Played:
    return Played(run, _opened(run), records.read(run.files), _report(run))


def _opened(run: Run) -> Opening | None:
    try:
        return opening.read(run) if run.files.exists(opening.RUN) else None
    except StoreUnusable as unreadable:
        log.warning("%s", unreadable)
        return None


def phases(store: Store, night: date) -> list[Phase]:
    """The five phases of this night as the words tell them."""
    found = own(runs(store, night))
    return in_line(phase(name, found.get(name)) for name in PHASES)


def in_line(found: Iterable[Phase]) -> list[Phase]:
    """The phases after the first that has not ended have begun to wait, no more."""
    told: list[Phase] = []
    for one in found:
        waits = one.state == "running" and any(before.state in ("running", "waiting") for before in told)
        told.append(Phase(one.name) if waits else one)
    return told


def phase(name: str, played: Played | None) -> Phase:
    """One phase as the words tell it; null when nothing of it began."""
    if played is None:
        return Phase(name)
    record, report, known = played.record, played.report, played.opened
    ended = record.finished_at if record else None
    told = report if report and ended else None
    writes = known is None or known.mode == "live"
    return Phase(
        name,
        state=_state(record, told),
        began=played.began if played.began != BEGINNING else None,
        ended=ended,
        reason=(record.reason if record else None) or (told or {}).get("reason") or "",
        writes=writes,
        asks=known is not None and known.shows,
        passed_on=bool(record and record.passed_on),
        held=told["held"] if told else 0,
        refused=told["failed"] if told else 0,
        put_off=told["put_off"] if told else 0,
        counts=tonight.counted(told, writes) if told else None,
        waited_until=record.waited_until if record else None,
    )


def _state(record: RunRecord | None, report: dict[str, Any] | None) -> State:
    if record is None or record.finished_at is None:
        return "running"
    if record.state == "failed":
        return "failed"
    return "stopped" if report and report["state"] == "stopped" else "success"
