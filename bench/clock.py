"""CPU seconds spent in named functions of a process."""

from __future__ import annotations

import resource
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


def cpu() -> float:
    """User and system seconds of this process, all its threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak() -> float:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Clock:
    """``seconds``: by name. A name inside another is counted in both."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Count what is done inside."""
        before = cpu()
        yield
        self.seconds[name] += cpu() - before

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """``function``, counted."""

        def counted(*arguments: Any, **named: Any) -> Any:
            with self(name):
                return function(*arguments, **named)

        return counted
