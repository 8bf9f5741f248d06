"""Faults to order: what happens to a call in place of its answer, before or after it is applied."""

import pytest
import requests

from sandbox import moodle
from sandbox.moodle.errors import MoodleError
from sandbox.moodle.faults import DEADLOCK, HTTP_500, HTTP_502, LOST_IN_XML, Cut, Hang, Run

CREATE = "core_course_create_courses"


def create(site, code="C1"):
    course = {"shortname": code, "fullname": code, "categoryid": 1}
    return site.post(CREATE, courses=[course])


def courses(site):
    return site.db.value("SELECT count(*) FROM mdl_course WHERE id > 1")


@pytest.mark.parametrize(("fault", "status"), [(HTTP_500, 500), (HTTP_502, 502), (LOST_IN_XML, 200)])
def test_an_ordered_answer_comes_once_in_place_of_the_real_one(site, fault, status):
    site.faults.push(CREATE, fault)
    answer = create(site)
    assert (answer.status_code, answer.text[:1]) == (status, "<")
    assert courses(site) == 0
    assert create(site).json()[0]["shortname"] == "C1"


def test_an_ordered_answer_may_come_after_the_call_is_applied(site):
    site.faults.push(CREATE, HTTP_502, after=True)
    assert create(site).status_code == 502
    assert courses(site) == 1


def test_an_ordered_exception_comes_as_an_envelope(site):
    site.faults.push(CREATE, DEADLOCK, times=2)
    site.faults.push("*", MoodleError("invalidtoken", "Invalid token - token not found"), times=None)
    codes = [create(site).json()["errorcode"] for _ in range(5)]
    assert codes == ["dmlwriteexception"] * 2 + ["invalidtoken"] * 3
    site.faults.clear()
    assert create(site).ok


def test_a_fault_may_wait_for_its_turn(site):
    site.faults.push(CREATE, HTTP_500, skip=1)
    assert [create(site, code).status_code for code in ("C1", "C2", "C3")] == [200, 500, 200]


@pytest.mark.parametrize("after", [False, True])
def test_the_client_may_be_kept_waiting(site, after):
    site.faults.push(CREATE, Hang(5), after=after)
    form = site.form(CREATE, courses=[{"shortname": "C1", "fullname": "C1", "categoryid": 1}])
    with pytest.raises(requests.Timeout):
        requests.post(site.address, data=form, timeout=0.2)
    assert courses(site) == int(after)


def test_the_connection_may_be_cut_in_the_middle_of_an_answer(site):
    site.faults.push(CREATE, Cut(), after=True)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        create(site)
    assert courses(site) == 1
    assert create(site, "C2").ok


def test_something_may_happen_just_before_or_after_a_call(site):
    counted = []
    site.faults.push(CREATE, Run(lambda: counted.append(courses(site))))
    site.faults.push(CREATE, Run(lambda: counted.append(courses(site))), after=True)
    assert create(site, "C1").ok
    assert create(site, "C2").ok
    assert counted == [0, 2]


def test_calls_are_counted_by_name(site):
    create(site)
    site.call("core_course_get_courses")
    assert site.server.calls == [CREATE, "core_course_get_courses"]


def test_a_stopped_site_answers_nobody_not_even_on_an_open_connection(tmp_path):
    with moodle.start(tmp_path) as server, requests.Session() as session:
        address = server.url
        assert session.get(address, timeout=1).ok
        server.stop()
        with pytest.raises(requests.ConnectionError):
            session.get(address, timeout=1)
