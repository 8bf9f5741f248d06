"""Write-ahead: a request is noted before it leaves, and settled once what became of each of its items is known."""

from __future__ import annotations

import pandas as pd
import pytest

from ecampus.apply.ahead import Ahead
from ecampus.changes import plan
from ecampus.moodle.batches import Outcome
from ecampus.register.batches import About
from ecampus.register.register import Register
from registers import sqlite_hook

ABOUT = About("une", "groups", "2026-11-23")


def members(count: int) -> pd.DataFrame:
    rows = pd.DataFrame({"key": [f"A / G / e{n}" for n in range(count)], "place_id": 5, "user_id": range(count)})
    return plan.changes("group_member", "add", rows, key="key", place_id="place_id", user_id="user_id")


@pytest.fixture
def register(tmp_path):
    register = Register(sqlite_hook(tmp_path))
    register.prepare()
    return register


def in_flight(register: Register) -> list[list[str]]:
    return [[item["key"][-2:] for item in batch.items] for batch in register.open_batches()]


def test_a_request_that_comes_back_in_halves_is_open_until_the_second_has_left(register):
    rows = members(4)
    with register.lease("une") as lease:
        changes = plan.ByPlace(rows)
        ahead = Ahead(lease, ABOUT, changes)
        ahead.intend([0, 1, 2, 3])
        ahead.intend([0, 1])
        assert in_flight(register) == [["e0", "e1", "e2", "e3"], ["e0", "e1"]]
        ahead.know([Outcome(0), Outcome(1)], [changes[0], changes[1]])
        ahead.intend([2, 3])
        lease.commit()
        assert in_flight(register) == [["e2", "e3"]]
        ahead.know([Outcome(2), Outcome(3, error="refusé")], [changes[2]])
    assert in_flight(register) == []
    assert register.owned()["group_member"]["user_id"].tolist() == [0, 1, 2]
