"""Which reading of the accounts serves the later phases of a night."""

from __future__ import annotations

import pandas as pd
import pytest

import tables
from ecampus.store import carried
from ecampus.store.carried import Reading
from ecampus.store.files import Run, Store


@pytest.fixture
def run(tmp_path) -> Run:
    return Run(Store(tmp_path), "users", tables.NIGHT, "r")


def accounts(username: str) -> pd.DataFrame:
    return tables.frame("users", f"id | username | idnumber ; 4 | {username} | S1")


def found(run: Run, register: str = "le-notre", number: int = 9) -> list[str] | None:
    serving = carried.find(run, register, number)
    return None if serving is None else serving["username"].tolist()


@pytest.mark.parametrize(
    "frozen", [Reading("le-notre", 5, 900), Reading("le-notre", 7, 100)], ids=["before the writes", "nothing written"]
)
def test_what_a_frozen_reader_brings_when_it_wakes_after_its_retry_ended_serves_nobody(run, frozen):
    carried.keep(run, accounts("du_suivant"), Reading("le-notre", 7, 300))
    carried.keep(run, accounts("du_gele"), frozen)
    assert found(run) == ["du_suivant"]


def test_the_latest_reading_of_a_night_serves(run):
    carried.keep(run, accounts("avant"), Reading("le-notre", 9, 100))
    carried.keep(run, accounts("apres"), Reading("le-notre", 10, 90))
    assert found(run, number=12) == ["apres"]


def test_none_serves_once_they_are_forgotten_beside_another_register_or_before_its_number(run):
    carried.keep(run, accounts("es1"), Reading("le-notre", 9, 100))
    assert (found(run), found(run, number=8), found(run, register="autre")) == (["es1"], None, None)
    carried.forget(run)
    assert found(run) is None
