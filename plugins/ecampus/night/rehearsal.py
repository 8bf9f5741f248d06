"""A rehearsal: what the next night would do with the data of now. Nothing is written but its own folder.

It is a frozen night played at once, in a store of its own (``rehearsals/<run>/``), that no phase takes for the night.
REFER, LDAP and Moodle are read once. Each phase passes through the same ``diff`` and ``check`` as in the night.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from ecampus.calendar import PHASES as NIGHT
from ecampus.calendar import Mode
from ecampus.changes import plan
from ecampus.contract.aside import none
from ecampus.errors import EcampusError
from ecampus.night import intake, passage, reconcile
from ecampus.night.intake import Frames, Systems
from ecampus.night.phases import PHASES
from ecampus.store import archive, memory, opening
from ecampus.store.files import REHEARSALS, Run, Store
from ecampus.store.opening import Opening
from ecampus.words import rehearsing

LOG = logging.getLogger("ecampus")
RUN_ID = "repetition"


def rehearse(
    store: Store, systems: Systems, night: date, name: str, now: datetime, frozen: str | None
) -> dict[str, Any]:
    """Play the five phases of ``night`` without writing; returns ``report.json`` (``words.rehearsing``).

    ``name``: of the folder. ``frozen``: why that night would write nothing, if so. A phase that is refused ends the
    rehearsal, as it would end the night.
    """
    own, known = store_of(store, name), {"illisible": none()}
    settings, limits = systems.settings(night), systems.limits
    mode: Mode = "frozen" if frozen else "live"
    would_be = Opening(night, mode, frozen, settings=settings, moodle=systems.moodle().url, limits=limits)
    memory.lend(store, own)
    reports: dict[str, dict[str, Any]] = {}
    for phase in NIGHT:
        run = Run(own, phase, night, RUN_ID)
        reports[phase] = _played(run, systems, would_be, known, store)
        if reports[phase]["state"] == "failed":
            break
    runs = {phase: Run(own, phase, night, RUN_ID) for phase in reports}
    waits = None if frozen else next((told for run in runs.values() if (told := opening.read(run).waits)), None)
    made = rehearsing.document(night, now, frozen, waits, reports, str(own.root / "report.html"))
    plans = {phase: _plan(run) for phase, run in runs.items()}
    pages = {phase: f"{run.name}/report.html" for phase, run in runs.items()}
    own.write("report.html", rehearsing.page(made, plans, pages).encode())
    own.write_json("report.json", made)
    return made


def store_of(store: Store, name: str) -> Store:
    """Where the rehearsal of that name keeps all that it leaves."""
    return Store(store.root / REHEARSALS / name)


def _played(run: Run, systems: Systems, would_be: Opening, known: Frames, store: Store) -> dict[str, Any]:
    """``would_be``: what the run of the night will be, but for what the register says."""
    opening.forget(run)
    opening.keep(run, replace(would_be, mode="frozen", reason=rehearsing.NOTHING))
    try:
        would_be = passage.opened(would_be, run.phase, systems)
        opening.keep(run, replace(would_be, mode="frozen", reason=rehearsing.NOTHING, waits=would_be.reason))
        archive.keep(run, "source", _sources(run, systems, known))
        LOG.info("%s", reconcile.extract_moodle(run, systems))
        archive.lend(store, run)
        LOG.info("%s", reconcile.diff(run))
        LOG.info("%s", reconcile.check(run))
    except EcampusError as error:
        LOG.error("%s", error)
        reconcile.report(run, "failed", str(error))
    else:
        reconcile.report(run, "success", rehearsing.NOTHING)
    return dict(run.files.read_json("report.json"))


def _plan(run: Run) -> pd.DataFrame:
    found = run.files.exists("plan.json")
    return run.files.read_frame("plan.parquet") if found else plan.empty()


def _sources(run: Run, systems: Systems, known: Frames) -> Frames:
    """What the phase reads of REFER and LDAP; views that are ``known`` by an earlier phase are not read again."""
    phase = PHASES[run.phase]
    left = replace(phase, views=tuple(view for view in phase.views if view not in known))
    fresh = intake.sources(left, systems, archive.settings(run))
    unread = pd.concat([known["illisible"], fresh["illisible"]], ignore_index=True)
    known |= fresh | {"illisible": unread}
    names = [*phase.views, *(["people"] if phase.directory else [])]
    return {name: known[name] for name in names} | {"illisible": unread[unread["view"].isin(phase.views)]}
