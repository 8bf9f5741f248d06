"""Faults to order, for the tests of bad input: what happens in place of, or after, a real answer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.moodle.envelope import Answer, failure, page, success
from sandbox.moodle.errors import MoodleError


@dataclass(frozen=True)
class Hang:
    """Keep the client waiting, then close without an answer."""

    seconds: float = 60.0


@dataclass(frozen=True)
class Cut:
    """Close the connection in the middle of the answer."""


@dataclass(frozen=True)
class Reset:
    """Break the connection off without a word (RST), as a machine that dies."""


@dataclass(frozen=True)
class Run:
    """Do something of the test's own (a login, a change by hand), then answer as if nothing had happened."""

    action: Callable[[], object]


Broken = Hang | Cut | Reset
Fault = Answer | MoodleError | Broken | Run

HTTP_500 = page(500, "<html><body><h1>Internal Server Error</h1></body></html>")
HTTP_502 = page(502, "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>")
LOST_IN_XML = failure(MoodleError("invalidtoken", "Invalid token - token not found"), as_json=False)
EXPIRED = success({"error": "session expired"}, as_json=True)
"""What stands before Moodle speaks JSON too, with status 200."""
DEADLOCK = MoodleError("dmlwriteexception", "Error writing to database", "dml_write_exception")


@dataclass
class _Order:
    function: str
    fault: Fault
    times: int | None
    after: bool
    skip: int


class Faults:
    """The orders still open, oldest first."""

    def __init__(self) -> None:
        self._orders: list[_Order] = []
        self._lock = threading.Lock()

    def push(self, function: str, fault: Fault, *, times: int | None = 1, after: bool = False, skip: int = 0) -> None:
        """Let the next ``times`` calls of ``function`` (``*``: of any) go wrong; ``None``: until ``clear()``.

        ``after``: the call is applied first, only its answer is lost. ``skip``: calls that still go well.
        """
        with self._lock:
            self._orders.append(_Order(function, fault, times, after, skip))

    def clear(self) -> None:
        with self._lock:
            self._orders.clear()

    def take(self, function: str) -> tuple[Fault | None, bool]:
        """The fault due for this call, and whether it strikes after the call is applied."""
        with self._lock:
            for order in self._orders:
                if order.function not in (function, "*"):
                    continue
                if order.skip:
                    order.skip -= 1
                    continue
                if order.times is not None:
                    order.times -= 1
                    if not order.times:
                        self._orders.remove(order)
                return order.fault, order.after
        return None, False
