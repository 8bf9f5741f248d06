"""What a run learns of what is ours without a write: who is who, when objects were made, what people removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ecampus.joins import among, differs, has
from ecampus.register.lease import Lease
from ecampus.register.owned import IDENTITY, Owned, disowning, owning, shaped, without_removed

Frames = Mapping[str, pd.DataFrame]

SEEN_IN = {"account": "users", "cohort": "cohorts", "category": "categories", "course": "courses", "group": "groups"}


@dataclass(frozen=True)
class News:
    """By kind of object, the rows that are ours (``gained``, only those that are new or changed) and no longer ours."""

    gained: dict[str, pd.DataFrame] = field(default_factory=dict)
    lost: dict[str, pd.DataFrame] = field(default_factory=dict)

    def folded(self, owned: Owned) -> Owned:
        """What is ours once this is known."""
        folded = dict(owned)
        for kind, frame in self.lost.items():
            folded[kind] = disowning(kind, folded[kind], frame)
        for kind, frame in self.gained.items():
            folded[kind] = owning(kind, folded[kind], frame)
        return folded

    def told(self, lease: Lease) -> None:
        """Into the register, with the next commit."""
        for kind, frame in self.lost.items():
            lease.disown(kind, frame)
        for kind, frame in self.gained.items():
            lease.own(kind, frame)


def news(
    owned: Owned, existing: Frames, recognised: Frames, forgotten: Frames, waiting: pd.DataFrame | None = None
) -> News:
    """What is learned from ``existing``, which is younger than ``owned``.

    ``recognised``, ``forgotten``: by kind, what the rules found to be ours and not. ``waiting``: changes that wait;
    what they would make again is ours still, with all that is in it, for somebody may restore it.
    """
    if waiting is not None:
        existing, forgotten = restorable(owned, existing, forgotten, waiting)
    gained = {kind: changed(kind, owned[kind], frame) for kind, frame in recognised.items()}
    for kind, name in SEEN_IN.items():
        if name in existing and "created" in existing[name]:
            made = dated(owned[kind], existing[name])
            gained[kind] = pd.concat([made, gained[kind]]) if kind in gained and len(gained[kind]) else made
    kept = without_removed(owned, dict(existing))
    lost = {kind: frame[~has(frame, kept[kind], IDENTITY[kind])] for kind, frame in owned.items()}
    lost |= {kind: frame for kind, frame in forgotten.items() if not frame.empty}
    return News(_filled(gained), _filled(lost))


def restorable(
    owned: Owned, existing: Frames, forgotten: Frames, waiting: pd.DataFrame
) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """``existing`` and ``forgotten`` as if what these changes would make again were not gone."""
    read, told = dict(existing), dict(forgotten)
    made = waiting[waiting["verb"] == "create"]
    for kind, created in made.groupby("object"):
        ours = owned[str(kind)]
        ids = ours.loc[among(ours["key" if kind == "course" else "code"], created["place"]), IDENTITY[str(kind)][0]]
        if "gone" in read:
            gone = read["gone"]
            read["gone"] = gone[~((gone["kind"] == kind) & gone["id"].isin(ids))]
        if kind in told:
            told[str(kind)] = told[str(kind)][~told[str(kind)][IDENTITY[str(kind)][0]].isin(ids)]
    return read, told


def changed(kind: str, owned: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``found`` that ``owned`` does not have just so."""
    if found.empty:
        return found
    now = shaped(kind, owning(kind, owned, found))
    beside = now.merge(owned, on=IDENTITY[kind], how="left", suffixes=("", "_before"), indicator=True)
    other = beside["_merge"] == "left_only"
    for column in found.columns.difference(IDENTITY[kind]):
        other |= differs(beside[column], beside[f"{column}_before"])
    return now[other.to_numpy()].reset_index(drop=True)


def dated(owned: pd.DataFrame, existing: pd.DataFrame) -> pd.DataFrame:
    """Our objects whose moment of creation we did not know and that Moodle shows now, as rows of ``owned``."""
    id_ = "user_id" if "user_id" in owned else "id"
    made = existing.drop_duplicates("id").set_index("id")["created"]
    found = owned.assign(created=owned[id_].map(made).astype("Int64"))
    return found[owned["created"].isna() & found["created"].notna()]


def _filled(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {kind: frame for kind, frame in frames.items() if not frame.empty}
