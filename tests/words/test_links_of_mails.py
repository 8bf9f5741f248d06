"""Addresses of the pages: codes, escaped, under Airflow's own address."""

from __future__ import annotations

import pytest

from ecampus.words import links

BASE = "https://airflow.univ.fr/"
PAGES = "https://airflow.univ.fr/plugin/ecampus"


def test_a_page_is_under_airflows_address_and_nothing_where_nobody_gave_it():
    assert links.page(BASE) == PAGES
    assert links.page(BASE, "anomalies", composante="SCI & LET") == f"{PAGES}/anomalies?composante=SCI+%26+LET"
    assert links.page(None, "anomalies", composante="SCI") is None


@pytest.mark.parametrize(
    ("code", "key", "page"),
    [
        ("IP_SANS_GROUPE", "L1CAS101 / 22100123", "/pourquoi?qui=22100123&ou=L1CAS101"),
        ("CEMU_SANS_TELE", "L1CAS101 / 22100123 / G1", "/pourquoi?qui=22100123&ou=L1CAS101"),
        ("ADE_OBSOLETE", "L3CAS202 / 00041028", "/pourquoi?qui=00041028&ou=L3CAS202"),
        ("COURS_CACHE", "L1CAS405-FOAD", "/pourquoi?ou=L1CAS405-FOAD"),
        ("LIBELLE_TRONQUE", "de l'élément / L1CAS405", None),
    ],
)
def test_an_anomaly_leads_to_its_why(code, key, page):
    assert links.why(BASE, {"code": code, "key": key}) == (PAGES + page if page else None)


def test_every_anomaly_that_leads_somewhere_is_of_the_catalogue():
    from ecampus.words.catalogue import CATALOGUE

    assert {*links.COURSE, *links.COURSE_THEN_PERSON} <= set(CATALOGUE)
