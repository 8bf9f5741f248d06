"""The tasks of a phase, in the order of the night: a docstring and one call each."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from airflow.sdk import Param, TriggerRule, task
from airflow.sdk.exceptions import AirflowFailException

from ecampus.calendar import in_french
from ecampus.orchestration.outcome import conclude
from ecampus.orchestration.step import Step, step

log = logging.getLogger("ecampus")

DEFAULTS: dict[str, Any] = {
    "owner": "pôle plateforme",
    "retries": 2,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": 2,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(hours=1),
}
PARAMS = {
    "night": Param(
        None,
        type=["null", "string"],
        format="date",
        title="Nuit",
        description="Date de la nuit, par exemple 2026-11-20. Vide : cette nuit. Une nuit passée est rejouée en"
        " lecture seule depuis son archive.",
    )
}


@task
def open_night(phase: str) -> str:
    """Refuse a night to come; say which night this is and whether it writes."""
    with step(phase) as at:
        return _opening(at)


@task(execution_timeout=timedelta(hours=2))
def extract_source(phase: str) -> str:
    """Read the source of this phase (REFER, LDAP) into the folder of the run."""
    from ecampus.night import reconcile

    with step(phase) as at:
        return _said(reconcile.extract_source(at.run, at.systems))


@task(execution_timeout=timedelta(hours=2))
def extract_moodle(phase: str) -> str:
    """Read what Moodle and the enrolment table have into the folder of the run."""
    from ecampus.night import reconcile

    with step(phase) as at:
        return _said(reconcile.extract_moodle(at.run, at.systems))


@task
def diff(phase: str) -> str:
    """Compare what Moodle has with what the rules want: the plan and the anomalies."""
    from ecampus.night import reconcile

    with step(phase) as at:
        return _said(reconcile.diff(at.run))


@task
def check(phase: str) -> str:
    """Refuse a plan that is not safe."""
    from ecampus.night import reconcile

    with step(phase) as at:
        return _said(reconcile.check(at.run))


@task(execution_timeout=timedelta(hours=5))
def apply(phase: str) -> str:
    """Write the plan; skipped, with the reason, when writing is not allowed."""
    with step(phase) as at:
        at.may_write()
        from ecampus.night import reconcile

        return _said(reconcile.apply(at.run, at.systems, at.may_write))


@task(execution_timeout=timedelta(hours=2))
def verify(phase: str) -> str:
    """Read again what was written and compare again: nothing may be left."""
    from ecampus.night import reconcile

    with step(phase) as at:
        return _said(reconcile.verify(at.run, at.systems))


@task(trigger_rule=TriggerRule.ALL_DONE)
def report(phase: str) -> None:
    """Write the report and the record of the run, whatever happened; fail when a task before failed."""
    with step(phase) as at, conclude(at) as outcome:
        from ecampus.night import reconcile

        _said(reconcile.report(at.run, outcome.state, outcome.reason))
        if outcome.state == "failed":
            raise AirflowFailException(outcome.reason)


def _opening(at: Step) -> str:
    reason = at.why_not_write()
    return _said(f"Nuit du {in_french(at.night)}. {reason or 'Les écritures dans ecampus sont permises.'}")


def _said(sentence: str) -> str:
    log.info("%s", sentence)
    return sentence
