"""What of Moodle looks like ours and is not: objects that carry a code which the rules want (the adoption list).

It has no rule of its own. A phase is drafted as if nothing of others were there: what it would create and somebody's
object carries may be adopted; whom it would put in and who is there today comes with it. So an adoption is told in the
changes of a plan, as if they had just been done; nothing is sent.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.draft import Draft, Inputs
from ecampus.changes.gains import fold
from ecampus.changes.keys import ROW
from ecampus.changes.ours import present
from ecampus.joins import among, differs, has, slashed
from ecampus.register.owned import MEMBERS
from ecampus.rules import collation

FRAMES = {"category": "categories", "cohort": "cohorts", "course": "courses", "group": "groups"}
"""The kinds of objects that may be adopted, and the frame of Moodle's state that holds them."""
SEVERAL, HELD, OTHER_NUMBER, SPELT = "several", "held", "other_number", "spelt"
"""Why one that carries a code is not adoptable: others carry it too, a plugin or a category holds it, it has another
idnumber, its code is not written as ours."""
COLUMNS = [*plan.COLUMNS, "found", "doubt"]


def alone(inputs: Inputs) -> Inputs:
    """``inputs`` without the objects of others, but for the category that holds everything."""
    existing = dict(inputs.existing)
    for kind, frame in FRAMES.items():
        if frame in existing:
            existing[frame] = existing[frame][~_others(kind, inputs) | _root(frame, inputs)]
    return replace(inputs, existing=existing)


def listed(changes: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """The objects of others that carry the code of something that would be created: ``COLUMNS``.

    ``changes``: the plan of ``alone(inputs)``. A row is the creation, ``moodle_id`` the object's; ``found``: its name
    in Moodle; ``doubt``: null, or why it is not adoptable (one of the constants).
    """
    parts = [
        _carried(kind, changes[(changes["object"] == kind) & (changes["verb"] == "create")], inputs)
        for kind, frame in FRAMES.items()
        if frame in inputs.existing
    ]
    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True) if kept else none()


def none() -> pd.DataFrame:
    """Nothing looks like ours."""
    return plan.empty().assign(found=pd.Series(dtype="str"), doubt=pd.Series(dtype="str"))


def members(draft: Draft, chosen: pd.DataFrame, users: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    """The memberships of these containers that the rules want and that are there, as changes.

    ``draft``: that of ``alone``. ``chosen``: cohorts, or groups, of the list. ``there``: place_id, user_id, as Moodle
    is now, less those that a plugin holds.
    """
    kinds = [kind for kind, _ in MEMBERS.values()]
    adds = draft.changes[draft.changes["object"].isin(kinds) & draft.changes["verb"].eq("add")]
    adds = adds[adds["place_id"].isna()].drop(columns="place_id")
    place = chosen[["course_id", "place", "moodle_id"]].rename(columns={"moodle_id": "place_id"})
    wanted = plan.in_order([plan.typed(adds.merge(place, on=["course_id", "place"])), _late(draft, chosen, users)])
    return wanted[has(wanted, there, ["place_id", "user_id"])].reset_index(drop=True)


def with_courses(inputs: Inputs, courses: pd.DataFrame) -> Inputs:
    """What the enrolments are drafted on once these ``courses`` are ours and no row of others names them."""
    codes = courses.set_index("moodle_id")["place"]
    known, rows = inputs.existing["courses"], inputs.existing["enrolment_rows"]
    number = known["id"].map(codes).astype("str").fillna(known["idnumber"])
    named = among(rows["course_idnumber"].str.upper(), courses["place"].str.upper())
    left = rows[~named | has(rows, inputs.owned["enrolment"], ROW)]
    existing = inputs.existing | {"courses": known.assign(idnumber=number), "enrolment_rows": left}
    owned = fold(inputs.owned, courses[plan.COLUMNS], inputs.settings.night.isoformat())
    return replace(inputs, existing=existing, owned=owned)


def rows_there(changes: pd.DataFrame, courses: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The rows of these courses that the rules want and that stand in the ``table``, as changes.

    ``changes``: the plan of ``with_courses``.
    """
    enrol = changes[(changes["object"] == "enrolment") & (changes["verb"] == "enrol")]
    enrol = enrol[among(enrol["place"], courses["place"])].reset_index(drop=True)
    return enrol[has(plan.rows(enrol), table, ROW)].reset_index(drop=True)


def _others(kind: str, inputs: Inputs) -> pd.Series:
    existing = inputs.existing[FRAMES[kind]]
    return ~existing["id"].isin(present(inputs.owned[kind], existing)["id"])


def _root(frame: str, inputs: Inputs) -> pd.Series:
    existing = inputs.existing[frame]
    if frame != "categories" or inputs.settings.managed_root is None:
        return pd.Series(False, index=existing.index)
    return existing["idnumber"].eq(inputs.settings.managed_root)


def _carried(kind: str, wanted: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """The creations of one kind beside whatever carries their codes."""
    theirs = inputs.existing[FRAMES[kind]][_others(kind, inputs) & ~_root(FRAMES[kind], inputs)]
    carriers = _codes(kind, theirs)
    on = ["course_id", "same"] if kind == "group" else ["same"]
    rows = wanted.assign(same=collation.same(wanted["place"])).drop(columns="moodle_id")
    rows = rows.merge(carriers.rename(columns={"id": "moodle_id"}), on=on)
    doubt = pd.Series(pd.NA, index=rows.index, dtype="str")
    doubt = doubt.mask(differs(rows["carried"].str.upper(), rows["place"]), SPELT)
    doubt = doubt.mask(rows["other"].notna(), OTHER_NUMBER)
    if "foreign_cohorts" in inputs.existing and kind == "cohort":
        doubt = doubt.mask(rows["moodle_id"].isin(inputs.existing["foreign_cohorts"]["id"]), HELD)
    doubt = doubt.mask(rows.duplicated("key", keep=False), SEVERAL)
    return rows.assign(doubt=doubt)[COLUMNS].astype(plan.TYPES)


def _codes(kind: str, theirs: pd.DataFrame) -> pd.DataFrame:
    """id, carried (the code), found (the name), other (the idnumber of a course whose short name it is), same…"""
    names = {"fullname" if kind == "course" else "name": "found"}
    known = theirs.rename(columns=names).assign(carried=theirs["idnumber"], other=pd.NA)
    if kind == "course":
        short = known.assign(carried=theirs["shortname"], other=theirs["idnumber"])
        known = pd.concat([known, short], ignore_index=True)
    known = known[known["carried"].notna()].assign(same=lambda rows: collation.same(rows["carried"]))
    columns = ["id", "carried", "found", "other", "same", *(["course_id"] if kind == "group" else [])]
    return known.astype({"other": "str"}).drop_duplicates(["id", "same"])[columns]


def _late(draft: Draft, chosen: pd.DataFrame, users: pd.DataFrame) -> pd.DataFrame:
    """Those whom Moodle was not seen to enrol when the phase read it: who is in the group is."""
    if draft.waiting.empty:
        return plan.empty()
    rows = draft.waiting.assign(group=slashed(draft.waiting, ["key", "code"]))
    groups = chosen[["key", "course_id", "moodle_id", "scope"]]
    groups = groups.rename(columns={"key": "group", "moodle_id": "place_id", "scope": "composante"})
    rows = rows.merge(groups, on="group").merge(
        users[["id", "username"]].rename(columns={"id": "user_id"}), on="username"
    )
    return plan.changes(
        "group_member", "add", rows, key=["key", "code", "username"], place="code", username="username",
        course_id="course_id", place_id="place_id", user_id="user_id",
    )  # fmt: skip
