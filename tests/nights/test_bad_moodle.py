"""Moodle as it should not be: one sentence that says what to do, nothing lost, nothing half done."""

from __future__ import annotations

import pandas as pd
import pytest
import requests
from campus import Campus, Cron, night_after
from refusals import TOMORROW, nothing_written, said
from tenacity.wait import wait_none

from ecampus.errors import SourceRefused, SourceUnreachable, TruncatedRead
from ecampus.moodle import reader, reads
from ecampus.moodle.answers import TOGETHER
from ecampus.moodle.client import MoodleClient
from ecampus.moodle.passing import LASTING
from sandbox.box import open_box
from sandbox.moodle.errors import MoodleError
from sandbox.moodle.faults import EXPIRED, HTTP_500, HTTP_502, LOST_IN_XML, Hang
from university import NIGHT, BoxSystems


@pytest.mark.parametrize(
    ("fault", "parts"),
    [
        (HTTP_500, ["répond une erreur 500"]),
        (HTTP_502, ["répond une erreur 502"]),
        (LOST_IN_XML, ["a répondu du XML au lieu de JSON"]),
        (EXPIRED, ["ce qui n'est pas la réponse de cette fonction"]),
        (Hang(1), ["n'a pas répondu à temps"]),
    ],
)
def test_moodle_that_does_not_answer_as_it_should(campus, monkeypatch, fault, parts):
    monkeypatch.setattr(BoxSystems, "moodle", impatient)
    campus.box.moodle.faults.push("*", fault, times=None)
    with nothing_written(campus, SourceUnreachable, f"Moodle ({campus.box.moodle.url})", *parts):
        campus.play("offer", "mauvaise", TOMORROW)


def impatient(systems: BoxSystems) -> MoodleClient:
    """A client that waits a fifth of a second."""
    there = systems.box.moodle
    return MoodleClient(requests.Session(), there.url, there.token, timeout=(1, 0.2), attempts=2, wait=wait_none())


@pytest.mark.parametrize(("kind", "words"), [("cli", "est en maintenance (503)"), ("ui", "est indisponible")])
def test_moodle_in_maintenance(campus, kind, words):
    campus.box.moodle.settings.maintenance = kind
    with nothing_written(campus, SourceUnreachable, words):
        campus.play("cohorts", "mauvaise", TOMORROW)


def test_moodle_switched_off(campus):
    url = campus.box.moodle.url
    campus.box.moodle._http.close()
    with pytest.raises(SourceUnreachable) as away:
        campus.play("cohorts", "mauvaise", TOMORROW)
    said(away.value, f"Moodle ({url}) est injoignable", "connexion « moodle »")


def test_a_token_that_moodle_does_not_know(campus, monkeypatch):
    def stranger(systems: BoxSystems) -> MoodleClient:
        return MoodleClient(requests.Session(), systems.box.moodle.url, "0" * 32, attempts=2, wait=wait_none())

    monkeypatch.setattr(BoxSystems, "moodle", stranger)
    with nothing_written(campus, SourceRefused, "refuse le jeton de la connexion « moodle »", "Gérer les jetons"):
        campus.play("offer", "mauvaise", TOMORROW)


def test_functions_missing_from_the_service_are_all_named_before_anything_is_read(campus):
    for function in ("core_course_update_courses", "core_course_delete_categories"):
        campus.box.moodle.withdraw(function)
    with nothing_written(
        campus, SourceRefused, "Fonctions absentes", "core_course_delete_categories, core_course_update_courses"
    ):
        campus.play("offer", "mauvaise", TOMORROW)


def test_a_missing_capability_is_named_and_once_given_the_next_run_ends_the_work(campus):
    campus.refer("INSERT INTO refer_element VALUES ('2026', 'NOUVEAU1', 'nouveau', 'LCAS1_1', 'N')")
    campus.refer("UPDATE refer_categorie SET libelle = 'renommée' WHERE code = 'LCAS1_1'")
    campus.box.moodle.deny("moodle/course:create")
    with pytest.raises(SourceRefused) as refused:
        campus.play("offer", "mauvaise", TOMORROW)
    said(refused.value, "refuse core_course_create_courses", "une capacité lui manque", "Create courses")
    assert campus.journal("offer", "mauvaise", TOMORROW)["verb"].tolist() == ["rename"]
    campus.box.moodle.allow("moodle/course:create")
    assert campus.play("offer", "reparee", TOMORROW)["counts"] == {"course": {"create": 1}}


def test_courses_that_moodle_would_make_visible_are_stopped_at_the_first(campus):
    for number in range(5):
        campus.refer(f"INSERT INTO refer_element VALUES ('2026', 'NOUVEAU{number}', 'nouveau', 'LCAS1_1', 'N')")
    campus.box.moodle.deny("moodle/course:visibility")
    with pytest.raises(SourceRefused) as refused:
        campus.play("offer", "mauvaise", TOMORROW)
    assert str(refused.value) == (
        "Le cours NOUVEAU0 vient d'être créé visible alors qu'il doit naître caché : un administrateur le cache et ajoute"
        " la capacité moodle/course:visibility au rôle du compte du jeton, au niveau du site ; puis relancer la phase."
    )
    assert campus.journal("offer", "mauvaise", TOMORROW)["key"].tolist() == ["NOUVEAU0"]
    campus.box.moodle.allow("moodle/course:visibility")
    assert campus.play("offer", "reparee", TOMORROW)["counts"] == {"course": {"create": 4}}


def test_a_token_that_cannot_see_hidden_courses_is_told_which_capability_it_lacks(campus):
    campus.box.moodle.deny("moodle/course:viewhiddencourses")
    with nothing_written(campus, SourceRefused, "ne voit pas tous les cours", "moodle/course:viewhiddencourses"):
        campus.play("enrolments", "aveugle", TOMORROW)


@pytest.mark.parametrize("phase", ["offer", "enrolments", "groups"])
def test_a_list_that_leaves_the_hidden_courses_out_is_taken_for_a_failed_read(campus, monkeypatch, phase):
    monkeypatch.setitem(reader.WHOLE, "courses", only_shown)
    with nothing_written(campus, TruncatedRead, "La lecture ne montre pas", "cours", "cours cachés compris"):
        campus.play(phase, "aveugle", TOMORROW)


def only_shown(client: MoodleClient) -> pd.DataFrame:
    found = reads.courses(client)
    return found[found["visible"]].reset_index(drop=True)


def test_a_list_that_leaves_out_the_few_courses_still_hidden_unenrols_nobody(campus, monkeypatch):
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS104'")
    for phase in ("offer", "enrolments"):
        campus.play(phase, "archive", TOMORROW)
    campus.moodle("UPDATE mdl_course SET visible = 1 WHERE idnumber NOT IN ('L1CAS101', 'ex_L1CAS104')")
    before, owned = campus.state(), campus.owned()
    monkeypatch.setitem(reader.WHOLE, "courses", only_shown)
    for phase in ("offer", "enrolments", "groups"):
        assert campus.play(phase, "aveugle", night_after(2))["counts"] == {}
    assert (campus.state(), campus.owned()) == (before, owned)


@pytest.mark.parametrize(
    ("fault", "times", "words"),
    [
        (MoodleError("errorcoursecontextnotvalid", "Context not valid"), LASTING + 1, "Context not valid"),
        (MoodleError("nopermissions", "View participants"), 2, "une capacité lui manque"),
    ],
    ids=["broken", "forbidden"],
)
def test_a_hand_made_space_that_cannot_be_read_is_left_aside_and_the_phase_goes_on(
    campus, caplog, monkeypatch, fault, times, words
):
    monkeypatch.setattr(MoodleClient, "pause", lambda *_: None)
    spaces = campus.ask("SELECT count(*) FROM mdl_course WHERE id > 1") - len(campus.owned()["course"])
    campus.box.moodle.faults.push("core_enrol_get_enrolled_users", fault, times=times)
    campus.box.moodle.inner_calls.clear()
    assert campus.play("enrolments", "suivante", TOMORROW)["state"] == "success"
    assert campus.box.moodle.inner_calls.count("core_enrol_get_enrolled_users") == spaces > 1
    (warned,) = [line for line in caplog.messages if line.startswith("Espace complémentaire n° ")]
    assert words in warned


def test_an_account_whose_method_is_no_longer_installed_stops_the_phase_in_one_sentence(campus):
    campus.moodle("UPDATE mdl_user SET auth = 'disparue' WHERE username = 'guest'")
    with nothing_written(campus, SourceRefused, "ne montre plus aucun compte", "installe le greffon qui manque"):
        campus.play("cohorts", "mauvaise", TOMORROW)


def test_on_a_moodle_5_without_the_plugin_of_cas_the_first_night_creates_no_account(tmp_path):
    with open_box(tmp_path / "box", size=1, today=NIGHT, sync_every=None, release="5.1") as box:
        box.moodle.db.run("UPDATE mdl_config SET value = 'shibboleth' WHERE name = 'auth'")
        campus = Campus(tmp_path, box, Cron())
        before = campus.state()["accounts"]
        with pytest.raises(SourceRefused) as told:
            campus.play("users")
        said(told.value, "La méthode d'authentification « cas » n'est pas installée", "installe le greffon auth_cas")
        assert campus.state()["accounts"] == before
        campus.by_database = True
        with pytest.raises(SourceRefused) as told:
            campus.play("users", "encore")
        said(told.value, "La méthode d'authentification « cas » n'est pas activée", "l'active dans Administration")
        campus.site["auth"] = "shibboleth"
        assert campus.play("users", "enfin")["state"] == "success"


def test_a_moodle_that_bears_two_calls_at_once_gets_two_and_the_night_ends_as_any_other(campus, caplog):
    campus.change_a_day()
    campus.box.moodle.withdraw(TOGETHER)
    campus.box.moodle.settings.most_at_once, campus.box.moodle.settings.latency = 2, 0.01
    with caplog.at_level("WARNING", "ecampus"):
        reports = campus.night("chargee", TOMORROW)
    assert {report["state"] for report in reports.values()} == {"success"}
    assert sum(report["failed"] + report["put_off"] for report in reports.values()) == 0
    assert "Moodle refuse des appels (503) : 2 à la fois désormais au lieu de 3." in caplog.messages
    campus.box.moodle.settings.most_at_once = 1000
    campus.night("calme", night_after(2))
    assert campus.writes() == []
