"""REFER made regular: codes and labels cleaned, doubles and dead references set aside."""

from __future__ import annotations

import pytest

import tables
from ecampus import contract
from ecampus.rules.referential import PersonCodes, clean, frozen_by_rows, person_codes


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


def test_codes_that_differ_only_by_unicode_form_or_unseen_characters_are_one_and_told_as_one_can_see():
    refer, met = cleaned(
        element="code | libelle ; \u00c91 | composé ; E\u03011 | décomposé ; \u00c9\u200b1 | invisible"
    )
    assert refer["element"][["code", "libelle"]].to_numpy().tolist() == [["\u00c91", "décomposé"]]
    assert met["sentence"].tolist() == [
        "Dans refer_element, les codes « E\\u03011 », « É1 », « É\\u200b1 » ne diffèrent que par leur forme Unicode ou des"
        " caractères invisibles : seul le premier est retenu ; supprimer le doublon dans Apogée."
    ]


def test_person_codes_are_cleaned_as_all_codes_are():
    raw = tables.frame("people", "code ; \ufeff123 ; a\u0301").assign(population="student")["code"]
    assert person_codes(raw, 5).tolist() == ["00123", "0000Á"]


def test_words_that_rules_compare_lose_what_cannot_be_seen():
    refer, _ = cleaned(
        element="code | a_distance ; L1 | O\u200b",
        seance_ade="code_element | code_enseignant | origine | premiere_seance ; L1 | T | \ufeffAPOGEE | \u00a02026-09-07",
    )
    assert refer["element"]["a_distance"].tolist() == ["O"]
    assert refer["seance_ade"][["origine", "premiere_seance"]].to_numpy().tolist() == [["APOGEE", "2026-09-07"]]


def test_the_ia_of_an_unknown_etape_is_told_and_keeps_its_tele_enseignement():
    refer, met = cleaned(
        inscription_administrative="code_etudiant | code_etape | tele_enseignement ; S1 | NULLE | O ; S2 | ETAPE | N"
    )
    assert refer["inscription_administrative"]["code_etudiant"].tolist() == ["S1", "S2"]
    assert met["sentence"].tolist() == [
        "Dans refer_inscription_administrative, code_etape = NULLE n'existe pas ou tourne en boucle (lignes ignorées : 1, sauf"
        " leur télé-enseignement) ; corriger la donnée dans Apogée ou ADE."
    ]


@pytest.mark.parametrize(
    ("links", "kept", "told"),
    [
        ("A | B ; B | C", ["A", "B"], []),
        ("A | X ; X | C", ["A", "X"], []),
        ("A | X ; X | Y ; Y | X", ["A", "X", "Y"], []),
        ("X | C", [], ["X"]),
        ("X | Y ; Y | C", [], ["X", "Y"]),
        ("X | Y ; Y | X ; A | C", ["A"], ["X", "Y"]),
    ],
)
def test_a_link_is_dead_when_no_chain_from_an_element_goes_through_it(links, kept, told):
    refer, met = cleaned(element="code ; A ; B ; C", porte=f"code_porte | code_porteur ; {links}")
    assert refer["porte"]["code_porte"].tolist() == kept
    assert [key.split(" / ")[-1] for key in met["key"]] == told


def unread(told_before: tuple[str, ...] = (), padding: PersonCodes | None = None, **texts: str):
    """These views as the door lets them in, then cleaned."""
    source = tables.refer(**texts)
    frames = contract.admitted({name: frame for name, frame in source.items() if len(frame)})
    return clean(source | frames, padding or PersonCodes(), told_before)


def test_a_row_that_cannot_be_read_is_told_with_where_to_mend_it():
    _, met = unread(
        element="code | libelle | a_distance ; A | algèbre | N ; B |  | N ; C | analyse | 1",
        seance_ade="code_element | code_enseignant | premiere_seance ; A | T1 | 14/09/2026 ; A | T2 | 2026-09-14",
    )
    assert met[["key", "composante", "sentence"]].to_numpy().tolist() == [
        [
            "refer_element / code=B / libelle",
            "SCI",
            "Dans refer_element, la ligne code=B ne peut pas être lue, libelle est vide : elle est laissée de côté et ce"
            " qu'elle désigne reste tel quel sur ecampus ; la corriger dans Apogée.",
        ],
        [
            "refer_element / code=C / a_distance",
            "SCI",
            "Dans refer_element, la ligne code=C ne peut pas être lue, a_distance = « 1 » (ni O ni N) : elle est laissée de"
            " côté et ce qu'elle désigne reste tel quel sur ecampus ; la corriger dans Apogée.",
        ],
        [
            "refer_seance_ade / code_activite=FICHE, code_element=A, code_enseignant=T1 / premiere_seance",
            "SCI",
            "Dans refer_seance_ade, la ligne code_activite=FICHE, code_element=A, code_enseignant=T1 ne peut pas être lue,"
            " premiere_seance = « 14/09/2026 » (n'est pas une date AAAA-MM-JJ) : elle est laissée de côté et ce qu'elle"
            " désigne reste tel quel sur ecampus ; la corriger dans ADE.",
        ],
    ]


def test_an_unreadable_row_that_an_earlier_phase_tells_is_not_told_twice():
    _, met = unread(told_before=("element",), element="code | a_distance ; A | N ; B | 1")
    assert met.empty


def test_the_codes_that_an_unreadable_row_names_are_those_of_the_rules():
    refer, _ = unread(
        padding=PersonCodes(student=5),
        groupe="code | libelle ; g1 |  ; G2 | TD",
        inscription_administrative="code_etudiant | tele_enseignement ; 12 | ? ; 13 | N",
    )
    named = refer["illisible"]
    assert named[["group", "student", "etape"]].fillna("").to_numpy().tolist() == [
        ["G1", "", ""],
        ["", "00012", "ETAPE"],
    ]


def test_an_object_whose_own_row_cannot_be_read_is_no_dead_reference():
    refer, met = unread(
        element="code | libelle ; A |  ; B | analyse",
        groupe="code ; G",
        groupe_element="code_groupe | code_element ; G | A ; G | B",
    )
    assert refer["groupe_element"]["code_element"].tolist() == ["A", "B"]
    assert met["code"].tolist() == ["LIGNE_ILLISIBLE"]


def test_what_an_unreadable_row_names_stays_as_it_is():
    refer, _ = unread(
        categorie="code | libelle ; CAT | sciences ; DROIT | ",
        element="code | code_categorie | libelle ; A | CAT | a ; B | DROIT | b ; C | CAT |  ; D | CAT | d",
        porte="code_porte | code_porteur ; D | ",
        groupe="code | libelle ; G | TD ; H | ",
        groupe_element="code_groupe | code_element ; G | A ; H | B ; G | ",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1 ;  | S2",
        inscription_administrative="code_etudiant | tele_enseignement ; S1 | N ; S3 | ?",
        seance_ade="code_element | code_enseignant | obsolete ; A | T1 | N ; A |  | N ; B | T2 | ?",
    )
    assert frozen_by_rows(refer) == {
        "elements": {"B", "C", "D"},
        "kept": {"A", "B"},
        "groups": {"G", "H"},
        "students": {"S2", "S3"},
        "teachers": {("A", None), ("B", "T2")},
        "etapes": {"ETAPE"},
        "categories": {"DROIT"},
        "nameless": {"groupe_element", "groupe_etudiant", "seance_ade"},
    }


def test_without_unreadable_rows_nothing_stays_for_their_sake():
    refer, _ = cleaned(element="code ; A")
    assert not any(frozen_by_rows(refer).values())
    assert not any(frozen_by_rows({}).values())
