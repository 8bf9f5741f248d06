"""REFER made regular: codes and labels cleaned, doubles and dead references set aside."""

from __future__ import annotations

import pytest

import tables
from ecampus.rules.referential import PersonCodes, clean, person_codes


def cleaned(padding: PersonCodes | None = None, told_before: tuple[str, ...] = (), **texts: str):
    return clean(tables.refer(**texts), padding or PersonCodes(), told_before)


def test_codes_lose_the_white_space_around_them_and_go_upper_case():
    refer, _ = cleaned(element="code | code_categorie ; l1mat101 | cat")
    assert refer["element"][["code", "code_categorie"]].to_numpy().tolist() == [["L1MAT101", "CAT"]]


def test_codes_equal_once_cleaned_the_lowest_raw_code_wins():
    refer, met = cleaned(element="code | libelle ; l1 | petit ; L1 | grand ; L2 | autre")
    assert refer["element"]["code"].tolist() == ["L1", "L2"]
    assert refer["element"]["libelle"].tolist() == ["grand", "autre"]
    assert met["sentence"].tolist() == [
        "Dans refer_element, les codes « L1 », « l1 » ne diffèrent que par la casse ou les espaces : seul le premier"
        " est retenu ; supprimer le doublon dans Apogée."
    ]


def test_rows_of_a_relation_equal_once_cleaned_count_once_and_are_no_anomaly():
    refer, met = cleaned(
        element="code ; L1", groupe="code ; G", groupe_element="code_groupe | code_element ; G | L1 ; g | l1"
    )
    assert len(refer["groupe_element"]) == 1
    assert met.empty


def test_a_reference_to_an_unknown_object_is_dropped_and_told_with_its_number():
    refer, met = cleaned(
        element="code ; L1",
        groupe="code ; G",
        groupe_element="code_groupe | code_element ; G | L1 ; G | L9",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1 ; H | S1 ; H | S2",
    )
    assert refer["groupe_element"]["code_element"].tolist() == ["L1"]
    assert refer["groupe_etudiant"]["code_groupe"].tolist() == ["G"]
    assert met["sentence"].tolist() == [
        "Dans refer_groupe_element, code_element = L9 n'existe pas ou tourne en boucle (lignes ignorées : 1) ; corriger la donnée dans"
        " Apogée ou ADE.",
        "Dans refer_groupe_etudiant, code_groupe = H n'existe pas ou tourne en boucle (lignes ignorées : 2) ; corriger la donnée dans"
        " Apogée ou ADE.",
    ]


def test_every_relation_is_checked_on_both_sides():
    _, met = cleaned(
        element="code ; L1",
        porte="code_porte | code_porteur ; X1 | L1",
        groupe="code ; G",
        groupe_element="code_groupe | code_element ; X2 | L1",
        inscription_administrative="code_etudiant | code_etape ; S1 | X3",
        inscription_pedagogique="code_etudiant | code_etape | code_element ; S1 | X4 | L1 ; S1 | ETAPE | X5",
        seance_ade="code_element | code_enseignant ; X6 | T1",
    )
    assert sorted(key.split(" / ")[-1] for key in met["key"]) == ["X1", "X2", "X3", "X4", "X5", "X6"]


def test_an_unknown_porteur_is_not_a_dead_reference_it_has_its_own_anomaly():
    refer, met = cleaned(element="code ; L1", porte="code_porte | code_porteur ; L1 | INCONNU")
    assert len(refer["porte"]) == 1
    assert met.empty


def test_what_an_earlier_phase_tells_is_not_told_twice():
    _, met = cleaned(told_before=("element",), element="code ; l1 ; L1", groupe="code ; g ; G")
    assert met["key"].tolist() == ["refer_groupe / G"]


def test_person_codes_are_padded_by_the_rule_of_the_site():
    refer, _ = cleaned(
        PersonCodes(student=8, staff=5),
        element="code ; L1",
        groupe="code ; G",
        groupe_etudiant="code_groupe | code_etudiant ; G | 123",
        seance_ade="code_element | code_enseignant ; L1 | 42",
    )
    assert refer["groupe_etudiant"]["code_etudiant"].tolist() == ["00000123"]
    assert refer["seance_ade"]["code_enseignant"].tolist() == ["00042"]


def test_without_a_rule_person_codes_keep_their_length():
    assert person_codes(tables.frame("people", "code ; 007 ; 7 ; 0")["code"], 0).tolist() == ["007", "7", "0"]


@pytest.mark.parametrize(
    ("view", "text", "flags"),
    [
        ("element", "code | a_distance ; L1 | O", ["a_distance"]),
        ("inscription_administrative", "code_etudiant | tele_enseignement ; S | N", ["tele_enseignement"]),
        ("seance_ade", "code_element | code_enseignant | origine ; L1 | T | APOGEE", ["origine", "obsolete"]),
    ],
)
def test_flags_and_origins_lose_the_spaces_of_a_char_column(view, text, flags):
    source = tables.refer(**{"element": "code ; L1", view: text})
    padded = source | {view: source[view].assign(**{flag: source[view][flag] + "   " for flag in flags})}
    refer, _ = clean(padded, PersonCodes())
    assert refer[view][flags].to_numpy().tolist() == source[view][flags].to_numpy().tolist()
