"""The five phases of the night: what each reads, what it writes, and the rules that make its plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ecampus.changes import cohorts, enrolments, groups, offer, users
from ecampus.changes.draft import Draft, Inputs
from ecampus.contract import REFER


@dataclass(frozen=True)
class Phase:
    """``views`` of REFER; ``around``: frames of Moodle that only inform; ``written``: those it compares and writes.

    ``further``: given what was read, of which courses more is needed, by frame (of ``written`` or of ``partial``).
    """

    draft: Callable[[Inputs], Draft]
    views: tuple[str, ...]
    around: tuple[str, ...]
    written: tuple[str, ...]
    directory: bool = False
    partial: tuple[str, ...] = ()
    further: Callable[[Inputs], Mapping[str, Sequence[int]]] | None = None


PHASES: dict[str, Phase] = {
    "users": Phase(
        users.draft,
        views=("inscription_administrative", "seance_ade"),
        around=("site_admins",),
        written=("users", "gone_accounts", "enrolment_rows"),
        directory=True,
    ),
    "cohorts": Phase(
        cohorts.draft,
        views=("etape", "inscription_administrative"),
        around=("users", "gone_accounts", "foreign_cohorts"),
        written=("cohorts", "cohort_members", "gone"),
    ),
    "offer": Phase(
        offer.draft,
        views=("categorie", "element", "porte", "groupe_element"),
        around=(),
        written=("categories", "courses", "enrolment_rows", "gone"),
    ),
    "enrolments": Phase(
        enrolments.draft,
        views=tuple(REFER),
        around=("users", "gone_accounts", "courses", "gone_courses", "space_teachers"),
        written=("enrolment_rows",),
    ),
    "groups": Phase(
        groups.draft,
        views=tuple(view for view in REFER if view not in ("inscription_pedagogique", "seance_ade")),
        around=("users", "gone_accounts", "courses", "gone_courses"),
        written=("groups", "group_members", "held_members", "gone"),
        partial=("enrolled", "groupings"),
        further=groups.further,
    ),
}
