"""Where Airflow asks what waits: at the question itself, or in one sentence when it will be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from ecampus.night.question import Question
from ecampus.words import deciding, holding

DAG = "ecampus_approve"
WAITS = "awaiting_input"
ENDED = ("success", "failed", "skipped", "upstream_failed", "removed")
"""States of a task as Airflow names them."""


class Task(NamedTuple):
    """One of the tasks that ask, in a run of ``DAG`` that has not ended; ``body``: null before it asks."""

    run: str
    name: str
    map_index: int
    state: str | None
    body: str | None
    answered: bool


@dataclass(frozen=True)
class Asking:
    """``on``: Airflow starts the DAG at its hour; ``tasks``: those of its run that has not ended, none without one."""

    on: bool
    tasks: Sequence[Task]


class Way(NamedTuple):
    """Where «Décider» leads, from Airflow's root, and what is said beside it; either may be empty."""

    path: str
    label: str
    told: str


def way(question: Question, asking: Asking, may_answer: bool, contact: str) -> Way:
    """How this visitor answers this question. ``contact``: whom to ask where the account may not."""
    if not may_answer:
        return Way("", "", deciding.may_not(contact))
    mark = holding.mark(question.digest)
    posed = [task for task in asking.tasks if task.body and task.body.endswith(mark) and task.state not in ENDED]
    if posed and posed[0].answered:
        return Way("", "", deciding.NOTED)
    if posed and posed[0].state == WAITS:
        return Way(address(posed[0]), deciding.DECIDE, "")
    return Way(f"dags/{DAG}", deciding.OPEN, _when(asking))


def address(task: Task) -> str:
    """The question in Airflow, at the very task that asks it."""
    return f"dags/{DAG}/runs/{quote(task.run, safe='')}/tasks/{task.name}/mapped/{task.map_index}/required_actions"


def _when(asking: Asking) -> str:
    going = [task for task in asking.tasks if task.state not in ENDED]
    if any(task.state != WAITS for task in going):
        return deciding.SOON
    if going:
        return deciding.AFTERWARDS
    return deciding.AT_ITS_HOUR if asking.on else deciding.PAUSED
