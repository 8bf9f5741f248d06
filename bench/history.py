"""What the pages ask of 400 nights, what writing them costs at the end of a phase, and making them anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

from bench import child, table

NIGHTS = 400
KEPT = "kept"
"""Beside the nights once their history is made."""


def section(stores: Mapping[str, Path], repeat: int) -> Iterator[str]:
    """A table for each size."""
    for size in stores:
        yield from of_size(store(stores[size].parent, size), size)


def store(work: Path, caen: str) -> Path:
    """Where the nights of this size are."""
    return work / f"nights-{caen.replace('/', '-')}"


def ready(store: Path, caen: str, nights: int = NIGHTS) -> None:
    """Make them, if they are not there."""
    if not (store / "made").exists():
        shutil.rmtree(store, ignore_errors=True)
        store.mkdir(parents=True)
        child.run("bench.nights", store, float(Fraction(caen)), nights)
        (store / "made").touch()


def made_anew(store: Path) -> Any:
    """Make their history; what ``bench.looking`` says of that."""
    said = child.run("bench.looking", store, "rebuild").said
    (store / KEPT).touch()
    return said


def of_size(store: Path, caen: str, nights: int = NIGHTS) -> Iterator[str]:
    """``store``: made if it is not there."""
    ready(store, caen, nights)
    anew = made_anew(store)
    found = child.run("bench.looking", store).said
    yield f"### {nights} nights of {caen} Caen: seconds of each query\n"
    yield from table.head(["query", "median", "max", "CPU"])
    for name, took in found["queries"].items():
        figures = (median(took["wall"]), max(took["wall"]), took["cpu"])
        yield table.line([name, *(f"{number:.2f}" for number in figures)])
    yield f"\nPeak of the process that asks: {found['peak']:.0f} MB."
    kept = ", ".join(f"{phase} {took:.1f} s" for phase, took in found["kept"].items())
    yield f"Written at the end of a phase, in the month of the first night: {kept} (peak {found['kept_peak']:.0f} MB)."
    rebuilt, size = f"{anew['seconds']:.0f} s, peak {anew['peak']:.0f} MB", f"{anew['size']:.0f} MB"
    yield f"`make history`: {rebuilt}. The history takes {size}.\n"
