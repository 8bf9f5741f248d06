"""«Pourquoi ?» at the size of a university: seconds of each question, as the page asks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

from bench import child, table


def section(stores: Mapping[str, Path], repeat: int) -> Iterator[str]:
    """A table for each size."""
    for size, store in stores.items():
        child.run("bench.answering", store, "judge")
        found = child.run("bench.answering", store).said
        yield f"### «Pourquoi ?» at {size} Caen: seconds of each question\n"
        yield from table.head(["question", "median", "max"])
        for name, took in found["questions"].items():
            yield table.line([name, f"{median(took):.2f}", f"{max(took):.2f}"])
        yield f"\nPeak of the process that asks: {found['peak']:.0f} MB.\n"
