"""How many calls at once: fewer when Moodle refuses some or slows down, more again when it is at ease."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import pytest
from moodle_standin import StandIn, refusal, reply

from ecampus.errors import SourceUnreachable
from ecampus.moodle.batches import TRIES, send
from ecampus.moodle.pace import CALM, LONGEST, UNTOLD, Pace

READ, WRITE = "core_group_get_course_groups", "core_course_create_courses"
BUSY = reply("<html>busy</html>", 503, {"Retry-After": "7"})


class Clock:
    """Time passes by sleeping, and as told."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(most=3, clock=clock, sleep=clock.sleep)


def answered(pace: Pace, clock: Clock, *seconds: float, weight: int = 1) -> None:
    for each in seconds:
        with pace.turn(READ, weight):
            clock.now += each


def test_each_refusal_is_one_call_less_at_once_and_one_sentence(pace, caplog):
    with caplog.at_level(logging.WARNING):
        for _ in range(4):
            pace.refused(503, None)
    assert pace.allowed == 1
    assert caplog.messages == [
        "Moodle refuse des appels (503) : 2 à la fois désormais au lieu de 3.",
        "Moodle refuse des appels (503) : 1 à la fois désormais au lieu de 2.",
    ]


@pytest.mark.parametrize(
    ("told", "left_alone"), [("7", 7), ("300", LONGEST), (None, UNTOLD), ("demain", UNTOLD), ("-1", UNTOLD)]
)
def test_moodle_is_left_alone_as_long_as_it_asks_within_bounds(pace, clock, told, left_alone):
    pace.refused(429, told)
    answered(pace, clock, 0, 0)
    assert clock.slept == [left_alone]


def test_a_moodle_that_slows_down_gets_fewer_calls_at_once(pace, clock, caplog):
    answered(pace, clock, 0.5, 6, 6)
    assert pace.allowed == 3
    with caplog.at_level(logging.WARNING):
        answered(pace, clock, 6)
    assert pace.allowed == 2
    assert caplog.messages == ["Moodle ralentit : 2 à la fois désormais au lieu de 3."]


def test_an_answer_that_is_always_long_is_not_slow(pace, clock):
    answered(pace, clock, 60, 70, 80, 90)
    assert pace.allowed == 3


def test_a_request_that_asks_for_more_may_take_longer(pace, clock):
    answered(pace, clock, 0.1, weight=10)
    answered(pace, clock, 8, 8, 8, weight=600)
    assert pace.allowed == 3


def test_at_ease_it_gets_more_again_up_to_the_first_number(pace, clock):
    pace.refused(503, None)
    answered(pace, clock, *[0.1] * 3 * CALM)
    assert pace.allowed == 3


def test_no_more_calls_than_allowed_are_under_way(pace):
    pace.refused(503, None)
    lock, running, most = Lock(), [0], [0]

    def call(_: int) -> None:
        with pace.turn(READ):
            with lock:
                running[0] += 1
                most[0] = max(most[0], running[0])
            with lock:
                running[0] -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(200)))
    assert most[0] <= 2


def busy_then(moodle: StandIn, answer: object, busy=BUSY) -> None:
    answers = iter([busy, answer])
    moodle.answer = lambda function, form: next(answers, answer)


def test_a_write_that_moodle_refused_before_it_did_anything_is_sent_again(client, moodle):
    busy_then(moodle, [{"id": 7, "shortname": "A"}])
    told: list[int] = []
    (outcome,) = send(client, WRITE, "courses", [{"shortname": "A"}], size=50, before_call=lambda _: told.append(1))
    assert (outcome.id, outcome.error, len(told)) == (7, None, 2)


def test_a_creation_that_a_bare_503_may_have_lost_midway_is_not_sent_again(client, moodle):
    busy_then(moodle, [{"id": 7, "shortname": "A"}], busy=reply("", 503))
    with pytest.raises(SourceUnreachable, match="503"):
        send(client, WRITE, "courses", [{"shortname": "A"}], size=50)
    assert len(moodle.calls) == 1


def test_memberships_are_sent_again_whatever_the_503_says(client, moodle):
    busy_then(moodle, None, busy=reply("", 503))
    members = [{"groupid": 1, "userid": 2}]
    (outcome,) = send(client, "core_group_add_group_members", "members", members, size=50)
    assert outcome.error is None


def test_a_moodle_that_always_refuses_is_given_up(client, moodle):
    moodle.answer = lambda function, form: BUSY
    with pytest.raises(SourceUnreachable):
        send(client, WRITE, "courses", [{"shortname": "A"}], size=50)
    assert len(moodle.calls) == TRIES


def test_a_refusal_of_the_items_changes_nothing_of_the_pace(client, moodle):
    moodle.answer = lambda function, form: refusal("shortnametaken", "Short name is already used (A)")
    send(client, WRITE, "courses", [{"shortname": "A"}], size=50)
    assert client.pace.allowed == client.pace.most
