"""The tasks of ``ecampus_undo``: shown, asked as one question, done phase by phase; or released."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import tenacity
from airflow.sdk import TriggerRule, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from ecampus.calendar import Frozen, today
from ecampus.orchestration import connections
from ecampus.orchestration.approval import AT_ONCE, Ask, register_of
from ecampus.orchestration.step import told
from ecampus.words.names import TASKS

if TYPE_CHECKING:
    from ecampus.night.undoing import Undoing

log = logging.getLogger("ecampus")


@task(task_display_name=TASKS["release"])
def release() -> None:
    """Let the nights to come do again what was undone; skipped without a night to release."""
    context = get_current_context()
    params: Any = context["params"]
    if not params["release"]:
        raise AirflowSkipException("Rien à libérer : le paramètre « release » est vide.")
    with told(context["ti"]):
        from ecampus.night import undoing
        from ecampus.words import undoing as words

        night, who = undoing.Undoing.of(params["release"], "", "").night, _who(context)
        again = tenacity.Retrying(**AT_ONCE)
        units = again(undoing.release, register_of(), night, today(), who, params["reason"] or "")
        log.info("%s", words.released(night, units, who))


@task(task_display_name=TASKS["preview"], execution_timeout=timedelta(hours=3))
def preview() -> dict[str, Any]:
    """What does not come back, and what the undoing would do; nothing is written. Skipped without a night to undo."""
    context = get_current_context()
    params: Any = context["params"]
    if not params["night"]:
        raise AirflowSkipException("Rien à annuler : le paramètre « night » est vide.")
    with told(context["ti"]):
        from ecampus.night import undoing
        from ecampus.words import undoing as words

        live()
        asked = _asked(context)
        found = undoing.preview(connections.store(), connections.Systems(), asked, today())
        lines = words.preview(asked.night, found.reports)
        log.info("%s", "\n".join(lines))
        if not found.changes:
            raise AirflowSkipException(words.NOTHING_LEFT)
        return {
            "night": asked.night.isoformat(),
            "phases": " ".join(asked.phases),
            "run": asked.name,
            "digest": found.digest,
            "subject": words.subject(asked.night, asked.phases, found.changes),
            "body": words.body(lines, params["reason"] or ""),
            "options": words.OPTIONS,
        }


class AskUndo(Ask):
    """Whether this night is undone, as a whole; the answer goes to the register. ``question``: of ``preview``."""

    def write(self, approves: bool, who: str, why: str) -> str:
        """The answer, for exactly what was shown."""
        from ecampus.night import undoing
        from ecampus.words import undoing as words

        asked = undoing.Undoing.of(self.question["night"], self.question["phases"], self.question["run"])
        again = tenacity.Retrying(**AT_ONCE)
        again(undoing.decide, register_of(), asked, self.question["digest"], approves, today(), who, why)
        said = words.asked(approves, asked.night, who)
        log.info("%s", said)
        return said


@task(execution_timeout=timedelta(hours=5), retries=4, trigger_rule=TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS)
def undo(phase: str) -> str:
    """Read, turn round, check, write, verify, report one phase; skipped unless the register says: approved."""
    context = get_current_context()
    with told(context["ti"]):
        from ecampus.errors import AnswerRefused
        from ecampus.night import undoing
        from ecampus.words import undoing as words

        asked, store = _asked(context), connections.store()
        if phase not in asked.phases:
            return f"« {phase} » n'est pas à annuler."
        try:
            undoing.require_approved(register_of(), store, asked)
        except AnswerRefused as refused:
            raise AirflowSkipException(str(refused)) from None
        made = undoing.undo(store, connections.Systems(), asked, phase, today(), live)
        return words.done(asked.night, {phase: made})


def live() -> None:
    """Raises Frozen while nothing may be written."""
    if reason := connections.freeze().reason(today()):
        raise Frozen(reason)


def _asked(context: Any) -> Undoing:
    from ecampus.night import undoing

    params: Any = context["params"]
    return undoing.Undoing.of(params["night"], params["phases"] or "", f"annulation__{context['dag_run'].run_id}")


def _who(context: Any) -> str:
    return str(getattr(context["dag_run"], "triggering_user_name", None) or "inconnu")
