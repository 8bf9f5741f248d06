"""How long an answer is waited for, and answers that come together."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from tenacity.wait import wait_none

from ecampus.calendar import PARIS
from ecampus.errors import AlreadyRunning, AnswerRefused
from ecampus.night import approving
from ecampus.night.question import Question
from ecampus.orchestration import approval, connections
from ecampus.words import holding

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
