"""What «Anomalies» says, in which order, and its spreadsheet, to the letter."""

from __future__ import annotations

from datetime import date

import pytest

from ecampus.calendar import PHASES
from ecampus.words import mending
from ecampus.words.catalogue import CATALOGUE
from ecampus.words.mending import Note
from ecampus.words.sheet import sheet
from ecampus.words.titles import TITLES

NIGHT = date(2026, 11, 25)


def note(code: str = "IP_SANS_GROUPE", key: str = "L1CAS101 / 22100123", first: date = NIGHT, **more) -> Note:
    return Note(
        **({"code": code, "key": key, "composante": "SCIENCES", "sentence": "…", "first": first, "night": NIGHT} | more)
    )


def test_every_anomaly_has_a_title_and_a_place():
    assert set(TITLES) == set(CATALOGUE)
    assert {kind.where for kind in CATALOGUE.values()} == set(mending.WHERE)
    assert {trap for kind in CATALOGUE.values() for trap in kind.traps} == set(mending.TRAPS)


@pytest.mark.parametrize(
    ("first", "since", "new"),
    [
        (date(2026, 11, 25), "cette nuit", True),
        (date(2026, 11, 24), "depuis 1 nuit", False),
        (date(2026, 11, 13), "depuis 12 nuits", False),
    ],
)
def test_an_anomaly_says_since_when(first, since, new):
    assert (note(first=first).since, note(first=first).new) == (since, new)


@pytest.mark.parametrize(
    ("code", "traps"),
    [
        ("IP_SANS_GROUPE", "piège 1, le groupe"),
        ("DISTANCE_PORTE_SEUL", "piège 2, le statut à distance ; piège 3, porteur / porté"),
        ("COMPTE_ABSENT", ""),
    ],
)
def test_the_traps_are_words(code, traps):
    assert note(code).traps == traps


def test_where_to_mend_then_the_new_ones_then_the_order_of_the_catalogue():
    old = date(2026, 11, 20)
    told = [
        note("COURS_CACHE", "L1CAS101"),
        note("CODE_PRIS", "L9"),
        note("ADE_OBSOLETE", "a"),
        note(key="b", first=old),
        note("TELE_SANS_CEMU", "c"),
    ]
    assert [(n.code, n.key) for n in mending.ordered(told)] == [
        ("TELE_SANS_CEMU", "c"),
        ("IP_SANS_GROUPE", "b"),
        ("ADE_OBSOLETE", "a"),
        ("COURS_CACHE", "L1CAS101"),
        ("CODE_PRIS", "L9"),
    ]


def test_what_two_phases_tell_is_told_once_since_the_first_of_the_nights():
    twice = [note("COMPTE_ABSENT", "x"), note("COMPTE_ABSENT", "x", date(2026, 11, 20))]
    assert [n.since for n in mending.ordered(twice)] == ["depuis 5 nuits"]


@pytest.mark.parametrize(
    ("notes", "told"),
    [
        ([], "Nuit du 25 novembre · rien à corriger"),
        ([note(first=date(2026, 11, 20))], "Nuit du 25 novembre · 1 à corriger, aucune nouvelle"),
        ([note()], "Nuit du 25 novembre · 1 à corriger, 1 nouvelle"),
        ([note(key=str(n)) for n in range(1640)], "Nuit du 25 novembre · 1\u00a0640 à corriger, 1\u00a0640 nouvelles"),
    ],
)
def test_how_many_are_to_be_mended(notes, told):
    assert mending.under(dict.fromkeys(PHASES, NIGHT), notes) == told


def test_what_an_older_night_told_and_what_nobody_knows_is_said_beside():
    nights = dict.fromkeys(PHASES, NIGHT) | {"enrolments": date(2026, 11, 24), "groups": date.min}
    assert mending.under(nights, [note()]) == (
        "Nuit du 25 novembre · 1 à corriger, 1 nouvelle · Inscriptions : celles de la nuit du 24 novembre"
        " · Groupes : pas connues"
    )
    assert mending.few(nights, []).startswith("rien de connu · ")


@pytest.mark.parametrize(
    ("composante", "title"),
    [(None, "Anomalies"), ("SCIENCES", "Anomalies de SCIENCES"), ("", "Anomalies sans composante")],
)
def test_the_title_names_the_composante(composante, title):
    assert mending.title(composante) == title


def test_each_kind_is_counted_once_the_newest_first_within_a_place():
    told = [
        note(),
        note(key="b", first=date(2026, 11, 1)),
        note("ADE_OBSOLETE"),
        note("TELE_SANS_CEMU", "c"),
        note("TELE_SANS_CEMU", "d"),
    ]
    assert [(k.where, k.title, k.new, k.all) for k in mending.kinds(told)] == [
        ("Apogée", "À distance, mais dans un groupe ordinaire", 2, 2),
        ("Apogée", "Un étudiant n'est dans aucun groupe", 1, 2),
        ("ADE", "Un enseignant sur une feuille obsolète", 1, 1),
    ]


def test_the_spreadsheet_opens_by_a_double_click_and_computes_nothing():
    row = mending.row(note(key="=1+1", sentence="Élève ; « ici »", composante=None))
    assert (
        sheet(mending.HEADER, [row])
        == (
            "\ufeffÀ corriger dans;Piège;Anomalie;Qui, quoi;Composante;Ce qui se passe, que faire;Depuis\r\n"
            'Apogée;piège 1, le groupe;IP_SANS_GROUPE;\'=1+1;;"Élève ; « ici »";2026-11-25\r\n'
        ).encode()
    )


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_what_a_spreadsheet_would_compute_is_a_text(cell):
    assert sheet(["a"], [[cell]]).decode().partition("\r\n")[2].lstrip('"').startswith("'")
