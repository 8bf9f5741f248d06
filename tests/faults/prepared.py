"""A campus before each phase of its night, and the twin that nothing disturbs: where it ends, and what there is to strike."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from aftermath import enrolled
from campus import Campus, Cron, by_hand, copied, night_after, opened
from deaths import Moments

from ecampus.moodle.client import MoodleClient
from ecampus.night import reconcile
from ecampus.register.tenure import Tenure
from ecampus.store.files import Run, Store
from faults.kinds import PHASES, TASKS
from faults.site import Site, Systems, reached
from faults.striking import Counts, lines_of
from rehearsal import ended
from university import open_run

TONIGHT, TOMORROW = night_after(2), night_after(3)
NAME = "nuit"
SEEDS = (1, 2, 3)
"""Of the universities and their days."""


BEFORE = PHASES[: PHASES.index("enrolments")]
STATEMENTS = {"moodle": 6, "verify": 3}
"""By task, how many every phase asks at least of Moodle's own database; the twin reads by the web services."""


@dataclass(frozen=True)
class Twin:
    """Moodle with the table, and what is ours, once a phase is over: before 04h15 less the rows that it takes away."""

    state: dict[str, list[Any]]
    owned: dict[str, list[Any]]

    @classmethod
    def after(cls, campus: Campus, phase: str) -> Twin:
        found = ended(campus)
        return cls(*found) if phase in BEFORE else cls(campus.state(), campus.owned())


@dataclass(frozen=True)
class Prepared:
    """``after``: the twin after each phase, and once the next night is over (``TOMORROW``).

    ``there``: who is in which course before, and still after both nights. ``counts``: as ``striking``.
    """

    folder: Path
    counts: Counts
    after: dict[str, Twin]
    tomorrow: Twin
    there: frozenset[tuple[int, int]]

    def moved(self, folder: Path) -> Prepared:
        """The same, of which the folder was moved."""
        return replace(self, folder=folder)

    def before(self, phase: str) -> Path:
        """The campus right before that phase of its night, closed."""
        return self.folder / f"before_{phase}"


def two_nights(folder: Path, cron: Cron, seed: int) -> Path:
    """A campus after two nights, people's own work and two days of changes."""
    with opened(folder, cron, seed=seed) as campus:
        campus.night("premiere")
        by_hand(campus)
        campus.change_a_day(seed)
        campus.night("deuxieme", night_after(1))
        campus.change_a_day(seed)
    return folder


def prepared(campus: Path, folder: Path, cron: Cron) -> Prepared:
    """Its third and fourth nights, undisturbed."""
    work = copied(campus, folder / "twin")
    counts, after, there = {}, {}, set()
    for phase in PHASES:
        copied(work, folder / f"before_{phase}")
        with reached(work, cron) as site:
            there = there or enrolled(site)
            run = site.run(phase, NAME, TONIGHT)
            open_run(run, site.reached, carries=True)
            for task in TASKS:
                there_is = {"moodle_db statement": STATEMENTS.get(task, 0)}
                counts[phase, task] = counted(site, partial(ACTS[task], run, site.reached)) | there_is
            after[phase] = Twin.after(site, phase)
    with reached(work, cron) as site:
        there &= enrolled(site)
        site.night("demain", TOMORROW)
        return Prepared(folder, counts, after, Twin.after(site, PHASES[-1]), frozenset(there & enrolled(site)))


ACTS: dict[str, Callable[[Run, Systems], object]] = {
    "source": reconcile.extract_source,
    "moodle": reconcile.extract_moodle,
    "diff": lambda run, _: reconcile.diff(run),
    "check": lambda run, _: reconcile.check(run),
    "apply": lambda run, systems: reconcile.apply(run, systems, lambda: None),
    "verify": reconcile.verify,
    "report": lambda run, _: reconcile.report(run, "success", None),
}
"""What each task does."""


def counted(site: Site, act: Callable[[], object]) -> dict[str, int]:
    """Play a task: how much of everything passed meanwhile, by what it is counted in, and by who does it."""
    lines = lines_of(site)
    before = lines.passed()
    with lines.disk.counted(), counting() as moments:
        act()
    now = {"process": {"moment": moments.seen, "free": moments.free}, **lines.passed()}
    found = {
        f"{by} {place}": number - before.get(by, {}).get(place, 0)
        for by, places in now.items()
        for place, number in places.items()
    }
    return found | {"process write": found["moodle write"], "process file": found["disk file"]}


@contextmanager
def counting() -> Iterator[Moments]:
    """Moments as they come in the block, as ``Moments.watch`` counts them in a process of its own."""
    watched = [(MoodleClient, "_once"), (Store, "write"), (Store, "remove"), (Tenure, "transaction")]
    real = [(owner, name, getattr(owner, name)) for owner, name in watched]
    moments = Moments(None)
    moments.watch()
    try:
        yield moments
    finally:
        for owner, name, was in real:
            setattr(owner, name, was)


def by_hand_before(folder: Path) -> Any:
    """What people had made by hand, as it was then."""
    return json.loads((folder / "by_hand.json").read_text())
