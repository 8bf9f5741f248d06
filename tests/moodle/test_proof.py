"""A write is done when its answer proves it: anything else stops, and what was in flight has no outcome."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moodle_standin import StandIn, reply

from ecampus.errors import SourceUnreachable, TruncatedRead
from ecampus.moodle import answers
from ecampus.moodle.batches import Outcome, send
from ecampus.moodle.functions import FUNCTIONS

UNKNOWN = "on ignore si l'écriture a été faite, relancer la phase, qui relira l'état avant d'écrire"
CREATE, UPDATE, JOIN = "core_course_create_courses", "core_course_update_courses", "core_cohort_add_cohort_members"
VOIDS = sorted(name for name, declared in answers.WRITES.items() if declared is answers.VOID)
NOTHING_OF_MOODLE = [
    {"error": "session expired"},
    {},
    3,
    True,
    False,
    "ok",
    [[]],
    [None],
    {"id": 7},
    {"warnings": None},
]


def made(*ids, names=("A", "B")):
    return [{"id": id_, "shortname": name} for id_, name in zip(ids, names, strict=True)]


def told_of(client, function, param, items) -> tuple[str, list[Outcome]]:
    known: list[Outcome] = []
    with pytest.raises(SourceUnreachable) as told:
        send(client, function, param, items, size=50, on_done=known.extend)
    return str(told.value), known


def test_every_write_that_a_phase_calls_says_what_it_answers():
    called = {name for names in FUNCTIONS.values() for name in names}
    assert {name for name in called if not answers.is_read(name)} <= set(answers.WRITES)
    assert {name for name in called if answers.is_read(name)} <= set(answers.READS)


@pytest.mark.parametrize(
    "answer",
    [
        *NOTHING_OF_MOODLE,
        None,
        [],
        [{}, {}],
        {"warnings": []},
        made("101", "102"),
        made(101, -102),
        made(101, 0),
        made(101, True),
        made(101, 102.0),
        made(101, 10**19),
        made(101, None),
        made(101, 101),
        made(101, 102, 103, names="ABC"),
        made(101, 102, names="BA"),
        made(101, names="B"),
        [{"id": 101}],
        [{"id": 101, "shortname": "A"}, {"error": "session expired"}],
    ],
)
def test_a_creation_is_done_only_by_an_id_of_its_own_for_each_item(client, moodle: StandIn, answer):
    moodle.answer = lambda function, form: reply(json.dumps(answer))
    told, known = told_of(client, CREATE, "courses", [{"shortname": "A"}, {"shortname": "B"}])
    assert UNKNOWN in told
    assert known == []
    assert len(moodle.calls) == 1


def test_the_answer_to_an_earlier_creation_is_no_proof(client, moodle):
    moodle.answer = lambda function, form: made(101, 102)
    items = [{"shortname": name} for name in "ABCD"]
    known: list[Outcome] = []
    with pytest.raises(SourceUnreachable) as told:
        send(client, CREATE, "courses", items, size=2, on_done=known.extend)
    assert known == [Outcome(0, 101), Outcome(1, 102)]
    assert str(told.value) == (
        'Moodle (http://moodle.test) a répondu « [{"id": 101, "shortname": "A"}, {"id": 102, "shortname": "B"}] » à'
        f" core_course_create_courses, ce qui n'est pas la réponse de cette fonction : {UNKNOWN}."
    )


def test_a_list_that_php_cut_is_believed_for_what_it_names(client, moodle):
    moodle.answer = lambda function, form: made(101, names="A")
    known: list[Outcome] = []
    with pytest.raises(TruncatedRead, match="1 objets pour 2 envoyés"):
        send(client, CREATE, "courses", [{"shortname": "A"}, {"shortname": "B"}], size=2, on_done=known.extend)
    assert known == [Outcome(0, 101)]


def test_what_moodle_trims_is_what_was_sent(client, moodle):
    moodle.answer = lambda function, form: [{"id": 5, "courseid": 7, "idnumber": "TD 1", "name": "TD 1"}]
    items = [{"courseid": 7, "idnumber": " TD 1 ", "name": "TD 1 "}]
    assert send(client, "core_group_create_groups", "groups", items, size=9) == [Outcome(0, 5)]


@pytest.mark.parametrize("function", VOIDS)
@pytest.mark.parametrize("answer", [*NOTHING_OF_MOODLE, [], [{"id": 4}], {"warnings": []}, "null"])
def test_a_call_that_answers_nothing_is_done_only_by_null(client, moodle, function, answer):
    moodle.answer = lambda *_: reply(json.dumps(answer))
    told, known = told_of(client, function, "members", [{"groupid": 1, "userid": 2}])
    assert UNKNOWN in told
    assert known == []


@pytest.mark.parametrize("function", VOIDS)
def test_null_is_the_proof_of_a_call_that_answers_nothing(client, moodle, function):
    assert send(client, function, "members", [4, 5], size=9) == [Outcome(0), Outcome(1)]


@pytest.mark.parametrize(
    ("function", "param"), [(UPDATE, "courses"), ("core_user_update_users", "users"), (JOIN, "members")]
)
@pytest.mark.parametrize(
    "answer",
    [
        *NOTHING_OF_MOODLE,
        None,
        [],
        {"warnings": {}},
        {"warnings": [{}]},
        {"warnings": [{"message": "x"}]},
        {"warnings": [{"warningcode": "x", "message": 3}]},
        {"warnings": [], "error": "session expired"},
    ],
)
def test_an_update_is_done_only_by_its_list_of_warnings(client, moodle, function, param, answer):
    moodle.answer = lambda *_: reply(json.dumps(answer))
    told, known = told_of(client, function, param, [{"id": 11}, {"id": 12}])
    assert UNKNOWN in told
    assert known == []


def test_a_warning_about_an_item_that_was_not_sent_is_the_answer_to_something_else(client, moodle):
    moodle.answer = lambda *_: {"warnings": [{"itemid": 13, "warningcode": "shortnametaken", "message": "pris"}]}
    told, known = told_of(client, UPDATE, "courses", [{"id": 11}, {"id": 12}])
    assert UNKNOWN in told
    assert known == []


def test_the_words_of_a_warning_keep_nothing_that_cannot_be_seen(client, moodle):
    words = {"itemid": 11, "warningcode": "x", "message": "un\x1b\r\nERROR \u202efaux"}
    moodle.answer = lambda *_: {"warnings": [words]}
    assert send(client, UPDATE, "courses", [{"id": 11}], size=9) == [Outcome(0, error="un ERROR faux")]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 12) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "shortname", "warnings", "warningcode", "message", "itemid", "error"]), inner
        )
    ),
    max_leaves=8,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(answer=ANYTHING, function=st.sampled_from([CREATE, UPDATE, VOIDS[0]]))
def test_whatever_comes_each_item_is_proven_refused_or_without_outcome(client, moodle, answer, function):
    moodle.answer = lambda *_: reply(json.dumps(answer))
    known: list[Outcome] = []
    stopped = ""
    try:
        send(client, function, "courses", [{"id": 11, "shortname": "A"}], size=9, on_done=known.extend)
    except SourceUnreachable as told:
        stopped = str(told)
    assert (UNKNOWN in stopped) == bool(stopped)
    assert [outcome.index for outcome in known] == ([] if stopped else [0])
