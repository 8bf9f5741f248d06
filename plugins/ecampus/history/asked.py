"""What the last runs of the night keep of a person, of elements, of a group: the facts of ``explain``.

A question reads a dozen Parquet files by DuckDB, the rows that match and no other; nothing of it is kept in memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ecampus.explain import facts
from ecampus.history.lately import Lately, Told
from ecampus.history.rows import Condition, Reader, Record, both, one_of
from ecampus.store import journal

VERDICTS = "verdicts.parquet"
PLAN = "plan.parquet"
JOURNAL = f"{journal.FOLDER}/*.parquet"
TABLE = ("users", "offer", "enrolments")
"""The phases that write rows of the enrolment table."""
OF_THE_TABLE = Condition("object = 'enrolment'", [])
RENAMED = Condition("object = 'account' AND verb = 'rename'", [])


class Row(NamedTuple):
    """A row of the enrolment table."""

    course_idnumber: str
    username: str
    role: str


class Change(NamedTuple):
    """A row of a plan or of a journal."""

    object: str
    verb: str
    key: str
    place: str | None
    username: str | None
    role: str | None
    foreign: bool | None
    held: str | None
    outcome: str | None
    message: str | None
    at: str | None
    moodle_id: int | None


@dataclass(frozen=True)
class Asked:
    """Questions to the runs of ``lately``."""

    rows: Reader
    lately: Lately

    def lines(self, column: str, values: Iterable[str | None]) -> tuple[facts.Line, ...]:
        """Rows of the enrolment table, as they are after all that was written since they were read.

        ``column``: username or course_idnumber.
        """
        known = [*values]
        which = one_of(column, known)
        told = self.lately.read("enrolments")
        there = {*self.of(told, "existing/enrolment_rows.parquet", Row, which)}
        ours = {*self.of(told, "owned/enrolment.parquet", Row, which)}
        named = one_of("place" if column == "course_idnumber" else column, known)
        for change in self._written(TABLE, both(OF_THE_TABLE, named)):
            row = Row(str(change.place), str(change.username), str(change.role))
            if change.verb in ("enrol", "copy_key"):
                there.add(row)
                ours |= set() if change.foreign else {row}
            else:
                there.discard(row)
        return tuple(facts.Line(*row, ours=row in ours) for row in sorted(there))

    def late(self, column: str, values: Iterable[str | None]) -> tuple[facts.Late, ...]:
        """What Moodle was not seen to follow: after the last look, else as the run found it."""
        looked = [told for told in self.lately.since("enrolments") if told.run.files.exists("not_taken.parquet")]
        told, which = looked[-1] if looked else None, one_of(column, values)
        if told is None:
            return self.of(self.lately.read("enrolments"), "memory/following.parquet", facts.Late, which)
        return tuple(
            facts.Late(*row, verb=verb)
            for verb, name in (("enrol", "not_taken"), ("unenrol", "not_removed"))
            for row in self.of(told, f"{name}.parquet", Row, which)
        )

    def recoded(self) -> dict[int, Change]:
        """By Moodle's id, the last change of each course of ours since the table was read; ``place``: its code now."""
        found = self._written(("offer",), Condition("object = 'course'", []))
        return {one.moodle_id: one for one in found if one.moodle_id is not None and one.place}

    def removed(self, since: Told | None, usernames: Iterable[str | None]) -> set[str]:
        """The courses of which a row of theirs went after this run read Moodle: what it saw there is no longer so."""
        known = self._written(TABLE, both(OF_THE_TABLE, one_of("username", usernames)))
        read = since.opening.opened_at.isoformat() if since else ""
        return {str(one.place) for one in known if one.verb in ("unenrol", "drop_key") and (one.at or "") > read}

    def changes(self, phases: Iterable[str], which: Condition) -> tuple[facts.Planned, ...]:
        """What was planned, and what became of it in the end."""
        found = []
        for phase in phases:
            told = self.lately.judged(phase)
            ends = {(one.object, one.verb, one.key): one for one in self._written([phase], which, every=True)}
            for one in self.of(told, PLAN, Change, which):
                end = ends.pop((one.object, one.verb, one.key), one)
                found.append(_planned(one, end))
            found += [_planned(one, one) for one in ends.values()]
        return tuple(found)

    def _written(self, phases: Iterable[str], which: Condition, every: bool = False) -> list[Change]:
        """What the journals of the runs since the last true reading say, in the order of the writes."""
        read = self.lately.read("enrolments")
        since = read.opening.opened_at if read else None
        found: list[Change] = []
        for phase in phases:
            for told in self.lately.since(phase):
                if every or since is None or told.opening.opened_at >= since:
                    found += self.rows.records(told.run, JOURNAL, Change, which)
        found.sort(key=lambda one: one.at or "")
        return found if every else [one for one in found if one.outcome == "done"]

    def renamed(self, user_id: int | None) -> str | None:
        """The login that this account was given since it was read, null when it kept its own."""
        named = self._written(["users"], both(RENAMED, one_of("moodle_id", [user_id])), every=True)
        return next((one.key for one in reversed(named) if one.outcome == "done"), None)

    def verdicts(self, phase: str, record: type[Record], ladder: str, which: Condition) -> tuple[Record, ...]:
        """The rows of one ladder of the last run that judged."""
        return self.of(self.lately.judged(phase), VERDICTS, record, both(one_of("ladder", [ladder]), which))

    def of(self, told: Told | None, name: str, record: type[Record], which: Condition) -> tuple[Record, ...]:
        """The rows of a file of this run; none without a run."""
        return self.rows.records(told.run, name, record, which) if told else ()


def _planned(one: Change, end: Change) -> facts.Planned:
    return facts.Planned(one.object, one.verb, one.key, one.place, one.username, one.held, end.outcome, end.message)
