"""The register: what is ours, who may write, what is in flight, what later nights compare with.

It lives in the database of the enrolment table, so that rows and ownership change in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import pandas as pd

from ecampus.errors import EcampusError, LeaseLost
from ecampus.register import batches, owned_tables, schema, tables
from ecampus.register.batches import Batch
from ecampus.register.enrolment_table import EnrolmentTable
from ecampus.register.lease import Lease
from ecampus.register.owned import Owned
from ecampus.register.tenure import Limits, Tenure
from ecampus.sources import sql

PAGE = 500
"""Batches in the memory at once."""


@dataclass(frozen=True)
class State:
    """``name``: given once, at birth.

    ``number``: the one that Moodle's mark carries too; ``intended``: the one that it is being raised to, else null;
    ``late``: one that a run had in hand when its right was taken, and may still write should it wake.
    ``change``: raised by every commit that changes what is ours.
    """

    name: str
    number: int
    intended: int | None
    late: int | None
    change: int


class Register:
    """The register in the database that ``hook`` reaches, which holds the enrolment table ``enrolments`` too.

    Every reading is of one moment. Raises as ``sql.telling``.
    """

    def __init__(self, hook: sql.Hook, enrolments: str = EnrolmentTable.name, limits: Limits | None = None) -> None:
        self._hook, self._limits = hook, limits or Limits()
        self.table = EnrolmentTable(hook, enrolments)

    def prepare(self) -> None:
        """Make the tables, or bring them up to date; as ``schema.prepare``."""
        schema.prepare(self._hook, self.table.name, self._limits)

    def found(self) -> State | None:
        """Its name and its numbers, null where it was never made; nothing is written. Raises as ``prepare``."""
        known = schema.seen(self._hook, self.table.name) and schema.born(self._hook)
        return self.state() if known else None

    def state(self) -> State:
        """The same, of a register that is made."""
        with tables.moment(self._hook) as connection:
            ((name, *numbers),) = tables.select(connection, tables.text("state"))
        number, intended, late, change = (None if found is None else int(found) for found in numbers)
        return State(name, number or 0, intended, late, change or 0)

    def owned(self) -> Owned:
        """What is ours, columns as ``owned.SHAPES``."""
        with tables.moment(self._hook) as connection:
            return owned_tables.read(connection)

    def memory(self) -> dict[str, pd.DataFrame]:
        """``links``, ``following``, ``figures``, ``good``, ``done``, ``decisions``: as ``Lease`` left them."""
        with tables.moment(self._hook) as connection:
            return {
                "links": tables.frame(connection, "ecampus_link", tables.LINKS),
                "following": tables.frame(connection, "ecampus_following", tables.FOLLOWING),
                "figures": tables.frame(connection, "ecampus_figure", tables.FIGURES),
                "good": tables.frame(connection, "ecampus_good", tables.GOOD),
                "done": tables.frame(connection, "ecampus_done", tables.DONE),
                "decisions": tables.frame(connection, "ecampus_decision", tables.DECISIONS),
            }

    def decisions(self) -> pd.DataFrame:
        """What waits for people and what they said of it, unit by unit: ``tables.DECISIONS``."""
        with tables.moment(self._hook) as connection:
            return tables.frame(connection, "ecampus_decision", tables.DECISIONS)

    def asked(self) -> int:
        """How many units wait for an answer: counted there, for they may be hundreds of thousands."""
        with tables.moment(self._hook) as connection:
            ((number,),) = tables.select(connection, tables.text("asked"), {"state": tables.ASKED})
        return int(number)

    def answers(self) -> pd.DataFrame:
        """Every answer ever given, the first before the others: ``tables.ANSWERS``."""
        with tables.moment(self._hook) as connection:
            return tables.frame(connection, "ecampus_answer", tables.ANSWERS).sort_values("answered", kind="stable")

    def passages(self) -> dict[str, pd.DataFrame]:
        """``passages``, ``sites`` and ``figures``: as ``Lease`` left them."""
        with tables.moment(self._hook) as connection:
            return {
                "passages": tables.frame(connection, "ecampus_passage", tables.PASSAGES),
                "sites": tables.frame(connection, "ecampus_site", tables.SITES),
                "figures": tables.frame(connection, "ecampus_figure", tables.FIGURES),
            }

    def open_batches(self) -> list[Batch]:
        """Batches that were intended and not settled, oldest first: whoever sent them was killed."""
        with tables.moment(self._hook) as connection:
            return batches.still_open(connection)

    def batches(self, run: str) -> list[Batch]:
        """Every batch of a run, oldest first."""
        with tables.moment(self._hook) as connection:
            return batches.of_a_run(connection, run)

    def all_batches(self) -> Iterator[Batch]:
        """Every batch that is kept, oldest first, a few at a time."""
        with tables.moment(self._hook) as connection:
            for after in range(0, batches.last(connection), PAGE):
                yield from batches.between(connection, after, after + PAGE)

    @contextmanager
    def lease(self, holder: str) -> Iterator[Lease]:
        """Hold the right to write while the block runs; what waits is written at its end, after an error too.

        Raises AlreadyRunning, naming who holds it and since when.
        """
        tenure = Tenure(self._hook, holder, self._limits)
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="register") as clerk:
            lease = clerk.submit(self._taken, tenure, clerk).result()
            try:
                yield lease
            except LeaseLost:
                raise
            except BaseException:
                with suppress(EcampusError):  # the first error is the one to tell
                    lease.commit()
                raise
            else:
                lease.commit()
            finally:
                clerk.submit(tenure.release).result()

    def _taken(self, tenure: Tenure, clerk: Executor) -> Lease:
        tenure.take()
        try:
            with tenure.transaction() as connection:
                return Lease(tenure, self.table, batches.last(connection), clerk)
        except BaseException:
            tenure.release()
            raise
