"""One stand-in Moodle and one client for each test."""

from __future__ import annotations

import pytest
from moodle_standin import TOKEN, StandIn
from tenacity.wait import wait_none

from ecampus.moodle.client import MoodleClient
from ecampus.moodle.pace import Pace


@pytest.fixture
def moodle() -> StandIn:
    return StandIn()


@pytest.fixture
def client(moodle: StandIn) -> MoodleClient:
    return MoodleClient(moodle, "http://moodle.test/", TOKEN, wait=wait_none(), pace=Pace(sleep=lambda _: None))  # type: ignore[arg-type]
