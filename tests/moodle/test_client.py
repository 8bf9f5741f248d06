"""The envelope: how a call is written and what each answer of Moodle means."""

from __future__ import annotations

import traceback

import numpy as np
import pandas as pd
import pytest
import requests
from moodle_standin import TOKEN, StandIn, refusal, reply

from ecampus.errors import SourceRefused, SourceUnreachable
from ecampus.moodle.client import MoodleClient, MoodleRefusal, flatten

READ, WRITE = "core_course_get_courses", "core_course_create_courses"


def test_nested_values_are_written_as_php_reads_them():
    users = [{"id": 7, "suspended": True, "tags": ["a", "b"], "email": None}, {"id": np.int64(8)}]
    assert list(flatten("users", users)) == [
        ("users[0][id]", "7"),
        ("users[0][suspended]", "1"),
        ("users[0][tags][0]", "a"),
        ("users[0][tags][1]", "b"),
        ("users[1][id]", "8"),
    ]


@pytest.mark.parametrize("null", [None, pd.NA, float("nan")])
def test_a_null_is_left_out_whatever_its_kind(null):
    assert list(flatten("email", null)) == []


def test_the_header_comes_first_and_names_come_back_unescaped(client: MoodleClient, moodle: StandIn):
    client.call(READ, x=False)
    assert list(moodle.calls[0].items()) == [
        ("wstoken", TOKEN),
        ("wsfunction", READ),
        ("moodlewsrestformat", "json"),
        ("moodlewssettingraw", "1"),
        ("x", "0"),
    ]


def test_a_call_that_php_would_cut_is_a_defect_and_is_not_sent(client: MoodleClient, moodle: StandIn):
    assert client.call(WRITE, courses=list(range(995))) is None
    with pytest.raises(AssertionError, match="1000 variables"):
        client.call(WRITE, courses=list(range(996)))
    assert len(moodle.calls) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal("invalidtoken", "Invalid token - token not found"), "refuse le jeton"),
        (refusal("accessexception", "Access to the function is not allowed"), "refuse l'accès à"),
        (
            refusal("invalidrecord", "Can't find data record in database table external_functions."),
            "ne connaît pas core_course_create_courses",
        ),
        (refusal("nopermissions", "Create courses"), "une capacité lui manque : Create courses"),
        (refusal("x", "y", "core\\exception\\required_capability_exception"), "une capacité lui manque"),
        (refusal("wsaccessusersuspended", "Suspended"), "n'accepte pas le compte du jeton"),
        (reply("", 403), "services web ou le protocole REST sont désactivés"),
        (reply("<html>too large</html>", 413), "trop grosse"),
        (reply("", 301, {"Location": "https://moodle.test"}), "renvoie vers https://moodle.test"),
        (reply("<html>nothing</html>", 404), "répond 404"),
    ],
)
def test_what_a_person_must_mend_is_refused_and_never_retried(client, moodle, answer, words):
    moodle.answer = lambda function, form: answer
    with pytest.raises(SourceRefused, match=words):
        client.call(WRITE)
    assert len(moodle.calls) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal("sitemaintenance", "The site is undergoing maintenance"), "indisponible"),
        (reply("<html>maintenance</html>", 503, {"Retry-After": "300"}), "maintenance"),
        (reply("Bad gateway", 502), "erreur 502"),
        (reply("oops", 500), "erreur 500"),
        (reply("<!DOCTYPE html><html>"), "du HTML au lieu de JSON"),
        (reply('<?xml version="1.0"?><EXCEPTION/>'), "du XML au lieu de JSON"),
        (reply(""), "une page vide au lieu de JSON"),
    ],
)
def test_a_moodle_that_is_away_is_asked_again_for_reads_only(client, moodle, answer, words):
    moodle.answer = lambda function, form: answer
    with pytest.raises(SourceUnreachable, match=words):
        client.call(READ)
    assert len(moodle.calls) == 4
    with pytest.raises(SourceUnreachable, match=words):
        client.call(WRITE)
    assert len(moodle.calls) == 5


def test_a_read_succeeds_when_moodle_comes_back(client, moodle):
    answers = iter([reply("", 502), reply("", 503), [{"id": 2}]])
    moodle.answer = lambda function, form: next(answers)
    assert client.call(READ) == [{"id": 2}]


def test_a_time_out_of_a_write_says_that_nobody_knows(client, moodle):
    def answer(function, form):
        raise requests.ReadTimeout("read timed out")

    moodle.answer = answer
    with pytest.raises(SourceUnreachable, match="on ignore si l'écriture a été faite"):
        client.call(WRITE)
    assert len(moodle.calls) == 1


def test_a_refusal_of_the_items_keeps_moodles_words(client, moodle):
    moodle.answer = lambda function, form: refusal("shortnametaken", "Short name is already used (X)")
    with pytest.raises(MoodleRefusal) as caught:
        client.call(WRITE)
    assert (caught.value.errorcode, caught.value.words) == (
        "shortnametaken",
        "Short name is already used (X)",
    )


def test_an_unknown_record_of_another_table_is_about_the_items(client, moodle):
    moodle.answer = lambda function, form: refusal("invalidrecord", "Can't find data record in table user.")
    with pytest.raises(MoodleRefusal):
        client.call(WRITE)


@pytest.mark.parametrize("error", [requests.ConnectionError, requests.ReadTimeout, requests.exceptions.SSLError])
def test_the_token_appears_in_no_message_and_no_traceback(client, moodle, error):
    def answer(function, form):
        raise error(f"failed with wstoken={TOKEN}")

    moodle.answer = answer
    with pytest.raises(SourceUnreachable) as caught:
        client.call(WRITE)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_moodle_quoting_the_token_is_not_quoted(client, moodle):
    moodle.answer = lambda function, form: refusal("odd", f"bad {TOKEN}")
    with pytest.raises(MoodleRefusal) as caught:
        client.call(WRITE)
    assert TOKEN not in str(caught.value)


def test_nobody_listening_is_one_sentence():
    client = MoodleClient(requests.Session(), "http://127.0.0.1:9", TOKEN, attempts=1)
    with pytest.raises(SourceUnreachable, match=r"http://127\.0\.0\.1:9.* est injoignable"):
        client.call(READ)
