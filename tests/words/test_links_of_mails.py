"""Addresses of the pages: codes, escaped, under Airflow's own address."""

from __future__ import annotations

import pytest

from ecampus.words import links
from ecampus.words.catalogue import CATALOGUE

BASE = "https://airflow.univ.fr/"
PAGES = "https://airflow.univ.fr/plugin/ecampus"


def test_a_page_is_under_airflows_address_and_nothing_where_nobody_gave_it():
    assert links.page(BASE) == PAGES
    assert links.page(BASE, "anomalies", composante="SCI & LET") == f"{PAGES}/anomalies?composante=SCI+%26+LET"
    assert links.page(None, "anomalies", composante="SCI") is None


@pytest.mark.parametrize(
    ("code", "key", "question"),
    [
        ("IP_SANS_GROUPE", "L1CAS101 / 22100123", "22100123 L1CAS101"),
        ("TELE_SANS_CEMU", "L1CAS202 / 22100123", "22100123 L1CAS202-FOAD"),
        ("CEMU_SANS_TELE", "L1CAS203 / 22100123 / L1CAS203-CEMU", "22100123 L1CAS203-FOAD"),
        ("CEMU_SUR_PRESENTIEL", "L1CAS204-CEMU / L1CAS204", "L1CAS204-CEMU"),
        ("GROUPE_NON_COMMUN", "L1CAS305-TD1 / L1CAS305", "L1CAS305-TD1"),
        ("ADE_OBSOLETE", "L3CAS202 / 00041028", "00041028 L3CAS202"),
        ("NON_PRIS", "L1CAS101 / e2100123 / student", "e2100123 L1CAS101"),
        ("COMPTE_ABSENT", "L'étudiant / 22900121", "22900121"),
        ("EMAIL_ABSENT", "e2900123 / 22900123", "e2900123"),
        ("COMPTE_AMBIGU", "e2900127 / vide", "e2900127"),
        ("COMPTE_AMBIGU", "vide / 22900127", "22900127"),
        ("COURS_CACHE", "L1CAS405-FOAD", "L1CAS405-FOAD"),
        ("PORTEUR_CHANGE", "L1CAS307 / L1CAS305 / L1CAS306", "L1CAS307"),
        ("CODE_PRIS", "L1CAS305-TD1 / L1CAS305", "L1CAS305-TD1"),
        ("ESPACE_SUSPECT", "URBA-BIS / M1CAS402", "M1CAS402"),
        ("CODE_DOUBLE", "refer_element / M1CAS305", "M1CAS305"),
        ("CODE_DOUBLE", "refer_categorie / LCASBCL1", ""),
        ("LIBELLE_TRONQUE", "de l'élément / L1CAS405", "L1CAS405"),
        ("LIBELLE_TRONQUE", "de la catégorie / LCASBCL1", ""),
        ("REFUS_MOODLE", "account / create / e2100123", "e2100123"),
        ("REFUS_MOODLE", "course / create / L1CAS101", "L1CAS101"),
        ("REFUS_MOODLE", "category / create / LCASBCL1", ""),
        ("NON_VU", "group / create / L1CAS101 / L1CAS101-TD1", "L1CAS101-TD1"),
        ("NON_VU", "enrolment / enrol / L1CAS101 / e2100123 / student", "e2100123 L1CAS101"),
        ("APPARTENANCE_DOUTEUSE", "group_member / add / L1CAS101 / L1CAS101-TD1 / e2100123", "e2100123 L1CAS101"),
        ("NON_VU", "cohort_member / add / LCAS1_1 / e2100123", "e2100123"),
        ("REFERENCE_INCONNUE", "refer_categorie / code_parent / LCASBCL1", ""),
        ("CATEGORIE_CACHEE", "LCASBCL1", ""),
    ],
)
def test_an_anomaly_leads_to_the_question_about_whom_and_what_it_names(code, key, question):
    assert links.question(code, key) == question


def test_a_mail_leads_to_that_question_as_the_page_reads_it():
    asked = links.why(BASE, "IP_SANS_GROUPE", "L1CAS101 / 22100123")
    assert asked == f"{PAGES}/pourquoi?q=22100123+L1CAS101"
    assert links.why(BASE, "CATEGORIE_CACHEE", "LCASBCL1") is None


def test_every_anomaly_that_leads_somewhere_is_of_the_catalogue():
    assert {*links.ACCOUNTS, *(name.partition(links.SEPARATOR)[0] for name in links.ASKED)} <= set(CATALOGUE)
