"""enrol_database: what becomes of the rows of the external table, by its task and at each login.

The removal action is «suspend and remove roles» unless a test says otherwise.
"""

import pytest

from rest import TEACHER

UNENROL, KEEP, SUSPEND = "0", "1", "2"


class Class:
    """A hidden course of which ``login`` is a student by the table, and a member of a group."""

    def __init__(self, moodle, beside):
        self.moodle, self.beside, self.code, self.login = moodle, beside, moodle.code(), moodle.code()
        self.course, self.user = moodle.course(self.code, visible=0), moodle.person(self.login)
        self.row = (self.code, self.login, "student")
        beside.sync(self.row)
        self.group = moodle.group(self.course, "TD1")
        moodle.join(self.group, self.user)

    def roles(self, **options):
        """Of the student, None when the course does not show them."""
        return self.moodle.people(self.course, **options).get(self.login)

    def active(self):
        return self.roles(onlyactive=1)

    def grouped(self):
        return self.moodle.members(self.group) == [self.user]


@pytest.fixture
def taught(moodle, beside):
    return Class(moodle, beside)


@pytest.fixture
def other(moodle):
    """A row of another course, so that the table is not empty."""
    code, login = moodle.code(), moodle.code()
    moodle.course(code)
    moodle.user(login)
    return (code, login, "student")


def test_the_table_enrols_into_a_hidden_course_and_again_changes_nothing(taught, beside):
    assert taught.active() == ["student"]
    beside.sync(taught.row)
    assert taught.roles() == ["student"]


def test_a_second_role_is_added_and_a_lost_one_removed(taught, beside):
    teacher = (taught.code, taught.login, "editingteacher")
    beside.sync(taught.row, teacher)
    assert taught.active() == ["editingteacher", "student"]
    beside.sync(teacher)
    assert taught.active() == ["editingteacher"]


def test_unknown_courses_people_and_roles_are_told_and_skipped(taught, beside, moodle):
    nowhere, nobody = moodle.code(), moodle.code()
    said = beside.sync(
        taught.row,
        (nowhere, taught.login, "student"),
        (taught.code, nobody, "student"),
        (taught.code, taught.login, "Student"),
    )
    assert taught.active() == ["student"]
    assert f"following courses do not exist - {nowhere}" in said
    assert f"skipping unknown user username '{nobody}' in course '{taught.code}'" in said
    assert "missing course and default role" in said


def test_who_has_only_an_unknown_role_is_removed(taught, beside):
    beside.sync((taught.code, taught.login, "Student"))
    assert taught.active() is None


def test_with_a_default_role_an_unknown_one_silently_becomes_it(taught, beside, host):
    with host.plugin("default_role", "teacher"):
        said = beside.sync((taught.code, taught.login, "Student"))
    assert taught.active() == ["teacher"]
    assert "default role" not in said


def test_a_course_idnumber_in_another_case_is_unknown(taught, beside):
    """On a table that tells them apart, as ours does."""
    said = beside.sync((taught.code.upper(), taught.login, "student"))
    assert f"following courses do not exist - {taught.code.upper()}" in said
    assert taught.active() is None


def test_two_rows_that_differ_by_the_case_of_the_course_lose_one(taught, beside, moodle):
    login = moodle.code()
    moodle.user(login)
    beside.sync((taught.code.upper(), taught.login, "student"), (taught.code, login, "student"))
    assert moodle.people(taught.course, onlyactive=1) == {login: ["student"]}


def test_a_username_in_another_case_is_found(taught, beside):
    beside.sync((taught.code, taught.login.upper(), "student"))
    assert taught.active() == ["student"]


def test_a_row_gone_suspends_and_takes_the_role_but_keeps_groups(taught, beside, other):
    beside.sync(other)
    assert (taught.roles(), taught.active(), taught.grouped()) == ([], None, True)


def test_a_row_that_comes_back_reactivates_with_its_role(taught, beside, other):
    beside.sync(other)
    beside.sync(taught.row)
    assert (taught.active(), taught.grouped()) == (["student"], True)


def test_nothing_guards_one_emptied_course_nor_a_table_with_one_row_left(taught, beside, other, moodle):
    login = moodle.code()
    moodle.user(login)
    beside.sync(taught.row, (taught.code, login, "student"))
    beside.sync(other)
    assert moodle.people(taught.course, onlyactive=1) == {}


def test_to_suspend_keeps_the_role_and_what_is_suspended_is_reactivated(taught, beside, host, other):
    with host.plugin("removal", SUSPEND):
        beside.sync(other)
    assert (taught.roles(), taught.active(), taught.grouped()) == (["student"], None, True)
    beside.sync(taught.row)
    assert (taught.active(), taught.grouped()) == (["student"], True)


def test_to_keep_changes_nothing(taught, beside, host, other):
    with host.plugin("removal", KEEP):
        beside.sync(other)
    assert taught.active() == ["student"]


def test_to_unenrol_destroys_the_group_memberships(taught, beside, host, other):
    with host.plugin("removal", UNENROL):
        beside.sync(other)
    assert (taught.roles(), taught.grouped()) == (None, False)


def test_an_empty_table_unenrols_nobody_by_the_task(taught, beside, host):
    beside.empty()
    with host.plugin("removal", UNENROL):
        said = beside.sync()
    assert (taught.active(), taught.grouped()) == (["student"], True)
    assert "Preventing unenrolment of all current users" in said


def test_but_it_suspends_everybody_when_the_action_is_to_suspend(taught, beside):
    beside.empty()
    beside.sync()
    assert (taught.active(), taught.grouped()) == (None, True)


def test_at_a_login_an_empty_table_takes_enrolments_and_groups(taught, beside, host, moodle):
    beside.empty()
    with host.plugin("removal", UNENROL):
        assert moodle.login(taught.login)
    assert (taught.roles(), taught.grouped()) == (None, False)


def test_logging_in_while_the_table_is_half_filled_loses_the_enrolment_until_it_is_filled(
    taught, beside, other, moodle
):
    beside.rows(other)
    assert moodle.login(taught.login)
    assert (taught.roles(), taught.active(), taught.grouped()) == ([], None, True)
    beside.rows(other, taught.row)
    assert moodle.login(taught.login)
    assert (taught.active(), taught.grouped()) == (["student"], True)


def test_a_login_applies_the_rows_of_that_person_only(beside, moodle):
    code, logins = moodle.code(), [moodle.code(), moodle.code()]
    course = moodle.course(code)
    for login in logins:
        moodle.person(login)
    beside.rows(*((code, login, "student") for login in logins), (code, logins[0], "nothing"))
    assert moodle.login(logins[0])
    assert moodle.people(course) == {logins[0]: ["student"]}


def test_a_suspended_account_is_enrolled_and_cannot_log_in(beside, moodle):
    code, login = moodle.code(), moodle.code()
    course, user = moodle.course(code), moodle.person(login)
    moodle.call("core_user_update_users", users=[{"id": user, "suspended": 1}])
    assert not moodle.login(login)
    beside.sync((code, login, "student"))
    assert moodle.people(course, onlyactive=1) == {login: ["student"]}


def test_a_manual_enrolment_its_role_and_groups_survive_the_one_of_the_table(taught, beside, host, other, moodle):
    moodle.enrol(taught.course, taught.user, roleid=TEACHER)
    with host.plugin("removal", UNENROL):
        beside.sync(other)
    assert (taught.active(), taught.grouped()) == (["editingteacher"], True)


def test_it_survives_a_suspension_too(taught, beside, other, moodle):
    moodle.enrol(taught.course, taught.user, roleid=TEACHER)
    beside.sync(other)
    assert (taught.active(), taught.grouped()) == (["editingteacher"], True)


def test_a_role_that_one_has_by_hand_and_by_the_table_comes_twice(taught, moodle):
    moodle.enrol(taught.course, taught.user)
    assert taught.active() == ["student", "student"]


def test_a_manual_unenrol_of_a_database_enrolment_answers_null_and_does_nothing(taught, moodle):
    sent = {"userid": taught.user, "courseid": taught.course}
    assert moodle.call("enrol_manual_unenrol_users", enrolments=[sent]) is None
    assert (taught.active(), taught.grouped()) == (["student"], True)


def test_an_enrolment_left_without_role_is_never_cleaned_later(taught, beside, host, other):
    beside.sync(other)
    with host.plugin("removal", UNENROL):
        beside.sync(other)
    assert taught.roles() == []


def test_hidden_courses_are_frozen_when_they_are_to_be_ignored(taught, beside, host, other, moodle):
    code = moodle.code()
    unseen = moodle.course(code, visible=0)
    with host.plugin("ignore_hidden", "1"):
        beside.sync(other, (code, taught.login, "student"))
        assert moodle.login(taught.login)
    assert taught.active() == ["student"]
    assert moodle.people(unseen) == {}


def test_moving_a_key_in_three_steps_unenrols_nobody(taught, beside, host, moodle):
    """Rows of the new key added, the course renamed, rows of the old key removed: a sync and a login after each."""
    old, new = taught.row, (f"{taught.code}-ex", taught.login, "student")
    seen = []
    with host.plugin("removal", UNENROL):
        for rows in ((old, new), (old, new), (new,)):
            if seen:
                moodle.call("core_course_update_courses", courses=[{"id": taught.course, "idnumber": new[0]}])
            beside.sync(*rows)
            assert moodle.login(taught.login)
            seen.append((taught.active(), taught.grouped()))
    assert seen == [(["student"], True)] * 3


def test_moving_a_key_in_three_steps_suspends_nobody(taught, beside, moodle):
    old, new = taught.row, (f"{taught.code}-ex", taught.login, "student")
    assert f"following courses do not exist - {new[0]}" in beside.sync(old, new)
    assert taught.active() == ["student"]
    moodle.call("core_course_update_courses", courses=[{"id": taught.course, "idnumber": new[0]}])
    beside.sync(old, new)
    assert taught.active() == ["student"]
    beside.sync(new)
    assert (taught.active(), taught.grouped()) == (["student"], True)


def test_a_course_that_loses_its_idnumber_is_frozen_for_the_task_but_not_at_a_login(taught, beside, moodle):
    moodle.call("core_course_update_courses", courses=[{"id": taught.course, "idnumber": ""}])
    beside.sync(taught.row)
    assert taught.active() == ["student"]
    assert moodle.login(taught.login)
    assert (taught.active(), taught.grouped()) == (None, True)
