"""What goes wrong in one night, drawn from a seed. Pure: the same seed is the same schedule."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from faults.kinds import GROUPS, KINDS, MEMBERS, PHASES, TASKS

Resume = Literal["retry", "clear", "new", "tomorrow"]
"""The task again; the run again as a whole; another run of the phase; nothing more that night."""
RESUMED: tuple[Resume, ...] = ("retry", "retry", "retry", "clear", "new", "tomorrow")
MEANWHILE = ("login", "task", "hand")
"""Everybody logs in; Moodle's task runs; somebody works by hand in what is ours and beside it."""
UNIVERSITIES = 3
DAY = 86_400
MOST = 3
"""Accidents of a night."""


@dataclass(frozen=True)
class Accident:
    """``kind`` strikes at ``where`` (a share of what is counted) of a task; once, or until the task gives up (``lasting``).

    ``resume`` and ``meanwhile``: what comes after it, if it stopped the task.
    """

    phase: str
    task: str
    kind: str
    where: float
    lasting: bool
    resume: Resume
    meanwhile: tuple[str, ...]

    def __str__(self) -> str:
        struck = f"{self.phase}.{self.task}: {self.kind} at {self.where:.0%}{' and on' if self.lasting else ''}"
        return f"{struck}, {' '.join((*self.meanwhile, self.resume))}"


@dataclass(frozen=True)
class Schedule:
    """``clocks``: seconds by which Moodle's and the register's are away. ``restored``: what is put back of the evening before.

    ``by_database``: Moodle is read in its own database. ``to_the_end``: the phases after the last that was struck are
    played too, as they are whenever the next night is.
    """

    seed: int
    university: int
    by_database: bool
    clocks: tuple[int, int]
    restored: Literal["register", "moodle"] | None
    to_the_end: bool
    accidents: tuple[Accident, ...]

    @property
    def tomorrow(self) -> bool:
        """Whether it is judged after the next night: something was left for it, or may only show then."""
        return self.restored is not None or any(
            one.resume == "tomorrow" or KINDS[one.kind].lie for one in self.accidents
        )

    @property
    def phases(self) -> tuple[str, ...]:
        """The phases of the night that are played; those before them went well, as the twin's."""
        struck = [PHASES.index(one.phase) for one in self.accidents]
        return PHASES[min(struck) : None if self.to_the_end or self.tomorrow else max(struck) + 1]

    def of(self, phase: str) -> list[Accident]:
        """The accidents of one phase, in the order of its tasks."""
        return [one for one in self.accidents if one.phase == phase]

    def __str__(self) -> str:
        more = [
            *(["by its database"] if self.by_database else []),
            *([f"clocks {self.clocks}"] if any(self.clocks) else []),
            *([f"{self.restored} restored"] if self.restored else []),
        ]
        told = "; ".join([*map(str, self.accidents), *more])
        return f"seed {self.seed}, university {self.university}: {told}"


def drawn(seed: int, universities: int = UNIVERSITIES) -> Schedule:
    """The schedule of this seed."""
    rng = random.Random(f"faults-{seed}")
    by_database = rng.random() < 0.25
    accidents = sorted(_accidents(rng, by_database), key=_when)
    return Schedule(
        seed,
        seed % universities,
        by_database,
        _clocks(rng, by_database),
        rng.choice(["register", "moodle"]) if rng.random() < 0.04 else None,
        rng.random() < 0.25,
        tuple(_hand_once(accidents)),
    )


def _accidents(rng: random.Random, by_database: bool) -> Iterator[Accident]:
    for _ in range(rng.choices(range(1, MOST + 1), [4, 4, 2])[0]):
        groups = {name: often for name, often in GROUPS.items() if by_database or name != "moodle_db"}
        name = rng.choice(list(MEMBERS[rng.choices(list(groups), list(groups.values()))[0]]))
        kind = KINDS[name]
        tasks = [task for task in TASKS if task in kind.tasks]
        weights = [6 if task == "apply" else 1 for task in tasks]
        yield Accident(
            rng.choice(kind.phases),
            rng.choices(tasks, weights)[0],
            name,
            rng.random(),
            kind.by in ("moodle", "refer", "table", "moodle_db") and not kind.lie and rng.random() < 0.4,
            rng.choice(RESUMED if name not in ("frozen", "late call") else ("retry", "new", "new")),
            tuple(sorted({rng.choice(MEANWHILE) for _ in range(rng.randrange(3))})),
        )


def _clocks(rng: random.Random, by_database: bool) -> tuple[int, int]:
    """By the web services nothing hangs on the clocks; by its database, moments are compared (docs/architecture.md)."""
    if rng.random() < 0.7:
        return (0, 0)
    most = 25 if by_database else DAY
    return (rng.randint(-most, most), rng.randint(-most, most))


def _when(accident: Accident) -> tuple[int, int]:
    return PHASES.index(accident.phase), TASKS.index(accident.task)


def _hand_once(accidents: list[Accident]) -> Iterator[Accident]:
    """Somebody works by hand once a night at most; nothing comes in a phase after it was left for tomorrow."""
    worked = False
    for one in accidents:
        meanwhile = tuple(what for what in one.meanwhile if what != "hand" or not worked)
        worked |= "hand" in meanwhile
        yield Accident(**{**vars(one), "meanwhile": meanwhile})
        if one.resume == "tomorrow":
            return
