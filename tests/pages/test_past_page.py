"""«Historique»: the calendar of the nights, two plots with their figures beside, growth."""

from __future__ import annotations

from datetime import timedelta

import pytest
from visits import visit

from chronicle import NIGHT, kept, reported
from ecampus.calendar import PHASES
from ecampus.history.nights import Night
from ecampus.pages import plot
from ecampus.pages.plot import Bar
from ecampus.store.files import Store
from ecampus.words import looking

ARCHIVED = "object | verb | key | place | moodle_id ; course | archive | L1 | ex_L1 | 7"


@pytest.fixture
def store(tmp_path) -> Store:
    found = Store(tmp_path)
    for phase in PHASES:
        done = ARCHIVED if phase == "offer" else ""
        kept(
            found, NIGHT - timedelta(days=1), phase=phase, done=done, ours={"course": 1000, "account": 5}, ended="04:12"
        )
        kept(found, NIGHT, phase=phase, ended="05:30", state="failed" if phase == "groups" else "success")
    return found


def test_each_night_is_told_in_words_and_leads_to_its_changes(store):
    clerk = visit(store)
    words = clerk.reads("historique")
    assert words[1] == "2 nuits : 1 réussie, 1 en échec ; 1 finie après 06h00."
    assert "22 novembre 2026 : réussie, 1 changement, finie à 05h12" in words
    assert "23 novembre 2026 : en échec, finie à 06h30" in words
    assert 'href="/ecampus/changements?nuit=2026-11-22"' in clerk.get("historique").text


def test_the_summary_counts_each_night_once_whatever_became_of_it():
    states = ["success"] * 3 + [
        "held",
        "failed",
        "failed",
        "stopped",
        "stopped",
        "partial",
        "shown",
        "missing",
        "unreadable",
    ]
    assert looking.summary([Night(f"2026-11-{day:02}", state) for day, state in enumerate(states, 1)]) == (
        "12 nuits : 4 réussies, 2 en échec, 2 arrêtées en route, 1 incomplète, 1 à approuver, 1 illisible,"
        " 1 absente de l'historique."
    )
    assert {*looking.SUMMED, "held"} == {*looking.STATES}


def test_beside_each_plot_its_figures_are_a_table(store):
    words = visit(store).reads("historique")
    first = words.index("En chiffres")
    assert words[first + 7 : first + 20] == [
        "2026-11-23", "06h30", "après 06h00", "0", "0", "0", "0", "2026-11-22", "05h12", "1", "1", "0", "0",
    ]  # fmt: skip
    second = words.index("En chiffres", first + 1)
    assert words[second + 5 : second + 13] == ["2026-11-23", "0", "1", "40", "2026-11-22", "1", "1", "20"]
    assert words[-7:] == ["novembre 2026", "5", "–", "1 000", "–", "–", "–"]


@pytest.mark.parametrize("asked", ["", "?limite=remove_row", "?limite=x"])
def test_whatever_limit_is_asked_a_page_is_shown(store, asked):
    assert visit(store).get(f"historique{asked}").text.count("<svg") == 2


def test_creations_have_no_line_and_the_page_says_why(store):
    words = visit(store).reads("historique?limite=create_course")
    assert "Changements de sept nuits : cours créés" in words
    assert "La limite des créations ne compte que ce que REFER avait déjà avant : elle n'est pas tracée ici." in words


TOLD = """code | key | composante | sentence | first_night
IP_SANS_GROUPE | 1 / L1 | SCIENCES | dit | 2026-10-02
IP_SANS_GROUPE | 2 / L1 | SCIENCES | dit | 2026-11-23
COURS_CACHE | L1 | SCIENCES | dit | 2026-11-23"""


def test_the_anomalies_of_all_nights_are_a_line_a_month_and_a_line_a_kind(store):
    kept(store, NIGHT - timedelta(days=31), phase="enrolments", told="\n".join(TOLD.splitlines()[:2]))
    kept(store, NIGHT, phase="enrolments", told=TOLD)
    words = visit(store).reads("historique")
    assert words[words.index("Les anomalies, mois par mois") + 6 :][:19] == [
        "novembre 2026", "3", "2", "3", "+2", "octobre 2026", "1", "1", "1", "–",
        "Par sorte, à la dernière nuit", "Anomalie", "À corriger", "Depuis le mois d'avant",
        "Un étudiant n'est dans aucun groupe", "2", "+1", "Le cours est encore caché", "1",
    ]  # fmt: skip
    chosen = visit(store).reads("historique?anomalie=COURS_CACHE")
    place = chosen.index("Les anomalies, mois par mois : Le cours est encore caché")
    assert chosen[place + 7 :][:5] == ["novembre 2026", "1", "1", "1", "+1"]


def test_how_long_each_phase_lasted_is_a_table(store):
    words = visit(store).reads("historique")
    place = words.index("La durée de chaque traitement, sans son attente du précédent")
    assert words[place + 1 : place + 14] == [
        "Nuit", "Utilisateurs", "Cohortes", "Offre de formation", "Inscriptions", "Groupes",
        "2026-11-23", "30 min", "30 min", "30 min", "30 min", "30 min", "2026-11-22",
    ]  # fmt: skip


def test_a_store_without_a_night_says_so(tmp_path):
    assert visit(Store(tmp_path)).reads("historique")[0] == "Historique"


def test_a_bar_is_as_high_as_its_value_and_over_only_beyond_the_line():
    drawn = plot.bars([5, None, 10], [5, 5, 5])
    assert drawn.bars == [Bar(0.0, 120.0, 266.7, 100.0, False), Bar(666.7, 20.0, 266.7, 200.0, True)]
    assert drawn.line.split()[:2] == ["0.0,120.0", "333.3,120.0"]


def test_a_value_beyond_the_most_is_drawn_as_high_as_it():
    drawn = plot.bars([1000, 10], [20, 20], most=100)
    assert (drawn.bars[0].y, drawn.bars[0].height) == (20.0, 200.0)


def test_an_installation_whose_history_was_not_made_says_so_and_how_to_make_it(tmp_path):
    reported(Store(tmp_path))
    assert visit(Store(tmp_path)).reads("historique") == [
        "Historique", "L'historique n'a pas été calculé : « make history » le fait, depuis les dossiers des nuits.",
    ]  # fmt: skip


def test_nights_that_the_history_lacks_are_said_above_the_others(store):
    reported(store, NIGHT - timedelta(days=20))
    words = visit(store).reads("historique")
    assert words[1:3] == [
        "3 nuits : 1 réussie, 1 en échec, 1 absente de l'historique ; 1 finie après 06h00.",
        "L'historique n'a pas tout de la nuit du 3 novembre 2026 : « make history » la lit.",
    ]  # fmt: skip
