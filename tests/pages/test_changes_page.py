"""«Changements»: of a night, of somebody over all nights, and two nights side by side."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from visits import visit

from chronicle import NIGHT, kept, reported
from ecampus.store.files import Store
from ecampus.words import looking

CREATED = (
    "object | verb | key | name | scope | place | moodle_id ; course | create | L1 | L1 - algèbre | SCIENCES | L1 | 7"
)
ARCHIVED = """object | verb | key | name | scope | place | username | moodle_id | unit | outcome | message
course | create | L2 | L2 - droit | DROIT | L2 | | 8 | | failed | Nom déjà pris.
course | archive | L1 | L1 - algèbre | SCIENCES | ex_L1 | | 7 | | |
enrolment | drop_key | L1 / e1 / student | | SCIENCES | L1 | e1 | | course~archive~L1 | |"""


@pytest.fixture
def store(tmp_path) -> Store:
    found = Store(tmp_path)
    kept(found, NIGHT - timedelta(days=1), done=CREATED)
    kept(found, NIGHT, done=ARCHIVED)
    return found


def lines(words: list[str]) -> list[str]:
    return words[words.index("Composante") + 1 :]


def test_the_last_night_is_shown_what_takes_away_first(store):
    words = visit(store).reads("changements")
    assert words[:2] == [
        "Changements de la nuit du 23 novembre 2026", "2 lignes. Fait : 1 cours archivé, 1 personne gardée.",
    ]  # fmt: skip
    assert lines(words) == [
        "Cours archivé : L1 - algèbre (devient ex_L1), 1 personne gardée", "fait", "SCIENCES",
        "Cours à créer : L2 - droit (catégorie CAT)", "Nom déjà pris.", "refusé", "DROIT",
    ]  # fmt: skip


def test_somebody_is_looked_up_over_all_nights_and_that_is_logged(store, caplog):
    with caplog.at_level(logging.INFO, "ecampus"):
        words = visit(store).reads("changements?qui=e1")
    assert words[0] == "Changements de e1, toutes les nuits"
    assert lines(words) == [
        "2026-11-23", "Cours archivé : L1 - algèbre (devient ex_L1), 1 personne gardée", "fait", "SCIENCES",
    ]  # fmt: skip
    assert any("scol1" in message and "e1" in message for message in caplog.messages)


def test_no_name_and_no_second_line_can_be_typed_into_the_log(store, caplog):
    with caplog.at_level(logging.INFO, "ecampus"):
        visit(store).get("changements", params={"qui": "Camille Dupont"})
        visit(store).get("changements", params={"qui": "e1\nConsultation par x : y\x1b[1A"})
    assert [message for message in caplog.messages if "Consultation" in message] == [
        "Consultation par scol1 : e1 Consultation par x : y[1A."
    ]


def test_a_course_is_told_over_all_nights_the_newest_first(store):
    assert [word for word in lines(visit(store).reads("changements?cours=l1")) if word.startswith("2026")] == [
        "2026-11-23", "2026-11-22",
    ]  # fmt: skip


def test_my_composante_is_all_that_is_shown_of_a_night(store):
    words = visit(store).reads("changements?composante=DROIT")
    assert words[0] == "Changements de DROIT, la nuit du 23 novembre 2026"
    assert lines(words)[0] == "Cours à créer : L2 - droit (catégorie CAT)"


@pytest.mark.parametrize("asked", ["nuit=hier", "p=-3", "p=99999999999", "etat=x", "mots=%25%27", "cours=%27%22"])
def test_whatever_the_address_says_a_page_is_shown(store, asked):
    assert visit(store).get(f"changements?{asked}").status_code == 200


def test_two_nights_stand_side_by_side(store):
    words = visit(store).reads("changements/comparer?une=2026-11-22&autre=2026-11-23")
    assert words == [
        "Nuits du 22 novembre 2026 et du 23 novembre 2026", "Les deux nuits", "Changements", "État", "2026-11-22",
        "2026-11-23", "1 cours archivé, 1 personne gardée", "fait", "–", "1", "1 cours créé", "fait", "1", "–",
        "1 cours à créer", "refusé", "–", "1",
    ]  # fmt: skip


def test_a_night_that_the_history_does_not_have_is_not_one_without_change(tmp_path):
    reported(Store(tmp_path))
    clerk = visit(Store(tmp_path))
    for asked in ("", "?nuit=2026-11-23", "?cours=L1", "?qui=e1"):
        assert clerk.reads(f"changements{asked}")[1] == looking.NEVER_MADE
    assert clerk.reads("changements/comparer?une=2026-11-22&autre=2026-11-23")[1] == looking.NEVER_MADE


def test_nor_is_the_part_of_all_nights_that_it_does_not_have(store):
    reported(store, NIGHT - timedelta(days=20))
    assert visit(store).reads("changements?cours=L1")[1] == (
        "L'historique n'a pas tout de la nuit du 3 novembre 2026 : « make history » la lit."
        " 2 lignes. Fait : 1 cours archivé, 1 personne gardée ; 1 cours créé."
    )


def test_of_a_night_that_did_not_run_nothing_is_said_but_that(store):
    assert visit(store).reads("changements?nuit=2026-11-01")[1] == (
        "Rien n'est gardé de la nuit du 1er novembre 2026 : elle n'a pas tourné, ou aucun de ses traitements n'a encore"
        " fini."
    )


def test_nor_is_it_compared_with_one(store):
    assert visit(store).reads("changements/comparer?une=2026-11-21&autre=2026-11-23")[1] == looking.nothing(
        "2026-11-21"
    )


def test_a_store_without_a_night_says_so(tmp_path):
    assert visit(Store(tmp_path)).reads("changements")[0] == "Changements"
