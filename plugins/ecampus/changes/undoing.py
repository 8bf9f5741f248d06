"""A night undone: what it did in one phase, turned round as an ordinary plan, and beside it what does not come back.

Only what still is as that night left it is turned round: what somebody changed since is theirs, what is no longer ours,
or gone, is told. An object is known by its id, whatever it is called since. Nothing here creates anything, so that the
state after such a plan can be imagined to the id. Reading order: since (what was done, in sum, beside what is there),
undone_people, undone_offer, undone_groups.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ecampus.changes.draft import Inputs
from ecampus.changes.since import Turned
from ecampus.changes.undone_groups import groups
from ecampus.changes.undone_offer import offer
from ecampus.changes.undone_people import accounts, cohorts, enrolments

ORDER = ("users", "enrolments", "groups", "offer", "cohorts")
"""Accounts first: what the next night would do again is held by login. Enrolments before groups: whoever is put back in
a group must be enrolled. The offer after both: an archived course is out of their reach."""
NAMING = ("users", "offer")
"""Phases whose changes tell what an object was called that night."""
_TURNS: dict[str, Callable[[pd.DataFrame, Inputs], Turned]] = {
    "users": accounts,
    "cohorts": cohorts,
    "offer": offer,
    "groups": groups,
}


def inverse(phase: str, done: pd.DataFrame, inputs: Inputs) -> Turned:
    """The plan that undoes what ``phase`` did, and what does not come back.

    ``done``: what was done that night and stayed done, in its order: the columns of a plan, and ``phase`` (this one,
    and those of ``NAMING``). ``inputs``: what is there now.
    """
    mine, earlier = done[done["phase"] == phase], done[done["phase"].isin(NAMING)]
    if phase == "enrolments":
        return enrolments(mine, earlier, inputs)
    return _TURNS[phase](mine, inputs)
