"""Campuses already played once a session, copied for each test; waiting for Moodle costs no time."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, repeat
from pathlib import Path
from typing import Any

import pytest
from campus import Campus, Cron, by_hand, copied, night_after, opened, unhurried
from deaths import WRITE_FUNCTIONS
from elsewhere import moved, prepared

from ecampus.calendar import PHASES
from rehearsal import AFTER, Rehearsed, rehearse
from sharing import Played

SERVERS = ["sqlite", "postgresql", "mariadb"]
"""Where the enrolment table and the register are: the sandbox's file, a PostgreSQL, a MariaDB."""
MOST = 100
"""More moments than any phase has."""


CALLS = [
    "core_user_update_users",
    "core_cohort_add_cohort_members",
    "core_course_create_courses",
    "core_group_delete_groups",
]
"""Calls that arrive late in the suite."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``nth``: moments of a phase, in the suite only one. ``late``: calls that arrive late.

    ``phase`` and ``server``: every phase on every database; in the suite on those of ``IN_TURN``, phase after phase.
    """
    every = metafunc.config.getoption("--every-moment")
    if {"phase", "server"} <= {*metafunc.fixturenames}:
        servers = repeat(SERVERS) if every else cycle(metafunc.module.IN_TURN)
        pairs = [(phase, server) for phase, several in zip(PHASES, servers, strict=False) for server in several]
        metafunc.parametrize(("phase", "server"), pairs)
    if "nth" in metafunc.fixturenames:
        metafunc.parametrize("nth", range(MOST) if every else [None], ids=None if every else ["one"])
    if "late" in metafunc.fixturenames:
        metafunc.parametrize("late", [name for names in WRITE_FUNCTIONS.values() for name in names] if every else CALLS)


@pytest.fixture(scope="session", autouse=True)
def cron() -> Iterator[Cron]:
    """Moodle's task runs at each look we take, and no second is spent waiting."""
    with unhurried() as cron:
        yield cron


@pytest.fixture(scope="session")
def first_night(played: Played, cron: Cron) -> Path:
    """A campus after its first night."""

    def play(folder: Path) -> None:
        with opened(folder, cron) as campus:
            campus.night("premiere")

    return played(play)


@pytest.fixture(scope="session")
def second_night(played: Played, cron: Cron, first_night: Path) -> Path:
    """The same after a day of changes and a second night, then a second day: the next night shows every verb.

    ``calls.json``: what the second night asked of Moodle. Beside it, ``before``: the same before that night.
    """

    def play(folder: Path) -> None:
        with opened(copied(first_night, folder / "campus"), cron) as campus:
            by_hand(campus)
            campus.change_a_day()
        copied(folder / "campus", folder / "before")
        with opened(folder / "campus", cron) as campus:
            campus.night("deuxieme", night_after(1))
            (campus.folder / "calls.json").write_text(json.dumps(campus.box.moodle.calls))
            campus.change_a_day()

    return played(play) / "campus"


@pytest.fixture
def empty(tmp_path: Path, cron: Cron) -> Iterator[Campus]:
    """Before the first night."""
    with opened(tmp_path, cron) as campus:
        yield campus


@pytest.fixture
def campus(tmp_path: Path, cron: Cron, first_night: Path) -> Iterator[Campus]:
    """After the first night."""
    with opened(copied(first_night, tmp_path / "campus"), cron) as campus:
        yield campus


@pytest.fixture(scope="session")
def rehearsed(played: Played, second_night: Path, cron: Cron) -> dict[str, Rehearsed]:
    """The night of every verb, phase by phase."""

    def play(folder: Path) -> None:
        work = copied(second_night, folder / AFTER)
        found = {phase: rehearse(work, phase, folder, cron) for phase in PHASES}
        (folder / "rehearsed").write_bytes(pickle.dumps(found))

    folder = played(play)
    found = pickle.loads((folder / "rehearsed").read_bytes())
    return {phase: replace(one, folder=folder) for phase, one in found.items()}


@pytest.fixture
def before(rehearsed, tmp_path, cron) -> Iterator[Callable[[str], Campus]]:
    """``before(phase)``: the campus right before the writes of that phase."""
    opening: list[Any] = []

    def open_(phase: str) -> Campus:
        context = opened(copied(rehearsed[phase].before, tmp_path / f"{phase}_{len(opening)}"), cron)
        opening.append(context)
        return context.__enter__()

    yield open_
    for context in opening:
        context.__exit__(None, None, None)
    shutil.rmtree(tmp_path)


@pytest.fixture
def nth_of(server, nth) -> Callable[[int], int]:
    """``nth_of(moments)``: the one to try."""

    def at(moments: int) -> int:
        assert moments <= MOST
        if nth is None:
            return 1 + (2 * SERVERS.index(server) + 1) * moments // (2 * len(SERVERS))
        if nth >= moments:
            pytest.skip("a phase of fewer moments")
        return nth + 1

    return at


@pytest.fixture
def before_there(before, server, request) -> Callable[[str], Campus]:
    """As ``before``, its enrolment table and its register on ``server``."""

    def open_(phase: str) -> Campus:
        campus = before(phase)
        if server != "sqlite":
            moved(campus, prepared(request.getfixturevalue(f"{server}_server")))
        return campus

    return open_
