"""What all the nights did, in the order in which they did it: what a register that is behind is mended from.

A run notes, before its first write, which register it was and at which number (``marked.json``). An adoption leaves a
journal too, ``<night>/<phase>/adoption-<time>/``, whose outcomes are ``adopted`` and ``released``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from ecampus.calendar import PHASES
from ecampus.changes.recalled import Stretch
from ecampus.errors import StoreUnusable
from ecampus.register.register import State
from ecampus.store import archive, journal, opening
from ecampus.store.files import Run, Store

MARKED = "marked.json"


def begin(run: Run, state: State) -> None:
    """Before the first write of a run."""
    run.files.write_json(MARKED, {"register": state.name, "number": state.number})


def keep(
    store: Store, night: date, name: str, state: State, changes: pd.DataFrame, outcome: str, phases: Mapping[str, str]
) -> None:
    """What a person decided of what is ours. ``phases``: by kind of object, the phase that makes it."""
    for phase, rows in changes.groupby(changes["object"].map(phases)):
        run = Run(store, str(phase), night, name)
        begin(run, state)
        notes = journal.Journal(run.files)
        notes.record(rows.reset_index(drop=True), outcome)
        notes.flush()


def since(store: Store, register: str, number: int) -> list[Stretch]:
    """What was done under this register since it carried ``number``, in its order; of a run in the middle, all."""
    stretches: list[Stretch] = []
    parts: list[pd.DataFrame] = []
    for run in _written(store, register, number - 1):
        if learned := _learned(run):
            stretches.append(learned)
        parts.append(journal.read(run.files).assign(run=run.name, night=run.night.isoformat()))
    kept = [part for part in parts if len(part)]
    if kept:
        entries = pd.concat(kept, ignore_index=True).sort_values("at", kind="stable", ignore_index=True)
        for _, rows in entries.groupby(entries["run"].ne(entries["run"].shift()).cumsum(), sort=True):
            first = rows.iloc[0]
            done = rows.drop(columns=["run", "night"]).reset_index(drop=True)
            stretches.append(Stretch(str(first["at"]), str(first["night"]), done))
    return sorted(stretches, key=lambda stretch: stretch.at)


def nights(store: Store) -> list[date]:
    """The nights that the store has, in their order."""
    found = []
    for name in store.names(""):
        try:
            found.append(date.fromisoformat(name))
        except ValueError:
            continue
    return sorted(found)


def _written(store: Store, register: str, least: int) -> list[Run]:
    """The runs that wrote, or decided, under this register from that number on."""
    runs = [
        Run(store, phase, night, name)
        for night in nights(store)
        for phase in PHASES
        for name in store.names(f"{night.isoformat()}/{phase}")
    ]
    return [run for run in runs if run.files.exists(MARKED) and _since(run, register, least)]


def _since(run: Run, register: str, least: int) -> bool:
    known = run.files.read_json(MARKED)
    return bool(known["register"] == register and known["number"] >= least)


def _learned(run: Run) -> Stretch | None:
    """What the run's rules recognised, once its writes had begun."""
    if not (run.files.exists("recognised.json") and run.files.exists("forgotten.json")):
        return None
    try:
        at = opening.read(run).opened_at.isoformat()
    except StoreUnusable:
        return None
    recognised, forgotten = (archive.frames(run, part) for part in ("recognised", "forgotten"))
    return Stretch(at, run.night.isoformat(), None, recognised, forgotten)
