"""What one night leaves to the next."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

import tables
from ecampus.store import memory
from ecampus.store.files import Run, Store

TONIGHT = tables.NIGHT


def notes(sentence: str) -> pd.DataFrame:
    """One anomaly."""
    return pd.DataFrame([dict.fromkeys(memory.COLUMNS, "") | {"sentence": sentence}], dtype="str")


def known(store: Store) -> list[str]:
    return memory.read(store, "users")["anomalies"]["sentence"].tolist()


def test_the_next_night_knows_the_anomalies_of_this_one(tmp_path):
    store = Store(tmp_path)
    memory.keep(Run(store, "users", TONIGHT, "run"), notes("ce soir"))
    assert known(store) == ["ce soir"]
    memory.keep(Run(store, "users", TONIGHT, "encore"), notes("corrigé"))
    assert known(store) == ["corrigé"]


def test_a_task_cleared_days_later_leaves_the_memory_to_the_nights_since(tmp_path):
    store = Store(tmp_path)
    memory.keep(Run(store, "users", TONIGHT, "run"), notes("ce soir"))
    memory.keep(Run(store, "users", TONIGHT - timedelta(days=3), "vieille"), notes("il y a trois nuits"))
    assert known(store) == ["ce soir"]


@pytest.mark.parametrize("content", [b"", b"{", b"3", b'"hier"'])
def test_a_date_that_nobody_can_read_stops_nothing(tmp_path, content):
    store = Store(tmp_path)
    store.write("memory/night-users.json", content)
    memory.keep(Run(store, "users", TONIGHT, "run"), notes("ce soir"))
    assert known(store) == ["ce soir"]


def test_anomalies_that_nobody_can_read_stop_nothing_and_are_new_again(tmp_path, caplog):
    store = Store(tmp_path)
    memory.keep(Run(store, "users", TONIGHT, "run"), notes("ce soir"))
    store.write("memory/anomalies-users.parquet", b"")
    assert known(store) == []
    assert "« memory/anomalies-users.parquet »" in caplog.text
    memory.keep(Run(store, "users", TONIGHT + timedelta(days=1), "run"), notes("demain"))
    assert known(store) == ["demain"]
