"""Progress says done, total, rate and time left, and keeps quiet on short work."""

from __future__ import annotations

import logging

from ecampus.words.progress import Progress

LOG = logging.getLogger("ecampus")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_line_every_few_seconds_with_rate_and_time_left(caplog):
    caplog.set_level(logging.INFO, logger="ecampus")
    clock = Clock()
    progress = Progress("Lecture des groupes", 1640, LOG, "cours", clock=clock)
    for _ in range(25):
        clock.now += 1
        progress.step(12)
    assert caplog.messages[0] == "Lecture des groupes : 60 / 1\u00a0640 cours (12/s, reste 2 min)"
    assert len(caplog.messages) == 5


def test_short_work_is_silent(caplog):
    caplog.set_level(logging.INFO, logger="ecampus")
    progress = Progress("Lecture", 10, LOG, clock=Clock())
    progress.step(10)
    assert caplog.messages == []


def test_slow_work_counts_by_the_minute(caplog):
    caplog.set_level(logging.INFO, logger="ecampus")
    clock = Clock()
    progress = Progress("Création", 3, LOG, clock=clock)
    clock.now += 30
    progress.step()
    assert caplog.messages == ["Création : 1 / 3 (2/min, reste 60 s)"]
