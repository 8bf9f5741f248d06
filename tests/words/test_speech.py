"""What was done, as a person would tell it: one exact sentence per verb and object, done and planned."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from ecampus.kinds import KINDS
from ecampus.words import speech


def change(
    what: str, key: str, name: str = "", before: Any = None, after: Any = None, place: Any = None
) -> SimpleNamespace:
    """One change, as a row of a plan."""
    kind, verb = what.split()
    texts = {side: json.dumps(value) if value else None for side, value in (("before", before), ("after", after))}
    return SimpleNamespace(object=kind, verb=verb, key=key, name=name, place=place, **texts)


SENTENCES = [
    (change("course create", "L1MAT101", "L1MAT101 - algèbre linéaire", after={"category_code": "LMATH1_1"}),
     "Cours créé : L1MAT101 - algèbre linéaire (catégorie LMATH1_1)",
     "Cours à créer : L1MAT101 - algèbre linéaire (catégorie LMATH1_1)"),
    (change("course rename", "L1", "L1 - neuf", {"fullname": "L1 - vieux"}, {"fullname": "L1 - neuf"}),
     "Cours renommé : L1 - neuf (s'appelait « L1 - vieux »)",
     "Cours à renommer : L1 - neuf (s'appelait « L1 - vieux »)"),
    (change("course move", "L1", "L1 - a", {"category_code": "A"}, {"category_code": "B"}),
     "Cours déplacé : L1 - a (de A vers B)", "Cours à déplacer : L1 - a (de A vers B)"),
    (change("course move", "L1", "L1 - a", {}, {"category_code": "B"}),
     "Cours déplacé : L1 - a (de la catégorie sans code vers B)", "Cours à déplacer : L1 - a (de la catégorie sans code vers B)"),
    (change("course archive", "L1", "L1 - a", {"idnumber": "L1"}, {"idnumber": "ex_L1"}),
     "Cours archivé : L1 - a (devient ex_L1)", "Cours à archiver : L1 - a (devient ex_L1)"),
    (change("course recode", "N", "N - a", {"code": "L1"}, {"idnumber": "N"}),
     "Cours recodé : N - a (avait le code L1)", "Cours à recoder : N - a (avait le code L1)"),
    (change("course restore", "L1", "L1 - a", {"idnumber": "ex_L1"}, {"idnumber": "L1"}),
     "Cours restauré : L1 - a (était ex_L1)", "Cours à restaurer : L1 - a (était ex_L1)"),
    (change("category create", "LIC", "LIC - licence", after={"parent_code": "UFR"}),
     "Catégorie créée : LIC - licence (dans UFR)", "Catégorie à créer : LIC - licence (dans UFR)"),
    (change("category create", "UFR", "UFR - sciences", after={"name": "UFR - sciences"}),
     "Catégorie créée : UFR - sciences (dans la racine)", "Catégorie à créer : UFR - sciences (dans la racine)"),
    (change("category rename", "LIC", "LIC - neuf", {"name": "LIC - vieux"}),
     "Catégorie renommée : LIC - neuf (s'appelait « LIC - vieux »)",
     "Catégorie à renommer : LIC - neuf (s'appelait « LIC - vieux »)"),
    (change("category move", "LIC", "LIC - licence", {"parent_code": "UFR"}),
     "Catégorie déplacée : LIC - licence (de UFR vers la racine)",
     "Catégorie à déplacer : LIC - licence (de UFR vers la racine)"),
    (change("category delete", "LIC", "LIC - licence", {"name": "LIC - licence"}),
     "Catégorie supprimée : LIC - licence", "Catégorie à supprimer : LIC - licence"),
    (change("cohort create", "E1", "E1 - licence"), "Cohorte créée : E1 - licence", "Cohorte à créer : E1 - licence"),
    (change("cohort rename", "E1", "E1 - neuf", {"name": "E1 - vieux"}),
     "Cohorte renommée : E1 - neuf (s'appelait « E1 - vieux »)", "Cohorte à renommer : E1 - neuf (s'appelait « E1 - vieux »)"),
    (change("cohort_member add", "E1 / es1"), "Membre de cohorte ajouté : E1 / es1", "Membre de cohorte à ajouter : E1 / es1"),
    (change("cohort_member remove", "E1 / es1"), "Membre de cohorte retiré : E1 / es1", "Membre de cohorte à retirer : E1 / es1"),
    (change("group create", "A / G1", "TD1"), "Groupe créé : A / G1 « TD1 »", "Groupe à créer : A / G1 « TD1 »"),
    (change("group rename", "A / G1", "TD2", {"name": "TD1"}),
     "Groupe renommé : A / G1 « TD2 » (s'appelait « TD1 »)", "Groupe à renommer : A / G1 « TD2 » (s'appelait « TD1 »)"),
    (change("group delete", "A / G1", "TD1"), "Groupe supprimé : A / G1 « TD1 »", "Groupe à supprimer : A / G1 « TD1 »"),
    (change("group archive", "A / G1", "TD1", {"name": "TD1"}, {"name": "ex_TD1"}),
     "Groupe archivé : A / G1 « TD1 » (devient « ex_TD1 »)", "Groupe à archiver : A / G1 « TD1 » (devient « ex_TD1 »)"),
    (change("group restore", "A / G1", "TD1", {"name": "ex_TD1"}, {"name": "TD1"}),
     "Groupe restauré : A / G1 « TD1 » (s'appelait « ex_TD1 »)", "Groupe à restaurer : A / G1 « TD1 » (s'appelait « ex_TD1 »)"),
    (change("group_member add", "A / G1 / es1"), "Membre de groupe ajouté : A / G1 / es1", "Membre de groupe à ajouter : A / G1 / es1"),
    (change("group_member remove", "A / G1 / es1"), "Membre de groupe retiré : A / G1 / es1", "Membre de groupe à retirer : A / G1 / es1"),
    (change("enrolment enrol", "A / es1 / student"), "Inscription publiée : A / es1 / student", "Inscription à publier : A / es1 / student"),
    (change("enrolment unenrol", "A / es1 / student"), "Inscription retirée : A / es1 / student", "Inscription à retirer : A / es1 / student"),
    (change("enrolment copy_key", "A / es1 / student"), "Inscription gardée : A / es1 / student", "Inscription à garder : A / es1 / student"),
    (change("enrolment drop_key", "A / es1 / student"), "Inscription effacée : A / es1 / student", "Inscription à effacer : A / es1 / student"),
    (change("account create", "es1", after={"firstname": "Camille", "lastname": "Nom"}), "Compte créé : es1", "Compte à créer : es1"),
    (change("account rename", "es1", before={"username": "vieux"}), "Compte renommé : es1 (s'appelait vieux)", "Compte à renommer : es1 (s'appelait vieux)"),
    (change("account update", "es1", before={"email": "a"}, after={"lastname": "N", "email": "b", "idnumber": "S1", "firstname": "C"}),
     "Compte mis à jour : es1 (nom, courriel, code, prénom)", "Compte à mettre à jour : es1 (nom, courriel, code, prénom)"),
    (change("account recode", "es1", before={"code": "S1"}, after={"idnumber": "S9"}, place="S9"),
     "Compte recodé : es1 (code S9, avait le code S1)", "Compte à recoder : es1 (code S9, avait le code S1)"),
    (change("account suspend", "es1"), "Compte suspendu : es1", "Compte à suspendre : es1"),
    (change("account unsuspend", "es1"), "Compte réactivé : es1", "Compte à réactiver : es1"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "done", "to_do"), SENTENCES, ids=[done for _, done, _ in SENTENCES])
def test_staff_read_this_sentence(row, done, to_do):
    assert speech.sentence(row) == done
    assert speech.sentence(row, planned=True) == to_do


def test_every_kind_of_change_has_its_sentence():
    assert set(KINDS) == {(row.object, row.verb) for row, _, _ in SENTENCES}


def test_no_sentence_about_an_account_tells_a_name():
    row = change("account update", "es1", "Camille Nom", {"lastname": "Vieux"}, {"lastname": "Nom"})
    assert "Nom" not in speech.sentence(row)


@pytest.mark.parametrize(
    ("counts", "done", "to_do"),
    [
        ({}, "aucun changement", "aucun changement"),
        ({"course": {"create": 1640, "rename": 3}}, "1 640 cours créés, 3 cours renommés", "1 640 cours à créer, 3 cours à renommer"),
        ({"category": {"delete": 2}, "enrolment": {"enrol": 5}}, "2 catégories supprimées, 5 inscriptions publiées",
         "2 catégories à supprimer, 5 inscriptions à publier"),
        ({"account": {"update": 2, "suspend": 4}}, "2 comptes mis à jour, 4 comptes suspendus", "2 comptes à mettre à jour, 4 comptes à suspendre"),
    ],
)  # fmt: skip
def test_counts_agree_in_gender_and_number(counts, done, to_do):
    assert speech.counted(counts) == done.replace("1 640", "1\u00a0640")
    assert speech.counted(counts, planned=True) == to_do.replace("1 640", "1\u00a0640")


@pytest.mark.parametrize(
    ("word", "feminine", "several", "agreed"),
    [
        ("créé", True, False, "créée"), ("créé", True, True, "créées"), ("mis à jour", False, True, "mis à jour"),
        ("mis à jour", True, True, "mises à jour"), ("mis à jour", False, False, "mis à jour"),
    ],
)  # fmt: skip
def test_a_participle_agrees(word, feminine, several, agreed):
    assert speech.agreed(word, feminine, several) == agreed


def test_a_step_says_what_it_is_about():
    assert speech.title(pd.DataFrame({"object": ["group"], "verb": ["delete"]})) == "Groupes à supprimer"


FORGED = "x\n[2026-11-24] ERROR - \u202efaux \x1b[31m"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (change("course rename", "L1", "L1 - neuf", {"fullname": FORGED}),
         "Cours renommé : L1 - neuf (s'appelait « x [2026-11-24] ERROR - faux [31m »)"),
        (change("group archive", "A / G1", FORGED, {"name": FORGED}, {"name": f"ex_{FORGED}"}),
         "Groupe archivé : A / G1 « x [2026-11-24] ERROR - faux [31m » (devient « ex_x [2026-11-24] ERROR - faux [31m »)"),
        (change("enrolment drop_key", "A / e\r\nINFO\u200b / student"), "Inscription effacée : A / e INFO / student"),
    ],
)  # fmt: skip
def test_what_moodle_or_a_person_wrote_forges_no_line_of_a_log(row, told):
    assert speech.sentence(row) == told


def test_rows_that_follow_a_code_are_kept_and_nobody_reads_that_they_are_erased():
    counts = {"course": {"archive": 3}, "enrolment": {"copy_key": 92, "drop_key": 92}}
    assert speech.counted(counts) == "3 cours archivés, 92 inscriptions gardées"
    assert speech.counted(counts, planned=True) == "3 cours à archiver, 92 inscriptions à garder"
    assert speech.counted({"enrolment": {"drop_key": 2}}) == "2 inscriptions effacées"
