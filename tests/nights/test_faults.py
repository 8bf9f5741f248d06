"""Some schedules of ``make faults`` (tests/faults), such that every kind of accident strikes; as many as one likes by hand."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from faults.kinds import KINDS, LOST, PROCESS
from faults.night import played as play
from faults.prepared import Prepared, prepared
from faults.schedule import Schedule, drawn

SEEDS = (1832, 4767, 5955, 908, 3347, 2057, 2538)
"""The cheapest that were found. Whoever changes ``kinds`` or ``schedule`` chooses others (``strikes``)."""


@pytest.fixture(scope="session")
def twin(played, second_night: Path, cron) -> Prepared:
    """The night of every verb, undisturbed."""

    def rehearse(folder: Path) -> None:
        (folder / "twin.pickle").write_bytes(pickle.dumps(prepared(second_night, folder, cron)))

    folder = played(rehearse)
    return pickle.loads((folder / "twin.pickle").read_bytes()).moved(folder)


@pytest.mark.parametrize("seed", SEEDS)
def test_once_the_faults_stop_moodle_the_table_and_the_register_are_those_of_the_undisturbed_twin(
    twin, cron, tmp_path, seed
):
    schedule = drawn(seed)
    result = play(schedule, twin, cron, tmp_path)
    assert result.differences == [], str(schedule)
    assert result.counts["not struck"] == 0
    assert result.counts[f"{schedule.restored} restored"] == (schedule.restored is not None)


def strikes(schedule: Schedule) -> set[str]:
    """What one schedule shows: how a process dies, whose line breaks and how, what was put back, clocks apart."""
    found = {one.kind if one.kind in PROCESS else KINDS[one.kind].by for one in schedule.accidents}
    found |= {one.kind for one in schedule.accidents if KINDS[one.kind].lie}
    found |= {"lost answer" for one in schedule.accidents if one.kind in LOST}
    found |= {one.resume for one in schedule.accidents} | {one.phase for one in schedule.accidents}
    found |= {what for one in schedule.accidents for what in one.meanwhile}
    return found | {f"{schedule.restored} restored"} | ({"clocks"} if any(schedule.clocks) else set())


def test_every_kind_of_accident_is_in_the_sample():
    everything = set().union(*(strikes(drawn(seed)) for seed in range(500)))
    assert set().union(*(strikes(drawn(seed)) for seed in SEEDS)) == everything
