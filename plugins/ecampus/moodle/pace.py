"""How many calls Moodle bears at once: fewer when it refuses some or slows down, more again once it is at ease."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

LOG = logging.getLogger("ecampus")
MOST = 3
BUSY = (429, 503)
"""What a server answers that has too much to do."""
UNTOLD, LONGEST = 2.0, 30.0
"""Seconds that Moodle is left alone after a refusal: when it does not say how long, and at most."""
SLOW, TIMES = 5.0, 4
"""An answer is slow when it takes so many seconds, and, for its weight, so many times the fastest of its function."""
SLOW_IN_A_ROW, CALM = 3, 100


class Pace:
    """Shared by the threads that call one Moodle. ``clock`` gives seconds, ``sleep`` waits for some."""

    def __init__(
        self,
        most: int = MOST,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.most = self.allowed = most
        self._clock, self._sleep = clock, sleep
        self._running, self._slow, self._calm = 0, 0, 0
        self._not_before = 0.0
        self._fastest: dict[str, float] = {}
        self._free = Condition()

    def ready(self) -> None:
        """Wait until a call may go: what is decided or noted right before a write comes after."""
        with self._free:
            self._free.wait_for(lambda: self._running < self.allowed)
            left_alone = self._not_before - self._clock()
        if left_alone > 0:
            self._sleep(left_alone)

    @contextmanager
    def turn(self, function: str, weight: int = 1) -> Iterator[None]:
        """Around one call of this ``weight`` (what it sends): not before its turn, and its seconds are counted."""
        self.ready()
        with self._free:
            self._free.wait_for(lambda: self._running < self.allowed)
            self._running += 1
        try:
            began = self._clock()
            yield
            self._answered(function, weight, self._clock() - began)
        finally:
            with self._free:
                self._running -= 1
                self._free.notify_all()

    def refused(self, status: int, retry_after: str | None) -> None:
        """Moodle has too much to do: fewer calls at once, after the time that it asks for, within bounds."""
        seconds = min(float(retry_after), LONGEST) if retry_after and retry_after.isdigit() else UNTOLD
        with self._free:
            self._not_before = max(self._not_before, self._clock() + seconds)
            self._calm = 0
            self._fewer(f"Moodle refuse des appels ({status})")

    def _answered(self, function: str, weight: int, seconds: float) -> None:
        with self._free:
            each = seconds / weight
            fastest = self._fastest[function] = min(each, self._fastest.get(function, each))
            slow = seconds >= SLOW and each >= TIMES * fastest
            self._slow, self._calm = (self._slow + 1, 0) if slow else (0, self._calm + 1)
            if self._slow == SLOW_IN_A_ROW:
                self._slow = 0
                self._fewer("Moodle ralentit")
            if self._calm == CALM and self.allowed < self.most:
                self._calm, self.allowed = 0, self.allowed + 1
                self._free.notify_all()

    def _fewer(self, why: str) -> None:
        if self.allowed > 1:
            self.allowed -= 1
            LOG.warning("%s : %d à la fois désormais au lieu de %d.", why, self.allowed, self.allowed + 1)
