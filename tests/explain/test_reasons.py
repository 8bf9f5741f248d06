"""Each reason of «Pourquoi ?», from the facts that lead to it: in the course or not, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from facts_of import change, course, element, entry, group, line, night, seat, sheet, space, student, teacher

from ecampus.explain.account import account
from ecampus.explain.answer import answer
from ecampus.explain.element import unknown_element
from ecampus.explain.facts import Enrolled, Late, Left, Person
from ecampus.explain.seats import finding
from ecampus.words import why_accounts, why_seats

NOBODY = ()
FROZEN = {"reason": "Gel : rien n'est écrit dans ecampus."}
STOPPED = {"state": "failed", "failure": "Moodle ne répond pas."}
PORTE = element("L2CAS204", "PORTE", porteur="L1CAS101", porte=True)
FOAD = element("L1CAS101", key="L1CAS101-FOAD", foad=True, a_distance=True)
LATE = Late("L1CAS101", "e2100123", "student", "enrol")
ABSENT = {"seats": (seat(),), "lines": NOBODY}


def held(kind: str) -> tuple:
    return (change(kind, held="q"),)


CASES = [
    ("INSCRIT", True, student(), course(), night()),
    ("INSCRIT", True, teacher(), course(), night()),
    ("INSCRIT", True, student(seats=(seat(code_element="L1CAS101"),)), course(PORTE, element()), night()),
    ("INSCRIT", True,
     student(seats=(seat("CEMU_SUR_PRESENTIEL", code_element="L1CAS101-FOAD"), seat(key="L1CAS101-FOAD", cemu=True)),
             lines=(line("L1CAS101-FOAD"),)),
     course(element("L1CAS101-FOAD", "CODE_DOUBLE"), FOAD, spaces=(space("L1CAS101-FOAD"),)), night()),
    ("A_LA_MAIN", True, student(seats=NOBODY, lines=(line(ours=False),)), course(), night()),
    ("AUTREMENT", True, student(seats=NOBODY, lines=NOBODY, enrolled=(Enrolled(31, 7),)), course(), night()),
    ("GARDE", True, student(seats=(seat("ELEMENT_GELE"),)), course(element(verdict="BOUCLE")), night()),
    ("DANS_L_ARCHIVE", True, student(seats=NOBODY, lines=(line("ex_L1CAS101"),)),
     course(unknown_element("ex_L1CAS101"), spaces=(space("ex_L1CAS101", key="L1CAS101", archived="2026-11-24"),)), night()),
    ("RETRAIT_HELD", True, student(seats=NOBODY, changes=held("enrolment|unenrol")), course(), night(held={"q": "Retenu."})),
    ("RETRAIT_REFUSED", True, student(seats=NOBODY, changes=(change("enrolment|unenrol", outcome="failed"),)), course(), night()),
    ("RETRAIT_FROZEN", True, student(seats=NOBODY, changes=(change("enrolment|unenrol"),)), course(), night(**FROZEN)),
    ("RETRAIT_STOPPED", True, student(seats=NOBODY, changes=(change("enrolment|unenrol"),)), course(), night(**STOPPED)),
    ("RETRAIT_NON_FAIT", True, student(seats=NOBODY, lines=NOBODY, late=(LATE._replace(verb="unenrol"),)), course(), night()),
    ("A_VERIFIER", None, student(changes=(change("enrolment|enrol", outcome="done"),)), course(), night(verified=False)),
    ("NON_PRIS", False, student(late=(LATE,)), course(), night()),
    ("A_PUBLIER_DONE", False, student(**ABSENT, changes=(change("enrolment|enrol", outcome="done"),)), course(), night()),
    ("A_PUBLIER_UNDONE", False,
     student(**ABSENT, changes=(change("enrolment|enrol", outcome="done"), change("enrolment|unenrol", outcome="done"))),
     course(), night()),
    ("PAS_CALCULE", None, student(seats=NOBODY, lines=NOBODY), course(), replace(night(), phases={})),
    ("A_PUBLIER_HELD", False, student(**ABSENT, changes=held("enrolment|enrol")), course(), night(held={"q": "Retenu."})),
    ("A_PUBLIER_REFUSED", False, student(**ABSENT, changes=(change("enrolment|enrol", outcome="failed"),)), course(), night()),
    ("A_PUBLIER_PUT_OFF", False, student(**ABSENT, changes=(change("enrolment|enrol", outcome="put_off"),)), course(), night()),
    ("A_PUBLIER_FROZEN", False, student(**ABSENT, changes=(change("enrolment|enrol"),)), course(), night(**FROZEN)),
    ("A_PUBLIER_STOPPED", False, student(**ABSENT, changes=(change("enrolment|enrol"),)), course(), night(**STOPPED)),
    ("A_PUBLIER_TO_COME", False, student(**ABSENT), course(), night()),
    ("AUCUN_GROUPE", False, student(seats=NOBODY, lines=NOBODY), course(), night()),
    ("HORS_REFER", False, student(seats=NOBODY, lines=NOBODY, cohorts=NOBODY), course(), night()),
    ("IP_SANS_GROUPE", False, student(seats=(seat("SANS_GROUPE"),), lines=NOBODY), course(), night()),
    ("ELEMENT_SANS_GROUPE", False, student(seats=(seat("SANS_GROUPE"),), lines=NOBODY), course(places=NOBODY), night()),
    ("ELEMENT_SANS_GROUPE", False, student(seats=(seat("SANS_GROUPE"),), lines=NOBODY),
     course(places=(group(verdict="CEMU_SUR_PRESENTIEL"),)), night()),
    ("PORTE_HORS_GROUPE", False, student(seats=(seat("SANS_GROUPE", code_element="L2CAS204"),), lines=NOBODY),
     course(PORTE, element()), night()),
    ("PORTE", False, student(seats=(seat("PORTE", code_element="L2CAS204"),), lines=NOBODY), course(PORTE, element()), night()),
    ("CHEZ_LE_PORTEUR", False, student(seats=(seat("CHEZ_LE_PORTEUR", code_element="L2CAS204"),), lines=NOBODY),
     course(PORTE, element()), night()),
    ("CEMU_SUR_PRESENTIEL", False, student(seats=(seat("CEMU_SUR_PRESENTIEL", cemu=True),), lines=NOBODY), course(), night()),
    ("CEMU_SANS_TELE", False, student(seats=(seat("CEMU_SANS_TELE", cemu=True),), lines=NOBODY), course(element(), FOAD), night()),
    ("TELE_SANS_CEMU", False, student(seats=(seat(tele=True),)), course(element(), FOAD, foad=True), night()),
    ("PAS_EN_TELE", False, student(), course(element(), FOAD, foad=True), night()),
    ("AUCUN_GROUPE", False, student(seats=NOBODY), course(element(), FOAD, foad=True), night()),
    ("PAS_A_DISTANCE", False, student(), course(foad=True), night()),
    ("FOAD_MANUEL", False, teacher(), course(element(), FOAD, foad=True), night()),
    ("AUCUNE_SEANCE", False, teacher(sheets=NOBODY, lines=NOBODY), course(), night()),
    *((name, False, teacher(sheets=(sheet(name),), lines=NOBODY), course(), night())
      for name in ("NON_PLANIFIE", "HORS_APOGEE", "OBSOLETE", "PORTEUR_INCONNU")),
    ("CODE_DOUBLE", False, student(seats=(seat("CODE_DOUBLE"),), lines=NOBODY), course(), night()),
    ("ILLISIBLE", False, student(seats=(seat("ILLISIBLE"),), lines=NOBODY), course(), night()),
    *((f"ELEMENT_{name}", False, student(seats=(seat("ELEMENT_GELE"),), lines=NOBODY), course(element(verdict=name)), night())
      for name in ("ILLISIBLE", "BOUCLE", "PORTEUR_INCONNU", "CATEGORIE_INCONNUE")),
    ("ARCHIVE", False, student(seats=NOBODY, lines=NOBODY),
     course(unknown_element("L1CAS101"), spaces=(space("ex_L1CAS101", key="L1CAS101", archived="2026-11-24"),)), night()),
    ("ESPACE_A_LA_MAIN", False, student(seats=NOBODY, lines=NOBODY),
     course(unknown_element("CLUB"), spaces=(space("CLUB", key=None),)), night()),
    ("ELEMENT_INCONNU", False, student(lines=NOBODY), course(unknown_element("RIEN"), spaces=NOBODY), night()),
    ("COMPTE_ABSENT", False, student(entries=NOBODY, username=None, seats=(seat("COMPTE_ABSENT", username=None),), lines=NOBODY),
     course(), night()),
    ("COMPTE_GELE", False, student(entries=(entry(verdict="AMBIGU", reason="deux fiches"),), seats=(seat("COMPTE_GELE"),),
     lines=NOBODY), course(), night()),
    ("COURS_EN_ATTENTE", False, student(seats=(seat("COURS_EN_ATTENTE"),), lines=NOBODY), course(), night()),
    ("CODE_PRIS", False, student(seats=(seat("COURS_ABSENT"),), lines=NOBODY), course(spaces=(space(key=None),)), night()),
    ("COURS_CODE_CHANGE", False, student(seats=(seat("COURS_ABSENT"),), lines=NOBODY),
     course(spaces=(space("AUTRE", key="L1CAS101"),)), night()),
    *((f"COURS_{name}", False, student(seats=(seat("COURS_ABSENT"),), lines=NOBODY),
       course(spaces=NOBODY, changes=changes), night("offer", **more))
      for name, changes, more in (
          ("DONE", (change("course|create", outcome="done"),), {}), ("HELD", held("course|create"), {"held": {"q": "Retenu."}}),
          ("REFUSED", (change("course|create", outcome="failed"),), {}), ("PUT_OFF", (change("course|create", outcome="put_off"),), {}),
          ("FROZEN", (change("course|create"),), FROZEN), ("STOPPED", (change("course|create"),), STOPPED), ("TO_COME", (), {}))),
]  # fmt: skip


@pytest.mark.parametrize(("why", "present", "person", "asked", "of"), CASES, ids=[case[0] for case in CASES])
def test_these_facts_give_this_reason(why, present, person, asked, of):
    found = finding(person, asked, of)
    assert (found.why, found.present) == (why, present)
    assert answer(person, asked, of).ticket


def test_every_reason_has_its_facts():
    assert {case[0] for case in CASES} == {*why_seats.REASONS}


LEFT = Left("PARTI", 7, "e2100123", True, "Camille", "Nom", "manual")
CREATE = change("account|create", username="e2100123")
NEW = {"id": None, "username": None}
ACCOUNTS = [
    ("ACTIF", True, student(), night()),
    ("ACTIF", True, student(username=None, entries=(entry(**NEW),), changes=(CREATE._replace(outcome="done"),)), night()),
    ("ACTIF", True, student(entries=(entry(suspended=True),), changes=(change("account|unsuspend", outcome="done"),)), night()),
    ("SUSPENDU", True, student(entries=(entry(suspended=True),)), night()),
    *((f"ACTIF_{name}", True, student(entries=(entry(verdict=name),)), night())
      for name in ("EMAIL_ABSENT", "EMAIL_DOUBLE", "NOM_ABSENT", "IDENTIFIANT_REFUSE", "SANS_CODE")),
    *((name, True, student(entries=(entry(verdict=name),)), night()) for name in ("EXCLU", "AMBIGU", "AUTRE_AUTH")),
    *((name, name != "DISPARU", Person(student="1", left=(LEFT._replace(verdict=name),)), night())
      for name in ("PARTI", "DISPARU", "NON_LU", "EXCLU", "AUTRE_AUTH", "AMBIGU")),
    ("SANS_FICHE", True, Person(student="1", username="e1"), night()),
    ("ABSENT", False, Person(student="1"), night()),
    ("PAS_CALCULE", False, Person(student="1"), replace(night(), phases={})),
    *((f"SANS_COMPTE_{name}", False, student(username=None, entries=(entry(verdict=name, **NEW),)), night())
      for name in ("EMAIL_ABSENT", "EMAIL_DOUBLE", "NOM_ABSENT", "IDENTIFIANT_REFUSE", "SANS_CODE", "AMBIGU", "AUTRE_AUTH", "EXCLU")),
    *((f"SANS_COMPTE_{name}", False, student(username=None, entries=(entry(**NEW),), changes=changes), night("users", **more))
      for name, changes, more in (
          ("HELD", (CREATE._replace(held="q"),), {}), ("REFUSED", (CREATE._replace(outcome="failed"),), {}),
          ("PUT_OFF", (CREATE._replace(outcome="put_off"),), {}), ("FROZEN", (CREATE,), FROZEN), ("STOPPED", (CREATE,), STOPPED),
          ("TO_COME", (), {}))),
]  # fmt: skip


@pytest.mark.parametrize(("why", "exists", "person", "of"), ACCOUNTS, ids=[case[0] for case in ACCOUNTS])
def test_these_facts_give_this_account(why, exists, person, of):
    found = account(person, of)
    assert (found.why, found.exists) == (why, exists)
    assert why_accounts.told(found.why, found.words).told


def test_every_state_of_an_account_has_its_facts():
    assert {case[0] for case in ACCOUNTS} == {*why_accounts.ACCOUNTS}


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        ("AMBIGU", "e2100123, laissé tel quel : une fiche de l'annuaire, qui n'est pas sûrement la sienne, a son code ou son"
         " identifiant"),
        ("AUTRE_AUTH", "e2100123, laissé tel quel : il utilise l'authentification « manual »"),
    ],
)  # fmt: skip
def test_an_account_that_no_entry_explains_says_what_keeps_it_as_it_is(verdict, told):
    found = account(Person(student="1", left=(LEFT._replace(verdict=verdict),)), night())
    assert why_accounts.told(found.why, found.words).told == told
