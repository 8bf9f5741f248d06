"""A phase that dies for good, as a SIGKILL or a power cut makes it die: in a process of its own, at one exact moment.

A *moment* is any instant at which the world changes or has just changed: before and after each write sent to Moodle,
after each commit of the register, the enrolment table included, before and after each file written or removed in the
store.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from functools import wraps
from itertools import count
from pathlib import Path
from typing import Any

from ecampus.moodle.answers import is_read
from ecampus.moodle.client import MoodleClient
from ecampus.register.lease import Lease
from ecampus.store import files as store
from ecampus.store import journal

PATIENCE = 60
"""Seconds after which a child that hangs is killed by its alarm, and the test fails."""


class Moments:
    """Counts the moments as they come and dies (or takes ``sign``) at the ``last``."""

    def __init__(self, last: int | None, sign: int = signal.SIGKILL) -> None:
        self._numbers, self._last, self._sign = count(1), last, sign
        self.seen = 0

    def come(self) -> None:
        self.seen = next(self._numbers)
        if self.seen == self._last:
            signal.pthread_kill(threading.get_ident(), self._sign)

    def around(self, owner: Any, name: str, counts: Callable[..., bool] = lambda *_: True) -> None:
        """Make every call of ``owner.name`` two moments."""
        real = getattr(owner, name)

        @wraps(real)
        def around(*given: Any, **named: Any) -> Any:
            if not counts(*given):
                return real(*given, **named)
            self.come()
            answer = real(*given, **named)
            self.come()
            return answer

        setattr(owner, name, around)


def in_a_process(body: Callable[[], object], last: int | None, told: Path, flush_at_once: bool) -> bool:
    """Run ``body`` in a child that dies at its moment ``last``; whether it died. ``told``: how many moments came.

    ``flush_at_once``: the journal is written after every batch, as on a slow night, and not in one go at the end.
    """
    child = os.fork()
    if child == 0:
        _live_and_die(body, last, told, flush_at_once)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, f"the child ended by signal {os.WTERMSIG(status)}"
        return True
    assert os.WEXITSTATUS(status) == 0, told.read_text()
    return False


def watched(moments: Moments) -> None:
    """Make every instant at which the world changes two moments."""
    moments.around(MoodleClient, "_once", lambda _client, function, *_: not is_read(function))
    moments.around(Lease, "_written")
    moments.around(store.Store, "write")
    moments.around(store.Store, "remove")


def _live_and_die(body: Callable[[], object], last: int | None, told: Path, flush_at_once: bool) -> None:
    try:
        signal.alarm(PATIENCE)
        moments = Moments(last)
        watched(moments)
        if flush_at_once:
            journal.FLUSH_SECONDS = 0.0
        body()
        told.write_text(str(moments.seen))
        os._exit(0)
    except BaseException as error:
        told.write_text(f"{type(error).__name__}: {error}")
        os._exit(1)
