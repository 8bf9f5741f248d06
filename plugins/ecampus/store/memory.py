"""What one night must know of the one before: porteurs, rows that Moodle had not taken, anomalies and their night."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ecampus.errors import StoreUnusable
from ecampus.rules.links import porteurs, remembered
from ecampus.rules.referential import clean
from ecampus.store import archive, replay
from ecampus.store.files import Run, Store
from ecampus.words import anomalies

LATE = {"not_taken": "NON_PRIS", "not_removed": "RETRAIT_NON_FAIT"}
SHAPES = {
    "porte": ["code", "porteur"],
    **{name: ["course_idnumber", "username", "role"] for name in LATE},
    "anomalies": [*anomalies.COLUMNS, "first_night"],
}


def read(store: Store, phase: str) -> dict[str, pd.DataFrame]:
    """What the nights before left: ``porte``, ``not_taken``, ``not_removed``, and the ``anomalies`` of this phase."""
    return {name: _remembered(store, name) for name in ("porte", *LATE)} | {
        "anomalies": _remembered(store, f"anomalies-{phase}")
    }


def keep(run: Run, notes: pd.DataFrame) -> None:
    """For the next night: anomalies with their first night (``notes``), and what tonight really wrote.

    A task that is cleared days later leaves the memory to the nights that came after its own.
    """
    if _last(run) > run.night:
        return
    run.store.write_frame(f"memory/anomalies-{run.phase}.parquet", notes)
    if run.phase == "offer" and run.files.exists("written.json"):
        read = archive.inputs(run)
        refer, _ = clean(read.source, read.settings.padding)
        links = porteurs(refer["element"], refer["porte"])
        run.store.write_frame("memory/porte.parquet", remembered(links, read.memory["porte"]))
    run.store.write_json(_night(run), run.night.isoformat())


def anomalies_before(run: Run) -> pd.DataFrame:
    """The anomalies of the night before, as this night, or the night that is replayed, knew them."""
    origins = replay.archives(run) if run.replay else [run]
    for origin in reversed(origins):
        if origin.files.exists("memory.json"):
            return archive.frames(origin, "memory")["anomalies"]
    return pd.DataFrame(columns=SHAPES["anomalies"], dtype="str")


def _remembered(store: Store, name: str) -> pd.DataFrame:
    path = f"memory/{name}.parquet"
    columns = SHAPES[name.partition("-")[0]]
    found = store.read_frame(path) if store.exists(path) else pd.DataFrame(columns=columns)
    return found.astype(dict.fromkeys(columns, "str"))


def _last(run: Run) -> date:
    """The night that left the memory; a file that nobody can read says nothing."""
    try:
        return date.fromisoformat(run.store.read_json(_night(run))) if run.store.exists(_night(run)) else date.min
    except (StoreUnusable, TypeError, ValueError):
        return date.min


def _night(run: Run) -> str:
    return f"memory/night-{run.phase}.json"
