"""Whatever somebody types, or writes in the address: a page, or one sentence in French."""

from __future__ import annotations

from datetime import timedelta

import pytest
from visits import Text, Visit, visit

from chronicle import NIGHT, kept, reported
from ecampus.pages import tonight
from ecampus.store.files import Store
from ecampus.words import looking

CREATED = (
    "object | verb | key | name | scope | place | moodle_id ; course | create | L1 | L1 - algèbre | SCIENCES | L1 | 7"
)
UNKNOWN = ["ecampus", "Cette page n'existe pas."]
LONG = ["ecampus", "Ce qui est demandé est trop long : écrire 200 caractères au plus."]


@pytest.fixture
def store(tmp_path) -> Store:
    found = Store(tmp_path)
    kept(found, NIGHT, done=CREATED)
    return found


def said(clerk: Visit, path: str, code: int) -> list[str]:
    answer = clerk.get(path)
    assert answer.status_code == code, answer.text
    found = Text("main")
    found.feed(answer.text)
    return found.words


@pytest.mark.parametrize(
    "path", ["anomalies?p=deux", "changements?p=", "changements?p=1.5", "aide/autre", "rapport/complet"]
)
def test_an_address_that_no_page_wrote_is_no_page(store, path):
    assert said(visit(store), path, 404) == UNKNOWN


@pytest.mark.parametrize("where", ["pourquoi?q", "changements?qui", "changements?cours", "changements?mots"])
def test_what_is_typed_is_a_few_words(store, where):
    assert said(visit(store), f"{where}={'ab+' * 100}", 404) == LONG


@pytest.mark.parametrize("night", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_that_there_are_are_nights_like_others(store, night):
    assert said(visit(store), f"changements?nuit={night}", 200)[1].startswith("Rien n'est gardé de la nuit du ")


def test_a_page_beyond_the_last_is_the_last(store):
    words = said(visit(store), "changements?p=999999", 200)
    assert words[1] == "1 ligne. Fait : 1 cours créé."
    assert "Cours créé : L1 - algèbre (catégorie CAT)" in words


def test_two_nights_of_which_the_history_has_one_are_not_without_change(store):
    before = (NIGHT - timedelta(days=1)).isoformat()
    words = said(visit(store), f"changements/comparer?une={before}&autre={NIGHT.isoformat()}", 200)
    assert words[1] == looking.nothing(before)
    same = said(visit(store), f"changements/comparer?une={before}&autre={before}", 200)
    assert same[1:] == words[1:2]


def test_two_nights_that_changed_nothing_are_said_to_have_changed_nothing(tmp_path):
    for night in (NIGHT - timedelta(days=1), NIGHT):
        kept(Store(tmp_path), night)
    words = said(visit(Store(tmp_path)), "changements/comparer?une=2026-11-22&autre=2026-11-23", 200)
    assert words[1:] == ["Aucun changement, ni dans l'une ni dans l'autre."]


def test_nothing_but_reading_is_refused_in_french(store):
    answer = visit(store).client.post("/ecampus/nuit")
    assert "Les pages d&#39;ecampus se lisent ; rien ne s&#39;y fait." in answer.text


def test_a_defect_of_ours_is_one_sentence_and_its_traceback_is_for_the_log(store, monkeypatch):
    def breaks(page):
        raise ZeroDivisionError

    monkeypatch.setattr(tonight, "waiting", breaks)
    clerk = visit(store)
    reported(store)
    clerk.client._transport.raise_server_exceptions = False
    answer = clerk.get("nuit")
    assert answer.status_code == 500
    assert "Cette page a rencontré une erreur imprévue : la signaler avec son adresse et l&#39;heure" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
