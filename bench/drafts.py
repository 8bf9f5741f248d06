"""What each phase costs by itself: reading its archive, the rules and the comparison, the guard, writing the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

from bench import child, table

PHASES = ("users", "cohorts", "offer", "enrolments", "groups")
CASES = {"first": "first night", "same": "no change", "changed": "0.5 % changed"}
COLUMNS = ["import", "read", "draft", "guard", "write"]


def section(stores: Mapping[str, Path], repeat: int) -> Iterator[str]:
    """A line per size, case and phase, and one for the five together."""
    yield "### Phases: CPU seconds, and peak memory of the process (MB)\n"
    yield from table.head(["size", "case", "phase", "changes", *COLUMNS, "peak"])
    drafted = {}
    for size, store in stores.items():
        for case, words in CASES.items():
            spent = {phase: _played(store, phase, case, repeat) for phase in PHASES}
            for phase, found in spent.items():
                yield _line([size, words, phase], found)
            whole = _together(list(spent.values()))
            drafted[size, case] = whole["draft"]
            yield _line([size, words, "**all**"], whole)
    yield from _growth(list(stores), drafted)
    yield ""


def _growth(sizes: list[str], drafted: Mapping[tuple[str, str], float]) -> Iterator[str]:
    """How the five drafts grow from the first size to the last, beside a straight line."""
    first, last = sizes[0], sizes[-1]
    times = float(Fraction(last) / Fraction(first))
    for case, words in CASES.items():
        grown = drafted[last, case] / drafted[first, case] / times
        if first != last:
            yield f"\nFrom {first} to {last}, {words}: the five drafts grow {grown:.2f} × linear."


def _played(store: Path, phase: str, case: str, repeat: int) -> dict[str, float]:
    tries = [child.run("bench.phase", store, phase, case).said for _ in range(repeat)]
    return min(tries, key=lambda found: found["draft"])


def _together(spent: list[dict[str, float]]) -> dict[str, float]:
    """Sums; of the peaks the highest."""
    whole = {name: sum(found[name] for found in spent) for name in spent[0]}
    return whole | {"peak": max(found["peak"] for found in spent)}


def _line(first: list[str], found: Mapping[str, float]) -> str:
    seconds = [f"{found[name]:.2f}" for name in COLUMNS]
    return table.line([*first, f"{found['changes']:,}", *seconds, f"{found['peak']:.0f}"])
