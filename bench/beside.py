"""Enrolments and groups as a process, beside DuckDB and Polars: the same files, the same changes, one thread each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bench import child, table
from bench.child import Child
from bench.drafts import CASES
from bench.engines import PHASES

ENGINES = {"ours": "ecampus", "duck": "DuckDB", "bears": "Polars"}


def section(stores: Mapping[str, Path], repeat: int) -> Iterator[str]:
    """A line per size and case. Raises RuntimeError when the three do not find the same changes."""
    yield "### Enrolments and groups as a process: CPU seconds (peak MB)\n"
    yield from table.head(["size", "case", "changes", *ENGINES.values(), "ecampus ÷ the better"])
    for size, store in stores.items():
        for case, words in CASES.items():
            folders = {name: folder_of(store, case, name) for name in ENGINES}
            found = {name: played(name, store, case, folder, repeat) for name, folder in folders.items()}
            changes = sum(child.run("bench.engines.compare", *folders.values()).said.values())
            cells = [f"{one.cpu:.2f} ({one.peak:.0f})" for one in found.values()]
            ratio = found["ours"].cpu / min(found["duck"].cpu, found["bears"].cpu)
            yield table.line([size, words, f"{changes:,}", *cells, f"{ratio:.1f}"])
    yield ""


def folder_of(store: Path, case: str, name: str) -> Path:
    """Where an engine leaves its changes."""
    folder = store / "engines" / case / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def played(name: str, store: Path, case: str, folder: Path, repeat: int) -> Child:
    """The quickest of ``repeat`` processes."""
    (night,) = store.glob("????-??-??")
    runs = [store, case] if name == "ours" else [night / phase / case for phase in PHASES]
    tries = [child.run(f"bench.engines.{name}", *runs, folder) for _ in range(repeat)]
    return min(tries, key=lambda one: one.cpu)
