"""What the one writer may do to the register, and to the enrolment table with it.

Whatever waits (settlements, gains, losses) goes with the next commit: a settlement and the next intent are one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Any

import pandas as pd
import tenacity

from ecampus.errors import SourceLocked
from ecampus.register import batches, decided, owned_tables, publishing, tables
from ecampus.register.batches import About, Item
from ecampus.register.enrolment_table import EnrolmentTable
from ecampus.register.owned import SHAPES
from ecampus.register.tenure import Tenure

log = logging.getLogger("ecampus")

ATTEMPTS = 4
Act = Callable[[Any], Any]
Frames = Mapping[str, pd.DataFrame]


def _told(attempt: tenacity.RetryCallState) -> None:
    error = attempt.outcome.exception() if attempt.outcome else None
    log.warning("%s Nouvel essai (%d sur %d).", error, attempt.attempt_number + 1, ATTEMPTS)


class Lease:
    """The right to write, from ``Register.lease``. Once it is lost every method raises LeaseLost and writes nothing.

    Else errors as of ``sql.telling``: then nothing of that commit was written, and what waited still waits.
    """

    def __init__(self, tenure: Tenure, table: EnrolmentTable, last: int, clerk: Executor) -> None:
        """``clerk``: the one thread that speaks to the database, whoever asks."""
        self._tenure, self._table, self._last, self._clerk = tenure, table, last, clerk
        self._waiting: list[Act] = []

    @property
    def fence(self) -> int:
        """The fencing number: higher than that of whoever wrote before."""
        return self._tenure.fence

    def beat(self) -> None:
        """Make sure that the right is still ours."""
        self.commit()

    def commit(self) -> None:
        """Write what waits."""
        self._write()

    def intend(self, items: list[Item], about: About) -> int:
        """Note a batch before its call to Moodle, with what waits; its number."""
        self._last = number = self._last + 1  # a number that failed to be noted may be noted all the same
        self._write(partial(batches.intended, number=number, items=items, about=about))
        return number

    def settle(self, number: int, outcomes: list[Item], gains: Frames, losses: Frames) -> None:
        """What became of a batch, and of what is ours by it; waits for the next commit."""
        self._waiting.append(partial(batches.settled, number=number, outcomes=outcomes))
        for kind, frame in losses.items():
            self.disown(kind, frame)
        for kind, frame in gains.items():
            self.own(kind, frame)

    def look(self, number: int, by: str) -> None:
        """The run ``by`` looked for an open batch in Moodle and did not see it; waits for the next commit."""
        self._waiting.append(partial(batches.looked, number=number, by=by))

    def own(self, kind: str, gained: pd.DataFrame | list[tables.Record]) -> None:
        """As ``owned.owning``; waits for the next commit."""
        if len(gained):
            self._waiting += [partial(owned_tables.own, kind=kind, gained=_records(kind, gained)), _changed]

    def disown(self, kind: str, lost: pd.DataFrame | list[tables.Record]) -> None:
        """As ``owned.disowning``; waits for the next commit."""
        if len(lost):
            self._waiting += [partial(owned_tables.disown, kind=kind, lost=_records(kind, lost)), _changed]

    @tenacity.retry(
        retry=tenacity.retry_if_exception_type(SourceLocked),
        stop=tenacity.stop_after_attempt(ATTEMPTS),
        wait=tenacity.wait_random_exponential(multiplier=1, max=20),
        before_sleep=_told,
        reraise=True,
    )
    def publish(
        self, add: pd.DataFrame, remove: pd.DataFrame, own: pd.DataFrame, disown: pd.DataFrame, night: str
    ) -> tuple[int, int]:
        """Add and remove rows of the enrolment table; ``own`` and ``disown`` say which are ours; all of it or nothing.

        Returns how many rows were added and removed: one that is already there, or gone, is no error. All are followed
        from then on (``memory``). A deadlock or a lock waited for too long runs the whole transaction again.
        """
        done = self._write(
            partial(publishing.publish, table=self._table, add=add, remove=remove, own=own, disown=disown, night=night),
            *([_changed] if len(own) + len(disown) else []),
        )
        added, removed = done[0]
        return added, removed

    def unfollow(self, rows: pd.DataFrame) -> None:
        """Follow these rows no more (``tables.FOLLOWING``), unless they were published again since they were read."""
        records = tables.records(rows, tables.FOLLOWING)
        self._write(partial(tables.delete, table="ecampus_following", identity=list(tables.FOLLOWING), records=records))

    def forget_batches(self, night: str) -> int:
        """Forget the settled batches of the nights before ``night``; how many there were."""
        return int(self._write(partial(batches.forgotten, night=night))[0])

    def rewrite(self, number: int, items: list[Item], outcomes: list[Item]) -> None:
        """Replace what a settled batch said; waits for the next commit."""
        self._waiting.append(partial(batches.rewritten, number=number, items=items, outcomes=outcomes))

    def intend_number(self) -> int:
        """Before Moodle's mark is raised: the number that it shall have. The same again until it is settled."""
        ((_, number, intended, *_),) = self._write(partial(tables.select, statement=tables.text("state")))[0]
        wanted = int(number) + 1 if intended is None else int(intended)
        self._write(partial(tables.execute, statement=tables.text("number_intended"), parameters={"wanted": wanted}))
        return wanted

    def settle_number(self) -> None:
        """After Moodle's mark was raised: its number is ours too."""
        self._write(partial(tables.execute, statement=tables.text("number_raised")))

    def remember(
        self,
        *,
        links: pd.DataFrame | None = None,
        figures: pd.DataFrame | None = None,
        good: pd.DataFrame | None = None,
        sites: pd.DataFrame | None = None,
    ) -> None:
        """What later nights compare with; columns as ``tables.LINKS``, ``FIGURES``, ``GOOD`` and ``SITES``.

        ``links`` replace what was remembered, the others that of the phases that they name.
        """
        acts: list[Act] = []
        if links is not None:
            acts.append(partial(_replace, table="ecampus_link", rows=links, shape=tables.LINKS))
        if figures is not None:
            acts.append(partial(_replace_of, table="ecampus_figure", rows=figures, shape=tables.FIGURES, by="phase"))
        if good is not None:
            acts.append(partial(_replace_of, table="ecampus_good", rows=good, shape=tables.GOOD, by="phase"))
        if sites is not None:
            acts.append(partial(_replace_of, table="ecampus_site", rows=sites, shape=tables.SITES, by="phase"))
        self._write(*acts)

    def wait(self, passage: pd.DataFrame, figures: pd.DataFrame) -> None:
        """A phase waits to be approved as a whole (``tables.PASSAGES``, one row), for ``figures`` (``FIGURES``)."""
        self._write(
            *decided.waiting(passage),
            partial(_replace_of, table="ecampus_figure", rows=figures, shape=tables.FIGURES, by="phase"),
        )

    def passed(self, phase: str, made_by: str) -> None:
        """The phase of that installation waits no more."""
        named = {"phase": phase, "made_by": made_by}
        self._write(partial(tables.delete, table="ecampus_passage", identity=[*named], records=[named]))

    def count(self, done: pd.DataFrame, run: str, before: str) -> None:
        """How many units this run did (``tables.DONE``), in place of what it said; nights ``before`` are forgotten."""
        rows = tables.records(done, tables.DONE)
        self._write(
            partial(tables.delete, table="ecampus_done", identity=["run"], records=[{"run": run}]),
            partial(tables.insert, table="ecampus_done", columns=list(tables.DONE), records=rows),
            partial(tables.execute, statement=tables.text("done_before"), parameters={"night": before}),
        )

    def hold(self, decisions: pd.DataFrame, phase: str) -> None:
        """What the phase holds, and what was said of it (``tables.DECISIONS``), in place of what it held."""
        self._write(partial(decided.held, phase=phase, decisions=decisions))

    def unhold(self, decisions: pd.DataFrame) -> None:
        """Forget what is held of these units, and what was said of it (``tables.DECISIONS``)."""
        named = [{"phase": row["phase"], "unit": row["unit"]} for row in tables.records(decisions, tables.DECISIONS)]
        self._write(partial(tables.delete, table="ecampus_decision", identity=["phase", "unit"], records=named))

    def answer(self, decisions: pd.DataFrame) -> None:
        """The units of one question with the answer that a person gave (``tables.DECISIONS``), for good."""
        told = decided.told_of(decisions, tables.DECISIONS)
        self._write(partial(decided.units, decisions=decisions), partial(decided.answered, told=told))

    def answer_passage(self, passages: pd.DataFrame) -> None:
        """The phases that waited to be approved as a whole with a person's answer (``tables.PASSAGES``), for good."""
        told = decided.told_of(passages.assign(question=passages["reason"]), tables.PASSAGES | {"question": "str"})
        self._write(*decided.waiting(passages), partial(decided.answered, told=told))

    def note(self, told: tables.Record) -> None:
        """What a person decided of what is ours, as a row of ``ecampus_answer``; waits for the next commit.

        ``told``: phase, question, state, night, units, who, why.
        """
        self._waiting.append(partial(decided.answered, told=told))

    def known_as(self, name: str, number: int) -> None:
        """Give the register the name and the number that Moodle's mark carries; waits for the next commit."""
        parameters = {"name": name, "wanted": number}
        self._waiting.append(partial(tables.execute, statement=tables.text("known_as"), parameters=parameters))

    def _write(self, *more: Act) -> list[Any]:
        """What waits, then ``more``, in one transaction; what each of ``more`` gave."""
        return self._clerk.submit(self._written, more).result()

    def _written(self, more: Sequence[Act]) -> list[Any]:
        waiting = list(self._waiting)
        changes = _changed in waiting or _changed in more
        with self._tenure.transaction() as connection:
            for act in waiting:
                if act is not _changed:
                    act(connection)
            given = [act(connection) for act in more if act is not _changed]
            if changes:
                _changed(connection)
        del self._waiting[: len(waiting)]
        return given


def _records(kind: str, rows: pd.DataFrame | list[tables.Record]) -> list[tables.Record]:
    return rows if isinstance(rows, list) else tables.records(rows, SHAPES[kind])


def _changed(connection: Any) -> None:
    tables.execute(connection, tables.text("changed"))


def _replace(connection: Any, table: str, rows: pd.DataFrame, shape: tables.Shape) -> None:
    tables.empty(connection, table)
    tables.insert(connection, table, list(shape), tables.records(rows, shape))


def _replace_of(connection: Any, table: str, rows: pd.DataFrame, shape: tables.Shape, by: str) -> None:
    tables.delete(connection, table, [by], [{by: value} for value in rows[by].unique()])
    tables.insert(connection, table, list(shape), tables.records(rows, shape))
