"""One task of one run of a phase: its night, whether it may write, and what becomes of its errors."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import (
    AirflowException,
    AirflowFailException,
    AirflowSkipException,
    AirflowTaskTimeout,
)

from ecampus import calendar as nights
from ecampus.calendar import Frozen
from ecampus.errors import AlreadyRunning, EcampusError, SourceUnreachable
from ecampus.orchestration import connections, records

if TYPE_CHECKING:
    from airflow.sdk.definitions.context import Context

    from ecampus.store.files import Run

log = logging.getLogger("ecampus")

REASON = "reason"
"""The XCom in which a task that failed or was skipped leaves its sentence."""
WORTH_A_RETRY = (SourceUnreachable, AlreadyRunning)


@dataclass(frozen=True)
class Step:
    """What a task needs to know of the run it belongs to."""

    phase: str
    context: Context

    @cached_property
    def night(self) -> date:
        """The night of this run."""
        return night_of_run(self.context["dag_run"], self.context["params"])

    @property
    def systems(self) -> connections.Systems:
        """The systems, opened when asked for."""
        return connections.Systems()

    @cached_property
    def run(self) -> Run:
        """Where and how this phase of this night runs."""
        return run_of(self.phase, self.night, self.context["dag_run"].run_id)

    @property
    def counts(self) -> bool:
        """Whether the next phase may go by this run: a backfill never writes, so it settles nothing."""
        return bool(self.context["dag_run"].run_type != "backfill")

    def why_not_write(self) -> str | None:
        """Why nothing may be written at this moment; the Variable is read again at each call."""
        today, freeze = nights.today(), connections.freeze()
        read_only = nights.why_read_only(self.night, today, self.context["dag_run"].run_type)
        return read_only or freeze.reason(self.night) or freeze.reason(today)

    def may_write(self) -> None:
        """Raise ``Frozen``, with the reason, unless writing is allowed at this moment."""
        if reason := self.why_not_write():
            raise Frozen(reason)


def run_of(phase: str, night: date, run_id: str) -> Run:
    """One run of one phase in the store; a past night is replayed."""
    from ecampus.store.files import Run

    return Run(connections.store(), phase, night, run_id, nights.is_past(night, nights.today()))


def night_of_run(dag_run: Any, params: Any) -> date:
    """The night of an Airflow run: its ``night`` parameter, else its Paris date."""
    return nights.night_of(params.get("night"), dag_run.logical_date, dag_run.run_after)


@contextmanager
def step(phase: str) -> Iterator[Step]:
    """Around the body of every task: the run is marked as at work, its errors become one French sentence.

    An ``EcampusError`` fails the task at once, unless a retry may help; ``Frozen`` shows it as skipped. Anything
    else is a defect of ours and goes through with its traceback.
    """
    context = get_current_context()
    with told(context["ti"]):
        current = Step(phase, context)
        if current.counts:
            records.begin(current.run)
        yield current


@contextmanager
def told(ti: Any) -> Iterator[None]:
    """Log the sentence of an error, leave it for the report, and tell Airflow what to do with the task."""
    try:
        yield
    except Frozen as frozen:
        log.warning("%s", frozen)
        ti.xcom_push(key=REASON, value=str(frozen))
        raise AirflowSkipException(str(frozen)) from None
    except EcampusError as error:
        log.error("%s", error)
        ti.xcom_push(key=REASON, value=str(error))
        again = isinstance(error, WORTH_A_RETRY)
        raise (AirflowException if again else AirflowFailException)(str(error)) from None
    except AirflowTaskTimeout:
        ti.xcom_push(key=REASON, value=f"La tâche « {ti.task_id} » n'a pas fini dans le temps imparti.")
        raise
    except AirflowException:
        raise
    except Exception as error:
        defect = f"Erreur imprévue dans la tâche « {ti.task_id} » ({type(error).__name__}) : voir son journal."
        ti.xcom_push(key=REASON, value=defect)
        raise
