"""A night of an invented university, kept in a store as production keeps it: what «Pourquoi ?» reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from ecampus.calendar import PHASES
from ecampus.changes import plan
from ecampus.changes.draft import Draft
from ecampus.rules import verdicts
from ecampus.store import archive, opening
from ecampus.store.files import Run, Store
from ecampus.store.journal import Journal
from model_writes import write
from world import World, going_on


def night(
    world: World, folder: Path, run_id: str = "nuit", writes: Callable[[str], bool] = lambda phase: True
) -> Store:
    """Play the five phases and keep what each read, judged and wrote; ``writes``: the phases that are not frozen."""
    store = Store(folder)
    for phase in PHASES:
        kept(world, Run(store, phase, world.settings.night, run_id), writes(phase))
    return store


def kept(world: World, run: Run, writes: bool = True, reason: str = "Gel : rien n'est écrit dans ecampus.") -> Draft:
    """One phase of it."""
    mode: Any = "live" if writes else "frozen"
    opening.keep(run, opening.Opening(run.night, mode, None if writes else reason, settings=world.settings))
    inputs = world.inputs(run.phase)
    for part in ("source", "existing", "owned", "memory"):
        archive.keep(run, part, getattr(inputs, part))
    draft = world.drafted(run.phase, inputs)
    run.files.write_frame("plan.parquet", draft.changes)
    run.files.write_json("plan.json", {"counts": plan.counts(draft.changes)})
    run.files.write_frame("verdicts.parquet", verdicts.together(draft.verdicts))
    run.files.write_frame("anomalies.parquet", draft.anomalies)
    if writes:
        _written(world, run, draft)
    run.files.write_json("report.json", {"state": "success", "reason": None if writes else reason})
    return draft


def _written(world: World, run: Run, draft: Draft) -> None:
    world.recognise(draft)
    changes = going_on(draft.changes)
    entries = list(write(world.moodle, changes[changes["held"].isna()]))
    notes = Journal(run.files)
    for entry in entries:
        notes.record(plan.typed(pd.DataFrame([entry])), entry["outcome"], entry.get("message") or "")
    notes.flush()
    world.keep(entries)
    world.end(run.phase)
    if run.phase == "enrolments":
        for name in ("not_taken", "not_removed"):
            run.files.write_frame(f"{name}.parquet", plan.rows(plan.empty()))
