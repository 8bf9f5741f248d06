"""What a run that undoes a night finds in its folder, and what it keeps so that no later night does it again."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ecampus.changes import plan, undoing
from ecampus.changes.draft import Inputs
from ecampus.changes.imagine import imagine
from ecampus.changes.since import LOST, Turned
from ecampus.joins import has
from ecampus.night.phases import PHASES
from ecampus.register import tables
from ecampus.safety import decisions
from ecampus.shapes import cast, none, shaped
from ecampus.store import journal, opening
from ecampus.store.files import REPLAY, Run, Store

REQUEST = "undo"
"""The phase under whose name the register keeps who asked that a night be undone, and why."""
DONE, NOT_BACK = "done.parquet", "lost.parquet"
SHAPE = plan.TYPES | {"phase": "str"}


def phase_of(run: Run) -> str:
    """The phase under whose name the register keeps what this run holds back."""
    return f"{decisions.UNDOING if opening.read(run).undoes else ''}{run.phase}"


def request_of(run: Run) -> str:
    """What names the undoing that this run is part of: its runs have one name."""
    return run.run_id


def done_in(store: Store, night: date, phases: tuple[str, ...]) -> pd.DataFrame:
    """What these phases did that night and stayed done, in its order, whichever run did it: columns as ``SHAPE``.

    Runs that undo a night are none of that night's.
    """
    found = []
    for phase in dict.fromkeys(phases):
        for name in store.names(f"{night.isoformat()}/{phase}"):
            run = Run(store, phase, night, name)
            if not name.endswith(REPLAY) and run.files.exists(opening.RUN) and not opening.read(run).undoes:
                found.append(journal.accomplished(journal.read(run.files)).assign(phase=phase))
    if not found:
        return none(SHAPE)
    return pd.concat(found, ignore_index=True).sort_values("at", kind="stable")[list(SHAPE)].reset_index(drop=True)


def keep(run: Run, done: pd.DataFrame) -> None:
    """Into the run's folder: all that is undone is in it."""
    run.files.write_frame(DONE, done)


def turned(run: Run, inputs: Inputs) -> Turned:
    """The inverse of what the folder says was done, for the state that ``inputs`` tells."""
    return undoing.inverse(run.phase, _done(run), inputs)


def tell(run: Run, inputs: Inputs) -> None:
    """Keep what does not come back, if this run undoes a night."""
    if opening.read(run).undoes:
        run.files.write_frame(NOT_BACK, turned(run, inputs).lost)


def lost(run: Run) -> pd.DataFrame:
    """What does not come back, as the plan of this run was drawn."""
    return cast(run.files.read_frame(NOT_BACK), LOST)


def courses(run: Run) -> list[int]:
    """The courses in which that night touched groups or their members: all of it is read in those that live."""
    done = _done(run)
    return sorted({int(id_) for id_ in done.loc[done["phase"] == run.phase, "course_id"].dropna()})


def again(run: Run, inputs: Inputs, changes: pd.DataFrame) -> pd.DataFrame:
    """What the next night would do again once these changes are made, and would not have done without: units to hold.

    Columns as ``tables.DECISIONS``, who and why left out. Found before the first write, on the state imagined.
    """
    draft, undoes = PHASES[run.phase].draft, opening.read(run).undoes
    assert undoes is not None
    before = _named(draft(inputs).changes)
    after = _named(draft(imagine(inputs, changes)).changes)
    fresh = after[~has(after, before, ["unit", "digest"])]
    night = run.night.isoformat()
    told = fresh.assign(
        phase=run.phase, question=f"{decisions.OF_UNDONE}{undoes.isoformat()}", state=decisions.UNDONE, night=night,
        decided=night,
    )  # fmt: skip
    return shaped(told, tables.DECISIONS)


def _named(changes: pd.DataFrame) -> pd.DataFrame:
    found = decisions.wanted_digests(changes)
    return pd.DataFrame({"unit": found.index.astype("str"), "digest": found.array})


def _done(run: Run) -> pd.DataFrame:
    return cast(run.files.read_frame(DONE), SHAPE)
