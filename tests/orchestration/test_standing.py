"""How a phase stands in a night, from the records of its runs; as the next phase goes by them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ecampus.calendar import PHASES
from ecampus.orchestration import records
from ecampus.orchestration.records import RunRecord
from ecampus.store.files import REPLAY, Store
from standings import moment

NIGHT = date(2026, 11, 25)


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path)


def left(store: Store, run: str, began: int, ended: int | None = None, state: str = "running") -> None:
    """The record of a run of the offer. ``began``, ``ended``: the minute after four."""
    finished = moment(4, ended) if ended is not None else None
    record = RunRecord(run, moment(4, began), finished, state, "Moodle ne répond pas." if state == "failed" else None)  # type: ignore[arg-type]
    store.write_json(f"{NIGHT}/offer/{run}/record.json", record.as_json())


def offer(store: Store) -> tuple[str, int | None, str | None]:
    """Its state, the minute, the run that says it."""
    found = records.standing(store, NIGHT)
    assert [phase.phase for phase in found] == list(PHASES)
    said = found[2]
    return said.state, said.at.minute if said.at else None, said.run and said.run.rpartition("/")[2]


def test_without_a_run_it_is_absent_and_a_replay_or_another_night_is_none(store):
    left(store, f"a{REPLAY}", 0, 6, "success")
    assert offer(store) == ("absent", None, None)
    left(store, "a", 0, 6, "success")
    assert {phase.state for phase in records.standing(store, NIGHT + timedelta(days=1))} == {"absent"}


@pytest.mark.parametrize(
    ("runs", "standing"),
    [
        ([("a", 0)], ("running", 0, "a")),
        ([("a", 0), ("b", 5)], ("running", 5, "b")),
        ([("a", 0, 6, "success")], ("success", 6, "a")),
        ([("a", 0, 6, "failed")], ("failed", 6, "a")),
        ([("a", 0, 6, "failed"), ("b", 10, 12, "success")], ("success", 12, "b")),
        ([("a", 0, 6, "success"), ("b", 10, 12, "failed")], ("failed", 12, "b")),
        ([("a", 0, 6, "failed"), ("b", 10)], ("running", 10, "b")),
        ([("a", 0), ("b", 10, 12, "failed")], ("failed", 12, "b")),
        ([("a", 0, 6, "success"), ("b", 10)], ("success", 6, "a")),
    ],
)
def test_the_latest_that_ended_decides_unless_it_failed_and_another_is_at_work(store, runs, standing):
    for run in runs:
        left(store, *run)
    assert offer(store) == standing


def test_a_record_that_nobody_can_read_is_a_failure_with_its_sentence(store):
    store.write(f"{NIGHT}/offer/a/record.json", b"")
    found = records.standing(store, NIGHT)[2]
    assert (found.state, found.at) == ("failed", None)
    assert str(found.reason).endswith("relancer cette exécution depuis la tâche « Ouvrir la nuit », puis les traitements suivants.")  # fmt: skip
