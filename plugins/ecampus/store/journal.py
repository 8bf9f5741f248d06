"""The journal: every change of a plan that was tried, with what became of it.

Columns: those of a plan, and
    outcome  done, failed (Moodle refused), put_off (what it needs did not happen, or it changed since it was read)
    message  Moodle's words, or why it was put off
    at       UTC time

Segments of Parquet under ``journal/`` of the run, one every few seconds; a night can be undone from them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain, groupby
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np
import pandas as pd

from ecampus.changes import keys, plan
from ecampus.shapes import cast
from ecampus.store.files import Store

FOLDER = "journal"
COLUMNS = [*plan.COLUMNS, "outcome", "message", "at"]
FLUSH_SECONDS = 5.0


def read(files: Store) -> pd.DataFrame:
    """The whole journal of a run, in the order of the writes."""
    segments = [files.read_frame(f"{FOLDER}/{name}") for name in files.names(FOLDER)]
    if not segments:
        return plan.empty().reindex(columns=COLUMNS)
    entries = pd.concat(segments, ignore_index=True)
    return cast(entries, plan.TYPES | dict.fromkeys(["outcome", "message", "at"], "str"))


def latest(entries: pd.DataFrame) -> pd.DataFrame:
    """What became of each change in the end: a refusal that passed at another attempt is none."""
    return entries[~plan.change_ids(entries).duplicated(keep="last")].reset_index(drop=True)


def accomplished(entries: pd.DataFrame) -> pd.DataFrame:
    """What was done and stayed done: rows copied for a key that did not move were taken back."""
    done = entries[entries["outcome"] == "done"].reset_index(drop=True)
    stray = keys.strays(done)
    taken_back = (done["verb"] == "drop_key") & plan.change_ids(done).isin(
        "enrolment|drop_key|" + done.loc[stray, "key"]
    )
    return done[~stray & ~taken_back].reset_index(drop=True)


class Entry(NamedTuple):
    """Changes that had the same outcome at the same moment: those of ``rows`` at ``places``, and the ids they made."""

    rows: pd.DataFrame
    places: Sequence[int]
    ids: Sequence[int | None]
    outcome: str
    messages: Sequence[str]
    at: str


def together(entries: Sequence[Entry]) -> pd.DataFrame:
    """The entries as one frame: ``COLUMNS``."""
    if not entries:
        return plan.empty().reindex(columns=COLUMNS)
    parts = [list(some) for _, some in groupby(entries, key=lambda entry: id(entry.rows))]
    sizes = [len(entry.places) for entry in entries]
    return (
        pd.concat(
            [plan.taken(some[0].rows, _chain(e.places for e in some), _chain(e.ids for e in some)) for some in parts],
            ignore_index=True,
        )
        .assign(
            outcome=np.repeat([entry.outcome for entry in entries], sizes),
            message=_chain(entry.messages for entry in entries),
            at=np.repeat([entry.at for entry in entries], sizes),
        )
        .reindex(columns=COLUMNS)
    )


def _chain(lists: Iterable[Sequence[Any]]) -> list[Any]:
    return list(chain.from_iterable(lists))


class Journal:
    """Writes the segments of one run; ``flush`` must be called at the end, whatever happens.

    No two writers of one run name a segment alike: one that was frozen and wakes overwrites nothing.
    """

    def __init__(self, files: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._files, self._clock, self._flushed = files, clock, clock()
        self._number = len(files.names(FOLDER))
        self._waiting: list[Entry] = []
        self._done: list[Entry] = []

    def record(self, rows: pd.DataFrame, outcome: str, message: str = "") -> None:
        """Changes that had this outcome; written within a few seconds."""
        size = len(rows)
        self.note(rows, range(size), [None] * size, outcome, [message] * size)

    def note(
        self,
        rows: pd.DataFrame,
        places: Sequence[int],
        ids: Sequence[int | None],
        outcome: str,
        messages: Sequence[str],
    ) -> None:
        """Those of ``rows`` at ``places``, with the ids of what they made; ``rows`` must not change any more."""
        if not places:
            return
        entry = Entry(rows, places, ids, outcome, messages, datetime.now(UTC).isoformat())
        self._waiting.append(entry)
        self._done.append(entry)
        if self._clock() - self._flushed >= FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting as one more segment."""
        if self._waiting:
            segment = together(self._waiting)
            self._files.write_frame(f"{FOLDER}/{self._number:06d}-{uuid4().hex[:8]}.parquet", segment)
            self._number += 1
            self._waiting = []
        self._flushed = self._clock()

    def entries(self) -> pd.DataFrame:
        """What this run recorded so far."""
        return together(self._done)
