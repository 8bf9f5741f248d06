"""«Inscription pédagogique dans les groupes = inscription dans espace de cours»; «associer ne suffit pas !»."""

from __future__ import annotations

import pandas as pd
import pytest

import tables
from ecampus.rules import offer, referential, teaching

OFFER = "code | a_distance ; PORTEUR | N ; PORTE | N ; LOIN | O"
CARRIED = "code_porte | code_porteur ; PORTE | PORTEUR"


def seats(**texts: str) -> list[str]:
    """Who the rules seat in which course: «course person»."""
    return seated(tables.refer(**{"element": OFFER, "porte": CARRIED} | texts))


def seated(source: dict[str, pd.DataFrame]) -> list[str]:
    """As ``seats``, from the views as REFER gives them."""
    students, teachers = ladders(source)
    good = [rows[rows["verdict"] == "INSCRIT"] for rows in (students, teachers)]
    return sorted(
        {*(good[0]["key"] + " " + good[0]["code_etudiant"]), *(good[1]["key"] + " " + good[1]["code_enseignant"])}
    )


def ladders(source: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The seats and the teachers, where everyone has an account and every course is there."""
    refer, _ = referential.clean(source, referential.PersonCodes())
    before = tables.memory()["links"]
    wanted = offer.desired(refer, before)
    placed = teaching.places(refer, wanted.elements, wanted.verdicts)
    known = teaching.Known(everyone(refer), wanted.courses["key"], pd.Series(dtype="int64"))
    return (
        teaching.student_seats(refer, wanted.elements, placed, known),
        teaching.teacher_seats(refer, wanted.elements, wanted.verdicts, known, before),
    )


def everyone(refer: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """An account for each person of REFER."""
    codes = {
        "student": pd.concat([refer[view]["code_etudiant"] for view in ("groupe_etudiant", "inscription_pedagogique")]),
        "staff": refer["seance_ade"]["code_enseignant"],
    }
    rows = [(who, code) for who, known in codes.items() for code in sorted(set(known))]
    people = pd.DataFrame(rows, columns=["population", "code"]).astype("str")
    return people.assign(user_id=range(1, len(people) + 1), username=people["code"].str.lower())


def member(label: str, *elements: str, tele: str = "N", **texts: str) -> list[str]:
    """The seats of student S, alone in a group with that label, attached to those elements."""
    return seats(
        groupe=f"code | libelle ; G | {label}",
        groupe_element="code_groupe | code_element ; " + " ; ".join(f"G | {element}" for element in elements),
        groupe_etudiant="code_groupe | code_etudiant ; G | S",
        inscription_administrative=f"code_etudiant | tele_enseignement ; S | {tele}",
        **texts,
    )


def test_a_member_of_a_group_of_a_course_is_a_student_there():
    assert member("TD1", "PORTEUR") == ["PORTEUR S"]


def test_neither_an_ip_nor_an_ia_is_required():
    assert seats(
        groupe="code ; G",
        groupe_element="code_groupe | code_element ; G | PORTEUR",
        groupe_etudiant="code_groupe | code_etudiant ; G | S",
    ) == ["PORTEUR S"]


def test_an_ip_is_not_enough():
    assert seats(inscription_pedagogique="code_etudiant | code_element ; S | PORTEUR") == []


def test_a_group_attached_to_the_porte_only_enrols_nobody():
    assert member("TD1", "PORTE") == []


def test_a_group_common_to_porteur_and_porte_enrols_in_the_course_of_the_porteur():
    assert member("TD1", "PORTEUR", "PORTE") == ["PORTEUR S"]


def test_a_group_of_several_elements_enrols_in_the_course_of_each():
    assert member("TD1", "PORTEUR", "LOIN") == ["LOIN S", "PORTEUR S"]


@pytest.mark.parametrize(
    ("element", "label", "tele", "expected"),
    [
        ("LOIN", "Groupe CEMU", "O", ["LOIN-FOAD S"]),
        ("LOIN", "TDCeMuTD", "O", ["LOIN-FOAD S"]),
        ("LOIN", "Groupe CEMU", "N", []),
        ("LOIN", "TD1", "O", ["LOIN S"]),
        ("LOIN", "TD1", "N", ["LOIN S"]),
        ("PORTEUR", "Groupe CEMU", "O", []),
        ("PORTEUR", "TD1", "O", ["PORTEUR S"]),
    ],
)
def test_the_three_conditions_of_the_foad_course_go_together(element, label, tele, expected):
    assert member(label, element, tele=tele) == expected


def test_an_ia_in_tele_enseignement_counts_whatever_its_etape():
    assert seats(
        etape="code ; ETAPE ; AUTRE",
        groupe="code | libelle ; G | CEMU",
        groupe_element="code_groupe | code_element ; G | LOIN",
        groupe_etudiant="code_groupe | code_etudiant ; G | S",
        inscription_administrative="code_etudiant | code_etape | tele_enseignement ; S | ETAPE | N ; S | AUTRE | O",
    ) == ["LOIN-FOAD S"]


def test_only_the_distance_of_the_porteur_counts():
    far = "code | a_distance ; PORTEUR | N ; PORTE | O"
    assert member("CEMU", "PORTEUR", "PORTE", tele="O", element=far) == []
    near = "code | a_distance ; PORTEUR | O ; PORTE | N"
    assert member("CEMU", "PORTEUR", "PORTE", tele="O", element=near) == ["PORTEUR-FOAD S"]


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ("PORTEUR | APOGEE | N | 3", ["PORTEUR T"]),
        ("PORTE | APOGEE | N | 1", ["PORTEUR T"]),
        ("PORTEUR | APOGEE | N | 0", []),
        ("PORTEUR | APOGEE | N | ", []),
        ("PORTEUR | APOGEE | O | 3", []),
        ("PORTEUR | LOCAL | N | 3", []),
        ("LOIN | APOGEE | N | 3", ["LOIN T"]),
    ],
)
def test_a_teacher_planned_on_a_living_sheet_from_apogee_teaches_in_the_course_of_the_porteur(sheet, expected):
    assert seats(seance_ade=f"code_element | origine | obsolete | seances | code_enseignant ; {sheet} | T") == expected


def test_one_good_sheet_is_enough():
    sheets = "code_activite | code_element | code_enseignant | seances ; F1 | PORTEUR | T | 0 ; F2 | PORTEUR | T | 2"
    assert seats(seance_ade=sheets) == ["PORTEUR T"]


@pytest.mark.parametrize(
    "offer_",
    [
        {"element": "code | code_categorie ; PORTEUR | INCONNUE ; PORTE | CAT"},
        {
            "element": "code ; PORTEUR ; PORTE",
            "porte": "code_porte | code_porteur ; PORTE | PORTEUR ; PORTEUR | AILLEURS",
        },
    ],
    ids=["unknown category", "unusable porteur"],
)
def test_nobody_enters_nor_leaves_the_course_of_a_frozen_element(offer_):
    sheets = "code_element | code_enseignant ; PORTEUR | T1 ; PORTE | T2"
    assert member("TD1", "PORTEUR", seance_ade=sheets, **offer_) == []


def test_columns_of_fixed_width_seat_the_same_people():
    source = tables.refer(
        element=OFFER,
        groupe="code | libelle ; G | CEMU",
        groupe_element="code_groupe | code_element ; G | LOIN",
        groupe_etudiant="code_groupe | code_etudiant ; G | S",
        inscription_administrative="code_etudiant | tele_enseignement ; S | O",
        seance_ade="code_element | code_enseignant ; PORTEUR | T",
    )
    padded = {
        view: frame.assign(**{column: frame[column] + "   " for column in frame.select_dtypes("str")})
        for view, frame in source.items()
    }
    assert seated(padded) == seated(source) == ["LOIN-FOAD S", "PORTEUR T"]
