"""A register or a Moodle of the evening before, put back after a night: every phase stops in one sentence.

What mends it (``make recover``) is played here once it is there; until then the right one is put back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ecampus.calendar import PHASES
from ecampus.errors import RegisterUnusable
from faults.prepared import TOMORROW
from faults.site import Site


def written_since(site: Site, evening: Path) -> bool:
    """Whether a phase wrote since that evening: one that was stopped before its first write left the two the same."""
    with closing(sqlite3.connect(evening / "box" / "enrolments.db")) as then:
        ((number,),) = then.execute("SELECT mark_number FROM ecampus_register").fetchall()
    return site.register.state().number != number


def stops(site: Site, what: str, evening: Path) -> Iterator[str]:
    """What did not stop, or wrote, while ``what`` is as in the campus of the ``evening`` before."""
    with AGAIN[what](site, evening):
        before = site.state()
        site.box.moodle.calls.clear()
        for phase in PHASES:
            try:
                site.play(phase, "restauree", TOMORROW)
            except RegisterUnusable as stopped:
                if "\n" in str(stopped):
                    yield f"{what} restored, {phase}: no sentence: {stopped}"
            else:
                yield f"{what} restored: {phase} went on"
        if site.writes() or site.state() != before:
            yield f"{what} restored: {site.writes()} were written"


@contextmanager
def register(site: Site, evening: Path) -> Iterator[None]:
    """The database of the enrolment table and of the register."""
    path = site.box.folder / "enrolments.db"
    with closing(sqlite3.connect(path)) as here, _exchanged(here, evening / "box" / "enrolments.db"):
        yield


@contextmanager
def moodle(site: Site, evening: Path) -> Iterator[None]:
    """Moodle's database, under the running site."""
    with _exchanged(site.box.moodle.db.connection, evening / "box" / "moodle.db"):
        yield


@contextmanager
def _exchanged(live: sqlite3.Connection, evening: Path) -> Iterator[None]:
    with closing(sqlite3.connect(":memory:")) as kept, closing(sqlite3.connect(evening)) as then:
        live.backup(kept)
        then.backup(live)
        try:
            yield
        finally:
            kept.backup(live)


AGAIN: dict[str, Callable[[Site, Path], object]] = {"register": register, "moodle": moodle}
