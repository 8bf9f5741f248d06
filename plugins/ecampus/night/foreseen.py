"""What the phases of a night would leave to those after them, while nothing is written: the night, imagined.

A frozen night and a rehearsal are read so: each phase plans on the state that the plans before it would give.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from ecampus.calendar import PHASES
from ecampus.changes import plan
from ecampus.changes.draft import Draft, Inputs
from ecampus.changes.imagine import imagine
from ecampus.changes.undoing import ORDER
from ecampus.errors import StoreUnusable
from ecampus.joins import has
from ecampus.night.news import news
from ecampus.night.taking import SEAT, located
from ecampus.register.owned import Owned
from ecampus.shapes import cast
from ecampus.store import archive, opening, replay
from ecampus.store.files import Run
from ecampus.store.journal import FOLDER

Frames = dict[str, pd.DataFrame]
Further = Callable[[Frames], Mapping[str, Sequence[int]]]

KEPT = ("users", "categories", "courses", "cohorts", "enrolment_rows")
"""Frames that several phases read whole: the first reads them, the others find them as they would be by then."""


@dataclass(frozen=True)
class Foreseen:
    """``read``: what was read, as Moodle has it; ``existing``: as it would be; ``owned``; ``links`` if known anew."""

    owned: Owned
    read: Frames = field(default_factory=dict)
    existing: Frames = field(default_factory=dict)
    links: Frames = field(default_factory=dict)

    def after(self, inputs: Inputs, draft: Draft) -> Foreseen:
        """Once the phase that read ``inputs`` had carried out this draft, but for what is held in it."""
        waiting = draft.changes[draft.changes["held"].notna()]
        learned = news(inputs.owned, inputs.existing, draft.recognised, draft.forgotten, waiting)
        before = replace(inputs, existing=self.existing | inputs.existing, owned=learned.folded(self.owned))
        then = imagine(before, draft.changes)
        links = {} if draft.links is None else {"links": draft.links}
        return Foreseen(then.owned, inputs.existing | self.read, then.existing, self.links | links)

    def known(self, names: Sequence[str] = KEPT) -> Frames:
        """Of the frames ``names``, those that need no reading."""
        return {name: self.existing[name] for name in names if name in KEPT and name in self.existing}

    def enrolled(self, found: pd.DataFrame) -> pd.DataFrame:
        """Who would be enrolled where, ``found`` being who is: Moodle takes the table as it would be.

        Whoever a row enrols today and none would then is enrolled no more: of those that something else enrols beside
        it nothing is known.
        """
        if not {"users", "courses", "enrolment_rows"} <= set(self.existing):
            return found
        gone, come = (_seats(frames) for frames in (self.read, self.existing))
        stays = found[~has(found, gone, SEAT) & ~has(found, come, SEAT)]
        return cast(pd.concat([stays, come], ignore_index=True), found.dtypes.to_dict())


def at(run: Run, owned: Owned) -> Foreseen:
    """What this run finds beside what it reads: something if it is frozen, as phases before it. ``owned``: now."""
    foreseen = Foreseen(owned)
    for earlier in _unwritten_before(run):
        foreseen = foreseen.after(archive.inputs(earlier), drafted(earlier))
    return foreseen


def drafted(run: Run) -> Draft:
    """What ``diff`` and ``check`` of this run left."""
    return Draft(
        changes=plan.typed(run.files.read_frame("plan.parquet")),
        recognised=archive.frames(run, "recognised"),
        forgotten=archive.frames(run, "forgotten"),
        links=archive.frames(run, "links").get("links"),
    )


def real(further: Further | None) -> Further | None:
    """``further`` without courses that are only foreseen: Moodle is not asked for them."""
    if further is None:
        return None
    return lambda found: {frame: [id_ for id_ in ids if id_ > 0] for frame, ids in further(found).items()}


def require_real(changes: pd.DataFrame) -> None:
    """Before a plan is written. Raises StoreUnusable when it speaks of what is only foreseen."""
    if (changes[plan.IDS] < 0).fillna(False).to_numpy("bool").any():
        raise StoreUnusable(
            "Ce plan a été prévu pendant un gel, sur des objets qui n'existent pas encore dans ecampus : rien n'est"
            " écrit ; relancer l'exécution depuis la tâche « Ouvrir la nuit »."
        )


def _unwritten_before(run: Run) -> list[Run]:
    """The last run of each earlier phase of the night, where nothing of a sound plan was written."""
    known = opening.read(run)
    if known.mode != "frozen":
        return []
    order = list(ORDER if known.undoes else PHASES)
    before = [replace(run, phase=phase) for phase in order[: order.index(run.phase)]]
    latest = [found[-1] for earlier in before if (found := replay.archives(earlier, known.undoes))]
    return [found for found in latest if found.files.exists("checked.json") and _unwritten(found)]


def _unwritten(run: Run) -> bool:
    untouched = not run.files.exists("written.json") and not run.files.names(FOLDER)
    return untouched or opening.read(run).mode == "frozen"


def _seats(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return located(frames["enrolment_rows"], frames["courses"], frames["users"])[SEAT].drop_duplicates()
