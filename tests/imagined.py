"""A night of a world that is only imagined, and how it is compared with the night that follows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ecampus.calendar import PHASES as NIGHT
from ecampus.changes.draft import Draft, Inputs
from ecampus.joins import has
from ecampus.night.foreseen import Foreseen
from ecampus.register.owned import IDENTITY, Owned
from model import Moodle
from world import World, read

Frames = Mapping[str, pd.DataFrame]

IDS = {
    "user_id": "users", "course_id": "courses", "category_id": "categories", "parent_id": "categories",
    "cohort_id": "cohorts", "group_id": "groups",
}  # fmt: skip
"""Columns that hold the id of an object, and the frame where it is."""
FRAMES = {
    "account": "users", "category": "categories", "cohort": "cohorts", "cohort_member": "cohort_members",
    "course": "courses", "group": "groups", "group_member": "group_members", "enrolment": "enrolment_rows",
}  # fmt: skip


def rehearsed(world: World) -> tuple[dict[str, Draft], Foreseen]:
    """Each phase's draft, on what the phases before would leave; and what the last would leave."""
    foreseen, drafts = Foreseen(world.owned), {}
    for phase in NIGHT:
        inputs = inputs_of(world, phase, foreseen)
        drafts[phase] = world.drafted(phase, inputs)
        foreseen = foreseen.after(inputs, drafts[phase])
    return drafts, foreseen


def inputs_of(world: World, phase: str, foreseen: Foreseen) -> Inputs:
    """What the phase reads: Moodle, but for what the phases before would have changed."""
    existing = read(world.moodle, phase, lambda _: foreseen.owned, known=foreseen.known())
    memory = world.memory | foreseen.links
    inputs = world.further(Inputs(world.settings, world.sources(phase), existing, foreseen.owned, memory), phase)
    if "enrolled" in inputs.existing:
        inputs.existing["enrolled"] = foreseen.enrolled(inputs.existing["enrolled"])
    return inputs


def named(frame: pd.DataFrame, existing: Frames, before: Moodle, own: str = "") -> pd.DataFrame:
    """``frame`` with names in place of the ids of what ``before`` did not have: they are not those that were foreseen.

    ``own``: the frame that a column ``id`` speaks of.
    """
    told = frame.drop(columns=["created", "added"], errors="ignore").astype("object")
    for column, name in (IDS | {"id": own}).items():
        if column in frame and name:
            known = existing[name]
            call = known[["idnumber" if name != "users" else "username"]].astype("str").iloc[:, 0]
            if name == "groups":
                courses = named(known[["course_id"]], existing, before)["course_id"].astype("str")
                call = courses + " " + call
            fresh = ~known["id"].isin(getattr(before, name))
            names = dict(zip(known.loc[fresh, "id"], call[fresh], strict=True))
            told[column] = [names.get(id_, id_) for id_ in frame[column]]
    return told


def all_frames(moodle: Moodle) -> dict[str, pd.DataFrame]:
    """All that is in Moodle and in the table."""
    return {name: moodle.frame(name) for name in FRAMES.values()}


def still_there(owned: Owned, existing: Frames) -> Owned:
    """What is ours and shows in Moodle."""
    on = {kind: (["user_id"], ["id"]) if kind == "account" else (columns,) * 2 for kind, columns in IDENTITY.items()}
    return {kind: rows[has(rows, existing[FRAMES[kind]], *on[kind])] for kind, rows in owned.items()}
