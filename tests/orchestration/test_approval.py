"""How long an answer is waited for, answers that come together, and what is no answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from tenacity.wait import wait_none

from ecampus.calendar import PARIS
from ecampus.errors import AlreadyRunning, AnswerRefused
from ecampus.night import approving
from ecampus.night.question import Question
from ecampus.orchestration import approval, connections
from ecampus.register.register import Register
from ecampus.store.files import Store
from ecampus.words import holding
from registers import hold, said, sqlite_hook

SUBJECT = "Offre : 3 cours à archiver"
ASKED = Question("offer", "archive_course", 3, "2026-11-24", "d1", "Retenu.", SUBJECT, [], holding.options(SUBJECT))


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (datetime(2026, 11, 24, 6, 15, tzinfo=PARIS), timedelta(hours=13, minutes=45)),
        (datetime(2026, 11, 24, 19, 30, tzinfo=PARIS), timedelta(hours=1)),
        (datetime(2026, 11, 24, 23, 0, tzinfo=PARIS), timedelta(hours=1)),
        (datetime(2026, 10, 25, 1, 0, tzinfo=PARIS), timedelta(hours=20)),
        (datetime(2027, 3, 28, 1, 0, tzinfo=PARIS), timedelta(hours=18)),
    ],
    ids=["morning", "late", "night", "an hour more", "an hour less"],
)
def test_an_answer_is_waited_for_until_eight_in_the_evening_in_paris_an_hour_at_least(now, left):
    assert approval.remaining(now) == left


@pytest.fixture
def answers(monkeypatch):
    """What was written; the register is held by another the first two times."""
    tries = iter([AlreadyRunning("occupé"), AlreadyRunning("occupé")])
    written: list[tuple] = []

    def answer(register, question, approved, night, who, why):
        if error := next(tries, None):
            raise error
        written.append((question.name, approved, who, why))
        return question.units

    monkeypatch.setattr(approval, "register_of", SimpleNamespace)
    monkeypatch.setattr(connections, "store", lambda: None)
    monkeypatch.setattr(approving, "questions", lambda *_: [ASKED])
    monkeypatch.setattr(approving, "answer", answer)
    monkeypatch.setitem(approval.AT_ONCE, "wait", wait_none())
    return written


def test_an_answer_given_while_another_is_written_is_not_lost(answers):
    assert approval._written(approval.asked(ASKED), True, "camille", "vu") == "Approuvé par camille : 3."
    assert answers == [("archive_course", True, "camille", "vu")]


def test_an_answer_to_what_is_no_longer_held_just_so_is_refused(answers):
    with pytest.raises(AnswerRefused, match="n'est plus ce qui vous a été montré"):
        approval._written(approval.asked(ASKED) | {"digest": "d0"}, True, "camille", "vu")
    assert answers == []


TIMEOUT = {"error": "The response timeout has passed.", "error_type": "timeout"}


def chosen(option: str) -> dict:
    """What Airflow hands on of an answer by ``camille``."""
    given = {"chosen_options": [option], "params_input": {"why": "vu"}, "responded_at": datetime.now(UTC)}
    return given | {"responded_by_user": {"id": "1", "name": "camille"}}


@pytest.fixture
def register(monkeypatch, tmp_path) -> Register:
    """A register in which a night held two questions, whose changes the store no longer shows."""
    register = Register(sqlite_hook(tmp_path))
    register.prepare()
    hold(register, archive_course=["A", "B"], rename_course=["C"])
    monkeypatch.setattr(approval, "register_of", lambda: register)
    monkeypatch.setattr(connections, "store", lambda: Store(tmp_path / "store"))
    return register


def answered(register: Register, event: dict) -> tuple[str, dict]:
    """What the task of the first question says of that event, and what was said of its units."""
    first, _ = approving.questions(register, connections.store())
    told = approval.Ask(task_id="ask", question=approval.asked(first)).execute_complete(
        {"ti": SimpleNamespace()}, event
    )
    return told, said(register)


UNANSWERED = dict.fromkeys("ABC", ("asked", None, None))
NOT_ANSWERED = (
    "Sans réponse : Offre de formation : 2 changements retenus (archive_course) (depuis la nuit du 23 novembre 2026) ;"
    " rien n'est fait, la question sera posée à nouveau."
)


@pytest.mark.parametrize("event", [TIMEOUT, chosen("Plus tard")], ids=["nobody in time", "later"])
def test_nobody_in_time_and_later_are_no_answer(register, event):
    assert answered(register, event) == (NOT_ANSWERED, UNANSWERED)


@pytest.mark.parametrize(
    ("option", "told", "state"),
    [
        ("Faire : 2 changements retenus (archive_course)", "Approuvé par camille : 2.", "approved"),
        ("Ne rien faire", "Refusé par camille : 2.", "refused"),
    ],
)
def test_an_answer_is_written_with_who_and_why_and_for_its_question_only(register, option, told, state):
    units = dict.fromkeys("AB", (state, "camille", "vu"))
    assert answered(register, chosen(option)) == (told, units | {"C": ("asked", None, None)})


@pytest.mark.usefixtures("airflow_database")
@pytest.mark.parametrize(
    "events",
    [{"archive_course": TIMEOUT, "rename_course": chosen("Plus tard")},
     dict.fromkeys(("archive_course", "rename_course"), chosen("Ne rien faire"))],
    ids=["no answer", "no everywhere"],
)  # fmt: skip
def test_without_a_yes_nothing_is_started_and_the_dag_is_green(register, monkeypatch, events):
    from airflow.dag_processing.dagbag import DagBag

    def waited(self, context):
        return self.execute_complete(context, events[self.question["name"]])

    monkeypatch.setattr(approval.Ask, "execute", waited)
    (dag,) = DagBag(str(Path(__file__).parents[2] / "dags" / "ecampus_approve.py")).dags.values()
    done = dag.test(logical_date=None)
    tasks = sorted((task.task_id, task.state) for task in done.get_task_instances())
    assert (done.state, tasks) == (
        "success",
        [
            ("apply", "skipped"),
            ("approved", "success"),
            ("ask", "success"),
            ("ask", "success"),
            ("questions", "success"),
        ],
    )
    assert "approved" not in {state for state, _, _ in said(register).values()}
