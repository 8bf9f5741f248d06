"""A worker that freezes in the middle of its writes, whose right is taken meanwhile, and that wakes: it changes nothing."""

from __future__ import annotations

import signal

from aftermath import with_doubts
from campus import Campus, night_after
from deaths import LOST, Moments, frozen
from meanwhile import everybody_logs_in, without, worked_by_hand

from ecampus.night import reconcile
from rehearsal import KILLED, NIGHT, ended, live

IN_TURN = [("postgresql",), ("mariadb",), ("sqlite",)]
"""The databases of a phase, in the suite."""


def test_a_worker_that_wakes_after_its_right_was_taken_changes_nothing_of_what_the_next_run_did(
    rehearsed, before_there, nth_of, tmp_path, phase
):
    twin = rehearsed[phase]
    moments, campus = Moments(nth_of(twin.free), signal.SIGSTOP, free_only=True), before_there(phase)
    run = campus.run(phase, KILLED, NIGHT)
    with frozen(lambda: reconcile.apply(run, campus.systems, live), moments, tmp_path / "told") as wakes:
        campus.let_expire()
        everybody_logs_in(campus)
        theirs = worked_by_hand(campus)
        campus.play(phase, "suivante", NIGHT)
        state, owned = ended(campus)
        assert wakes() in (0, LOST)
    assert ended(campus) == (state, owned)
    owned = with_doubts(owned, campus, campus.run(phase, "suivante", NIGHT))
    assert (without(state, theirs), owned) == (twin.state, twin.owned)
    settled(campus, phase)


def settled(campus: Campus, phase: str) -> None:
    """The nights after have nothing to write, and settle whatever was in flight."""
    assert reconcile.stored_plan(campus.prepared(phase, "preparee", night_after(4))).empty
    for day in (4, 5):
        if campus.register.open_batches():
            assert campus.play(phase, f"apres_{day}", night_after(day))["counts"] == {}
    assert campus.register.open_batches() == []
