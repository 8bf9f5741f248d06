"""The journal of a run: nobody overwrites a segment of another, and the last word on a change is the one that counts."""

from __future__ import annotations

import pandas as pd

from ecampus.changes import plan
from ecampus.store import journal
from ecampus.store.files import Store


def change(key: str) -> pd.DataFrame:
    return plan.changes("course", "rename", pd.DataFrame({"key": [key]}), key="key")


def test_a_writer_that_was_frozen_and_wakes_overwrites_nothing_of_its_successor(tmp_path):
    frozen, successor = journal.Journal(Store(tmp_path)), journal.Journal(Store(tmp_path))
    for notes, key in ((successor, "B"), (frozen, "A")):
        notes.record(change(key), "done")
        notes.flush()
    assert sorted(journal.read(Store(tmp_path))["key"]) == ["A", "B"]


def test_a_refusal_that_passed_at_another_attempt_is_none(tmp_path):
    notes = journal.Journal(Store(tmp_path))
    notes.record(change("A"), "failed", "pris")
    notes.record(change("B"), "failed", "pris")
    notes.record(change("A"), "done")
    notes.flush()
    found = journal.latest(journal.read(Store(tmp_path)))
    assert dict(zip(found["key"], found["outcome"], strict=True)) == {"A": "done", "B": "failed"}
