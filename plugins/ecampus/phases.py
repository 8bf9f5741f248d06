"""The five phases of the night: what each reads, and the rules that make its plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ecampus.diff import cohorts, enrolments, groups, offer, users
from ecampus.draft import Draft, Inputs
from ecampus.rules.referential import VIEWS


@dataclass(frozen=True)
class Phase:
    """``views`` of REFER, frames of Moodle's ``existing`` state, and the rules. ``directory``: reads LDAP too."""

    name: str
    draft: Callable[[Inputs], Draft]
    views: tuple[str, ...]
    existing: tuple[str, ...]
    directory: bool = False


PHASES: dict[str, Phase] = {
    phase.name: phase
    for phase in (
        Phase(
            "users",
            users.draft,
            ("inscription_administrative", "seance_ade"),
            ("users", "enrolment_rows"),
            directory=True,
        ),
        Phase(
            "cohorts",
            cohorts.draft,
            ("etape", "inscription_administrative"),
            ("users", "cohorts", "cohort_members"),
        ),
        Phase(
            "offer",
            offer.draft,
            ("categorie", "element", "porte"),
            ("categories", "courses", "enrolment_rows"),
        ),
        Phase(
            "enrolments",
            enrolments.draft,
            tuple(VIEWS),
            ("users", "courses", "space_teachers", "enrolment_rows"),
        ),
        Phase(
            "groups",
            groups.draft,
            tuple(view for view in VIEWS if view not in ("inscription_pedagogique", "seance_ade")),
            ("users", "courses", "groups", "group_members", "enrolled"),
        ),
    )
}
