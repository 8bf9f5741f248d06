"""The journal: every change of a plan that was tried, with what became of it.

Columns: those of a plan, and
    outcome  done, failed (Moodle refused), put_off (what it needs did not happen, or it changed since it was read)
    message  Moodle's words, or why it was put off
    at       UTC time

Segments of Parquet under ``journal/`` of the run, one every few seconds; a night can be undone from them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pandas as pd

from ecampus.changes import plan
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
    return entries.astype(plan.TYPES | dict.fromkeys(["outcome", "message", "at"], "str"))


def latest(entries: pd.DataFrame) -> pd.DataFrame:
    """What became of each change in the end: a refusal that passed at another attempt is none."""
    return entries[~plan.change_ids(entries).duplicated(keep="last")].reset_index(drop=True)


class Journal:
    """Writes the segments of one run; ``flush`` must be called at the end, whatever happens.

    No two writers of one run name a segment alike: one that was frozen and wakes overwrites nothing.
    """

    def __init__(self, files: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._files, self._clock, self._flushed = files, clock, clock()
        self._number = len(files.names(FOLDER))
        self._waiting: list[pd.DataFrame] = []
        self._done: list[pd.DataFrame] = []

    def record(self, rows: pd.DataFrame, outcome: str, message: pd.Series | str = "") -> None:
        """Changes that had this outcome; written within a few seconds."""
        if rows.empty:
            return
        entry = rows.assign(outcome=outcome, message=message, at=datetime.now(UTC).isoformat())
        self._waiting.append(entry)
        self._done.append(entry)
        if self._clock() - self._flushed >= FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting as one more segment."""
        if self._waiting:
            segment = pd.concat(self._waiting, ignore_index=True).reindex(columns=COLUMNS)
            self._files.write_frame(f"{FOLDER}/{self._number:06d}-{uuid4().hex[:8]}.parquet", segment)
            self._number += 1
            self._waiting = []
        self._flushed = self._clock()

    def entries(self) -> pd.DataFrame:
        """What this run recorded so far."""
        return pd.concat(self._done, ignore_index=True) if self._done else plan.empty().reindex(columns=COLUMNS)
