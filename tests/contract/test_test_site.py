"""The contract starts on a marked site only, and leaves nothing there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from corner import DOMAIN, PREFIX, Corner, NotATestSite
from enrolments_beside import Beside
from hosts import Sandboxed, named

from sandbox.moodle import categories, handmade

HERE = Path(__file__).parent


@pytest.fixture
def site(tmp_path):
    sandboxed = Sandboxed(tmp_path)
    yield sandboxed
    sandboxed.server.stop()


@pytest.fixture
def unmarked(tmp_path):
    sandboxed = Sandboxed(tmp_path, marked=False)
    yield sandboxed
    sandboxed.server.stop()


def refusal(site, token=""):
    with pytest.raises(NotATestSite) as why:
        Corner(site.url, token or site.token)
    return str(why.value)


def test_a_site_without_the_mark_is_refused_in_one_line_and_nothing_is_written(unmarked):
    assert refusal(unmarked) == (
        f"{unmarked.url} is not marked as a test site, nothing was written: where it may be disturbed, and only there,"
        " an administrator makes a category with the idnumber ecampus-contract (docs/moodle.md)."
    )
    assert unmarked.server.calls == ["core_webservice_get_site_info", "core_course_get_categories"]


def test_the_tests_stop_at_once_on_a_refusal(unmarked):
    site = {"MOODLE_URL": unmarked.url, "MOODLE_TOKEN": unmarked.token, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(HERE / "test_groups.py")]
    run = subprocess.run(
        command, env=os.environ | site, cwd=HERE.parents[1], capture_output=True, text=True, check=False
    )
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"Exit: {unmarked.url} is not marked as a test site, nothing was written" in run.stdout + run.stderr
    assert "passed" not in run.stdout


@pytest.mark.parametrize("name", ["MOODLE_URL", "MOODLE_TOKEN"])
def test_a_url_or_a_token_alone_is_not_taken_for_the_sandbox(monkeypatch, name):
    for other in ("MOODLE_URL", "MOODLE_TOKEN"):
        monkeypatch.delenv(other, raising=False)
    assert not named()
    monkeypatch.setenv(name, "x")
    with pytest.raises(NotATestSite, match=f"{name} is given alone"):
        named()


def test_another_idnumber_that_only_begins_alike_is_no_mark(unmarked):
    db = unmarked.server.db
    db.update("course_categories", 1, idnumber="ecampus-contract-2026")
    assert "not marked" in refusal(unmarked)


def test_a_wrong_token_and_a_service_without_a_function_are_told(site):
    assert refusal(site, "wrong") == f"{site.url} refuses the token of the contract: Invalid token - token not found"
    site.server.withdraw("core_user_delete_users")
    assert refusal(site) == f"{site.url}: the service of the contract's token lacks core_user_delete_users"


def make(corner):
    """One thing of each kind."""
    code = corner.code()
    course, user = corner.course(code), corner.user(code)
    corner.enrol(course, user)
    corner.join(corner.group(course, "TD1"), user)
    corner.cohort(code)
    corner.course(f"{code}b", categoryid=corner.hidden())
    corner.category("At the top", parent=0, idnumber=f"{code}c")


def traces(db):
    """What carries the contract's names, and how many rows there are of what belongs to it."""
    named = [
        db.value("SELECT count(*) FROM mdl_user WHERE email LIKE ? AND deleted = 0", (f"%{DOMAIN}",)),
        *(db.value(f"SELECT count(*) FROM mdl_{table} WHERE idnumber LIKE ?", (f"{PREFIX}%",)) for table in ("course", "cohort")),
    ]  # fmt: skip
    tables = ("course_categories", "groups", "groups_members", "user_enrolments", "cohort_members")
    return named + [db.value(f"SELECT count(*) FROM mdl_{table}") for table in tables]


def test_everything_is_removed_at_the_end_and_nothing_of_others_is_touched(site):
    handmade.seed(site.server.db)
    before, empty = handmade.snapshot(site.server.db), traces(site.server.db)
    corner = Corner(site.url, site.token)
    corner.open()
    make(corner)
    assert traces(site.server.db) != empty
    corner.sweep()
    assert traces(site.server.db) == empty
    assert handmade.snapshot(site.server.db) == before


def test_what_people_put_in_the_marked_categories_stays(site):
    db = site.server.db
    corner = Corner(site.url, site.token)
    theirs = [categories.create_category(db, "Theirs", parent) for parent in (0, corner.mark, corner.shade)]
    corner.open()
    corner.sweep()
    assert all(db.find("course_categories", key) for key in [*theirs, corner.mark, corner.shade, 1])


def test_a_site_without_a_hidden_category_skips_what_needs_one(site):
    site.server.db.update("course_categories", Corner(site.url, site.token).shade, idnumber="")
    corner = Corner(site.url, site.token)
    corner.open()
    with pytest.raises(pytest.skip.Exception, match="no hidden category"):
        corner.hidden()
    corner.sweep()
    assert len(corner.call("core_course_get_categories")) == 3


def test_what_an_interrupted_run_left_is_removed_by_the_next(site):
    empty = traces(site.server.db)
    interrupted = Corner(site.url, site.token)
    interrupted.open()
    make(interrupted)
    again = Corner(site.url, site.token)
    again.open()
    assert [one["id"] for one in again.below(again.mark)] == [again.mark, again.shade, again.home]
    again.sweep()
    assert traces(site.server.db) == empty


def test_rows_of_others_stay_in_the_enrolment_table(site):
    beside = Beside(site, Corner(site.url, site.token))
    beside.change(add=beside.table.rows().reindex([0]).fillna("theirs"), remove=beside.table.rows())
    beside.rows((f"{PREFIX}1", f"{PREFIX}2", "student"))
    beside.rows((f"{PREFIX}1", f"{PREFIX}3", "student"))
    assert sorted(beside.table.rows()["username"]) == [f"{PREFIX}3", "theirs"]
    with pytest.raises(pytest.skip.Exception, match="rows that are not the contract's"):
        beside.empty()
    assert beside.table.rows()["username"].tolist() == ["theirs"]
