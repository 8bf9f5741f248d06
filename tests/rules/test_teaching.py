"""«Inscription pédagogique dans les groupes = inscription dans espace de cours»; «associer ne suffit pas !»."""

from __future__ import annotations

import pytest
from world import university

OFFER = "code | a_distance ; PORTEUR | N ; PORTE | N ; LOIN | O"
CARRIED = "code_porte | code_porteur ; PORTE | PORTEUR"


def rows_of(**texts: str) -> list[str]:
    """The enrolment table after a first night."""
    world = university(**{"element": OFFER, "porte": CARRIED} | texts)
    world.play("users", "offer", "enrolments")
    return world.table()


def students(label: str, element: str, tele: str = "N") -> list[str]:
    """The rows of one student, in one group with that label, attached to that element."""
    return rows_of(
        groupe=f"code | libelle ; G | {label}",
        groupe_element=f"code_groupe | code_element ; G | {element}",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1",
        inscription_administrative=f"code_etudiant | tele_enseignement ; S1 | {tele}",
    )


def test_a_member_of_a_group_of_a_course_is_a_student_there():
    assert students("TD1", "PORTEUR") == ["PORTEUR | es1 | student"]


def test_neither_an_ip_nor_an_ia_is_required():
    assert rows_of(
        groupe="code ; G",
        groupe_element="code_groupe | code_element ; G | PORTEUR",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1",
    ) == ["PORTEUR | es1 | student"]


def test_an_ip_is_not_enough():
    assert rows_of(inscription_pedagogique="code_etudiant | code_element ; S1 | PORTEUR") == []


def test_a_group_attached_to_the_porte_only_enrols_nobody():
    assert students("TD1", "PORTE") == []


def test_a_group_common_to_porteur_and_porte_enrols_in_the_course_of_the_porteur():
    assert rows_of(
        groupe="code ; G",
        groupe_element="code_groupe | code_element ; G | PORTEUR ; G | PORTE",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1",
    ) == ["PORTEUR | es1 | student"]


@pytest.mark.parametrize(
    ("element", "label", "tele", "rows"),
    [
        ("LOIN", "Groupe CEMU", "O", ["LOIN-FOAD | es1 | student"]),
        ("LOIN", "groupe cemu 2", "O", ["LOIN-FOAD | es1 | student"]),
        ("LOIN", "TDCeMuTD", "O", ["LOIN-FOAD | es1 | student"]),
        ("LOIN", "Groupe CEMU", "N", []),
        ("LOIN", "TD1", "O", ["LOIN | es1 | student"]),
        ("PORTEUR", "Groupe CEMU", "O", []),
        ("PORTEUR", "TD1", "O", ["PORTEUR | es1 | student"]),
        ("LOIN", "TD1", "N", ["LOIN | es1 | student"]),
    ],
)
def test_the_three_conditions_of_the_foad_course_go_together(element, label, tele, rows):
    assert students(label, element, tele) == rows


def test_an_ia_in_tele_enseignement_counts_whatever_its_etape():
    assert rows_of(
        etape="code ; ETAPE ; AUTRE",
        groupe="code | libelle ; G | CEMU",
        groupe_element="code_groupe | code_element ; G | LOIN",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1",
        inscription_administrative="code_etudiant | code_etape | tele_enseignement ; S1 | ETAPE | N ; S1 | AUTRE | O",
    ) == ["LOIN-FOAD | es1 | student"]


def test_only_the_distance_of_the_porteur_counts():
    assert rows_of(
        element="code | a_distance ; PORTEUR | N ; PORTE | O",
        groupe="code | libelle ; G | CEMU",
        groupe_element="code_groupe | code_element ; G | PORTEUR ; G | PORTE",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1",
        inscription_administrative="code_etudiant | tele_enseignement ; S1 | O",
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "rows"),
    [
        ("PORTEUR | APOGEE | N | 3", ["PORTEUR | pt1 | editingteacher"]),
        ("PORTE | APOGEE | N | 1", ["PORTEUR | pt1 | editingteacher"]),
        ("PORTEUR | APOGEE | N | 0", []),
        ("PORTEUR | APOGEE | N | ", []),
        ("PORTEUR | APOGEE | O | 3", []),
        ("PORTEUR | LOCAL | N | 3", []),
        ("LOIN | APOGEE | N | 3", ["LOIN | pt1 | editingteacher"]),
    ],
)
def test_a_teacher_planned_on_a_living_sheet_from_apogee_teaches_in_the_course_of_the_porteur(sheet, rows):
    assert rows_of(seance_ade=f"code_element | origine | obsolete | seances | code_enseignant ; {sheet} | T1") == rows


def test_one_good_sheet_is_enough():
    sheets = "code_activite | code_element | code_enseignant | seances ; F1 | PORTEUR | T1 | 0 ; F2 | PORTEUR | T1 | 2"
    assert rows_of(seance_ade=sheets) == ["PORTEUR | pt1 | editingteacher"]


def test_a_person_without_an_account_gets_no_row():
    assert rows_of(
        groupe="code ; G",
        groupe_element="code_groupe | code_element ; G | PORTEUR",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1 ; G | S2",
        people="code ; S1",
    ) == ["PORTEUR | es1 | student"]


def test_a_student_and_a_teacher_may_carry_the_same_code():
    assert rows_of(
        groupe="code ; G",
        groupe_element="code_groupe | code_element ; G | PORTEUR",
        groupe_etudiant="code_groupe | code_etudiant ; G | 42",
        seance_ade="code_element | code_enseignant ; PORTEUR | 42",
    ) == ["PORTEUR | e42 | student", "PORTEUR | p42 | editingteacher"]
