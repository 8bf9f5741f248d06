"""What the writer adds to the calls: the register, the journal, the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

from bench import child, table


def section(stores: Mapping[str, Path], repeat: int) -> Iterator[str]:
    """A line per kind of object, of the first night of the smallest size."""
    size = min(stores, key=Fraction)
    store = stores[size]
    tries = [child.run("bench.sending", store, store / "writer").said for _ in range(repeat)]
    found = min(tries, key=lambda spent: sum(one["writer"] for one in spent.values()))
    yield f"### Writer against a Moodle that answers at once, first night of {size} Caen: CPU (and wall) µs an item\n"
    yield from table.head(["object", "items", "writer", "bare loop of the same calls", "writer ÷ bare"])
    for object_, one in found.items():
        yield _line(object_, one)
    yield _line("**all**", {name: sum(one[name] for one in found.values()) for name in found["account"]})
    yield ""


def _line(object_: str, one: Mapping[str, float]) -> str:
    each = {name: 1e6 * value / one["items"] for name, value in one.items()}
    cells = [f"{each[name]:.0f} ({each[f'{name}_wall']:.0f})" for name in ("writer", "bare")]
    ratio = f"{each['writer'] / each['bare']:.1f} ({each['writer_wall'] / each['bare_wall']:.1f})"
    return table.line([object_, f"{one['items']:,}", *cells, ratio])
