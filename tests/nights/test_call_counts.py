"""What a night without a change asks of Moodle: so many requests, a formula of its size, whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from pathlib import Path

import pytest
from campus import SIZE, Campus, Cron, copied, night_after, opened

from ecampus.calendar import whose_turn
from ecampus.moodle import reads, together
from ecampus.moodle.answers import TOGETHER

TOMORROW = night_after(1)
PHASES_ = 5
ACCOUNTS, COHORTS, CATEGORIES, COURSES, OFFERED = 1, 1, 1, 3, 1
"""Lists read whole: accounts once, courses by three phases; what the service offers."""


@dataclass(frozen=True)
class Size:
    """Our cohorts and groups, and the courses of others."""

    cohorts: int
    groups: int
    spaces: int

    @classmethod
    def of(cls, campus: Campus) -> Size:
        owned = campus.owned()
        courses = campus.ask("SELECT count(*) FROM mdl_course WHERE id > 1")
        return cls(len(owned["cohort"]), len(owned["group"]), courses - len(owned["course"]))


CAEN = Size(cohorts=600, groups=25_000, spaces=2_000)


def requests(size: Size, spaces: int, chunk: int) -> int:
    """A site and a mark for each phase, the lists, members and groups by chunks, the others' courses as told."""
    lists = ACCOUNTS + COHORTS + CATEGORIES + COURSES + OFFERED
    chunks = ceil(size.cohorts / chunk) + 2 * ceil(size.groups / chunk)
    return 2 * PHASES_ + lists + chunks + spaces


@pytest.fixture(scope="module", params=[1, SIZE], ids=["size 1", "size 4"])
def after_a_night(request, played, cron: Cron, first_night):
    def play(folder: Path) -> None:
        with opened(folder, cron, size=request.param) as campus:
            campus.night("premiere")

    return first_night if request.param == SIZE else played(play)


@pytest.fixture
def quiet(after_a_night, tmp_path, cron: Cron, monkeypatch):
    """The night after; requests are small, so that their number tells the size."""
    monkeypatch.setattr(reads, "CHUNK", 10)
    monkeypatch.setattr(together, "AT_ONCE", 3)
    with opened(copied(after_a_night, tmp_path / "campus"), cron) as campus:
        yield campus


def asked(campus: Campus) -> int:
    reports = campus.night("calme", TOMORROW)
    assert campus.writes() == []
    assert all(report["counts"] == {} for report in reports.values())
    return len(campus.box.moodle.calls)


def test_by_rest_with_many_calls_in_one_request(quiet):
    size = Size.of(quiet)
    assert asked(quiet) == requests(size, ceil(size.spaces / 3), chunk=10)


def test_by_rest_one_course_at_a_time(quiet):
    quiet.box.moodle.withdraw(TOGETHER)
    ours = set(quiet.register.owned()["course"]["id"])
    spaces = [row["id"] for row in quiet.box.moodle.db.all("SELECT id FROM mdl_course WHERE id > 1")]
    turn = whose_turn(sorted(set(spaces) - ours), TOMORROW)
    assert asked(quiet) == requests(Size.of(quiet), len(turn), chunk=10)


def test_by_its_own_database_only_the_site_and_the_mark(quiet):
    quiet.by_database = True
    assert asked(quiet) == 2 * PHASES_


def test_at_caen_less_than_three_hundred_and_without_the_optional_function_no_more_than_five_hundred():
    assert requests(CAEN, ceil(CAEN.spaces / together.AT_ONCE), reads.CHUNK) == 129
    assert requests(CAEN, ceil(CAEN.spaces / 7), reads.CHUNK) == 405
