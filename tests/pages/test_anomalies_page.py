"""«Anomalies» of a night that was played, and the spreadsheet that is exactly that."""

from __future__ import annotations

import csv
import io
from datetime import date
from urllib.parse import urlencode

import pytest
from visits import visit

from ecampus.explain.reach import EVERYTHING
from ecampus.pages import anomalies
from ecampus.store.files import Store
from ecampus.words.mending import Note

SENTENCE = (
    "L'étudiant 22900101 a une inscription pédagogique à L1CAS101 mais n'est dans aucun de ses groupes : il n'est pas"
    " inscrit dans l'espace de cours ; l'affecter à un groupe dans Apogée."
)


def test_a_store_without_a_night_says_so(tmp_path):
    assert visit(Store(tmp_path)).reads("anomalies") == ["Anomalies", "Aucune nuit n'a encore dit ses anomalies."]


def test_an_anomaly_says_who_and_what_what_to_do_where_since_when_and_leads_on(campus):
    clerk = visit(campus.store)
    words = clerk.reads("anomalies")
    place = words.index(SENTENCE)
    assert words[place - 2 : place + 3] == ["L1CAS101", "22900101", SENTENCE, "(piège 1, le groupe)", "cette nuit"]
    text = clerk.get("anomalies").text
    assert '<a href="/ecampus/pourquoi?q=22900101+L1CAS101">' in text
    assert '<a href="/ecampus/aide/guide-scolarite#ip_sans_groupe">' in text
    assert [word for word in words if word.startswith("À corriger dans")] == [
        "À corriger dans Apogée",
        "À corriger dans ADE",
        "À corriger dans l'annuaire LDAP",
        "À corriger dans ecampus",
    ]
    assert words[-1] == "En cas de doute : pôle plateforme."


def test_each_kind_of_anomaly_leads_to_an_answer_about_whom_or_what_it_names(campus):
    clerk, told = visit(campus.store), anomalies.known(campus.store, EVERYTHING).notes
    kinds = {note.code: note for note in told if note.question}
    assert len(kinds) > 15
    silent = {
        code: note.question
        for code, note in kinds.items()
        if clerk.reads(f"pourquoi?{urlencode({'q': note.question})}")[0] == "Pourquoi ?"
    }
    assert silent == {}


def test_my_composante_is_all_that_is_shown_and_what_has_none_is_one_link_away(campus):
    clerk = visit(campus.store)
    clerk.get("composante?choix=DROIT&retour=anomalies")
    words = clerk.reads("anomalies")
    assert words[0] == "Anomalies de DROIT"
    assert SENTENCE not in words
    assert "les voir" in words
    assert clerk.reads("anomalies?composante=aucune")[0] == "Anomalies sans composante"
    assert SENTENCE in clerk.reads("anomalies?composante=SCIENCES")


@pytest.mark.parametrize("asked", ["", "?ou=ADE", "?composante=SCIENCES", "?ou=nouvelles&composante=DROIT"])
def test_the_spreadsheet_holds_exactly_what_is_shown(campus, asked):
    clerk = visit(campus.store)
    words, answer = clerk.reads(f"anomalies{asked}"), clerk.get(f"anomalies.csv{asked}")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))[1:]
    told = [" ".join(row[5].split()) for row in rows]
    assert len(told) > 1
    assert [word for word in words if word in told] == told
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_the_spreadsheet_is_named_after_what_it_holds(campus):
    name = visit(campus.store).get("anomalies.csv?composante=SCIENCES&ou=ADE").headers["content-disposition"]
    assert name == 'attachment; filename="anomalies-SCIENCES-ADE-2026-11-23.csv"'


def test_a_composante_that_has_nothing_to_mend_reads_so(campus):
    assert visit(campus.store).reads("anomalies?composante=LANGUES")[:2] == [
        "Anomalies de LANGUES",
        "UFR de langues vivantes étrangères · Nuit du 23 novembre · rien à corriger",
    ]


def test_a_file_that_nobody_can_read_hides_the_anomalies_of_its_phase_alone_and_the_page_says_so(campus):
    (campus.store.root / "memory" / "anomalies-offer.parquet").write_bytes(b"")
    words = visit(campus.store).reads("anomalies")
    assert SENTENCE in words
    assert words[1].endswith(" · Offre de formation : pas connues")


def test_what_an_older_night_told_is_said_to_be_of_that_night_and_is_not_new(campus):
    for phase in ("users", "cohorts", "offer"):
        campus.store.write_json(f"memory/night-{phase}.json", "2026-11-24")
    words = visit(campus.store).reads("anomalies")
    assert words[1].endswith(" · Inscriptions, Groupes : celles de la nuit du 23 novembre")
    assert words[words.index(SENTENCE) + 2] == "depuis 1 nuit"


def test_many_anomalies_come_page_by_page():
    one = Note("IP_SANS_GROUPE", "", None, "…", date(2026, 11, 1), date(2026, 11, 25))
    notes = [one._replace(key=f"{place:04}") for place in range(450)]
    shown = [anomalies.seen(anomalies.Known(notes, {"enrolments": one.night}), None, "", page) for page in (0, 1, 3, 9)]
    assert [(view.page, view.pages, len(view.groups["Apogée"])) for view in shown] == [
        (1, 3, 200),
        (1, 3, 200),
        (3, 3, 50),
        (3, 3, 50),
    ]
    assert [len(view.notes) for view in shown] == [450] * 4
