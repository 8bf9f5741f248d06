"""Every page by HTTP from a real API server, with 400 nights in the store: seconds, and the memory of that server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from bench import child, history, table

TIMES = 9
REQUESTS = 2_000


def section(stores: Mapping[str, Path], repeat: int) -> Iterator[str]:
    """A table for each size."""
    for size, runs in stores.items():
        yield from of_size(runs, history.store(runs.parent, size), size)
        yield _started(_served(runs, size))


def of_size(
    runs: Path, nights: Path, size: str, number: int = history.NIGHTS, times: int = TIMES, requests: int = REQUESTS
) -> Iterator[str]:
    """``runs``: of ``bench.runs``. ``nights``: of ``bench.nights``, made if they are not there."""
    history.ready(nights, size, number)
    if not (nights / history.KEPT).exists():
        history.made_anew(nights)
    there = _served(runs, size)
    shutil.rmtree(there.parent, ignore_errors=True)
    child.run("bench.joined", there, nights, runs)
    found = child.run("bench.visiting", there, times, requests).said
    yield f"### {number} nights of {size} Caen and the last one: seconds of each page by HTTP\n"
    yield from table.head(["page", "median", "max", "CPU", "two readers: median", "max"])
    for name, alone in found["alone"].items():
        together = found["together"][name]
        took = (median(alone), max(alone), found["cpu"][name], median(together), max(together))
        yield table.line([name, *(f"{seconds:.2f}" for seconds in took)])
    yield from _told(found)


def _served(runs: Path, size: str) -> Path:
    return runs.parent / f"pages-{size.replace('/', '-')}" / "store"


def _told(found: Mapping[str, Any]) -> Iterator[str]:
    """What is beside the table."""
    yield f"\nThe first page of a server: {found['first']:.2f} s.\n"
    yield from table.head(["answers given", "memory, MB", "most, MB"])
    for number, memory in found["memory"]:
        yield table.line([f"{number:,}", f"{memory['now']:.0f}", f"{memory['most']:.0f}"])
    yield ""


def _started(store: Path) -> str:
    """What our pages cost the start of a server."""
    found = child.run("bench.server", store).said
    ours, bare = (f"{seconds:.1f} s, {memory:.0f} MB" for seconds, memory in (found["ours"], found["bare"]))
    return f"Start of the server: {ours}; without our pages {bare}.\n"
