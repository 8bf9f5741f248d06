"""A worker that freezes in the middle of its writes, whose right is taken meanwhile, and that wakes: it changes nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest
from campus import Campus, night_after
from deaths import Moments, watched
from test_killed import with_doubts

from ecampus.calendar import PHASES
from ecampus.errors import LeaseLost
from ecampus.night import reconcile
from ecampus.store import journal
from rehearsal import KILLED, NIGHT, ended, live

SAMPLES = 2
"""Moments of a phase at which it freezes, spread over all of them."""


def freezes(body: Callable[[], object], at: int) -> int:
    """Run ``body`` in a child that freezes at its moment ``at``; its process, once it is frozen or has ended."""
    child = os.fork()
    if child == 0:
        signal.alarm(120)
        try:
            journal.FLUSH_SECONDS = 0.0
            watched(Moments(at, signal.SIGSTOP))
            body()
            os._exit(0)
        except LeaseLost:
            os._exit(3)
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(child, os.WUNTRACED)
    assert os.WIFSTOPPED(status), f"the child ended: {os.waitstatus_to_exitcode(status)}"
    return child


def wakes(child: int) -> int:
    """How the child ends when it goes on: 3, having lost its right, or 0 when it had nothing more to write."""
    os.kill(child, signal.SIGCONT)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("sample", range(SAMPLES))
@pytest.mark.parametrize("phase", PHASES)
def test_a_worker_that_wakes_after_its_right_was_taken_changes_nothing_of_what_the_next_run_did(
    rehearsed, before, phase, sample
):
    campus: Campus = before(phase)
    run = campus.run(phase, KILLED, NIGHT)
    at = 1 + (2 * sample + 1) * rehearsed[phase].moments // (2 * SAMPLES)
    child = freezes(lambda: reconcile.apply(run, campus.systems, live), at)
    campus.let_expire()
    campus.play(phase, "suivante", NIGHT)
    state, owned = ended(campus)
    assert wakes(child) in (0, 3)
    assert ended(campus) == (state, owned)
    owned = with_doubts(owned, campus, campus.run(phase, "suivante", NIGHT))
    assert (state, owned) == (rehearsed[phase].state, rehearsed[phase].owned)
    settled(campus, phase)


def settled(campus: Campus, phase: str) -> None:
    """The next night has nothing to write, and whatever was in flight is settled by then."""
    for day in (3, 4):
        assert campus.play(phase, f"apres_{day}", night_after(day))["counts"] == {}
    assert campus.register.open_batches() == []
