"""Client, batches and reads on a Moodle that answers over HTTP as the real one does."""

from __future__ import annotations

import threading

import pytest
import requests
from tenacity.wait import wait_none

from ecampus import contract
from ecampus.errors import SourceRefused, SourceUnreachable
from ecampus.moodle import reads
from ecampus.moodle.batches import Outcome, send, send_parallel
from ecampus.moodle.client import MoodleClient
from sandbox.moodle import MoodleServer, SiteSettings, start
from sandbox.moodle.faults import HTTP_502, LOST_IN_XML, Hang


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


def person(number: int) -> dict:
    return {
        "username": f"e{number}",
        "firstname": "Zoé",
        "lastname": "Martin",
        "email": f"e{number}@univ.example",
        "idnumber": str(number),
        "auth": "cas",
    }


def create_courses(client, *codes):
    return send(client, "core_course_create_courses", "courses", [course(code) for code in codes], size=50)


def test_courses_created_hidden_are_read_back_with_their_names_as_they_were_sent(client):
    outcomes = create_courses(client, "L1MAT101", "L1MAT102")
    frame = contract.validate("courses", reads.courses(client))
    assert frame["id"].tolist() == [outcome.id for outcome in outcomes]
    assert frame["fullname"].iloc[0] == "L1MAT101 - algèbre & géométrie"
    assert not frame["visible"].any()


def test_one_code_already_taken_does_not_sink_the_others(client):
    create_courses(client, "B")
    outcomes = create_courses(client, "A", "B", "C")
    assert [bool(outcome.id) for outcome in outcomes] == [True, False, True]
    assert outcomes[1].error
    assert reads.courses(client)["idnumber"].tolist() == ["B", "A", "C"]


def test_an_update_refused_among_others_is_named(client):
    first, second, third = (outcome.id for outcome in create_courses(client, "A", "B", "C"))
    items = [
        {"id": first, "shortname": "A1"},
        {"id": second, "shortname": "C"},
        {"id": third, "fullname": "x"},
    ]
    outcomes = send(client, "core_course_update_courses", "courses", items, size=50)
    assert [outcome.error is None for outcome in outcomes] == [True, False, True]
    assert reads.courses(client)["shortname"].tolist() == ["A1", "B", "C"]


def test_accounts_written_are_accounts_read(client):
    send(client, "core_user_create_users", "users", [person(n) for n in range(350)], size=100)
    frame = contract.validate("users", reads.users(client))
    assert frame["username"].str.match(r"e\d").sum() == 350
    assert set(frame.loc[frame["username"] == "e7", "idnumber"]) == {"7"}


def test_a_whole_course_with_its_groups_and_members(client):
    courses = [outcome.id for outcome in create_courses(client, *(f"C{n}" for n in range(6)))]
    users = [
        outcome.id for outcome in send(client, "core_user_create_users", "users", [person(n) for n in range(4)], size=9)
    ]
    items = [
        {"courseid": number, "name": f"TD{n}", "idnumber": f"TD{n}", "description": ""}
        for number in courses
        for n in range(5)
    ]
    groups = send_parallel(
        lambda: client,
        "core_group_create_groups",
        "groups",
        items,
        size=4,
        workers=3,
        lane=lambda item: item["courseid"],
    )
    frame = contract.validate("groups", reads.groups(client, courses))
    assert len(frame) == 30
    assert frame.set_index("id").loc[[group.id for group in groups], "course_id"].tolist() == [
        item["courseid"] for item in items
    ]
    enrolments = [{"roleid": 5, "userid": user, "courseid": courses[0]} for user in users[:3]]
    send(client, "enrol_manual_enrol_users", "enrolments", enrolments, size=50)
    enrolled = contract.validate("enrolled", reads.enrolled(client, courses))
    assert enrolled["user_id"].tolist() == users[:3]
    assert set(enrolled["role"]) == {"student"}
    members = [{"groupid": groups[0].id, "userid": user} for user in users]
    outcomes = send(client, "core_group_add_group_members", "members", members, size=50)
    assert [outcome.error is None for outcome in outcomes] == [True, True, True, False]
    frame = contract.validate("group_members", reads.group_members(client, [groups[0].id, 999_999]))
    assert sorted(frame["user_id"]) == users[:3]


def test_a_cohort_and_its_members(client):
    items = [{"categorytype": {"type": "system", "value": ""}, "name": "L1 - maths", "idnumber": "L1"}]
    cohort = send(client, "core_cohort_create_cohorts", "cohorts", items, size=50)[0].id
    user = send(client, "core_user_create_users", "users", [person(1)], size=9)[0].id
    members = [
        {"cohorttype": {"type": "id", "value": cohort}, "usertype": {"type": "id", "value": who}}
        for who in (user, user, 999_999)
    ]
    outcomes = send(client, "core_cohort_add_cohort_members", "members", members, size=50)
    assert outcomes[:2] == [Outcome(0), Outcome(1)]
    assert "999999" in str(outcomes[2].error)
    assert contract.validate("cohorts", reads.cohorts(client))["idnumber"].tolist() == ["L1"]
    frame = contract.validate("cohort_members", reads.cohort_members(client, [cohort]))
    assert frame["user_id"].tolist() == [user]


def test_categories_are_read_with_their_parents(client):
    send(
        client,
        "core_course_create_categories",
        "categories",
        [{"name": "L", "parent": 1, "idnumber": "L"}],
        size=1,
    )
    frame = contract.validate("categories", reads.categories(client))
    assert frame.loc[frame["idnumber"] == "L", "parent_id"].tolist() == [1]


def test_the_preflight_of_a_complete_service_is_silent_and_names_a_missing_one(client, site):
    reads.preflight(reads.site(client), ["core_course_get_courses", "core_user_update_users"])
    site.withdraw("core_user_update_users")
    with pytest.raises(SourceRefused, match="core_user_update_users"):
        reads.preflight(reads.site(client), ["core_course_get_courses", "core_user_update_users"])


def test_a_missing_capability_a_missing_function_and_a_wrong_token_are_refused(client, site):
    site.deny("moodle/course:create")
    with pytest.raises(SourceRefused, match="une capacité lui manque"):
        create_courses(client, "A")
    site.withdraw("core_course_create_courses")
    with pytest.raises(SourceRefused, match="refuse l'accès à core_course_create_courses"):
        create_courses(client, "A")
    with pytest.raises(SourceRefused, match="ne connaît pas local_unknown"):
        client.call("local_unknown")
    with pytest.raises(SourceRefused, match="refuse le jeton"):
        reads.courses(MoodleClient(requests.Session(), site.url, "wrong"))


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


@pytest.mark.parametrize("mode", ["ui", "cli"])
def test_a_site_in_maintenance_is_unreachable(tmp_path, mode):
    with (
        start(tmp_path, settings=SiteSettings(maintenance=mode)) as site,
        pytest.raises(SourceUnreachable, match=r"maintenance|indisponible"),
    ):
        reads.courses(connected(site))


def test_no_worker_is_left_behind(client):
    courses = [outcome.id for outcome in create_courses(client, "A", "B", "C")]
    reads.groups(client, courses)
    assert not [thread for thread in threading.enumerate() if "ThreadPool" in thread.name]
