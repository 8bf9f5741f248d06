"""Many calls in one request: each answer believed as if it had come alone, and what stops them asked for by itself."""

from __future__ import annotations

import json
import logging

import pytest
from moodle_standin import refusal

from ecampus.errors import SourceUnreachable
from ecampus.moodle import reads, together
from ecampus.moodle.answers import TOGETHER
from ecampus.moodle.functions import OPTIONAL

READ = "core_group_get_course_groups"
GONE = refusal("invalidrecord", "Can't find data record in database table course.")


def group(course: int) -> dict:
    return {"id": 10 * course, "courseid": course, "name": f"TD {course}", "idnumber": ""}


class Service:
    """A Moodle that offers the function; ``gone``: courses that it refuses; ``inner``: the body of each answer."""

    def __init__(self, gone=(), offered=(TOGETHER,)) -> None:
        self.gone, self.offered = set(gone), offered
        self.inner = lambda course: json.dumps([group(course)])

    def __call__(self, function, form):
        if function == "core_webservice_get_site_info":
            names = [{"name": name} for name in self.offered]
            return {"userid": 3, "username": "ws", "siteurl": "http://moodle.test", "functions": names}
        if function == TOGETHER:
            return {"responses": list(self._responses(form))}
        if function == "core_course_get_courses":
            return []
        return GONE if int(form["courseid"]) in self.gone else [group(int(form["courseid"]))]

    def _responses(self, form):
        asked = [json.loads(value) for name, value in form.items() if name.endswith("[arguments]")]
        for arguments in asked:
            course = arguments["courseid"]
            if course in self.gone:
                yield {"error": True, "exception": json.dumps({"errorcode": "invalidrecord", "message": "x"})}
                return
            yield {"error": False, "data": self.inner(course)}


def called(moodle) -> list[str]:
    return [form["wsfunction"] for form in moodle.calls if form["wsfunction"] != "core_webservice_get_site_info"]


def test_many_courses_are_one_request_their_names_unescaped(client, moodle):
    moodle.answer = Service()
    assert reads.groups(client, [3, 1, 2])["course_id"].tolist() == [3, 1, 2]
    assert called(moodle) == [TOGETHER]
    sent = {name: value for name, value in moodle.calls[-1].items() if name.startswith("requests[0]")}
    assert sent == {
        "requests[0][function]": READ,
        "requests[0][arguments]": '{"courseid": 3}',
        "requests[0][settingraw]": "1",
    }


def test_a_request_stays_under_what_php_reads_of_a_form(client, moodle):
    moodle.answer = Service()
    assert len(reads.groups(client, range(1, 451))) == 450
    assert called(moodle) == [TOGETHER] * 3
    assert max(map(len, moodle.calls)) == 4 + 3 * together.AT_ONCE < 1000


def test_what_stops_a_request_is_asked_for_alone_and_the_rest_goes_on(client, moodle):
    moodle.answer = Service(gone={2, 5})
    assert reads.groups(client, [1, 2, 3, 4, 5])["course_id"].tolist() == [1, 3, 4]
    assert [name for name in called(moodle) if name != "core_course_get_courses"] == [TOGETHER, READ, TOGETHER, READ]


def test_without_the_function_each_course_is_a_request(client, moodle):
    moodle.answer = Service(offered=())
    assert reads.groups(client, [1, 2, 3])["course_id"].tolist() == [1, 2, 3]
    assert called(moodle) == [READ] * 3


@pytest.mark.parametrize("body", ["[{}]", "{}", "null", "not json", '[{"id": "7"}]'])
def test_an_inner_answer_that_is_not_that_of_its_function_is_no_reading(client, moodle, body):
    moodle.answer = Service()
    moodle.answer.inner = lambda course: body
    with pytest.raises(SourceUnreachable, match=READ):
        reads.groups(client, [1, 2])


DATA = json.dumps([group(1)])
HALF = [
    [],
    [{"error": False, "data": DATA}],
    [{"error": False}, {"error": False}],
    [{"error": True, "exception": "{}"}, {"error": False, "data": DATA}],
    [{"error": False, "data": DATA}] * 3,
    None,
]


@pytest.mark.parametrize("responses", HALF)
def test_answers_that_are_not_those_of_the_calls_are_no_reading(client, moodle, responses):
    service = Service()
    moodle.answer = lambda function, form: {"responses": responses} if function == TOGETHER else service(function, form)
    with pytest.raises(SourceUnreachable, match=f"à {TOGETHER}, ce qui n'est pas la réponse"):
        reads.groups(client, [1, 2])


def test_a_course_of_somebody_else_that_cannot_be_read_is_left_aside_and_named(client, moodle, caplog):
    service = Service(gone={2})
    service.inner = lambda course: json.dumps([{"id": 5, "roles": [{"shortname": "editingteacher"}]}])
    denied = refusal("nopermissions", "Review course enrolments")
    moodle.answer = lambda function, form: denied if "enrolled" in function else service(function, form)
    with caplog.at_level(logging.WARNING):
        seats, read = reads.strangers(client, [1, 2, 3, 4])
    assert seats["course_id"].tolist() == read == [1, 3, 4]
    assert caplog.messages[0].startswith("Espace complémentaire n° 2 laissé de côté : ")


def test_what_it_costs_to_be_without_is_one_sentence():
    site = {"functions": [{"name": "core_course_get_courses"}]}
    assert reads.missing_optional(site, OPTIONAL["enrolments"]) == (
        "Fonctions facultatives absentes du service web du jeton Moodle : tool_mobile_call_external_functions (les espaces"
        " complémentaires se lisent un par un, un septième chaque nuit, au lieu de tous par 200) ; le résultat est le même,"
        " plus lent ; un administrateur peut les ajouter."
    )
    assert reads.missing_optional({"functions": [{"name": TOGETHER}]}, OPTIONAL["groups"]) is None
