"""Moodle 4.5: manual enrolments and the people of a course."""

import pytest

from sandbox.moodle import enrolments
from sandbox.moodle.database import now

STUDENT, TEACHER = 5, 3


def enrol(site, *enrolments):
    return site.call("enrol_manual_enrol_users", enrolments=enrolments)


def one(course, user, role=STUDENT):
    return {"roleid": role, "userid": user, "courseid": course}


def unenrol(site, course, user):
    sent = [{"userid": user, "courseid": course}]
    return site.call("enrol_manual_unenrol_users", enrolments=sent)


def test_a_person_is_enrolled_with_several_roles(site):
    course, user = site.course("C1"), site.user("e1")
    assert enrol(site, one(course, user), one(course, user, TEACHER)) is None
    assert site.people(course) == {"e1": ["editingteacher", "student"]}


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"roleid": 99}, "wsusercannotassign"),
        ({"userid": 99}, "invaliduser"),
        ({"courseid": 99}, "invalidrecord"),
    ],
)
def test_one_bad_enrolment_loses_the_whole_batch(site, bad, code):
    course, user = site.course("C1"), site.user("e1")
    assert enrol(site, one(course, user), {**one(course, user), **bad})["errorcode"] == code
    assert site.people(course) == {}


def test_unenrolling_the_last_enrolment_destroys_every_group_membership(site):
    course, user = site.course("C1"), site.user("e1")
    group = site.group(course, "TD1")
    site.enrol(course, user)
    site.join(group, user)
    assert unenrol(site, course, user) is None
    assert site.people(course) == {}
    assert site.members(group) == []


def test_a_manual_unenrolment_does_nothing_to_an_enrolment_of_the_table(site):
    course, _ = site.course("C1"), site.user("e1")
    site.rows(("C1", "e1", "student"))
    site.server.sync()
    user = site.db.same("user", "username", "e1")
    assert unenrol(site, course, user) is None
    assert site.people(course) == {"e1": ["student"]}


def test_suspended_enrolments_are_absent_from_the_active_ones(site):
    course, active, suspended = site.course("C1"), site.user("e1"), site.user("e2")
    site.enrol(course, active)
    site.enrol(course, suspended, suspend=1)
    assert list(site.people(course)) == ["e1", "e2"]
    assert list(site.people(course, onlyactive=1)) == ["e1"]
    assert list(site.people(course, onlysuspended=1)) == ["e2"]


def test_an_enrolment_to_come_one_that_has_ended_and_one_of_a_disabled_method_are_not_active(site):
    course, users = site.course("C1"), {name: site.user(name) for name in ("e1", "e2", "e3", "e4")}
    site.enrol(course, users["e1"], timestart=now() + 1_000)
    site.enrol(course, users["e2"], timeend=now() - 1_000)
    site.enrol(course, users["e3"], timestart=now() - 1_000, timeend=now() + 1_000)
    enrolments.enrol(site.db, course, "self", users["e4"], STUDENT)
    site.db.run("UPDATE mdl_enrol SET status = 1 WHERE enrol = 'self'")
    assert list(site.people(course, onlyactive=1)) == ["e3"]
    assert list(site.people(course, onlysuspended=1)) == ["e1", "e2", "e4"]


def test_a_role_that_two_methods_gave_comes_twice(site):
    course, user = site.course("C1"), site.user("e1")
    site.enrol(course, user)
    site.rows(("C1", "e1", "student"))
    site.server.sync()
    assert site.people(course, onlyactive=1) == {"e1": ["student", "student"]}


def test_a_suspended_account_is_still_an_active_enrolment(site):
    course, user = site.course("C1"), site.user("e1", idnumber="7")
    site.enrol(course, user)
    site.db.update("user", user, suspended=1)
    assert list(site.people(course, onlyactive=1)) == ["e1"]


def test_only_the_fields_asked_for_come_back_with_id_and_fullname(site):
    course, user = site.course("C1"), site.user("e1")
    site.enrol(course, user)
    options = [{"name": "userfields", "value": "username"}]
    found = site.call("core_enrol_get_enrolled_users", courseid=course, options=options)
    assert found == [{"id": user, "username": "e1", "fullname": "Ada Noir"}]


def test_all_fields_include_roles_and_groups_but_never_the_enrolment_method(site):
    course, user = site.course("C1"), site.user("e1")
    site.enrol(course, user)
    group = site.group(course, "TD1")
    site.join(group, user)
    (found,) = site.call("core_enrol_get_enrolled_users", courseid=course)
    assert [role["shortname"] for role in found["roles"]] == ["student"]
    assert [one["id"] for one in found["groups"]] == [group]
    assert not {"auth", "suspended", "enrol", "method"} & found.keys()


def test_an_unknown_field_is_refused(site):
    course = site.course("C1")
    options = [{"name": "userfields", "value": "id,shoesize"}]
    refused = site.refused("core_enrol_get_enrolled_users", courseid=course, options=options)
    assert refused == "invaliduserfield"


def test_active_enrolments_need_the_right_to_review_them(site):
    course = site.course("C1")
    site.server.deny("moodle/course:enrolreview")
    options = [{"name": "onlyactive", "value": 1}]
    refused = site.refused("core_enrol_get_enrolled_users", courseid=course, options=options)
    assert refused == "nopermissions"


def test_an_unknown_course_is_a_missing_record(site):
    assert site.refused("core_enrol_get_enrolled_users", courseid=99) == "invalidrecord"
