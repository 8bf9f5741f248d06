"""Many calls in one request (tool_mobile_call_external_functions): what ecampus reads many courses with."""

import json

import pytest
from corner import UNKNOWN

TOGETHER, READ = "tool_mobile_call_external_functions", "core_group_get_course_groups"


@pytest.fixture(autouse=True)
def offered(moodle):
    offered = [one["name"] for one in moodle.call("core_webservice_get_site_info")["functions"]]
    if TOGETHER not in offered:
        pytest.skip(f"the service of the token does not offer {TOGETHER}")


def asked(function, raw=1, **arguments):
    return {"function": function, "arguments": json.dumps(arguments), "settingraw": raw}


def responses(moodle, *calls):
    return moodle.call(TOGETHER, requests=list(calls))["responses"]


def data(response):
    assert not response["error"]
    return json.loads(response["data"])


def refused(response):
    assert response["error"]
    return json.loads(response["exception"])["errorcode"]


def test_each_call_is_answered_in_order_as_if_it_were_alone(moodle, code, user):
    courses = [moodle.course(f"{code}{letter}") for letter in "ab"]
    moodle.group(courses[0], "TD1", idnumber="G1")
    moodle.enrol(courses[1], user)
    options = [{"name": "onlyactive", "value": 1}, {"name": "userfields", "value": "id,roles"}]
    people = "core_enrol_get_enrolled_users"
    found = responses(
        moodle, *(asked(READ, courseid=one) for one in courses), asked(people, courseid=courses[1], options=options)
    )
    alone = [moodle.call(READ, courseid=one) for one in courses]
    assert [data(one) for one in found] == [*alone, moodle.call(people, courseid=courses[1], options=options)]


def test_it_stops_at_the_first_that_is_refused(moodle, course):
    found = responses(moodle, *(asked(READ, courseid=one) for one in (course, UNKNOWN, course)))
    assert data(found[0]) == []
    assert (refused(found[1]), len(found)) == ("errorcoursecontextnotvalid", 2)


def test_names_are_escaped_unless_each_call_says_otherwise(moodle, course):
    """In requests of their own: a course that is asked for twice in one is escaped as it was the first time."""
    moodle.group(course, "TD & TP")
    found = [responses(moodle, asked(READ, raw=raw, courseid=course)) for raw in (0, 1)]
    assert [data(one)[0]["name"] for (one,) in found] == ["TD &amp; TP", "TD & TP"]


def test_a_function_that_is_not_in_the_service_is_refused(moodle):
    assert refused(responses(moodle, asked("core_course_duplicate_course"))[0]) == "accessexception"


@pytest.mark.parametrize("arguments", ["", "[]", "{", '{"courseid": "x"}', '{"course": 1}'])
def test_arguments_that_are_not_those_of_the_function_are_refused(moodle, arguments):
    call = {"function": READ, "arguments": arguments, "settingraw": 1}
    assert refused(responses(moodle, call)[0]) == "invalidparameter"


def test_many_calls_are_three_variables_each(moodle, course):
    assert len(responses(moodle, *[asked(READ, courseid=course)] * 200)) == 200


def test_no_call_has_no_answer(moodle):
    assert moodle.refused(TOGETHER) == "invalidparameter"
