"""``record.json``: what each run of a phase says of itself in the store, for the phase after it and the reports."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Literal

from ecampus.calendar import RunRecord, Verdict, verdict

if TYPE_CHECKING:
    from ecampus.store.files import Run, Store

RECORD = "record.json"


def begin(run: Run) -> None:
    """Say that this run is at work; one that had ended and is cleared starts again."""
    found = read(run.files)
    if found is None or found.finished_at:
        run.files.write_json(RECORD, RunRecord(run.run_id, datetime.now(UTC)).as_json())


def finish(run: Run, state: Literal["success", "failed"], reason: str | None, *, passed_on: bool = False) -> None:
    """Say how this run ended; from here on the phase after it may go. ``passed_on``: as in ``RunRecord``."""
    now = datetime.now(UTC)
    found = read(run.files)
    started = found.started_at if found else now
    run.files.write_json(RECORD, RunRecord(run.run_id, started, now, state, reason, passed_on).as_json())


def read(folder: Store) -> RunRecord | None:
    """The record of the run whose folder this is."""
    return RunRecord.from_json(folder.read_json(RECORD)) if folder.exists(RECORD) else None


def judge(store: Store, phase: str, night: date) -> Verdict:
    """What the runs of ``phase`` in this night allow the next phase to do."""
    runs = f"{night.isoformat()}/{phase}"
    names = [f"{runs}/{run}/{RECORD}" for run in store.names(runs)]
    found = [RunRecord.from_json(store.read_json(name)) for name in names if store.exists(name)]
    return verdict(phase, night, found)
