"""What is asked of a campus, at every moment and at the end; a difference is a sentence for whoever mends it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from aftermath import enrolled, in_doubt
from meanwhile import State

from ecampus.store.files import Run
from faults.prepared import TOMORROW, TONIGHT, Prepared, Twin, by_hand_before
from faults.site import Site
from sandbox.moodle import handmade

SHOWN = 4
NIGHTS = (TONIGHT.isoformat(), TOMORROW.isoformat())


def at_any_moment(site: Site, prepared: Prepared) -> Iterator[str]:
    """Nobody is unenrolled who was there and stays, and nothing that people made by hand is touched."""
    if lost := prepared.there - enrolled(site):
        yield f"unenrolled: {some(lost)}"
    now = handmade.snapshot(site.box.moodle.db)
    for table, rows in by_hand_before(site.folder).items():
        if now.get(table) != rows:
            yield f"by hand, {table}: {some(row for row in rows if row not in now.get(table, []))} became otherwise"


def in_the_end(site: Site, phase: str, twin: Twin, theirs: State, runs: Iterable[Run]) -> Iterator[str]:
    """After ``phase`` Moodle, the table and the register are the twin's, beside what people did meanwhile (``theirs``)."""
    now = Twin.after(site, phase)
    for name, rows in now.state.items():
        yield from compared(name, rows, [*twin.state[name], *theirs.get(name, [])])
    doubtful: dict[str, set[Any]] = {}
    for run in runs:
        for kind, members in in_doubt(site, run).items():
            doubtful.setdefault(kind, set()).update(members)
    for kind, rows in now.owned.items():
        untold = [row for row in doubtful.get(kind, ()) if row not in rows and row in twin.owned[kind]]
        yield from compared(f"register, {kind}", whenever([*rows, *untold]), whenever(twin.owned[kind]))


def whenever(rows: list[Any]) -> list[Any]:
    """What was left for the next night was archived then, and not tonight."""
    return [tuple("archived" if cell in NIGHTS else cell for cell in row) for row in rows]


def compared(name: str, found: list[Any], wanted: list[Any]) -> Iterator[str]:
    """How two lists differ, whatever their order; what is there twice is there twice."""
    left = sorted(map(repr, found))
    right = sorted(map(repr, wanted))
    if left == right:
        return
    more, less = _but(left, right), _but(right, left)
    yield f"{name}: {len(more)} too many {some(more)}, {len(less)} missing {some(less)}"


def _but(rows: list[str], others: list[str]) -> list[str]:
    return sorted((Counter(rows) - Counter(others)).elements())


def some(rows: Iterable[Any]) -> str:
    """A few of them."""
    found = list(rows)
    return ", ".join(map(str, found[:SHOWN])) + (", …" if len(found) > SHOWN else "")
