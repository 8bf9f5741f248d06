"""The task of enrol_database as the sandbox runs it: its log, its schedule, its external table gone."""

import sqlite3
import time
from contextlib import closing

import requests

from sandbox import moodle


def test_a_login_by_the_form_shows_the_person_and_applies_their_rows(site):
    course, user = site.course("C1"), site.user("e1")
    site.rows(("C1", "e1", "student"))
    answer = requests.post(f"{site.url}/login/index.php", data={"username": "e1"}, timeout=5)
    assert answer.url.endswith(f"/user/{user}")
    assert site.people(course) == {"e1": ["student"]}


def test_an_unknown_or_suspended_account_cannot_log_in(site):
    site.db.update("user", site.user("e1"), suspended=1)
    assert site.server.login("e1") is None
    assert site.server.login("e2") is None


def test_an_enrolment_suspended_by_hand_is_reactivated(site):
    """The page of participants does it on the real one: no web service can."""
    course = site.course("C1")
    site.user("e1")
    site.rows(("C1", "e1", "student"))
    site.server.sync()
    site.db.run("UPDATE mdl_user_enrolments SET status = 1")
    site.server.sync()
    assert site.people(course, onlyactive=1) == {"e1": ["student"]}


def test_the_task_only_says_when_the_file_or_the_table_is_missing(site):
    course = site.course("C1")
    site.user("e1")
    site.rows(("C1", "e1", "student"))
    assert site.server.sync() == 0
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
        while len(log := server.task_log()) < 2 and time.monotonic() < deadline:
            pass
    assert log[1] == "Starting user enrolment synchronisation..."
