"""Nights that are kept no longer leave the night to come as it would have been."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest
from campus import copied, opened

from ecampus.calendar import PHASES
from ecampus.errors import NightRefused
from ecampus.night import keeping
from ecampus.store.files import Store
from ecampus.store.retention import Keeping
from rehearsal import KILLED, NIGHT, ended
from university import play

NOTHING_OLD = Keeping(extracts=1, reports=1)


def long_ago(store: Store) -> None:
    """As if no run had been opened lately."""
    for name in (name for name in store.everything() if name.endswith("/run.json")):
        store.write_json(name, store.read_json(name) | {"opened_at": "2026-09-01T03:00:00+00:00"})


@pytest.fixture(scope="module")
def pruned(second_night, rehearsed, cron, tmp_path_factory):
    """The night of every verb, played once more after all the nights before it were pruned; before it, what was said."""
    with opened(copied(second_night, tmp_path_factory.mktemp("pruned") / "campus"), cron) as campus:
        long_ago(campus.store)
        told = keeping.prune(campus.store, campus.systems, NIGHT, NOTHING_OLD)
        left = campus.store.everything()
        campus.night(KILLED, NIGHT)
        yield campus, told, left


def test_of_the_nights_before_nothing_is_left_but_the_anomalies_of_the_last_one(pruned):
    _, told, left = pruned
    assert {name.partition("/")[0] for name in left} == {"memory", "history"}
    assert told.startswith("Rétention : ")
    assert "oubliées par le registre" in told


def test_the_night_to_come_writes_what_it_would_have_written(pruned, rehearsed):
    campus, *_ = pruned
    last = rehearsed[list(PHASES)[-1]]
    assert ended(campus) == (last.state, last.owned)


@pytest.mark.parametrize("phase", PHASES)
def test_its_anomalies_keep_the_first_night_that_each_was_seen(pruned, rehearsed, cron, phase):
    campus, *_ = pruned
    with opened(rehearsed[phase].after, cron) as twin:
        pd.testing.assert_frame_equal(campus.anomalies(phase), twin.anomalies(phase))


def test_a_night_whose_extracts_went_is_not_replayed_in_part(pruned):
    campus, *_ = pruned
    with pytest.raises(NightRefused, match="n'a pas d'archive de cette nuit"):
        play(campus.run("users", "rejeu", NIGHT - timedelta(days=1), replay=True), campus.systems)
