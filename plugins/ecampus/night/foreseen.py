"""What the phases of a night would leave to those after them, while nothing is written: the night, imagined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from ecampus.changes.draft import Draft, Inputs
from ecampus.changes.imagine import imagine
from ecampus.joins import has
from ecampus.night.news import news
from ecampus.night.taking import SEAT, located
from ecampus.register.owned import Owned

Frames = dict[str, pd.DataFrame]

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
        learned = news(inputs.owned, inputs.existing, draft.recognised, draft.forgotten)
        before = replace(inputs, existing=self.existing | inputs.existing, owned=learned.folded(self.owned))
        then = imagine(before, draft.changes)
        links = {} if draft.links is None else {"links": draft.links}
        return Foreseen(then.owned, inputs.existing | self.read, then.existing, self.links | links)

    def known(self) -> Frames:
        """The frames that need no reading."""
        return {name: frame for name, frame in self.existing.items() if name in KEPT}

    def enrolled(self, found: pd.DataFrame) -> pd.DataFrame:
        """Who would be enrolled where, ``found`` being who is: Moodle takes the table as it would be.

        Whoever a row enrols today and none would then is enrolled no more: of those that something else enrols beside
        it nothing is known.
        """
        if not {"users", "courses", "enrolment_rows"} <= set(self.existing):
            return found
        gone, come = (_seats(frames) for frames in (self.read, self.existing))
        stays = found[~has(found, gone, SEAT) & ~has(found, come, SEAT)]
        return pd.concat([stays, come], ignore_index=True).astype(found.dtypes.to_dict())


def _seats(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return located(frames["enrolment_rows"], frames["courses"], frames["users"])[SEAT].drop_duplicates()
