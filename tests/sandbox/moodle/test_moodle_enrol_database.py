"""Moodle 4.5: the plugin enrol_database, its task and its synchronisation at login."""

import sqlite3
import time
from contextlib import closing

import pytest
import requests

from sandbox import moodle
from sandbox.moodle import Removal


@pytest.fixture
def course(site):
    """A course where e1 is student by the table, in a group."""
    key = site.course("C1", visible=0)
    site.user("e1")
    site.rows(("C1", "e1", "student"))
    assert site.server.sync() == 0
    return key


def user(site, username="e1"):
    return site.db.same("user", "username", username)


def group_of(site, course):
    group = site.group(course, "TD1")
    site.join(group, user(site))
    return group


def someone_else(site):
    """A row of another course, so that the table is not empty."""
    site.user("e9")
    site.course("C9")
    return ("C9", "e9", "student")


def test_the_table_enrols_into_a_hidden_course(site, course):
    assert site.people(course, onlyactive=1) == {"e1": ["student"]}
    assert site.server.sync() == 0
    assert site.people(course) == {"e1": ["student"]}


def test_a_second_role_is_added_and_a_lost_one_removed(site, course):
    site.rows(("C1", "e1", "student"), ("C1", "e1", "editingteacher"))
    site.server.sync()
    assert site.people(course) == {"e1": ["editingteacher", "student"]}
    site.rows(("C1", "e1", "editingteacher"))
    site.server.sync()
    assert site.people(course) == {"e1": ["editingteacher"]}


def test_unknown_courses_people_and_roles_are_skipped_and_listed(site, course):
    site.rows(("C1", "e1", "student"), ("NOPE", "e1", "student"), ("C1", "e7", "student"), ("C1", "e1", "Student"))
    site.server.sync()
    assert site.people(course) == {"e1": ["student"]}
    log = "\n".join(site.server.task_log())
    assert "following courses do not exist - NOPE" in log
    assert "skipping unknown user username 'e7' in course 'C1'" in log
    assert "missing course and default role" in log


def test_by_default_a_row_gone_suspends_and_takes_the_role_but_keeps_groups(site, course):
    group = group_of(site, course)
    site.rows(someone_else(site))
    site.server.sync()
    assert site.people(course) == {"e1": []}
    assert site.people(course, onlyactive=1) == {}
    assert site.members(group) == [user(site)]


def test_a_row_that_comes_back_reactivates_with_its_role(site, course):
    site.rows()
    site.server.sync()
    site.rows(("C1", "e1", "student"))
    site.server.sync()
    assert site.people(course, onlyactive=1) == {"e1": ["student"]}


def test_to_suspend_keeps_the_role(site, course):
    site.plugin.removal = Removal.SUSPEND
    site.rows()
    site.server.sync()
    assert site.people(course) == {"e1": ["student"]}
    assert site.people(course, onlyactive=1) == {}


def test_to_keep_changes_nothing(site, course):
    site.plugin.removal = Removal.KEEP
    site.rows()
    site.server.sync()
    assert site.people(course, onlyactive=1) == {"e1": ["student"]}


def test_to_unenrol_destroys_the_group_memberships(site, course):
    site.plugin.removal = Removal.UNENROL
    group = group_of(site, course)
    site.rows(someone_else(site))
    site.server.sync()
    assert site.people(course) == {}
    assert site.members(group) == []


def test_an_empty_table_unenrols_nobody_by_the_task(site, course):
    site.plugin.removal = Removal.UNENROL
    site.rows()
    site.server.sync()
    assert site.people(course) == {"e1": ["student"]}
    assert any(line.startswith("Preventing unenrolment") for line in site.server.task_log())


def test_but_at_a_login_it_does(site, course):
    site.plugin.removal = Removal.UNENROL
    group = group_of(site, course)
    site.rows()
    assert site.server.login("e1") == user(site)
    assert site.people(course) == {}
    assert site.members(group) == []


def test_a_login_applies_the_rows_of_that_person_only(site):
    course = site.course("C1")
    site.user("e1")
    site.user("e2")
    site.rows(("C1", "e1", "student"), ("C1", "e2", "student"), ("C1", "e1", "nothing"))
    answer = requests.post(f"{site.server.url}/login/index.php", data={"username": "e1"}, timeout=5)
    assert answer.url.endswith(f"/user/{user(site)}")
    assert site.people(course) == {"e1": ["student"]}


def test_an_unknown_or_suspended_account_cannot_log_in(site):
    site.db.update("user", site.user("e1"), suspended=1)
    assert site.server.login("e1") is None
    assert site.server.login("e2") is None


def test_a_manual_enrolment_its_role_and_groups_survive_the_one_of_the_table(site, course):
    site.plugin.removal = Removal.UNENROL
    site.enrol(course, user(site), roleid=3)
    group = group_of(site, course)
    site.rows(someone_else(site))
    site.server.sync()
    assert site.people(course, onlyactive=1) == {"e1": ["editingteacher"]}
    assert site.members(group) == [user(site)]


def test_an_enrolment_suspended_by_hand_is_reactivated(site, course):
    site.db.run("UPDATE mdl_user_enrolments SET status = 1")
    site.server.sync()
    assert site.people(course, onlyactive=1) == {"e1": ["student"]}


def test_an_enrolment_left_without_role_is_never_cleaned_later(site, course):
    site.rows()
    site.server.sync()
    site.plugin.removal = Removal.UNENROL
    site.rows(someone_else(site))
    site.server.sync()
    assert site.people(course) == {"e1": []}


def test_who_has_only_an_unknown_role_is_removed_unless_there_is_a_default_role(site, course):
    site.rows(("C1", "e1", "Student"))
    site.server.sync()
    assert site.people(course, onlyactive=1) == {}
    site.plugin.default_role = "teacher"
    site.server.sync()
    assert site.people(course, onlyactive=1) == {"e1": ["teacher"]}


def test_hidden_courses_are_frozen_when_they_are_to_be_ignored(site, course):
    site.plugin.ignore_hidden_courses = True
    site.rows()
    site.server.sync()
    site.server.login("e1")
    assert site.people(course, onlyactive=1) == {"e1": ["student"]}


def test_suspended_accounts_are_enrolled(site):
    course = site.course("C1")
    site.db.update("user", site.user("e1"), suspended=1)
    site.rows(("C1", "e1", "student"))
    site.server.sync()
    assert site.people(course, onlyactive=1) == {"e1": ["student"]}


def test_moving_a_key_unenrols_nobody_when_its_rows_come_first(site, course):
    site.plugin.removal = Removal.UNENROL
    group = group_of(site, course)
    for rows, rename in (
        ((("C1", "e1", "student"), ("ex_C1", "e1", "student")), False),
        ((("C1", "e1", "student"), ("ex_C1", "e1", "student")), True),
        ((("ex_C1", "e1", "student"),), False),
    ):
        site.rows(*rows)
        if rename:
            site.call("core_course_update_courses", courses=[{"id": course, "idnumber": "ex_C1"}])
        site.server.sync()
        site.server.login("e1")
        assert site.people(course, onlyactive=1) == {"e1": ["student"]}
        assert site.members(group) == [user(site)]


def test_the_task_only_says_when_the_file_or_the_table_is_missing(site, course):
    with closing(sqlite3.connect(site.plugin.table_path)) as table:
        table.execute("DROP TABLE enrolments")
    assert site.server.sync() == 2
    site.plugin.table_path = site.plugin.table_path.with_name("elsewhere.db")
    assert site.server.sync() == 1
    assert site.server.login("e1")
    assert site.people(course, onlyactive=1) == {"e1": ["student"]}
    assert site.server.task_log()[-1] == "Error while communicating with external enrolment database"


def test_the_task_runs_on_its_own_schedule(tmp_path):
    with closing(sqlite3.connect(tmp_path / "enrolments.db")) as table, table:
        table.execute("CREATE TABLE enrolments (course_idnumber, username, role)")
        table.execute("INSERT INTO enrolments VALUES ('C1', 'admin', 'student')")
    with moodle.start(tmp_path, sync_every=0.01) as server:
        deadline = time.monotonic() + 5
        while not (log := server.task_log()) and time.monotonic() < deadline:
            pass
    assert log[0] == "Starting user enrolment synchronisation..."
