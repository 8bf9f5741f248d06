"""Which function writes which kind of change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ecampus.apply import groups, offer, people
from ecampus.kinds import KINDS

MODULES: dict[str, Any] = {"groups": groups, "offer": offer, "people": people}


def step_of(object_: str, verb: str) -> Callable[..., None]:
    """The function named by the kind's ``step``; it takes the writer and the changes."""
    module, _, name = KINDS[object_, verb].step.partition(".")
    function: Callable[..., None] = getattr(MODULES[module], name)
    return function
