"""What people said of units that were held: it counts for exactly these changes, ids and values, for thirty nights.

``asked``: nobody answered yet, the unit stays held. ``approved``: it passes, and counts for no breaker; after thirty
nights no longer. ``refused``: it stays held without being asked; after thirty nights it is asked again. What is only
proposed (``PROPOSED``) is refused for good: the plan does without it from then on. ``undone``: a night that was undone
had done it; it stays held without being asked and without end, until what the sources want of it changes, or somebody
releases it (then ``approved``).
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pandas as pd

from ecampus.changes import keys
from ecampus.changes.plan import IDS
from ecampus.joins import among
from ecampus.kinds import PROPOSED
from ecampus.register.tables import APPROVED, ASKED, REFUSED, UNDONE

SILENT = (REFUSED, UNDONE)
"""Held without being asked."""
OF_UNDONE = "undone/"
"""How the question of what an undone night would do again begins; the night follows."""
UNDOING = "undo/"
"""How the phase of what an undoing holds back begins."""
WANTED = ["object", "verb", "key", *IDS, "place", "username", "role", "after"]
NIGHTS = 30
COLUMNS = ["unit", "digest", "question", "state", "night", "decided", "who", "why"]


def digests(changes: pd.DataFrame) -> pd.Series:
    """By unit, a short name of exactly what it changes: ids and values, in whatever order.

    Not the rows that follow a key: they are what the table has when it moves, fewer once a run was killed half-way.
    """
    rows = changes[~keys.following(changes)].drop(columns=["held", "name"])
    hashes = pd.util.hash_pandas_object(rows, index=False)
    summed = hashes.groupby(rows["unit"]).sum()
    return summed.map("{:016x}".format).astype("str")


def wanted_digests(changes: pd.DataFrame) -> pd.Series:
    """By unit, a short name of what the sources want of it, whatever there is; rows that follow a key do not count."""
    rows = changes[~keys.following(changes)]
    hashes = pd.util.hash_pandas_object(rows[WANTED], index=False)
    return hashes.groupby(rows["unit"]).sum().map("{:016x}".format).astype("str")


def known(changes: pd.DataFrame, decisions: pd.DataFrame, phase: str, night: date) -> pd.DataFrame:
    """What was decided of the units of this plan, if they are as they were then; columns as ``COLUMNS``."""
    mine = decisions[(decisions["phase"] == phase) & decisions["unit"].isin(changes["unit"])]
    if mine.empty:
        return mine[COLUMNS]
    there = changes[changes["unit"].isin(mine["unit"])]
    same = mine["digest"].eq(mine["unit"].map(digests(there)))
    same |= of_undone(mine) & mine["digest"].eq(mine["unit"].map(wanted_digests(there)))
    first = (night - timedelta(days=NIGHTS)).isoformat()
    old = mine["state"].ne(ASKED) & (mine["decided"].fillna("") <= first)
    mine = mine.assign(state=mine["state"].mask(old & mine["state"].eq(REFUSED), ASKED))
    stands = same & ~(old & mine["state"].eq(APPROVED))
    return mine.loc[stands, COLUMNS]


def of_undone(rows: pd.DataFrame) -> pd.Series:
    """Which of these are about what an undone night would do again."""
    return rows["question"].str.startswith(OF_UNDONE).eq(True)


def next_of(held: pd.DataFrame, said: pd.DataFrame, changes: pd.DataFrame, phase: str, night: date) -> pd.DataFrame:
    """What the register keeps of this phase (``tables.DECISIONS``): what is held tonight, and what is approved.

    What needs something that was undone stays undone with it. ``held``: unit, question. ``said``: as ``known``.
    """
    fresh = held[~held["unit"].isin(said["unit"])]
    there, undone = changes[changes["unit"].isin(fresh["unit"])], of_undone(fresh)
    named = fresh["unit"].map(digests(there)).mask(undone, fresh["unit"].map(wanted_digests(there)))
    states = pd.Series(ASKED, index=fresh.index, dtype="str").mask(undone, UNDONE)
    asked = fresh.assign(digest=named, state=states, night=night.isoformat())
    kept = said[said["unit"].isin(held["unit"]) | said["state"].eq(APPROVED)]
    kept = kept.assign(
        question=kept["unit"].map(held.set_index("unit")["question"]).astype("str").fillna(kept["question"])
    )
    both = pd.concat([kept, asked], ignore_index=True).reindex(columns=COLUMNS).assign(phase=phase)
    return both[["phase", *COLUMNS]].astype("str")


def for_good(decisions: pd.DataFrame, phase: str) -> pd.DataFrame:
    """What people refused of what is only proposed: «two» is about codes, not figures, and stands without end."""
    kind = decisions["unit"].str.split("|").str[:2].str.join("|")
    refused = decisions["phase"].eq(phase) & decisions["state"].eq(REFUSED)
    return decisions[refused & among(kind, pd.Series(list(PROPOSED)))]


def together(rows: pd.DataFrame) -> str:
    """A short name of exactly these units as they are held."""
    named = rows[["unit", "digest"]].sort_values("unit", ignore_index=True)
    return hashlib.sha256(named.to_csv(index=False).encode()).hexdigest()[:16]


def answered(
    decisions: pd.DataFrame, phase: str, question: str, state: str, night: date, who: str, why: str
) -> pd.DataFrame:
    """The rows of that question with the answer, those that were asked only (``tables.DECISIONS``)."""
    mine = decisions[
        (decisions["phase"] == phase) & (decisions["question"] == question) & (decisions["state"] == ASKED)
    ]
    return mine.assign(state=state, decided=night.isoformat(), who=who, why=why)


def of_held(changes: pd.DataFrame) -> pd.DataFrame:
    """unit, question of what a plan holds."""
    rows = changes.loc[changes["held"].notna(), ["unit", "held"]].drop_duplicates("unit")
    return rows.rename(columns={"held": "question"}).reset_index(drop=True)


def only_approved(changes: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """The changes that people approved, of a plan."""
    approved = said.loc[said["state"] == APPROVED, "unit"]
    return changes[changes["unit"].isin(approved)].reset_index(drop=True)
