"""What a night gives to mail, from what it left in the store: to each composante, and the figures of the platform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from ecampus.calendar import PHASES
from ecampus.errors import StoreUnusable
from ecampus.night import holding
from ecampus.register import tables
from ecampus.safety import holds
from ecampus.shapes import cast
from ecampus.store import mailed, memory, opening
from ecampus.store.files import Run, Store
from ecampus.words.mailing import Mail, of_composante
from ecampus.words.standing import Standing

REMINDER = timedelta(days=7)
"""What is old alone is told again after so long."""


@dataclass(frozen=True)
class Due:
    """The mail of a composante, and of which night the anomalies are that it tells, by phase."""

    composante: str
    mail: Mail
    phases: dict[str, str]


def anomalies(store: Store) -> pd.DataFrame:
    """Those of the last good night of each phase: code, key, composante, sentence, first_night, phase."""
    found = [memory.read(store, phase)["anomalies"].assign(phase=phase).astype("str") for phase in PHASES]
    return pd.concat(found, ignore_index=True).drop_duplicates(["code", "key"], ignore_index=True)


def composantes(found: pd.DataFrame) -> list[str]:
    """Those that have something to mend."""
    return sorted(found["composante"].dropna().unique())


def due(
    store: Store, night: date, found: pd.DataFrame, names: Sequence[str], base: str | None, contact: str
) -> Iterator[Due]:
    """The mails of these composantes that this night gives, at most one each. ``found``: ``anomalies``."""
    phases = {phase: memory.last_night(store, phase).isoformat() for phase in PHASES}
    before = mailed.composantes(store)
    for name in names:
        told = before.get(name, {})
        new, old = parted(found[found["composante"].eq(name)], told, night)
        if is_due(len(new), len(old), told, night):
            yield Due(name, of_composante(name, night, new, old, base, contact), phases)


def parted(rows: pd.DataFrame, told: Mapping[str, Any], night: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """New and old: new is what this composante's last mail could not tell, since its phase ended after it.

    ``told``: as ``mailed.composantes``, empty before the first mail; then only what tonight found is new.
    """
    yesterday = (night - timedelta(days=1)).isoformat()
    since = rows["phase"].map(told.get("phases", {})).astype("str").fillna(yesterday)
    new = rows["first_night"] > since
    return rows[new], rows[~new]


def is_due(new: int, old: int, told: Mapping[str, Any], night: date) -> bool:
    """At once for what is new, after seven nights for what is only old; never twice for a night, nor for nothing."""
    last = date.fromisoformat(told["night"]) if told else date.min
    return last < night and bool(new or (old and night - last >= REMINDER))


def figures(store: Store, night: date, phases: Sequence[Standing], found: pd.DataFrame) -> dict[str, int] | None:
    """Changes done, changes held, new anomalies, all anomalies; null when no phase reported."""
    reports = [report for phase in phases if phase.run and (report := reported(store, phase.run))]
    if not reports:
        return None
    return {
        "done": sum(sum(sum(verbs.values()) for verbs in report["counts"].values()) for report in reports),
        "held": sum(report["held"] for report in reports),
        "new": int(found["first_night"].eq(night.isoformat()).sum()),
        "anomalies": len(found),
    }


def newly_held(run: Run) -> list[str]:
    """The questions of a run that writes, which no earlier night asked, a sentence each."""
    if opening.read(run).mode != "live" or not run.files.exists(holding.QUESTIONS):
        return []
    questions = cast(run.files.read_frame(holding.QUESTIONS), holds.QUESTIONS)
    first = questions.groupby("question")["since"].transform("min").eq(run.night.isoformat())
    return holding.sentences(run, questions[first & questions["state"].eq(tables.ASKED)])


def reported(store: Store, run: str) -> dict[str, Any] | None:
    """``report.json`` of the run; one that is not there, or that nobody can read, counts for nothing."""
    try:
        return dict(store.read_json(f"{run}/report.json")) if store.exists(f"{run}/report.json") else None
    except StoreUnusable:
        return None
