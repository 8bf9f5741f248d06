"""The calls to Moodle of a night without changes: counted on two sandboxes, reckoned for Caen.

A function is called ``constant + slope × objects`` times, objects being what it is asked about; two sizes give both.
One that is asked about many at once is called once for each full list of them, and once for the rest.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench import child, table

SIZES = (4, 16)
CAEN = {"courses": 15_000, "spaces": 2_000, "groups": 25_000, "cohorts": 900}
ONE_BY_ONE = {"core_enrol_get_enrolled_users": ("courses", "spaces")}
"""What a function is asked about; the others: courses."""
MANY = {"core_group_get_group_members": "groups", "core_cohort_get_cohort_members": "cohorts"}


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
            counts.append(_reckoned(function, small, large, *counts))
            whole = [total + number for total, number in zip(whole, counts, strict=True)]
            yield table.line([way, f"`{function}`", *(f"{number:,}" for number in counts)])
        yield table.line([way, "**all**", *(f"{number:,}" for number in whole)])
    yield ""


def _reckoned(function: str, fewer: Mapping[str, Any], more: Mapping[str, Any], small: int, large: int) -> int:
    if function in MANY:
        return math.ceil(CAEN[MANY[function]] / more["at_once"])
    about = ONE_BY_ONE.get(function, ("courses",))
    first, second, caen = (sum(known[name] for name in about) for known in (fewer["objects"], more["objects"], CAEN))
    return round(large + (large - small) / (second - first) * (caen - second))


def _named(found: Mapping[str, Any]) -> str:
    return ", ".join(f"{number} {name}" for name, number in found["objects"].items())
