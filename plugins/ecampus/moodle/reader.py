"""Who reads Moodle: its web services, or its own database where there is one. The same frames either way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import pandas as pd

from ecampus.moodle import accounts, reads
from ecampus.moodle.answers import TOGETHER
from ecampus.moodle.client import MoodleClient

WHOLE: dict[str, Callable[[MoodleClient], pd.DataFrame]] = {
    "users": accounts.users,
    "categories": reads.categories,
    "courses": reads.courses,
    "cohorts": reads.cohorts,
}
NAMED: dict[str, Callable[[MoodleClient, Sequence[int]], pd.DataFrame]] = {
    "users": accounts.named,
    "categories": reads.categories_named,
    "courses": reads.courses_named,
    "cohorts": reads.cohorts_named,
    "groups": reads.groups_named,
}
PARTS: dict[str, Callable[[MoodleClient, Sequence[int]], pd.DataFrame]] = {
    "cohort_members": reads.cohort_members,
    "groups": reads.groups,
    "group_members": reads.group_members,
    "groupings": reads.groupings,
    "enrolled": reads.enrolled,
}


class Reader(Protocol):
    """The existing state by frames (``ecampus.contract.moodle``).

    ``exact``: it knows the method of an enrolment, and who holds what; otherwise
    ``site_admins``, ``foreign_cohorts`` and ``held_members`` are empty.
    """

    exact: ClassVar[bool]

    @property
    def many_at_once(self) -> bool:
        """Whether it reads hundreds of courses as easily as one."""

    def whole(self, frame: str) -> pd.DataFrame:
        """All rows of a frame."""

    def of(self, frame: str, ids: Sequence[int]) -> pd.DataFrame:
        """The rows of a frame that belong to these courses, cohorts or groups."""

    def named(self, frame: str, ids: Sequence[int]) -> pd.DataFrame:
        """These accounts, categories, courses, cohorts or groups; those that Moodle has no more are left out."""

    def strangers(self, course_ids: Sequence[int]) -> tuple[pd.DataFrame, list[int]]:
        """Who is enrolled in courses that are not ours, and which of them could be read."""

    def known_accounts(self, ids: Sequence[int], witness: int) -> pd.DataFrame:
        """user_id: those of ``ids`` that Moodle still has; ``witness``: one that it has."""

    def taken(self, course_ids: Sequence[int]) -> pd.DataFrame:
        """course_id, user_id, role: what shows that Moodle took the rows of the enrolment table."""


@dataclass(frozen=True)
class WebServices:
    """Moodle by REST: each object named is asked for, and nothing else."""

    client: MoodleClient
    exact: ClassVar[bool] = False

    @property
    def many_at_once(self) -> bool:
        return self.client.offers(TOGETHER)

    def whole(self, frame: str) -> pd.DataFrame:
        return WHOLE[frame](self.client) if frame in WHOLE else reads.hidden(frame)

    def of(self, frame: str, ids: Sequence[int]) -> pd.DataFrame:
        return PARTS[frame](self.client, ids) if frame in PARTS else reads.hidden(frame)

    def named(self, frame: str, ids: Sequence[int]) -> pd.DataFrame:
        return NAMED[frame](self.client, ids)

    def strangers(self, course_ids: Sequence[int]) -> tuple[pd.DataFrame, list[int]]:
        return reads.strangers(self.client, course_ids)

    def known_accounts(self, ids: Sequence[int], witness: int) -> pd.DataFrame:
        return accounts.known(self.client, ids, witness)

    def taken(self, course_ids: Sequence[int]) -> pd.DataFrame:
        """Every active enrolment, whatever its method: another one may hide a removal."""
        return reads.enrolled(self.client, course_ids)
