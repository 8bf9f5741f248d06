"""How a run of a phase ended, from the states of its tasks, and the record that the next phase reads."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ecampus.errors import EcampusError
from ecampus.orchestration import records
from ecampus.orchestration.ending import Failed
from ecampus.orchestration.step import REASON, STOPPED, Step, is_recorded, night_of_run, run_of
from ecampus.words import names

if TYPE_CHECKING:
    from airflow.sdk.definitions.context import Context

log = logging.getLogger("ecampus")

WAIT = "wait"
TASKS = ("open_night", WAIT, "extract_source", "extract_moodle", "diff", "check", "apply", "verify")


@dataclass(frozen=True)
class Outcome:
    """``failed`` and why; ``stopped`` on the way and why; or ``success`` and, when nothing was written, why.

    ``passed_on``: as in ``RunRecord``.
    """

    state: Literal["success", "stopped", "failed"]
    reason: str | None
    passed_on: bool = False


def outcome_of(
    states: Mapping[str, str | None], reason_of: Callable[[str], str | None], stopped: str | None = None
) -> Outcome:
    """The first task that failed decides; a skipped one only tells why nothing was written.

    ``stopped``: why ``apply`` stopped on its way.
    """
    for task_id in TASKS:
        if states.get(task_id) == "failed":
            silent = f"La tâche {names.task(task_id)} s'est arrêtée sans donner de raison : voir son journal."
            return Outcome("failed", reason_of(task_id) or silent, task_id == WAIT)
    if stopped and states.get("apply") == "success":
        return Outcome("stopped", stopped)
    for task_id in TASKS:
        if states.get(task_id) == "skipped":
            return Outcome("success", reason_of(task_id))
    return Outcome("success", None)


@contextmanager
def conclude(at: Step) -> Iterator[Outcome]:
    """Give the outcome of the tasks before the report, then leave it in the record, even if the report fails.

    Of a run beside the night only the task that failed stays red: neither a record nor the state of the DAG says it. A
    run that does only what was approved has no record either, whatever became of it: the phase is not done by it.
    """
    outcome = _outcome_so_far(at)
    try:
        yield outcome
    except EcampusError as error:
        if at.recorded:
            _record_failure(at, outcome, error)
        if not at.beside:
            raise
        log.error("%s", error)
    except (Exception, Failed) as error:
        if at.recorded:
            _record_failure(at, outcome, error)
        raise
    else:
        if at.recorded:
            records.finish(at.run, "success", outcome.reason)


def record_crash(context: Context) -> None:
    """For a DAG's ``on_failure_callback``: a run that could not even report is recorded as failed."""
    dag_run: Any = context.get("dag_run")
    if dag_run is None:
        log.error("Exécution %s en échec, sans tâche : sa nuit est inconnue.", context.get("run_id"))
        return
    phase = str(context["dag"].dag_id).removeprefix("ecampus_")
    run = run_of(phase, night_of_run(dag_run, dag_run.conf or {}), dag_run.run_id)
    if not is_recorded(run, dag_run):
        return
    found = records.read(run.files)
    if found is None or not found.finished_at:
        reason = "L'exécution a été interrompue : voir les journaux de ses tâches dans Airflow."
        records.finish(run, "failed", reason)


def _record_failure(at: Step, outcome: Outcome, error: BaseException) -> None:
    records.finish(at.run, "failed", outcome.reason or str(error), passed_on=outcome.passed_on)


def _outcome_so_far(at: Step) -> Outcome:
    ti, run_id = at.context["ti"], at.context["dag_run"].run_id
    states = ti.get_task_states(dag_id=ti.dag_id, run_ids=[run_id]).get(run_id, {})
    return outcome_of(states, lambda task_id: _told(ti, task_id, REASON), _told(ti, "apply", STOPPED))


def _told(ti: Any, task_id: str, key: str) -> str | None:
    found = ti.xcom_pull(task_ids=task_id, key=key)
    return found if isinstance(found, str) else None
