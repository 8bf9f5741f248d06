"""The questions of a night in Airflow's required actions: asked, answered, written to the register, then done.

No branch decides: each answer is written down by the task that asked, and what is done is taken from the register.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import tenacity
from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param, TriggerRule, task

from ecampus.calendar import PARIS, today
from ecampus.errors import AlreadyRunning, AnswerRefused
from ecampus.orchestration import connections
from ecampus.orchestration.step import told
from ecampus.words import holding
from ecampus.words.names import TASKS

if TYPE_CHECKING:
    from airflow.sdk.definitions.context import Context

    from ecampus.night.question import Question
    from ecampus.register.register import Register

log = logging.getLogger("ecampus")

END = time(20)
"""Until when an answer is waited for, in Paris."""
SHORTEST = timedelta(hours=1)
AT_ONCE: dict[str, Any] = {
    "retry": tenacity.retry_if_exception_type(AlreadyRunning),
    "stop": tenacity.stop_after_delay(1800),
    "wait": tenacity.wait_random(1, 10),
    "reraise": True,
}
"""Answers come together, or while a run writes: each waits for the right to write, half an hour at most."""


@task(task_display_name=TASKS["questions"])
def questions() -> list[dict[str, Any]]:
    """What the register holds and nobody has answered: a question for each kind and composante."""
    from ecampus.night import approving

    found = [asked(question) for question in approving.questions(register_of(), connections.store())]
    log.info("%s", holding.waiting(len(found)))
    return found


class Ask(HITLOperator):
    """One question; its answer goes to the register, and no answer is none.

    ``question``: as ``asked`` makes it. ``params``: those of the DAG, which are not asked again.
    """

    template_fields: Sequence[str] = ("question",)

    def __init__(self, *, question: Any, params: Any = None, **kwargs: Any) -> None:
        del params
        why = Param("", type="string", title="Pourquoi", description=holding.WHY)
        super().__init__(subject="Décision", options=[holding.LATER], params={"why": why}, **kwargs)
        self.question = question

    def execute(self, context: Context) -> Any:
        """Ask, until 20h00 in Paris."""
        self._about()
        self.response_timeout = remaining(datetime.now(UTC))
        return super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> str:
        """Write the answer down. A question that is no longer the one asked is said so, and nothing is written."""
        self._about()
        if event.get("error_type") == "timeout":
            log.warning("%s", holding.unanswered(self.question["subject"]))
            return holding.unanswered(self.question["subject"])
        answer = super().execute_complete(context, event)
        said = holding.answer_of(answer["chosen_options"][0], self.options)
        if said is None:
            return holding.unanswered(self.question["subject"])
        who = (answer["responded_by_user"] or {}).get("name") or "inconnu"
        with told(context["ti"]):
            return self.write(said, str(who), str(answer["params_input"].get("why") or ""))

    def write(self, approves: bool, who: str, why: str) -> str:
        """The answer, in the register; what to say of it."""
        return _written(self.question, approves, who, why)

    def _about(self) -> None:
        self.subject, self.body = self.question["subject"], self.question["body"]
        self.options = self.question["options"]


@task(task_display_name=TASKS["approved"], trigger_rule=TriggerRule.ALL_DONE)
def approved() -> list[str]:
    """The DAGs of the phases of which something is approved, in the order of the night."""
    from ecampus.calendar import PHASES
    from ecampus.safety import decisions

    known = register_of().decisions()
    phases = set(known.loc[known["state"] == decisions.APPROVED, "phase"])
    return [f"ecampus_{phase}" for phase in PHASES if phase in phases]


def asked(question: Question) -> dict[str, Any]:
    """The question as Airflow shows it and hands it from task to task: codes, never a name."""
    return {
        "phase": question.phase,
        "name": question.name,
        "digest": question.digest,
        "subject": f"{question.subject} ({holding.dated(question.since)})",
        "body": holding.body(question.told, question.lines, question.digest),
        "options": question.options,
    }


def remaining(now: datetime) -> timedelta:
    """How long an answer is waited for: until 20h00 in Paris, an hour at least."""
    end = datetime.combine(now.astimezone(PARIS).date(), END, PARIS)
    return max(end.astimezone(UTC) - now.astimezone(UTC), SHORTEST)


def _written(question: dict[str, Any], approves: bool, who: str, why: str) -> str:
    from ecampus.night import approving

    register = register_of()
    same = [
        found
        for found in approving.questions(register, connections.store())
        if (found.phase, found.name, found.digest) == (question["phase"], question["name"], question["digest"])
    ]
    if not same:
        raise AnswerRefused(holding.changed(question["subject"]))
    units = tenacity.Retrying(**AT_ONCE)(approving.answer, register, same[0], approves, today(), who, why)
    said = holding.said(approves, units, who)
    log.info("%s", said)
    return said


def register_of() -> Register:
    """The register, its tables made if need be."""
    from ecampus.register.register import Register

    register = Register(connections.Systems().enrolment_hook())
    register.prepare()
    return register
