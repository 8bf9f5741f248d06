"""What became of the writes that were in flight when their run was killed: Moodle is asked, and only for those.

A batch is noted before its call. One that nobody settled may have reached Moodle or not: what Moodle shows done was
done by us, since it was not so when it was planned. Of a creation and of a membership that is not certain: somebody may
have made it by hand since. Moodle's own database shows when that was; its web services, for courses only.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.gains import learned
from ecampus.joins import among, has
from ecampus.kinds import KINDS, Kind
from ecampus.moodle.client import TIMEOUT
from ecampus.moodle.rows import ADDED, CREATED

Frames = dict[str, pd.DataFrame]

FEWEST_SURE = 10
"""Memberships of one call that are all there, nobody knows since when: nobody types in so many by hand. Fewer are in
doubt, hence not ours."""
LONGEST_CALL = sum(TIMEOUT)
CLOCKS = 60
"""Seconds by which the clocks of Moodle and of the register's database may differ (docs/architecture.md)."""
MEMBERS = ("cohort_member", "group_member")


@dataclass(frozen=True)
class Found:
    """Of the changes of one batch: those done, and the memberships of which nobody can say who made them."""

    done: pd.DataFrame
    doubtful: pd.DataFrame


def shows(changes: pd.DataFrame, existing: Frames) -> bool:
    """Whether ``existing`` can tell what became of these changes, or nothing ever will."""
    return blind(changes) or KINDS[changes["object"].iloc[0], changes["verb"].iloc[0]].frame in existing


def blind(changes: pd.DataFrame) -> bool:
    """Whether nothing in Moodle tells these changes, and nothing has to: a name that was not given is given again."""
    return not KINDS[changes["object"].iloc[0], changes["verb"].iloc[0]].trace


def courses(changes: pd.DataFrame) -> list[int]:
    """Those whose groups must all be read to see what became of these changes: a group has no id that is ours yet, or
    none any more."""
    found = changes[(changes["object"] == "group") & changes["verb"].isin(["create", "delete"])]
    return sorted({int(course) for course in found["course_id"]})


def touched(done: pd.DataFrame) -> dict[str, list[int]]:
    """By frame, the accounts and the courses that these changes made or changed."""
    frames = {"users": "account", "courses": "course"}
    return {
        frame: sorted({int(id_) for id_ in done.loc[done["object"] == kind, "moodle_id"]})
        for frame, kind in frames.items()
    }


def looked_up(changes: pd.DataFrame, existing: Frames, intended: int) -> Found:
    """What Moodle (``existing``, younger than the call) shows of the ``changes`` of one call, which are of one kind.

    ``intended``: when the call was noted: where Moodle shows since when each is there, that decides. Where it does not,
    what was to be created is ours; members: it adds those of a group all together or not at all, so when one is missing
    the call never happened, and the others were put there by hand; of a cohort it adds those it can. Nobody is missing
    from a group that was not read, in a course archived since. A frame that was not read shows nothing.
    """
    nothing = changes.iloc[:0]
    kind = KINDS[changes["object"].iloc[0], changes["verb"].iloc[0]]
    if kind.frame not in existing:
        return Found(nothing, nothing)
    there = traced(kind, changes, existing[kind.frame])
    if kind.verb == "create":
        return Found(born(there, existing[kind.frame], intended), nothing)
    if kind.object not in MEMBERS or kind.losses:
        return Found(there, nothing)
    moments = moments_of(kind, there, existing[kind.frame])
    if moments.notna().all():
        return dated(there, moments.astype("int64") - intended)
    whole = 0 < len(there) == len(_read(changes, existing))
    if whole and len(there) >= FEWEST_SURE:
        return Found(there, nothing)
    return Found(nothing, there if whole or kind.object == "cohort_member" else nothing)


def born(made: pd.DataFrame, found: pd.DataFrame, intended: int) -> pd.DataFrame:
    """Of the creations ``made``, those that the call made, and those of which nobody knows when they were.

    The others are somebody else's, and their code is taken.
    """
    moments = made["moodle_id"].map(found.drop_duplicates("id").set_index("id")[CREATED]).astype("Int64")
    return dated(made, (moments - intended).fillna(0).astype("int64")).done


def dated(there: pd.DataFrame, after: pd.Series) -> Found:
    """Of what is ``there``, what the call made; ``after``: seconds from its intent to each of them.

    An earlier one was made by hand. A later one is in doubt: by hand, or by a process that was frozen with its call.
    """
    late = after > LONGEST_CALL + CLOCKS
    return Found(there[(after >= -CLOCKS) & ~late], there[late])


def moments_of(kind: Kind, there: pd.DataFrame, found: pd.DataFrame) -> pd.Series:
    """When Moodle notes that each of these memberships was made; on the index of ``there``."""
    trace = learned(kind.trace, there, "")
    return trace.merge(found, on=list(trace), how="left", validate="many_to_one")[ADDED].set_axis(there.index)


def _read(members: pd.DataFrame, existing: Frames) -> pd.DataFrame:
    """But for those of groups that ``existing`` does not have."""
    if "groups" not in existing:
        return members
    return members[members["place_id"].isna() | among(members["place_id"], existing["groups"]["id"])]


def traced(kind: Kind, changes: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The changes of one kind that ``found`` shows done; what was created with its id."""
    trace = learned(kind.trace, changes, "")
    shown = has(trace, found, list(trace))
    done = changes[~shown] if kind.losses else changes[shown]
    if kind.verb != "create":
        return done
    ids = trace[shown].merge(found.drop_duplicates(list(trace)), on=list(trace), how="left")["id"]
    return done.assign(moodle_id=pd.array(ids, dtype="Int64"))


def unseen(done: pd.DataFrame, asked_again: pd.DataFrame, existing: Frames) -> pd.DataFrame:
    """Of the changes ``done``, those that do not show in Moodle as it was read since.

    ``asked_again``: the plan that the rules would make now. A removal is looked for itself: once it is counted as done
    it is no longer ours, and nothing would ask for it again; but for rows of the enrolment table, whose transaction is
    its own proof.
    """
    again = plan.change_ids(done).isin(plan.change_ids(asked_again))
    for (object_, verb), rows in done.groupby(["object", "verb"], sort=False):
        kind = KINDS[str(object_), str(verb)]
        if kind.losses and kind.frame in existing and kind.object != "enrolment":
            again.loc[rows.index] |= has(learned(kind.losses, rows, ""), existing[kind.frame], list(kind.losses))
    return done[again]
