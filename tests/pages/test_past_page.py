"""«Historique»: the calendar of the nights, two plots with their figures beside, growth."""

from __future__ import annotations

from datetime import timedelta

import pytest
from visits import visit

from chronicle import NIGHT, kept
from ecampus.calendar import PHASES
from ecampus.pages import plot
from ecampus.pages.plot import Bar
from ecampus.store.files import Store

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


def test_a_store_without_a_night_says_so(tmp_path):
    assert visit(Store(tmp_path)).reads("historique")[0] == "Historique"


def test_a_bar_is_as_high_as_its_value_and_over_only_beyond_the_line():
    drawn = plot.bars([5, None, 10], [5, 5, 5])
    assert drawn.top == 10
    assert drawn.bars == [Bar(0.0, 120.0, 266.7, 100.0, False), Bar(666.7, 20.0, 266.7, 200.0, True)]
    assert drawn.line.split()[:2] == ["0.0,120.0", "333.3,120.0"]


def test_a_value_beyond_the_most_is_drawn_as_high_as_it():
    drawn = plot.bars([1000, 10], [20, 20], most=100)
    assert (drawn.top, drawn.bars[0].y, drawn.bars[0].height) == (100, 20.0, 200.0)
