"""A phase that dies for good, or freezes: in a process of its own, at one exact moment.

A *moment* is an instant at which the world has just changed, or is about to: after each write sent to Moodle, before
and after each commit of the register, the enrolment table included, after each file written or removed in the store.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import wraps
from itertools import count
from pathlib import Path
from typing import Any

from ecampus.errors import LeaseLost
from ecampus.moodle.answers import is_read
from ecampus.moodle.client import MoodleClient
from ecampus.register.tenure import Tenure
from ecampus.store import files as store
from ecampus.store import journal

PATIENCE = 60
"""Seconds after which a child that hangs is killed by its alarm, and the test fails."""
WRITE_FUNCTIONS = {
    "users": ["core_user_create_users", "core_user_update_users"],
    "cohorts": [
        "core_cohort_create_cohorts",
        "core_cohort_update_cohorts",
        "core_cohort_add_cohort_members",
        "core_cohort_delete_cohort_members",
    ],
    "offer": [
        "core_course_create_categories",
        "core_course_update_categories",
        "core_course_delete_categories",
        "core_course_create_courses",
        "core_course_update_courses",
    ],
    "groups": [
        "core_group_create_groups",
        "core_group_update_groups",
        "core_group_delete_groups",
        "core_group_add_group_members",
        "core_group_delete_group_members",
    ],
}
"""By phase, the calls that write."""
LOST = 3
"""How a child ends that lost its right."""


class Moments:
    """Counts the moments as they come, takes ``sign`` at the ``last``: of all, or of those in which nothing is held.

    Before a commit the database is kept from everybody; so it is in whatever another thread commits at that moment.
    """

    def __init__(self, last: int | None, sign: int = signal.SIGKILL, free_only: bool = False) -> None:
        self._last, self._sign, self._free_only = last, sign, free_only
        self._all, self._free = count(1), count(1)
        self.seen, self.free = 0, 0
        self._nothing_held = threading.Lock()

    def come(self, held: bool = False) -> None:
        self.seen = next(self._all)
        if not held:
            self.free = next(self._free)
        if not (held and self._free_only) and self._last == (self.free if self._free_only else self.seen):
            with self._nothing_held if self._free_only else nullcontext():
                signal.pthread_kill(threading.get_ident(), self._sign)

    def watch(self) -> None:
        """Count from here, for good."""
        self._after(MoodleClient, "_once", lambda _client, function, *_: not is_read(function))
        self._after(store.Store, "write")
        self._after(store.Store, "remove")
        self._about(Tenure.transaction)

    def _after(self, owner: Any, name: str, counts: Callable[..., bool] = lambda *_: True) -> None:
        real = getattr(owner, name)

        @wraps(real)
        def after(*given: Any, **named: Any) -> Any:
            answer = real(*given, **named)
            if counts(*given):
                self.come()
            return answer

        setattr(owner, name, after)

    def _about(self, real: Callable[..., Any]) -> None:
        @contextmanager
        def transaction(tenure: Tenure) -> Iterator[Any]:
            with self._nothing_held, real(tenure) as connection:
                yield connection
                self.come(held=True)
            self.come()

        Tenure.transaction = transaction  # type: ignore[method-assign]


class BeforeCall(Moments):
    """One moment: the first call of ``function`` was noted, its right was checked, and it has not left yet."""

    def __init__(self, function: str, sign: int) -> None:
        super().__init__(1, sign)
        self._function = function

    def watch(self) -> None:
        real = MoodleClient._once

        def late(client: MoodleClient, function: str, form: Any) -> Any:
            if function == self._function:
                self.come()
            return real(client, function, form)

        MoodleClient._once = late  # type: ignore[method-assign]


def in_a_process(body: Callable[[], object], last: int | None, told: Path, flush_at_once: bool) -> bool:
    """Run ``body`` in a child that dies at its moment ``last``; whether it died. ``told``: how many moments came, and free ones.

    ``flush_at_once``: the journal is written after every batch, as on a slow night, and not in one go at the end.
    """
    _, status = os.waitpid(child_of(body, Moments(last), flush_at_once, told), 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL, f"the child ended by signal {os.WTERMSIG(status)}"
        return True
    assert os.WEXITSTATUS(status) == 0, told.read_text()
    return False


@contextmanager
def frozen(body: Callable[[], object], moments: Moments, told: Path) -> Iterator[Callable[[], int]]:
    """``body`` in a child that freezes at one of its ``moments``; what is yielded wakes it, and says how it ended."""
    child = child_of(body, moments, True, told)
    _, status = os.waitpid(child, os.WUNTRACED)
    assert os.WIFSTOPPED(status), f"the child ended: {os.waitstatus_to_exitcode(status)}"

    def wakes() -> int:
        os.kill(child, signal.SIGCONT)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    try:
        yield wakes
    finally:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def child_of(body: Callable[[], object], moments: Moments, flush_at_once: bool, told: Path) -> int:
    """The number of a process that runs ``body``, and comes to its ``moments``; ``told``: what it says when it ends."""
    child = os.fork()
    if child == 0:
        _live(body, moments, flush_at_once, told)
    return child


def _live(body: Callable[[], object], moments: Moments, flush_at_once: bool, told: Path) -> None:
    try:
        signal.alarm(PATIENCE)
        moments.watch()
        if flush_at_once:
            journal.FLUSH_SECONDS = 0.0
        body()
        told.write_text(f"{moments.seen} {moments.free}")
        os._exit(0)
    except LeaseLost as error:
        told.write_text(str(error))
        os._exit(LOST)
    except BaseException as error:
        told.write_text(f"{type(error).__name__}: {error}")
        os._exit(1)
