"""A schedule, played as Airflow would: tasks tried again, runs cleared or begun anew, phases left for the next night."""

from __future__ import annotations

import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from campus import Cron, copied
from meanwhile import State, worked_by_hand

from ecampus.night import reconcile
from ecampus.store import opening
from ecampus.store.files import Run
from faults import clocks, judge, restored, striking
from faults.kinds import PHASES, TASKS
from faults.prepared import ACTS, NAME, TOMORROW, TONIGHT, Prepared
from faults.schedule import Accident, Schedule
from faults.site import Site, reached
from faults.striking import Defect, Ended
from university import open_run

TRIES = 12
"""Times that a phase is taken up again, before it is said that it never ends."""


@dataclass
class Result:
    """``counts``: what took place. ``differences``: what is not as it must be; none, if all is well."""

    schedule: Schedule
    counts: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    seconds: float = 0.0


def played(schedule: Schedule, prepared: Prepared, cron: Cron, work: Path) -> Result:
    """Play the schedule on a copy of the campus in the folder ``work``, and judge it beside the twin."""
    result, began = Result(schedule), time.monotonic()
    first = schedule.phases[0]
    with tempfile.TemporaryDirectory(prefix="ecampus-faults-", dir=work) as folder, ExitStack() as stack:
        stack.enter_context(clocks.apart(*schedule.clocks))
        place = copied(prepared.before(first), Path(folder) / "campus")
        site = stack.enter_context(reached(place, cron, schedule.by_database))
        night = Night(site, schedule, prepared, result)
        stack.callback(night.end)
        try:
            night.play()
        except Defect as defect:
            result.differences.append(str(defect))
        except Exception:
            result.differences.append(traceback.format_exc())
        result.counts["calls"] += striking.lines_of(site).wire.passed["call"]
    result.counts["schedules"] += 1
    result.seconds = time.monotonic() - began
    return result


class Night:
    """One night and, if the schedule says so, the next; ``result`` gathers what is found."""

    def __init__(self, site: Site, schedule: Schedule, prepared: Prepared, result: Result) -> None:
        self.site, self.schedule, self.prepared, self.result = site, schedule, prepared, result
        self.theirs: State = {}
        self.runs: list[Run] = []
        self.sleeping: list[Callable[[], None]] = []

    def play(self) -> None:
        """From the first phase that is struck on, and judge."""
        phases = self.schedule.phases
        for phase in phases:
            if not self.phase(phase):
                break
        self.wake()
        evening = self.prepared.before(phases[0])
        if self.schedule.restored and restored.written_since(self.site, evening):
            self.differ(restored.stops(self.site, self.schedule.restored, evening))
            self.result.counts[f"{self.schedule.restored} restored"] += 1
        if self.schedule.tomorrow:
            self.site.box.moodle.sync()  # Moodle's own task passes in a day
            for phase in PHASES:
                self.undisturbed(phase)
        last = PHASES[-1] if self.schedule.tomorrow else phases[-1]
        twin = self.prepared.tomorrow if self.schedule.tomorrow else self.prepared.after[last]
        self.differ(judge.in_the_end(self.site, last, twin, self.theirs, self.runs))
        self.look()

    def phase(self, phase: str) -> bool:
        """Play one phase with its accidents; whether it ended, else it is left for the next night."""
        accidents, todo, refused = self.schedule.of(phase), list(TASKS), 0
        run = self.opened(phase, NAME, carries=True)
        for _ in range(TRIES):
            while todo:
                accident = self.next_of(accidents, todo[0])
                ended = self.task(run, todo[0], accident)
                if ended.told is not None:
                    break
                todo.pop(0)
            else:
                return True
            refused += accident is None
            resume = self.way_out(refused) if accident is None else accident.resume
            self.site.let_expire()
            if accident is not None:
                self.after(accident)
            if resume == "tomorrow":
                if not self.schedule.tomorrow:
                    raise Defect(f"{phase} does not end: {ended.told}")
                striking.quietly(partial(reconcile.report, run, "failed", ended.told))
                return False
            if resume != "retry":
                run = self.opened(phase, NAME if resume == "clear" else f"nouvelle{len(self.runs)}")
                todo = list(TASKS)
        raise Defect(f"{phase} never ends: {ended.told}")

    def way_out(self, refused: int) -> str:
        """Of a task that nothing struck, and that refuses all the same: tried again minutes later, cleared, begun anew."""
        return ("retry", "clear", "new", "tomorrow")[min(refused, 4) - 1]

    def next_of(self, accidents: list[Accident], task: str) -> Accident | None:
        while accidents and TASKS.index(accidents[0].task) < TASKS.index(task):
            accidents.pop(0)
        return accidents.pop(0) if accidents and accidents[0].task == task else None

    def task(self, run: Run, task: str, accident: Accident | None) -> Ended:
        def act() -> object:
            return ACTS[task](run, self.site.reached)

        if accident is None:
            return striking.quietly(act)
        ended = striking.struck(self.site, accident, self.prepared.counts[run.phase, task], act)
        self.result.counts[accident.kind if ended.struck else "not struck"] += 1
        self.result.counts["tasks stopped"] += ended.told is not None
        if ended.wakes:
            self.sleeping.append(ended.wakes)
        self.look()
        return ended

    def after(self, accident: Accident) -> None:
        """What goes on between an accident and what comes after it."""
        for what in accident.meanwhile:
            self.result.counts[f"meanwhile {what}"] += 1
            if what == "login":
                for username in self.site.usernames():
                    self.site.box.moodle.login(username)
            elif what == "task":
                self.site.box.moodle.sync()
            else:
                self.theirs = worked_by_hand(self.site)
            self.look()

    def undisturbed(self, phase: str) -> None:
        """The phase in the next night, once the faults are over. Raises Defect if it does not end."""
        run = self.opened(phase, "lendemain", carries=True, night=TOMORROW)
        for task in TASKS:
            ended = self.task(run, task, None)
            if ended.told is not None:
                raise Defect(f"{phase}.{task} of the next night: {ended.told}")
        self.look()

    def opened(self, phase: str, name: str, carries: bool = False, night: date = TONIGHT) -> Run:
        run = self.site.run(phase, name, night)
        opening.forget(run)
        open_run(run, self.site.reached, carries=carries)
        if run not in self.runs:
            self.runs.append(run)
        return run

    def wake(self) -> None:
        """Those who were frozen wake when all is done: they change nothing."""
        for wakes in self.sleeping:
            wakes()
            self.look()
        self.sleeping = []

    def end(self) -> None:
        for wakes in self.sleeping:
            striking.end(wakes)

    def look(self) -> None:
        self.differ(judge.at_any_moment(self.site, self.prepared))

    def differ(self, found: Iterable[str]) -> None:
        """Count one comparison, and keep what it found."""
        self.result.counts["states compared"] += 1
        self.result.differences += [one for one in found if one not in self.result.differences]
