"""Every answer that is not Moodle's, to a read and to a write: one sentence, and what was not done is not believed done."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import requests
from tenacity.wait import wait_none

from ecampus.errors import EcampusError
from ecampus.moodle.batches import send
from ecampus.moodle.client import MoodleClient
from ecampus.moodle.pace import Pace
from ecampus.night import intake
from faults.answers import PATIENCE
from faults.kinds import INSTEAD, LDAP, LOST
from faults.people import between
from faults.striking import one_sentence
from faults.wire import Wire
from sandbox import directory, university
from sandbox.moodle import start
from sandbox.moodle.database import SYSTEM
from university import NIGHT

GOES_ON = {"slow", "login", "login between"}
SENT_AGAIN = {"503 at once", "429"}
"""Moodle said that it had done nothing."""
COHORTS = [
    {"categorytype": {"type": "system", "value": ""}, "name": code, "idnumber": code, "descriptionformat": 1}
    for code in ("L1", "L2", "L3")
]
IDNUMBERS = "SELECT idnumber FROM mdl_cohort WHERE contextid = ? ORDER BY 1"


@pytest.fixture
def site(tmp_path):
    with start(tmp_path) as server:
        yield server


@pytest.fixture
def wire(site):
    return Wire(site, lambda: None)


@pytest.fixture
def client(site):
    pace = Pace(sleep=lambda _: None)
    timeout = (1, PATIENCE)
    return MoodleClient(requests.Session(), site.url, site.token, timeout, attempts=2, wait=wait_none(), pace=pace)


def there(site) -> list[str]:
    return [row[0] for row in site.db.all(IDNUMBERS, (site.db.context(SYSTEM, 0),))]


def create(client: MoodleClient):
    return send(client, "core_cohort_create_cohorts", "cohorts", COHORTS, size=50)


@pytest.mark.parametrize("kind", sorted(set(INSTEAD) - GOES_ON))
def test_a_read_that_is_answered_otherwise_ends_in_one_sentence(wire, client, kind):
    wire.arm(kind, 1, lasting=True, counts="call")
    with pytest.raises(EcampusError) as told:
        client.call("core_cohort_get_cohorts")
    one_sentence(str(told.value))


@pytest.mark.parametrize("kind", sorted(set(INSTEAD) - GOES_ON - SENT_AGAIN))
def test_a_creation_that_never_reached_moodle_is_not_believed(site, wire, client, kind):
    wire.arm(kind, 1, lasting=False, counts="write")
    with pytest.raises(EcampusError) as told:
        create(client)
    one_sentence(str(told.value))
    assert there(site) == []


@pytest.mark.parametrize("kind", sorted(SENT_AGAIN))
def test_a_creation_that_moodle_had_no_time_for_is_sent_again(site, wire, client, kind):
    wire.arm(kind, 1, lasting=False, counts="write")
    assert [outcome.error for outcome in create(client)] == [None] * 3
    assert there(site) == ["L1", "L2", "L3"]


@pytest.mark.parametrize("kind", sorted(set(LOST) - GOES_ON))
def test_a_creation_whose_answer_is_lost_was_made_and_is_not_believed(site, wire, client, kind):
    client.call("core_cohort_get_cohorts")
    wire.arm(kind, 1, lasting=False, counts="write")
    with pytest.raises(EcampusError) as told:
        create(client)
    one_sentence(str(told.value))
    assert there(site) == ["L1", "L2", "L3"]


@pytest.mark.parametrize("kind", sorted(GOES_ON))
def test_what_only_goes_on_meanwhile_changes_no_answer(site, wire, client, kind):
    wire.arm(kind, 1, lasting=True, counts="call")
    assert [outcome.error for outcome in create(client)] == [None] * 3
    assert there(site) == ["L1", "L2", "L3"]


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    folder = tmp_path_factory.mktemp("people")
    university.create(folder, size=1, today=NIGHT)
    with directory.start(folder) as server, between(server.port) as wire:
        extra = {"base": server.base, "insecure": True}
        asked = {"host": "127.0.0.1", "port": wire.port, "login": server.bind_dn, "password": server.password}
        yield wire, SimpleNamespace(**asked, extra_dejson=extra)


@pytest.mark.parametrize("kind", sorted(LDAP))
def test_people_who_are_not_all_read_are_not_read(people, kind):
    wire, connection = people
    whole = intake.people(connection)
    wire.arm(kind.removeprefix("ldap "), 2000)
    with pytest.raises(EcampusError) as told:
        intake.people(connection)
    one_sentence(str(told.value))
    wire.kind = None
    assert intake.people(connection).equals(whole)


NOISES = [
    b"\x30\x0c\x02\x01" * 30,
    b"\x30\x05\x74\x03\x02\x01\x01",
    b"\x30\x14\x02\x01\x03\x64\x0f\x04\x00\x30\x0b\x30\x09\x04\x02cn\x02\x01\x01\x02\x00",
]


@pytest.mark.parametrize("noise", NOISES, ids=["no end", "unknown tag", "number for values"])
@pytest.mark.parametrize("at", [0, 14, 600, 2000])
def test_noise_in_the_middle_of_the_people_is_told_as_such(people, monkeypatch, noise, at):
    wire, connection = people
    monkeypatch.setattr("faults.people.NOISE", noise)
    wire.arm("garbage", at)
    with pytest.raises(EcampusError) as told:
        intake.people(connection)
    one_sentence(str(told.value))
    wire.kind = None
