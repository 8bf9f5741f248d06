"""Manual enrolments, and the people of a course as core_enrol_get_enrolled_users shows them."""

import pytest
from corner import UNKNOWN

from rest import STUDENT, TEACHER

ENROL, UNENROL, READ = "enrol_manual_enrol_users", "enrol_manual_unenrol_users", "core_enrol_get_enrolled_users"


def one(course, user, role=STUDENT):
    return {"roleid": role, "userid": user, "courseid": course}


def unenrol(moodle, course, *users):
    return moodle.call(UNENROL, enrolments=[{"userid": user, "courseid": course} for user in users])


def asked(**options):
    return [{"name": name, "value": value} for name, value in options.items()]


def test_a_person_is_enrolled_with_several_roles(moodle, course, code):
    user = moodle.user(code)
    assert moodle.call(ENROL, enrolments=[one(course, user), one(course, user, TEACHER)]) is None
    assert moodle.people(course) == {code: ["editingteacher", "student"]}


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ({"roleid": UNKNOWN}, "wsusercannotassign"),
        ({"userid": UNKNOWN}, "invaliduser"),
        ({"courseid": UNKNOWN}, "invalidparameter"),
    ],
)
def test_one_bad_enrolment_loses_the_whole_batch(moodle, course, user, bad, error):
    good = one(course, user)
    assert moodle.refused(ENROL, enrolments=[good, good | bad]) == moodle.release.error(error)
    assert moodle.people(course) == {}


@pytest.mark.parametrize(
    ("bad", "error"), [({"userid": UNKNOWN}, "invaliduser"), ({"courseid": UNKNOWN}, "invalidrecord")]
)
def test_one_bad_unenrolment_loses_the_whole_batch(moodle, course, code, bad, error):
    user = moodle.user(code)
    moodle.enrol(course, user)
    good = {"userid": user, "courseid": course}
    assert moodle.refused(UNENROL, enrolments=[good, good | bad]) == moodle.release.error(error)
    assert moodle.people(course) == {code: ["student"]}


def test_unenrolling_the_last_enrolment_destroys_every_group_membership(moodle, course, user):
    group = moodle.group(course, "TD1")
    moodle.enrol(course, user)
    moodle.join(group, user)
    assert unenrol(moodle, course, user) is None
    assert moodle.people(course) == {}
    assert moodle.members(group) == []
    assert unenrol(moodle, course, user) is None


def test_the_role_of_an_unenrolment_never_counted_and_is_refused_since_5_1(moodle, course, code):
    user = moodle.user(f"{code}p")
    moodle.enrol(course, user)
    sent = [{"userid": user, "courseid": course, "roleid": TEACHER}]
    answer = moodle.call(UNENROL, enrolments=sent)
    if moodle.release.number >= (5, 1):
        assert answer["errorcode"] == "invalidparameter"
        assert moodle.people(course) == {f"{code}p": ["student"]}
    else:
        assert answer is None
        assert moodle.people(course) == {}


def test_suspended_enrolments_are_absent_from_the_active_ones(moodle, course, code):
    active, suspended = moodle.user(f"{code}a"), moodle.user(f"{code}b")
    moodle.enrol(course, active)
    moodle.enrol(course, suspended, suspend=1)
    assert set(moodle.people(course)) == {f"{code}a", f"{code}b"}
    assert set(moodle.people(course, onlyactive=1)) == {f"{code}a"}
    assert set(moodle.people(course, onlysuspended=1)) == {f"{code}b"}


def test_a_suspended_account_is_still_an_active_enrolment(moodle, course, code):
    user = moodle.user(code)
    moodle.enrol(course, user)
    moodle.call("core_user_update_users", users=[{"id": user, "suspended": 1}])
    assert set(moodle.people(course, onlyactive=1)) == {code}


def test_a_deleted_account_is_in_no_course(moodle, course, user):
    moodle.enrol(course, user)
    group = moodle.group(course, "TD1")
    moodle.join(group, user)
    assert moodle.call("core_user_delete_users", userids=[user]) is None
    assert moodle.people(course) == {}
    assert moodle.members(group) == []


def test_with_userfields_id_and_roles_an_answer_is_light(moodle, course, user):
    moodle.enrol(course, user)
    options = asked(onlyactive=1, userfields="id,roles")
    (found,) = moodle.call(READ, courseid=course, options=options)
    assert found.keys() == {"id", "fullname", "roles"}
    assert (found["id"], [role["shortname"] for role in found["roles"]]) == (user, ["student"])


def test_all_fields_never_tell_the_method_of_an_enrolment(moodle, course, user):
    moodle.enrol(course, user)
    group = moodle.group(course, "TD1")
    moodle.join(group, user)
    (found,) = moodle.call(READ, courseid=course)
    assert [role["shortname"] for role in found["roles"]] == ["student"]
    assert [one["id"] for one in found["groups"]] == [group]
    assert not {"auth", "suspended", "enrol", "method"} & found.keys()


def test_an_unknown_field_is_refused_an_unknown_option_is_not(moodle, course, user):
    moodle.enrol(course, user)
    options = asked(userfields="id,shoesize")
    assert moodle.refused(READ, courseid=course, options=options) == "invaliduserfield"
    assert len(moodle.call(READ, courseid=course, options=asked(shoesize=42))) == 1


def test_active_and_suspended_at_once_is_an_error(moodle, course):
    options = asked(onlyactive=1, onlysuspended=1)
    assert moodle.refused(READ, courseid=course, options=options) == "codingerror"


def test_an_unknown_course_is_a_missing_record(moodle):
    assert moodle.refused(READ, courseid=UNKNOWN) == moodle.release.error("invalidrecord")
