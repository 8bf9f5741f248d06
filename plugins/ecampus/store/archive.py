"""What a run keeps of what it read, and reads back: complete parts, each with its list."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import pandas as pd

from ecampus import contract
from ecampus.changes.draft import Inputs, Settings
from ecampus.errors import StoreUnusable
from ecampus.limits import Limits
from ecampus.register import owned, tables
from ecampus.shapes import cast, none
from ecampus.store import opening, replay
from ecampus.store.files import Run, Store
from ecampus.words import anomalies

LOG = logging.getLogger("ecampus")
MEMORY = {
    "links": tables.LINKS,
    "following": tables.FOLLOWING,
    "figures": tables.FIGURES,
    "good": tables.GOOD,
    "done": tables.DONE,
    "decisions": tables.DECISIONS,
    "anomalies": dict.fromkeys([*anomalies.COLUMNS, "first_night"], "str"),
}


def keep(run: Run, part: str, frames: Mapping[str, pd.DataFrame]) -> None:
    """Write frames under ``part/``, then the list that says they are complete."""
    run.files.remove(f"{part}.json")
    for name, frame in frames.items():
        run.files.write_frame(f"{part}/{name}.parquet", frame)
    run.files.write_json(f"{part}.json", {name: len(frame) for name, frame in frames.items()})


def frames(run: Run, part: str) -> dict[str, pd.DataFrame]:
    """The frames of a complete ``part``."""
    return {
        name: typed(part, name, run.files.read_frame(f"{part}/{name}.parquet"))
        for name in run.files.read_json(f"{part}.json")
    }


def typed(part: str, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Parquet gives an all-null or empty column back without its type: the contract's is put back, str for texts."""
    if part == "owned":
        return owned.shaped(name, frame)
    if part in ("memory", "links"):
        shape = MEMORY[name]
        return cast(frame if list(frame) == list(shape) else frame.reindex(columns=list(shape)), shape)
    if part in ("recognised", "forgotten"):
        shape = owned.SHAPES[name]
        return cast(frame, {column: shape[column] for column in frame})
    declared = contract.CONTRACTS.get("enrolled" if name == "space_teachers" else name)
    if part not in ("source", "existing") or declared is None:
        return frame
    return cast(frame, {column: kind for column, kind in declared.types().items() if column in frame})


def settings(run: Run) -> Settings:
    """The night's settings, as they were when the run was opened."""
    known = opening.read(run).settings
    if known is None:
        raise StoreUnusable(
            f"L'exécution « {run.name} » n'a pas de réglages à elle : la relancer depuis la tâche « Ouvrir la nuit »."
        )
    return known


def inputs(run: Run) -> Inputs:
    """All that the run read; for a replay, all that the archived run read."""
    origin = replay.archived(run) if run.replay else run
    kept = frames(origin, "memory")
    missing = {name: shape for name, shape in MEMORY.items() if name not in kept}
    empty = {name: none(shape) for name, shape in missing.items()}
    source, existing, owned_ = (frames(origin, part) for part in ("source", "existing", "owned"))
    return Inputs(settings(origin), source, existing, owned_, kept | empty)


def opened(run: Run) -> opening.Opening:
    """What the run is; of a replay, what the archived run was."""
    return opening.read(replay.archived(run) if run.replay else run)


def limits(run: Run) -> Limits:
    """The site's limits, as they were when the run was opened; for a replay, when the archived run was."""
    return opened(run).limits


def good(run: Run, memory: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame | None]:
    """By view, its rows as of the last run that read it well; null where the store has them no more."""
    known = memory["good"]
    known = known[known["phase"] == run.phase]
    return {view: _view(run, name, view) for view, name in zip(known["view"], known["run"], strict=True)}


def lend(store: Store, run: Run) -> None:
    """Give a run of another store the views that it is judged against, as ``good`` finds them in ``store``."""
    known = frames(run, "memory")["good"]
    for view, name in known.loc[known["phase"] == run.phase, ["view", "run"]].itertuples(index=False, name=None):
        path = f"{name}/source/{view}.parquet"
        if store.exists(path) and not run.store.exists(path):
            run.store.write(path, store.read(path))


def _view(run: Run, name: str, view: str) -> pd.DataFrame | None:
    path = f"{name}/source/{view}.parquet"
    try:
        return typed("source", view, run.store.read_frame(path)) if run.store.exists(path) else None
    except StoreUnusable as unreadable:  # a file that is broken would stop every night to come
        LOG.warning("%s", unreadable)
        return None
