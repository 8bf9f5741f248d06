"""The queries of the pages over the nights of a store: wall-clock seconds of each, and what writing them costs.

``python -m bench.looking STORE`` says JSON: by name, seconds; ``python -m bench.looking STORE rebuild`` makes it anew.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench.clock import cpu, peak
from ecampus.calendar import PHASES
from ecampus.history import asking, keeping, life, nights, tally, untold
from ecampus.history.asking import Asked
from ecampus.store import journals
from ecampus.store.files import Run, Store

TIMES = 9


def queries(store: Store) -> dict[str, Callable[[], Any]]:
    """What the pages ask, each as it is asked."""
    days = [night.isoformat() for night in journals.nights(store)]
    first, busy, last = days[0], days[min(20, len(days) - 1)], days[-1]
    line = asking.page(store, Asked.of_night(busy, phase="enrolments"), size=1).lines[0]
    course, login = line.key.split(" / ")[:2]
    return {
        "the calendar and the durations of all nights": lambda: _calendar(store),
        "anomalies of all nights by code and month": lambda: tally.tallies(store, nights.lines(store)),
        "growth": lambda: nights.growth(nights.lines(store)),
        "units of a breaker of all nights (rows removed)": lambda: nights.units(store, "remove_row"),
        "changes of the first night, first page": lambda: asking.page(store, Asked.of_night(first)),
        "changes of the first night, its middle": lambda: asking.page(store, Asked.of_night(first), 5_000),
        "changes of a busy night": lambda: asking.page(store, Asked.of_night(busy)),
        "changes of the last night": lambda: asking.page(store, Asked.of_night(last)),
        "a busy night summed up": lambda: asking.totals(store, Asked.of_night(busy)),
        "two nights compared": lambda: asking.compared(store, busy, last),
        "a person over all nights": lambda: asking.page(store, Asked(people=(login, "22100123"))),
        "a course over all nights": lambda: asking.page(store, Asked(course=course)),
        "a group over all nights": lambda: asking.page(store, Asked(course=course, group="TD1")),
        "a composante over all nights": lambda: asking.page(store, Asked(scope="COMPOSANTE03")),
        "two words in a busy night": lambda: asking.page(store, Asked.of_night(busy, words="geometrie analyse")),
        "two words over all nights": lambda: asking.page(store, Asked(words="geometrie analyse")),
        "the life of a course": lambda: life.of_course(store, course),
    }  # fmt: skip


def _calendar(store: Store) -> list[nights.Night]:
    known = nights.lines(store)
    return nights.calendar(known, untold.among(store, known))


def measured(store: Store) -> dict[str, Any]:
    """``queries``: as ``_tried``; ``peak``: MB; ``kept``: seconds of a phase's writing in the first month."""
    found = {name: _tried(query) for name, query in queries(store).items()}
    most = peak()
    night = journals.nights(store)[0]
    kept = {phase: _took(partial(keeping.keep, Run(store, phase, night, "scheduled__1"))) for phase in PHASES}
    return {"queries": found, "peak": most, "kept": kept, "kept_peak": peak()}


def _tried(query: Callable[[], Any]) -> dict[str, Any]:
    """``wall``: seconds, each time; ``cpu``: seconds of one, its threads together."""
    before = cpu()
    wall = [_took(query) for _ in range(TIMES)]
    return {"wall": wall, "cpu": (cpu() - before) / TIMES}


def made_anew(store: Store) -> dict[str, float]:
    """Seconds and MB of ``make history``, and how large it is."""
    took = _took(lambda: keeping.rebuild(store))
    size = sum(len(store.read(name)) for name in store.everything() if name.startswith("history/"))
    return {"seconds": took, "peak": peak(), "size": size / 1e6}


def _took(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps((made_anew if sys.argv[2:] else measured)(Store(Path(sys.argv[1])))))
