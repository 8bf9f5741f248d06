"""The anomalies of a phase from night to night, with the first night each was seen."""

from __future__ import annotations

import io
import logging
from datetime import date

import pandas as pd

from ecampus.calendar import PHASES
from ecampus.errors import StoreUnusable
from ecampus.shapes import shaped
from ecampus.store import archive, replay
from ecampus.store.files import Run, Store

LOG = logging.getLogger("ecampus")
COLUMNS = list(archive.MEMORY["anomalies"])
TOLD = "told.parquet"


def read(store: Store, phase: str) -> dict[str, pd.DataFrame]:
    """The anomalies of this phase as of the last night that succeeded; none where nobody can read them any more."""
    path = _anomalies(phase)
    try:
        found = store.read_frame(path) if store.exists(path) else pd.DataFrame(columns=COLUMNS)
    except StoreUnusable as unreadable:  # a file that is broken would stop every night to come
        LOG.warning("%s", unreadable)
        found = pd.DataFrame(columns=COLUMNS)
    return {"anomalies": shaped(found, dict.fromkeys(COLUMNS, "str"))}


def told(store: Store, phase: str) -> list[tuple[str | None, ...]] | None:
    """The same, row by row in the order of ``COLUMNS``, without a frame: a page has a fraction of a second.

    Null where no night told any, or nobody can read them: then nobody knows.
    """
    from pyarrow import parquet

    path = _anomalies(phase)
    if last_night(store, phase) == date.min or not store.exists(path):
        return None
    try:
        found = parquet.read_table(io.BytesIO(store.read(path))).select(COLUMNS)
    except (StoreUnusable, OSError, ValueError, KeyError) as unreadable:
        LOG.warning("%s", unreadable)
        return None
    return list(zip(*found.to_pydict().values(), strict=True))


def keep(run: Run, notes: pd.DataFrame) -> None:
    """Keep tonight's anomalies (``notes``) for the next night.

    A task that is cleared days later leaves the memory to the nights that came after its own.
    """
    if last_night(run.store, run.phase) > run.night:
        return
    run.store.write_frame(_anomalies(run.phase), notes)
    run.store.write_json(_night(run.phase), run.night.isoformat())


def tell(run: Run, notes: pd.DataFrame) -> None:
    """Keep in the run's folder the anomalies that it told (``COLUMNS``)."""
    run.files.write_frame(TOLD, notes)


def told_by(run: Run) -> pd.DataFrame:
    """The anomalies that a run told; none of one that was not reported."""
    found = run.files.read_frame(TOLD) if run.files.exists(TOLD) else pd.DataFrame(columns=COLUMNS)
    return found.reindex(columns=COLUMNS).astype("str")


def lend(store: Store, rehearsal: Store) -> None:
    """Give a rehearsal, which keeps its own store, the anomalies that the night would find."""
    for phase in PHASES:
        rehearsal.write_frame(_anomalies(phase), read(store, phase)["anomalies"])


def anomalies_before(run: Run) -> pd.DataFrame:
    """The anomalies of the night before, as this night, or the night that is replayed, knew them."""
    origins = replay.archives(run) if run.replay else [run]
    for origin in reversed(origins):
        if origin.files.exists("memory.json"):
            return archive.frames(origin, "memory")["anomalies"]
    return pd.DataFrame(columns=COLUMNS, dtype="str")


def last_night(store: Store, phase: str) -> date:
    """The night that left the anomalies of this phase; a file that is absent or unreadable says nothing."""
    try:
        return date.fromisoformat(store.read_json(_night(phase))) if store.exists(_night(phase)) else date.min
    except (StoreUnusable, TypeError, ValueError):
        return date.min


def _anomalies(phase: str) -> str:
    return f"memory/anomalies-{phase}.parquet"


def _night(phase: str) -> str:
    return f"memory/night-{phase}.json"
