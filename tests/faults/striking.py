"""One task of a phase, with one accident on its way: how it ended."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from deaths import LOST, Moments, child_of

from ecampus import errors
from ecampus.errors import EcampusError
from ecampus.moodle.answers import is_read
from ecampus.moodle.client import MoodleClient
from faults import disk
from faults.answers import PATIENCE
from faults.kinds import KINDS
from faults.schedule import Accident
from faults.site import Lines, Site

Counts = dict[tuple[str, str], dict[str, int]]
"""By phase and task, how many there are of what a place is counted in: «moodle call» (``kinds``)."""
PATIENT = 1800
"""Seconds after which a process that hangs is killed, those included that it was frozen."""
NUMBERS = count()
LARGEST = 40_000
"""Bytes of the largest file that a phase writes, or so."""


class Defect(Exception):
    """A task that ended in another way than by one sentence."""


@dataclass
class Ended:
    """``told``: the sentence on which the task ended, or how its process did; null if it ended well.

    ``struck``: whether the accident took place. ``wakes``: of a frozen process, wakes it and waits for its end.
    """

    told: str | None = None
    struck: bool = False
    wakes: Callable[[], None] | None = None


def quietly(act: Callable[[], object]) -> Ended:
    """The task, and nothing on its way."""
    try:
        act()
    except EcampusError as error:
        return Ended(one_sentence(str(error)))
    return Ended()


def one_sentence(told: str) -> str:
    """What staff read of an error. Raises Defect unless it is a sentence."""
    if "\n" in told or not told.endswith("."):
        raise Defect(f"no sentence: {told!r}")
    return told


def struck(site: Site, accident: Accident, counts: dict[str, int], act: Callable[[], object]) -> Ended:
    """The task, and the accident. ``counts``: as the twin's. Raises Defect."""
    kind = KINDS[accident.kind]
    at = 1 + int(accident.where * counts.get(f"{kind.by} {kind.place}", 0))
    if kind.by == "process":
        return PROCESSES[accident.kind](site, accident, at, act)
    with armed(lines_of(site), accident, at) as strikes:
        ended = quietly(act)
    return Ended(ended.told, strikes())


def lines_of(site: Site) -> Lines:
    assert site.lines is not None
    return site.lines


@contextmanager
def armed(lines: Lines, accident: Accident, at: int) -> Iterator[Callable[[], bool]]:
    """Its line breaks while the block runs; what is yielded says whether it did."""
    kind = KINDS[accident.kind]
    how = accident.kind.partition(" ")[2]
    if kind.by == "moodle":
        lines.patience = PATIENCE if accident.kind.startswith("silence") else None
        lines.wire.arm(accident.kind, at, accident.lasting and "silence" not in accident.kind, kind.place)
        yield lambda: lines.wire.struck > 0
        lines.wire.disarm()
        lines.patience = None
    elif kind.by == "ldap":
        lines.people.arm(how, at)
        yield lambda: lines.people.struck > 0
        lines.people.kind = None
    elif kind.by == "disk":
        with lines.disk.refusing(how, at):
            yield lambda: lines.disk.struck > 0
    else:
        line = getattr(lines, kind.by)
        line.arm(how, at, accident.lasting)
        yield lambda: line.struck > 0
        line.disarm()


class BeforeWrite(Moments):
    """One moment: the call number ``at`` that writes was noted, its right was checked, and it has not left yet."""

    def watch(self) -> None:
        real = MoodleClient._once

        def late(client: MoodleClient, function: str, form: Any) -> Any:
            if not is_read(function):
                self.come()
            return real(client, function, form)

        MoodleClient._once = late  # type: ignore[method-assign]


def killed(site: Site, accident: Accident, at: int, act: Callable[[], object]) -> Ended:
    return _dies(site, accident, at, act)


def power_cut(site: Site, accident: Accident, at: int, act: Callable[[], object]) -> Ended:
    """And the last files that the task wrote are there, and empty."""
    store = site.folder / "store"
    before = disk.files(store)
    ended = _dies(site, accident, at, act)
    if ended.struck:
        disk.emptied(store, before, accident.where)
    return ended


def quota(site: Site, accident: Accident, _: int, act: Callable[[], object]) -> Ended:
    """No file may grow beyond so many bytes: the system's own refusal (EFBIG), of the store and of the databases."""

    def body() -> None:
        most = resource.getrlimit(resource.RLIMIT_FSIZE)
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(accident.where * LARGEST), most[1]))
            act()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, most)

    said = _said(site)
    ended = _told(os.waitpid(_child(body, Moments(None), True, said), 0)[1], said)
    return Ended(ended.told, ended.told is not None)


def frozen(site: Site, accident: Accident, at: int, act: Callable[[], object]) -> Ended:
    return _frozen(site, accident, Moments(at, signal.SIGSTOP, free_only=True), act)


def late_call(site: Site, accident: Accident, at: int, act: Callable[[], object]) -> Ended:
    return _frozen(site, accident, BeforeWrite(at, signal.SIGSTOP), act)


def _dies(site: Site, accident: Accident, at: int, act: Callable[[], object]) -> Ended:
    said = _said(site)
    return _told(os.waitpid(_child(act, Moments(at), accident.where < 0.5, said), 0)[1], said)


def _frozen(site: Site, accident: Accident, moments: Moments, act: Callable[[], object]) -> Ended:
    said = _said(site)
    child = _child(act, moments, True, said)
    status = os.waitpid(child, os.WUNTRACED)[1]
    if not os.WIFSTOPPED(status):
        return _told(status, said)

    def wakes() -> None:
        os.kill(child, signal.SIGCONT)
        status = os.waitpid(child, 0)[1]
        ended = _told(status, said)
        if accident.task == "apply" and os.waitstatus_to_exitcode(status) not in (0, LOST):
            raise Defect(f"woke, and did not say that its right was lost: {ended.told}")

    return Ended("frozen", True, wakes)


def end(child: Callable[[], None]) -> None:
    """A frozen process is not left behind."""
    with suppress(ProcessLookupError, ChildProcessError, Defect):
        child()


def _child(act: Callable[[], object], moments: Moments, flush_at_once: bool, said: Path) -> int:
    def body() -> None:
        signal.alarm(PATIENT)
        act()

    return child_of(body, moments, flush_at_once, said)


def _told(status: int, said: Path) -> Ended:
    """How a process ended. Raises Defect unless it was killed, ended well or on a sentence."""
    if os.WIFSIGNALED(status):
        if os.WTERMSIG(status) != signal.SIGKILL:
            raise Defect(f"its process ended by signal {os.WTERMSIG(status)}")
        return Ended("killed", True)
    code = os.WEXITSTATUS(status)
    if code == 0:
        return Ended()
    told = said.read_text()
    return Ended(one_sentence(told) if code == LOST else one_sentence_of(told))


def one_sentence_of(said: str) -> str:
    """What a process said when it ended (``deaths``). Raises Defect unless it is an error of ours, in one sentence."""
    name, _, sentence = said.partition(": ")
    kind = getattr(errors, name, None)
    if not (isinstance(kind, type) and issubclass(kind, EcampusError)):
        raise Defect(said)
    return one_sentence(sentence)


def _said(site: Site) -> Path:
    """Where a process says how it ended."""
    return site.folder / f"said_{next(NUMBERS)}"


PROCESSES = {"killed": killed, "power cut": power_cut, "quota": quota, "frozen": frozen, "late call": late_call}
