"""Progress of long work, said every few seconds: done / total, rate, time left."""

from __future__ import annotations

import time
from collections.abc import Callable
from logging import Logger


class Progress:
    """«Lecture des groupes : 300 / 1 640 cours (12/s, reste 2 min)», at most once every ``every`` seconds.

    ``label`` and ``unit`` are the words around the figures. ``clock`` gives seconds. Silent on short work.
    """

    def __init__(
        self,
        label: str,
        total: int,
        log: Logger,
        unit: str = "",
        clock: Callable[[], float] = time.monotonic,
        every: float = 5.0,
    ) -> None:
        self._label, self._total, self._log, self._unit = label, total, log, unit
        self._clock, self._every = clock, every
        self._done = 0
        self._start = self._said = clock()

    def step(self, n: int = 1) -> None:
        """``n`` more are done."""
        self._done += n
        now = self._clock()
        if now - self._said >= self._every:
            self._said = now
            self._log.info("%s", self.sentence(now - self._start))

    def sentence(self, elapsed: float) -> str:
        """The line after ``elapsed`` seconds of work."""
        counts = f"{figure(self._done)} / {figure(self._total)}"
        subject = f"{self._label} : {counts} {self._unit}".rstrip()
        rate = self._done / elapsed if elapsed > 0 else 0.0
        if rate == 0:
            return subject
        return f"{subject} ({_rate(rate)}, reste {duration((self._total - self._done) / rate)})"


def figure(number: int) -> str:
    """1640 as «1 640», with a no-break space."""
    return f"{number:,}".replace(",", "\u00a0")


def _rate(rate: float) -> str:
    return f"{figure(round(rate))}/s" if rate >= 1 else f"{max(round(rate * 60), 1)}/min"


def duration(seconds: float) -> str:
    """«50 s», «12 min», «3 h»."""
    if seconds < 90:
        return f"{max(round(seconds), 0)} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{round(seconds / 3600)} h"
