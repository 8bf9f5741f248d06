"""What the logs say of changes that were done: an object a line, memberships and enrolments a place a line."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence

import pandas as pd

from ecampus.changes.plan import Change
from ecampus.kinds import OBJECTS
from ecampus.words.speech import counted, sentence

LOG = logging.getLogger("ecampus")


def each(changes: Sequence[Change]) -> None:
    """Say what was done, one line an object; of memberships and enrolments ``by_place`` does."""
    for change in changes:
        if _places(change.object) == 0:
            LOG.info("%s", sentence(change))


def by_place(rows: pd.DataFrame) -> None:
    """Say what was done of memberships and enrolments: «L1MAT101 / L1MAT101-TD1 : 25 membres de groupes ajoutés»."""
    if rows.empty or not (places := _places(object_ := rows["object"].iloc[0])):
        return
    done: dict[str, dict[str, int]] = {}
    for (where, verb), number in Counter(zip(_place(rows["key"], places), rows["verb"].tolist(), strict=True)).items():
        done.setdefault(where, {})[verb] = number
    for where in sorted(done):
        LOG.info("%s : %s", where, counted({object_: done[where]}))


def _place(keys: pd.Series, parts: int) -> list[str]:
    return [" / ".join(key.split(" / ", parts)[:parts]) for key in keys.tolist()]


def _places(object_: str) -> int:
    return OBJECTS[object_].places
