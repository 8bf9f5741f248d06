"""The tasks of a phase, in the order of the night: a docstring and one call each."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from airflow.sdk import TriggerRule, get_current_context, task

from ecampus.calendar import Frozen, TooLate, in_french, today
from ecampus.orchestration import connections, mailing
from ecampus.orchestration.ending import Failed
from ecampus.orchestration.outcome import conclude
from ecampus.orchestration.step import STOPPED, Step, step, told
from ecampus.words.lines import broken
from ecampus.words.names import TASKS

if TYPE_CHECKING:
    from ecampus.store.opening import Opening

log = logging.getLogger("ecampus")


@task(task_display_name=TASKS["forecast"], retries=0)
def forecast(phase: str) -> str:
    """Say what the rest of the night would hold or refuse; whatever becomes of it, the night then begins."""
    with step(phase, opened=False) as at:
        from ecampus.night import forecast as foresight

        foresight.forget(at.run)
        at.may_be_foreseen()
        return _said(foresight.make(at.run, at.systems, datetime.now(UTC)))


@task(task_display_name=TASKS["open_night"], trigger_rule=TriggerRule.ALL_DONE, on_success_callback=mailing.opened)
def open_night(phase: str) -> str:
    """Decide once what this run is: its night, whether it writes, the year; refuse a night to come."""
    context = get_current_context()
    with told(context["ti"]):
        return _opened(Step(phase, context).open())


@task(task_display_name=TASKS["extract_source"], execution_timeout=timedelta(hours=2))
def extract_source(phase: str) -> str:
    """Read the source of this phase (REFER, LDAP) into the folder of the run."""
    from ecampus.night import reconcile

    with step(phase) as at:
        return _said(at.kept("source") or reconcile.extract_source(at.run, at.systems))


@task(task_display_name=TASKS["extract_moodle"], execution_timeout=timedelta(hours=2))
def extract_moodle(phase: str) -> str:
    """Read what Moodle and the enrolment table have into the folder of the run."""
    from ecampus.night import reconcile

    with step(phase) as at:
        return _said(at.kept("existing") or reconcile.extract_moodle(at.run, at.systems))


@task(task_display_name=TASKS["diff"])
def diff(phase: str) -> str:
    """Compare what Moodle has with what the rules want: the plan and the anomalies."""
    from ecampus.night import reconcile

    with step(phase) as at:
        return _said(reconcile.diff(at.run))


@task(task_display_name=TASKS["check"], on_success_callback=mailing.checked)
def check(phase: str) -> str:
    """Refuse a plan that is not safe."""
    from ecampus.night import reconcile

    with step(phase) as at:
        return _said(reconcile.check(at.run))


@task(task_display_name=TASKS["apply"], execution_timeout=timedelta(hours=5), retries=4)
def apply(phase: str) -> str:
    """Write the plan; skipped, with the reason, when writing is not allowed. Retries outlast another writer."""
    with step(phase) as at:
        from ecampus.night import passage, reconcile

        try:
            at.may_begin()
            return _said(reconcile.apply(at.run, at.systems, at.may_write))
        except Frozen as frozen:
            if not isinstance(frozen, TooLate):
                passage.show(at.run, at.systems)
            return _stopped(at, frozen)


@task(task_display_name=TASKS["verify"], execution_timeout=timedelta(hours=2))
def verify(phase: str) -> str:
    """Read again what was written and compare again: nothing may be left."""
    from ecampus.night import reconcile

    with step(phase) as at:
        return _said(reconcile.verify(at.run, at.systems))


@task(
    task_display_name=TASKS["report"], trigger_rule=TriggerRule.ALL_DONE, map_index_template="{{ ended | default('') }}"
)
def report(phase: str) -> str:
    """Write the report and the record of the run, whatever happened; fail when a task before failed.

    What it returns, and shows among the tasks of the run, is how the phase ended: a green run may be a frozen one.

    Of a run beside the night (replay, backfill) the task that failed stays red, the run as a whole does not.
    """
    with step(phase, opened=False) as at, conclude(at) as outcome:
        from ecampus.night import reconcile
        from ecampus.words import states

        _said(reconcile.report(at.run, outcome.state, outcome.reason))
        if outcome.state == "failed" and not at.beside:
            raise Failed(str(outcome.reason))
        ended = states.state_of(at.run.files.read_json("report.json"))
        at.context["ended"] = ended  # type: ignore[typeddict-unknown-key]
        return ended


@task(task_display_name=TASKS["prune"])
def prune() -> str:
    """Take away what is kept no longer: it stands in no night, is not frozen, and writes nothing in Moodle."""
    from ecampus.night import keeping

    with told(get_current_context()["ti"]):
        return _said(keeping.prune(connections.store(), connections.Systems(), today(), connections.keeping()))


def _opened(opening: Opening) -> str:
    return _said(f"Nuit du {in_french(opening.night)}. {opening.reason or 'Les écritures dans ecampus sont permises.'}")


def _stopped(at: Step, frozen: Frozen) -> str:
    """A freeze that begins on the way leaves what was written, which ``verify`` looks at; else nothing was begun."""
    from ecampus.night import reports

    sentence = reports.stopped(at.run, frozen.stopped, str(frozen))
    if sentence is None:
        raise frozen
    at.context["ti"].xcom_push(key=STOPPED, value=sentence)
    return _said(sentence)


def _said(sentence: str) -> str:
    log.info("%s", broken(sentence))
    return sentence
