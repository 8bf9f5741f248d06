"""What may go wrong: each kind, the tasks that it strikes, and what its place is counted in."""

from __future__ import annotations

from dataclasses import dataclass

from ecampus import calendar

PHASES = tuple(calendar.PHASES)
TASKS = ("source", "moodle", "diff", "check", "apply", "verify", "report")
"""The tasks of a phase, once it is opened."""
ANSWERING = ("moodle", "apply", "verify")
"""Those that ask Moodle and the register."""


@dataclass(frozen=True)
class Kind:
    """``place``: what is counted to know where it strikes (moments, free ones, calls, writes, statements, files, bytes).

    ``by``: who does it (process, moodle, ldap, refer, table, moodle_db, disk). ``tasks``, ``phases``: where it may strike.
    ``lie``: the task may end well all the same, without having done what it was told that it did.
    """

    by: str
    place: str
    tasks: tuple[str, ...]
    phases: tuple[str, ...] = PHASES
    lie: bool = False


def _all(by: str, place: str, tasks: tuple[str, ...], *names: str, lie: bool = False) -> dict[str, Kind]:
    return {name: Kind(by, place, tasks, lie=lie) for name in names}


PROCESS = {
    "killed": Kind("process", "moment", TASKS),
    "power cut": Kind("process", "moment", TASKS),
    "frozen": Kind("process", "free", TASKS),
    "late call": Kind("process", "write", ("apply",), tuple(name for name in PHASES if name != "enrolments")),
    "quota": Kind("process", "file", TASKS),
}
"""SIGKILL; SIGKILL and files emptied; SIGSTOP, woken later; the same with a call in hand; no file may grow any more."""
INSTEAD = _all(
    "moodle", "call", ANSWERING,
    "500", "502", "503", "503 at once", "408", "429", "page", "XML", "expired", "three", "list", "nested", "nothing",
    "reset", "cut", "silence", "slow", "login",
)  # fmt: skip
"""Moodle is not asked; what comes in its place. ``slow`` and ``login`` ask it all the same."""
LOST = _all(
    "moodle", "write", ("apply",),
    "500 after", "502 after", "503 after", "page after", "XML after", "expired after", "truncated", "notice", "shorter",
    "another's", "reset after", "cut after", "silence after", "login between",
)  # fmt: skip
"""Moodle does what it is asked, and its answer is lost or spoilt on the way back."""
LIES = _all("moodle", "call", ANSWERING, "older", lie=True) | _all("moodle", "write", ("apply",), "null", lie=True)
"""Answers that are Moodle's, and not the answer to this call."""
LDAP = {
    name: Kind("ldap", "bytes", ("source",), ("users",))
    for name in ("ldap away", "ldap cut", "ldap reset", "ldap garbage")
}
REFER = _all("refer", "statement", ("source",), "refer away", "refer lost", "refer locked")
TABLE = _all(
    "table", "statement", ANSWERING,
    "table away", "table lost", "table unanswered", "table locked", "table full", "table read-only",
)  # fmt: skip
"""The database of the enrolment table and of the register. ``unanswered``: it commits, and says nothing any more."""
DATABASE = _all("moodle_db", "statement", ("moodle", "verify"), "moodle_db away", "moodle_db lost")
"""Moodle's own database, which is read and never written."""
DISK = _all("disk", "file", TASKS, "disk full", "disk read-only")

KINDS: dict[str, Kind] = PROCESS | INSTEAD | LOST | LIES | LDAP | REFER | TABLE | DATABASE | DISK
GROUPS = {
    "process": 8,
    "instead": 5,
    "lost": 5,
    "lies": 2,
    "ldap": 1,
    "refer": 2,
    "table": 4,
    "moodle_db": 1,
    "disk": 3,
}
"""How often each group is drawn."""
MEMBERS = {
    "process": PROCESS, "instead": INSTEAD, "lost": LOST, "lies": LIES, "ldap": LDAP, "refer": REFER, "table": TABLE,
    "moodle_db": DATABASE, "disk": DISK,
}  # fmt: skip
