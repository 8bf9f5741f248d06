"""The calls to Moodle of a night without changes: counted on two sandboxes, reckoned for Caen.

A function that is asked about many objects at once is called once for each full list of them, and once for the rest;
the others are called as often whatever the size, or the reckoning fails.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench import child, table

SIZES = (4, 16)
CAEN = {"courses": 15_000, "spaces": 2_000, "groups": 25_000, "cohorts": 900}
ABOUT = {
    "core_group_get_groups": "groups",
    "core_group_get_group_members": "groups",
    "core_cohort_get_cohort_members": "cohorts",
    "tool_mobile_call_external_functions": "spaces",
}


def section(stores: Mapping[str, Path], repeat: int) -> Iterator[str]:
    """A line per function and way of reading."""
    work = next(iter(stores.values())).parent / "sandboxes"
    small, large = (child.run("bench.counting", work / str(size), size).said for size in SIZES)
    yield "### Calls to Moodle of a night without changes\n"
    yield from table.head(["read by", "function", *map(_named, (small, large)), "reckoned for Caen"])
    for way in ("rest", "moodle_db"):
        whole = [0, 0, 0]
        for function in sorted({*small[way], *large[way]}):
            counts = [found[way].get(function, 0) for found in (small, large)]
            counts.append(_reckoned(function, large, *counts))
            whole = [total + number for total, number in zip(whole, counts, strict=True)]
            yield table.line([way, f"`{function}`", *(f"{number:,}" for number in counts)])
        yield table.line([way, "**all**", *(f"{number:,}" for number in whole)])
    yield ""


def _reckoned(function: str, found: Mapping[str, Any], small: int, large: int) -> int:
    if function in ABOUT:
        return math.ceil(CAEN[ABOUT[function]] / found["at_once"][function])
    if small != large:
        raise RuntimeError(f"{function}: {small} calls, then {large} at a larger size.")
    return large


def _named(found: Mapping[str, Any]) -> str:
    return ", ".join(f"{number} {name}" for name, number in found["objects"].items())
