"""«Cette nuit» on a night that was played."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from visits import MORNING, visit

from ecampus.calendar import at
from ecampus.orchestration import records
from ecampus.store import opening
from ecampus.store.files import Store
from ecampus.store.opening import Opening
from university import NIGHT


def test_a_store_without_a_night_says_so(tmp_path):
    assert visit(Store(tmp_path)).reads("nuit") == ["Cette nuit", "Aucune nuit n'a encore tourné : rien n'est gardé."]


def test_a_good_night_is_one_sentence_and_five_lines(campus):
    words = visit(campus.store).reads("nuit")
    ended = at(records.read(campus.run("groups").files).finished_at)
    assert words[0] == f"La nuit du 23 novembre s'est bien terminée à {ended}."
    lines = [words[place + 1 : place + 2] for place, word in enumerate(words) if word in ("Utilisateurs", "Groupes")]
    assert lines == [["réussi"], ["réussi"]]


def test_a_night_that_did_not_come_is_said(campus):
    assert "Rien n'a tourné depuis la nuit du 23 novembre." in visit(campus.store, now=MORNING + timedelta(1)).reads(
        "nuit"
    )


def test_a_replay_and_what_was_approved_are_told_apart_and_change_nothing_of_the_night(campus):
    before = visit(campus.store).reads("nuit")
    report = campus.run("offer").files.read_json("report.json")
    for run, known in (
        (campus.run("offer", replay=True), Opening(NIGHT, "replay")),
        (campus.run("offer", "midi"), Opening(NIGHT, "live", only_approved=True)),
    ):
        opening.keep(run, replace(known, opened_at=MORNING))
        run.files.write_json("report.json", report)
    words = visit(campus.store).reads("nuit")
    assert words[: len(before)] == before
    assert words[len(before) :] == [
        "À part, cette nuit-là",
        "Ce qui était approuvé, Offre de formation, à 07h30",
        "Rejouée, Offre de formation, à 07h30",
    ]


def test_the_forecast_of_midnight_is_told_apart(campus):
    campus.store.write_json(
        "rehearsals/prevision-scheduled__2026-11-22T23:00:00+00:00/report.json",
        {"night": NIGHT.isoformat(), "moment": "2026-11-22T23:00:07+00:00"},
    )
    assert visit(campus.store).reads("nuit")[-2:] == ["À part, cette nuit-là", "Prévision de la nuit, à 00h00"]


def test_airflows_home_page_is_given_the_one_sentence(campus):
    clerk = visit(campus.store)
    assert clerk.get("accueil").json() == {"sentence": clerk.reads("nuit")[0]}
