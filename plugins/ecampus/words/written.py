"""The log of what was written, for whoever opens it: what was taken away first, a line a place, folded and bounded.

Airflow's pages fold what stands between ``::group::title`` and ``::endgroup::``.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

from ecampus.kinds import DESTRUCTIVE
from ecampus.words.progress import figure
from ecampus.words.speech import counted, sentence

LINES = 300
"""Told of each part, whatever the size of the university; the journal of the run holds all."""
PLACED = ("cohort_member", "group", "group_member", "enrolment")
"""What is told by the place where it is, its course or its cohort: the first part of the key."""
MOVES = ("copy_key", "drop_key")
"""Rows that follow a code or a login: nobody gains or loses by them."""


def account(done: pd.DataFrame) -> list[str]:
    """What was done (``journal.accomplished``): what is gone, then the rest; nothing of what is empty."""
    kept = done[done["verb"] == "copy_key"].groupby("unit").size().to_dict()
    done = done[~done["verb"].isin(MOVES)]
    gone = (done["object"] + "|" + done["verb"]).isin(DESTRUCTIVE)
    return [*_part("Retiré", done[gone], kept), *_part("Fait", done[~gone], kept)]


def refused(failed: pd.DataFrame) -> list[str]:
    """A line for each change that Moodle refused, with its words."""
    return _bounded(
        [f"Refusé par ecampus : {_with_words(row)}" for row in failed.head(LINES).itertuples()], len(failed)
    )


def put_off(rows: pd.DataFrame) -> list[str]:
    """What is not sent tonight, folded."""
    if rows.empty:
        return []
    lines = _bounded([_with_words(row) for row in rows.head(LINES).itertuples()], len(rows))
    return _folded(f"Remis à une autre nuit : {figure(len(rows))}", lines)


def _part(title: str, rows: pd.DataFrame, kept: dict[str, int]) -> list[str]:
    if rows.empty:
        return []
    placed = rows["object"].isin(PLACED)
    where, alone = _by_place(rows[placed]), rows[~placed].sort_values("key", kind="stable")
    moved = sum(kept.get(unit, 0) for unit in rows["unit"].drop_duplicates())
    lines = [f"{sentence(row)}{_kept(kept.get(row.unit, 0))}" for row in alone.head(LINES).itertuples()]
    lines += [f"{place} : {counted(counts)}" for place, counts in list(where.items())[:LINES]]
    return _folded(
        f"{title} : {counted(_counts(rows))}{_kept(moved)}", _bounded(lines[:LINES], len(alone) + len(where))
    )


def _by_place(rows: pd.DataFrame) -> dict[str, dict[str, dict[str, int]]]:
    """Place → object → verb → how many, in the order of the places."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    places = [key.partition(" / ")[0] for key in rows["key"].tolist()]
    counts = Counter(zip(places, rows["object"].tolist(), rows["verb"].tolist(), strict=True))
    for (place, object_, verb), number in sorted(counts.items()):
        found.setdefault(place, {}).setdefault(object_, {})[verb] = number
    return found


def _counts(rows: pd.DataFrame) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (object_, verb), number in rows.groupby(["object", "verb"], sort=False).size().items():
        found.setdefault(str(object_), {})[str(verb)] = int(number)
    return found


def _kept(rows: int) -> str:
    return f", {figure(rows)} inscription{'s gardées' if rows > 1 else ' gardée'}" if rows else ""


def _with_words(row: object) -> str:
    return f"{sentence(row, planned=True)} ({row.message})"  # type: ignore[attr-defined]


def _bounded(lines: list[str], number: int) -> list[str]:
    more = number - len(lines)
    return [*lines, f"… et {figure(more)} de plus, dans les fichiers de l'exécution"] if more else lines


def _folded(title: str, lines: list[str]) -> list[str]:
    return [f"::group::{title}", *lines, "::endgroup::"]
