"""What is ours and was not read: whether Moodle, asked for that very one, says that it has it no more."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ecampus.changes.courses import live_courses
from ecampus.moodle.reader import Reader
from ecampus.register.owned import Owned

Frames = dict[str, pd.DataFrame]

ASKED = {"category": "categories", "course": "courses", "cohort": "cohorts"}
"""By kind of object that is asked for once more, the frame that did not show it."""


def accounts(moodle: Reader, found: Frames, register: Owned) -> pd.DataFrame:
    """user_id: the accounts of ours that were not read with the others, and that Moodle, asked for them, has not."""
    users = found["users"]
    missing = sorted(set(register["account"]["user_id"]) - set(users["id"]))
    if not missing:
        return _ids("user_id", [])
    known = moodle.known_accounts(missing, int(users["id"].iloc[0]))["user_id"]
    return _ids("user_id", sorted(set(missing) - set(known)))


def courses(moodle: Reader, found: Frames, register: Owned) -> pd.DataFrame:
    """course_id: likewise the courses, for a phase that makes none: they are not missed, and not forgotten either."""
    return _ids("course_id", _vanished(moodle, "course", found, register))


def objects(moodle: Reader, found: Frames, register: Owned) -> pd.DataFrame:
    """kind, id: likewise the objects that the phase makes.

    Groups are read by their ids already; of those of a course that is not live nobody knows.
    """
    kinds = [kind for kind, frame in ASKED.items() if frame in found and f"gone_{frame}" not in found]
    vanished = {kind: _vanished(moodle, kind, found, register) for kind in kinds}
    if "groups" in found:
        ours, live = register["group"], live_courses(found["courses"], register["course"])["id"]
        vanished["group"] = sorted(set(ours.loc[ours["course_id"].isin(live), "id"]) - set(found["groups"]["id"]))
    rows = [{"kind": kind, "id": id_} for kind, ids in vanished.items() for id_ in ids]
    return pd.DataFrame(rows, columns=["kind", "id"]).astype({"kind": "str", "id": "int64"})


def _vanished(moodle: Reader, kind: str, found: Frames, register: Owned) -> list[int]:
    """An answer without an object that Moodle showed a moment ago proves nothing."""
    read, ours = found[ASKED[kind]]["id"], register[kind]["id"]
    missing, witness = sorted(set(ours) - set(read)), [int(id_) for id_ in read.head(1)]
    if not missing or not witness:
        return []
    there = set(moodle.named(ASKED[kind], [*missing, *witness])["id"])
    return sorted(set(missing) - there) if there.issuperset(witness) else []


def _ids(column: str, ids: list[int]) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(ids, dtype="int64")})


NAMES: dict[str, Callable[[Reader, Frames, Owned], pd.DataFrame]] = {
    "gone": objects,
    "gone_accounts": accounts,
    "gone_courses": courses,
}
"""The frame of each."""
