"""Client, batches and reads on a site that lacks rights or fails; what goes well is in ``tests/contract``."""

from __future__ import annotations

import threading

import pytest
import requests
from tenacity.wait import wait_none

from ecampus.errors import SourceRefused, SourceUnreachable
from ecampus.moodle import reads
from ecampus.moodle.batches import send
from ecampus.moodle.client import MoodleClient
from sandbox.moodle import MoodleServer, start
from sandbox.moodle.faults import EXPIRED, HTTP_502, LOST_IN_XML, Hang


@pytest.fixture
def site(tmp_path):
    with start(tmp_path) as server:
        yield server


def connected(site: MoodleServer, timeout=(2, 5)) -> MoodleClient:
    return MoodleClient(requests.Session(), site.url, site.token, timeout=timeout, wait=wait_none())


@pytest.fixture
def client(site):
    return connected(site)


def course(code: str, category: int = 1) -> dict:
    name = f"{code} - algèbre & géométrie"
    return {"shortname": code, "idnumber": code, "fullname": name, "categoryid": category, "visible": False}


def create_courses(client, *codes):
    return send(client, "core_course_create_courses", "courses", [course(code) for code in codes], size=50)


def test_the_preflight_of_a_complete_service_is_silent_and_names_a_missing_one(client, site):
    reads.preflight(reads.site(client), ["core_course_get_courses", "core_user_update_users"])
    site.withdraw("core_user_update_users")
    with pytest.raises(SourceRefused, match="core_user_update_users"):
        reads.preflight(reads.site(client), ["core_course_get_courses", "core_user_update_users"])


def test_a_missing_capability_and_a_missing_function_are_refused(client, site):
    site.deny("moodle/course:create")
    with pytest.raises(SourceRefused, match="une capacité lui manque"):
        create_courses(client, "A")
    site.withdraw("core_course_create_courses")
    with pytest.raises(SourceRefused, match="refuse l'accès à core_course_create_courses"):
        create_courses(client, "A")


def test_a_hidden_idnumber_is_refused(client, site):
    create_courses(client, "A")
    site.deny("moodle/course:update")
    with pytest.raises(SourceRefused, match="moodle/course:update"):
        reads.courses(client)


def test_a_read_outlives_a_few_faults_a_write_does_not(client, site):
    site.faults.push("core_course_get_categories", HTTP_502)
    site.faults.push("core_course_get_categories", LOST_IN_XML)
    assert len(reads.categories(client)) == 1
    site.faults.push("core_course_create_courses", HTTP_502)
    with pytest.raises(SourceUnreachable, match="502"):
        create_courses(client, "A")


def test_a_write_applied_but_never_answered_is_not_sent_twice(site):
    client = connected(site, timeout=(2, 0.3))
    site.faults.push("core_course_create_courses", Hang(2), after=True)
    with pytest.raises(SourceUnreachable, match="on ignore si l'écriture a été faite"):
        create_courses(client, "A")
    assert site.calls.count("core_course_create_courses") == 1
    assert reads.courses(client)["idnumber"].tolist() == ["A"]


@pytest.mark.parametrize("after", [False, True], ids=["not done", "done"])
def test_a_write_answered_by_somebody_else_is_neither_done_nor_refused(site, client, after):
    known = []
    site.faults.push("core_course_create_courses", EXPIRED, after=after)
    with pytest.raises(SourceUnreachable, match="on ignore si l'écriture a été faite"):
        send(client, "core_course_create_courses", "courses", [course("A")], size=50, on_done=known.extend)
    assert known == []
    assert reads.courses(client)["idnumber"].tolist() == (["A"] if after else [])


def test_a_removal_answered_by_somebody_else_is_not_believed(site, client):
    site.faults.push("core_group_delete_group_members", EXPIRED)
    with pytest.raises(SourceUnreachable, match="on ignore si l'écriture a été faite"):
        send(client, "core_group_delete_group_members", "members", [{"groupid": 1, "userid": 2}], size=50)


def test_no_worker_is_left_behind(client):
    courses = [outcome.id for outcome in create_courses(client, "A", "B", "C")]
    reads.groups(client, courses)
    assert not [thread for thread in threading.enumerate() if "ThreadPool" in thread.name]
