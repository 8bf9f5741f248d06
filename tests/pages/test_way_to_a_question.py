"""Where «Décider» leads, and what is said where it leads nowhere yet."""

from __future__ import annotations

import pytest

from ecampus.night.question import Question
from ecampus.pages.asking import Asking, Task, Way, way
from ecampus.words import deciding, holding

QUESTION = Question("offer", "archive_course", 3, "2026-11-24", "d1", "Retenu.", "Offre : 3 cours", ["A"], [])


def asks(index: int, state: str | None, digest: str | None = "d1", answered: bool = False) -> Task:
    body = holding.body("Retenu.", ["A"], digest) if digest else None
    return Task("run", "ask", index, state, body, answered)


LISTED = Task("run", "questions", -1, "success", None, False)
THERE = "dags/ecampus_approve/runs/run/tasks/ask/mapped/1/required_actions"
DAG = "dags/ecampus_approve"


@pytest.mark.parametrize(
    ("tasks", "led", "told"),
    [
        ([LISTED, asks(0, "awaiting_input", "d0"), asks(1, "awaiting_input")], THERE, ""),
        ([LISTED, asks(0, "running", None), asks(1, "awaiting_input")], THERE, ""),
        ([LISTED, asks(0, "awaiting_input", "d0"), asks(1, "scheduled", answered=True)], "", deciding.NOTED),
        ([LISTED, asks(0, "awaiting_input", "d0"), asks(1, "success", answered=True)], DAG, deciding.AFTERWARDS),
        ([LISTED, asks(0, "awaiting_input", "d0")], DAG, deciding.AFTERWARDS),
        ([LISTED, asks(0, "awaiting_input", "d0"), asks(1, "queued", None)], DAG, deciding.SOON),
        ([LISTED, asks(1, "running")], DAG, deciding.SOON),
        ([Task("run", "questions", -1, "running", None, False), asks(-1, None, None)], DAG, deciding.SOON),
        ([LISTED, asks(0, "failed", answered=True)], DAG, deciding.AT_ITS_HOUR),
        ([], DAG, deciding.AT_ITS_HOUR),
    ],
    ids=["asked", "asked, others not yet", "answered", "put off, others asked", "a night passed since", "asked in a moment",
         "about to wait", "being listed", "refused, all answered", "nobody asks"],
)  # fmt: skip
def test_a_question_is_answered_where_airflow_asks_it_or_when_it_will(tasks, led, told):
    found = way(QUESTION, Asking(True, tasks), True, "")
    assert (found.path, found.told) == (led, told)
    assert found.label == {THERE: "Décider", DAG: "Ouvrir « Décisions (06h15) »", "": ""}[led]


def test_a_dag_in_pause_asks_nothing_but_what_it_asked_before():
    assert way(QUESTION, Asking(False, []), True, "") == Way(DAG, deciding.OPEN, deciding.PAUSED)
    assert way(QUESTION, Asking(False, [asks(1, "awaiting_input")]), True, "") == Way(THERE, "Décider", "")


def test_who_may_not_answer_is_led_nowhere_and_told_whom_to_ask():
    told = "Votre compte ne permet pas de répondre : le demander à qui le peut (pôle plateforme)."
    assert way(QUESTION, Asking(True, [asks(1, "awaiting_input")]), False, "pôle plateforme") == Way("", "", told)
