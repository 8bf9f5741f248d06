"""Campuses that the pages are read on: waiting for Moodle costs no time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from campus import Campus, Cron, copied, opened, unhurried

from ecampus.calendar import PHASES
from ecampus.orchestration import records
from sharing import Played


@pytest.fixture(scope="session")
def cron() -> Iterator[Cron]:
    """Moodle's task runs at each look we take, and no second is spent waiting."""
    with unhurried() as cron:
        yield cron


@pytest.fixture(scope="session")
def one_night(played: Played, cron: Cron) -> Path:
    """A campus after a night whose runs left their records."""

    def play(folder: Path) -> None:
        with opened(folder, cron) as campus:
            for phase in PHASES:
                records.begin(campus.run(phase))
                campus.play(phase, carries=True)
                records.finish(campus.run(phase), "success", None)

    return played(play)


@pytest.fixture
def campus(tmp_path: Path, cron: Cron, one_night: Path) -> Iterator[Campus]:
    """After that night."""
    with opened(copied(one_night, tmp_path / "campus"), cron) as campus:
        yield campus
