"""The mark of the register: one hidden cohort that only says whose Moodle this is, and how far its register had come."""

from __future__ import annotations

import pytest
import requests
from tenacity.wait import wait_none

from ecampus.errors import RegisterUnusable, SourceRefused, SourceUnreachable
from ecampus.moodle import mark, reads
from ecampus.moodle.client import MoodleClient
from ecampus.moodle.database import MoodleDatabase
from ecampus.moodle.functions import FUNCTIONS, MARK, needed
from ecampus.moodle.mark import Mark
from sandbox.moodle import start
from sandbox.moodle.database import SYSTEM, Database
from sandbox.moodle.envelope import success
from university import SqliteHook

REGISTER = "3f2a-caen"


@pytest.fixture
def site(tmp_path):
    with start(tmp_path) as server:
        yield server


@pytest.fixture
def client(site):
    return MoodleClient(requests.Session(), site.url, site.token, wait=wait_none())


def described(db: Database, description: str) -> int:
    return db.insert("cohort", contextid=db.context(SYSTEM, 0), name="x", idnumber="ecampus", description=description)


def test_a_new_moodle_has_none_then_carries_the_name_and_the_number_and_is_raised(site, client):
    assert mark.read(client) is None
    made = mark.create(client, REGISTER, 4)
    assert mark.read(client) == made == Mark(made.id, REGISTER, 4)
    assert mark.raise_to(client, made, 5) == Mark(made.id, REGISTER, 5)
    assert mark.read(client) == Mark(made.id, REGISTER, 5)
    row = site.db.get("cohort", made.id)
    assert (row["name"], row["idnumber"], row["visible"]) == ("ecampus (ne pas supprimer)", "ecampus", 0)
    assert row["contextid"] == site.db.context(SYSTEM, 0)
    assert row["description"] == (
        "Cette cohorte dit à la synchronisation quel registre connaît ce site et où il en est : ne pas la modifier, ne pas"
        " la supprimer. [ecampus 3f2a-caen 5]"
    )


@pytest.mark.parametrize(
    "description",
    [
        "[ecampus 3f2a-caen 12]",
        '<div class="text_to_html"><p>Note.</p><p>[ecampus&nbsp;3f2a-caen&nbsp;12]</p></div>',
        "[ ECAMPUS <b>3f2a-caen</b><br />12 ]",
        "a [ecampus 3f2a-caen 12] b\n[ecampus\u200b 3f2a-caen 12]",
    ],
)
def test_what_moodle_or_a_person_puts_around_the_sign_does_not_matter(site, client, description):
    key = described(site.db, description)
    assert mark.read(client) == Mark(key, REGISTER, 12)


@pytest.mark.parametrize(
    "description",
    ["", "Cohorte des étudiants", "[ecampus 3f2a]", "[ecampus a -1]", "[ecampus a 1] [ecampus a 2]", "[ecampus a b 1]"],
)
def test_a_mark_that_nobody_can_read_is_told(site, client, description):
    key = described(site.db, description)
    with pytest.raises(RegisterUnusable) as told:
        mark.read(client)
    assert str(told.value) == (
        f"La cohorte « ecampus » de Moodle ({site.url}, n° {key}) ne dit plus quel registre le connaît : sa description"
        f" est « {description} » ; un administrateur y remet « [ecampus nom numéro] », que dit le registre."
    )


def test_two_marks_are_told(site, client):
    keys = [described(site.db, "[ecampus a 1]") for _ in range(2)]
    with pytest.raises(RegisterUnusable) as told:
        mark.read(client)
    assert str(told.value) == (
        f"Moodle ({site.url}) a 2 cohortes « ecampus » (n° {keys[0]}, {keys[1]}) là où une seule dit quel registre le"
        " connaît : un administrateur supprime celle qu'il a ajoutée."
    )


def test_a_mark_that_moodle_refuses_is_told(site, client):
    mark.create(client, REGISTER, 1)
    with pytest.raises(RegisterUnusable, match="refuse la cohorte « ecampus », qui dit quel registre le connaît"):
        mark.create(client, REGISTER, 1)
    site.deny("moodle/cohort:manage")
    with pytest.raises(SourceRefused, match="une capacité lui manque"):
        mark.raise_to(client, Mark(1, REGISTER, 1), 2)


def test_a_mark_is_written_when_its_answer_proves_it(site, client, monkeypatch):
    monkeypatch.setattr(MoodleClient, "_decoded", lambda *_: {"error": "session expired"})
    with pytest.raises(SourceUnreachable, match="on ignore si l'écriture a été faite"):
        mark.create(client, REGISTER, 1)


def test_a_number_that_something_else_than_moodle_said_was_written_is_not_believed(site, client):
    made = mark.create(client, REGISTER, 4)
    site.faults.push("core_cohort_update_cohorts", success(None, as_json=True))
    with pytest.raises(SourceUnreachable) as told:
        mark.raise_to(client, made, 5)
    assert str(told.value) == (
        f"Moodle ({site.url}) dit avoir mis la cohorte « ecampus » au n° 5 et ne l'y montre pas : relancer la phase, et si"
        " cela se répète, chercher ce qui répond à la place de Moodle entre Airflow et lui (cache, relais)."
    )
    assert mark.read(client) == made


def test_no_reader_shows_the_mark_as_a_cohort(site, client):
    made = mark.create(client, REGISTER, 1)
    other = site.db.insert("cohort", contextid=site.db.context(SYSTEM, 0), name="L1", idnumber="ecampus1")
    for key in (made.id, other):
        site.db.insert("cohort_members", cohortid=key, userid=2)
    site.db.run("UPDATE mdl_cohort SET component = 'tool_x'")
    shown = MoodleDatabase(SqliteHook(site.db.path)).read(["cohorts", "cohort_members", "foreign_cohorts"])
    assert reads.cohorts(client)["id"].tolist() == shown.whole("cohorts")["id"].tolist() == [other]
    assert shown.frames["cohort_members"]["cohort_id"].tolist() == [other]
    assert shown.frames["foreign_cohorts"]["id"].tolist() == [other]


@pytest.mark.parametrize("phase", FUNCTIONS)
@pytest.mark.parametrize("reading", [True, False])
def test_every_phase_that_writes_asks_for_what_the_mark_needs(phase, reading):
    assert set(MARK) <= set(needed(phase, reading))
    assert len(FUNCTIONS[phase]) == len(set(FUNCTIONS[phase]))
