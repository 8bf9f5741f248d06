"""A Moodle in memory, pure and small: what it holds, and ``enrol_database`` on schedule and at each login.

The sandbox plays the same over HTTP; this one is fast enough for properties. ``model_writes`` says what it takes.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ecampus import contract
from tables import typed

Row = dict[str, Any]


@dataclass
class Seat:
    """An enrolment by the database method."""

    roles: set[str] = field(default_factory=set)
    active: bool = False


@dataclass
class Moodle:
    """Its tables by id, its memberships, its enrolments, and the external table that ``enrol_database`` reads.

    ``site_admins``, ``foreign_cohorts``, ``held_members``: what only Moodle's database shows.
    ``root``: the category under which the writer puts those without a parent.
    """

    users: dict[int, Row] = field(default_factory=dict)
    categories: dict[int, Row] = field(default_factory=dict)
    courses: dict[int, Row] = field(default_factory=dict)
    cohorts: dict[int, Row] = field(default_factory=dict)
    groups: dict[int, Row] = field(default_factory=dict)
    cohort_members: set[tuple[int, int]] = field(default_factory=set)
    group_members: set[tuple[int, int]] = field(default_factory=set)
    seats: dict[tuple[int, int], Seat] = field(default_factory=lambda: defaultdict(Seat))
    manual: dict[tuple[int, int], str] = field(default_factory=dict)
    table: set[tuple[str, str, str]] = field(default_factory=set)
    site_admins: set[tuple[int]] = field(default_factory=set)
    foreign_cohorts: set[tuple[int]] = field(default_factory=set)
    held_members: set[tuple[int, int]] = field(default_factory=set)
    groupings: set[tuple[int, int, int]] = field(default_factory=set)
    last_id: int = 1
    root: int = 0

    def copy(self) -> Moodle:
        """The same state, apart."""
        return copy.deepcopy(self)

    def add(self, kind: str, row: Row) -> int:
        """A new object of ``users``, ``categories``…, with the next id."""
        self.last_id += 1
        getattr(self, kind)[self.last_id] = {"id": self.last_id, **row}
        return self.last_id

    def frame(self, name: str) -> pd.DataFrame:
        """One frame of the existing state, whole."""
        match name:
            case "cohort_members":
                return _pairs(name, self.cohort_members, "cohort_id", "user_id")
            case "group_members":
                return _pairs(name, self.group_members, "group_id", "user_id")
            case "site_admins" | "foreign_cohorts" | "held_members":
                return _pairs(name, getattr(self, name), *contract.MOODLE[name].declared)
            case "groupings":
                return _pairs(name, self.groupings, "course_id", "grouping_id", "group_id")
            case "enrolment_rows":
                return _pairs(name, self.table, "course_idnumber", "username", "role")
            case "enrolled":
                return _pairs(name, set(self.enrolled()), "course_id", "user_id", "role")
        return typed(name, list(getattr(self, name).values()))

    def enrolled(self) -> Iterator[tuple[int, int, str | None]]:
        """Active enrolments of any method, one per role."""
        for (course, user), seat in self.seats.items():
            if seat.active:
                yield from ((course, user, role) for role in sorted(seat.roles) or [None])
        for (course, user), role in self.manual.items():
            yield course, user, role

    def sync(self) -> None:
        """The scheduled task of ``enrol_database``: course idnumbers compared exactly."""
        wanted: dict[tuple[int, int], set[str]] = defaultdict(set)
        by_key = {course["idnumber"]: id_ for id_, course in self.courses.items() if course["idnumber"]}
        by_name = {user["username"]: id_ for id_, user in self.users.items()}
        for key, username, role in self.table:
            if key in by_key and username in by_name:
                wanted[by_key[key], by_name[username]].add(role)
        self._become(wanted, list(self.seats))

    def login(self, user: int) -> None:
        """One person's rows, applied at login without any guard."""
        wanted: dict[tuple[int, int], set[str]] = defaultdict(set)
        by_key = {(course["idnumber"] or "").upper(): id_ for id_, course in self.courses.items()}
        for key, username, role in self.table:
            if username == self.users[user]["username"] and key and key.upper() in by_key:
                wanted[by_key[key.upper()], user].add(role)
        self._become(wanted, [seat for seat in self.seats if seat[1] == user])

    def _become(self, wanted: dict[tuple[int, int], set[str]], held: list[tuple[int, int]]) -> None:
        for place, roles in wanted.items():
            self.seats[place] = Seat(set(roles), active=True)
        for place in held:
            if place not in wanted:
                self.seats[place] = Seat()


def _pairs(name: str, found: set[tuple[Any, ...]], *columns: str) -> pd.DataFrame:
    ordered = sorted(found, key=lambda row: tuple(map(str, row)))
    return typed(name, [dict(zip(columns, row, strict=True)) for row in ordered])
