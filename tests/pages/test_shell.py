"""What every page shows around its own: the header, the composante, the banners; and who looked whom up."""

from __future__ import annotations

import logging

import pytest
from fastapi import Request
from visits import visit

from ecampus.errors import SourceRefused
from ecampus.orchestration import records
from ecampus.pages.page import Page
from ecampus.store.files import Store


def test_the_header_names_the_pages_and_marks_the_one_that_is_read(campus):
    clerk = visit(campus.store)
    assert clerk.reads("nuit", "nav") == [
        "Pourquoi ?", "Anomalies", "Cette nuit", "Retenus", "Changements", "Historique", "Aide",
    ]  # fmt: skip
    assert 'href="/ecampus/nuit" aria-current="page"' in clerk.get("nuit").text


def test_the_first_page_is_tonight(tmp_path):
    assert visit(Store(tmp_path)).get("").headers["location"] == "/ecampus/nuit"


def test_a_composante_is_remembered_for_the_pages_alone_and_leads_back(campus):
    clerk = visit(campus.store)
    assert clerk.reads("nuit", "details") == [
        "Ma composante :", "Toutes", "DROIT", "UFR de droit et sciences politiques", "LANGUES",
        "UFR de langues vivantes étrangères", "SCIENCES", "UFR des sciences", "Toutes",
    ]  # fmt: skip
    answer = clerk.get("composante?choix=SCIENCES&retour=anomalies%3Fou%3DADE")
    assert (answer.status_code, answer.headers["location"]) == (303, "/ecampus/anomalies?ou=ADE")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("ecampus_composante=SCIENCES; HttpOnly; Max-Age=31536000; Path=/ecampus; SameSite=strict")
    assert clerk.reads("nuit", "summary") == ["Ma composante :", "SCIENCES"]
    clerk.get("composante")
    assert clerk.reads("nuit", "summary") == ["Ma composante :", "Toutes"]


def test_no_address_leads_out_of_the_pages(campus):
    for elsewhere in ("https://ailleurs.example/", "//ailleurs.example/", "\\ailleurs.example"):
        answer = visit(campus.store).get("composante", params={"choix": "DROIT", "retour": elsewhere})
        assert answer.headers["location"].startswith("/ecampus/")


def test_a_freeze_a_failed_night_and_what_is_held_are_said_on_every_page(campus):
    run = campus.run("offer", "autre")
    records.begin(run)
    records.finish(run, "failed", "Moodle ne répond pas.")
    campus.table(
        "INSERT INTO ecampus_decision (phase, unit, digest, question, state, night)"
        " VALUES ('offer', 'course|archive|L1', 'x', 'archive_course', 'asked', '2026-11-23')"
    )
    text = visit(campus.store, lambda: campus.register, "true").get("nuit").text
    banners = [line.replace("\u00a0", " ") for line in text.splitlines() if 'class="banner' in line]
    assert [line.partition(" <a")[0].partition(">")[2] for line in banners] == [
        "<strong>Gel</strong> Gel sans date de fin (variable ecampus_freeze) : rien n&#39;est écrit dans ecampus.",
        "<strong>Échec</strong> La nuit du 23 novembre s&#39;est arrêtée à l&#39;Offre de formation à"
        f" {records.at(records.read(run.files).finished_at)}.",
        "<strong>À décider</strong> 1 changement attend une décision.",
    ]
    assert "Retenus 1" in visit(campus.store, lambda: campus.register).reads("nuit", "nav")


def test_a_night_that_waits_to_be_approved_as_a_whole_is_said(campus):
    campus.table(
        "INSERT INTO ecampus_passage (phase, reason, made_by, night, run, state)"
        " VALUES ('offer', 'first', '-', '2026-11-23', '2026-11-23/offer/run', 'asked')"
    )
    assert (
        "La nuit attend d&#39;être approuvée en entier."
        in visit(campus.store, lambda: campus.register).get("nuit").text
    )


def test_a_register_that_does_not_answer_is_said_and_closes_no_page(campus):
    def mute():
        raise SourceRefused("La base des inscriptions ne répond pas.")

    assert "La base des inscriptions ne répond pas." in visit(campus.store, mute).get("nuit").text


def test_a_store_that_cannot_be_read_is_one_sentence(tmp_path):
    (tmp_path / "store").write_text("")
    answer = visit(Store(tmp_path / "store")).get("nuit")
    assert answer.status_code == 503
    assert "Le magasin des nuits ne permet pas de lire ou d&#39;écrire" in answer.text


def test_what_is_served_beside_the_pages_is_kept_a_year_under_an_address_that_changes_with_it(campus):
    clerk = visit(campus.store)
    address = clerk.get("nuit").text.partition('rel="stylesheet" href="/ecampus/')[2].partition('"')[0]
    answer = clerk.get(address)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert clerk.get("static/app.py").status_code == 404


def test_who_looked_whom_up_is_a_line_of_the_log(caplog):
    page = Page(Request({"type": "http", "state": {"visitor": "scol1"}}), None)
    with caplog.at_level(logging.INFO, "ecampus"):
        page.looked_up("22100123")
    assert caplog.messages == ["Consultation par scol1 : 22100123."]


@pytest.mark.parametrize("path", ["nuit"])
def test_a_page_says_its_language_has_one_title_and_lets_its_header_be_skipped(campus, path):
    text = visit(campus.store).get(path).text
    assert '<html lang="fr">' in text
    assert text.count("<h1") == 1
    assert '<a class="skip" href="#contenu">' in text
