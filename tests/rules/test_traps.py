"""The traps are the ladders grouped: only groups that live in a course count, and whoever is out is named."""

from __future__ import annotations

import pytest

from world import World, codes, university

IP = "code_etudiant | code_element ; S1 | A ; S2 | A ; S3 | A"
OUT = {
    "a CEMU group on an element that is not distance": {
        "groupe": "code | libelle ; G | CEMU ; H | TD",
        "groupe_element": "code_groupe | code_element ; G | A ; H | A",
    },
    "a group attached to a porté only": {
        "element": "code ; A ; P",
        "porte": "code_porte | code_porteur ; P | A",
        "groupe": "code | libelle ; G | TD ; H | TD",
        "groupe_element": "code_groupe | code_element ; G | P ; H | A",
    },
    "a group attached to nothing": {
        "groupe": "code | libelle ; G | TD ; H | TD",
        "groupe_element": "code_groupe | code_element ; H | A",
    },
}


def told(world: World, *wanted: str) -> list[str]:
    world.play("users", "offer")
    return [line for line in codes(world.draft("enrolments")) if line.split()[0] in wanted]


@pytest.mark.parametrize("case", OUT.values(), ids=list(OUT))
def test_a_student_whose_only_group_lives_nowhere_is_named_as_one_who_is_in_none(case):
    world = university(
        **{"element": "code ; A"} | case,
        groupe_etudiant="code_groupe | code_etudiant ; G | S1 ; H | S2",
        inscription_pedagogique=IP,
    )
    assert told(world, "IP_SANS_GROUPE") == ["IP_SANS_GROUPE A / S1", "IP_SANS_GROUPE A / S3"]


def test_nobody_is_told_to_join_the_groups_of_an_element_that_has_only_useless_ones():
    world = university(
        element="code ; A",
        groupe="code | libelle ; G | CEMU",
        groupe_element="code_groupe | code_element ; G | A",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1",
        inscription_pedagogique=IP,
    )
    assert told(world, "IP_SANS_GROUPE", "ELEMENT_SANS_GROUPE", "CEMU_SUR_PRESENTIEL") == [
        "ELEMENT_SANS_GROUPE A", "CEMU_SUR_PRESENTIEL G / A",
    ]  # fmt: skip
    notes = world.draft("enrolments").anomalies
    assert notes.loc[notes["code"] == "ELEMENT_SANS_GROUPE", "sentence"].tolist() == [
        "L'élément A n'a aucun groupe utilisable pour ses inscriptions pédagogiques (3) : aucun étudiant n'est inscrit"
        " dans l'espace de cours ; créer les groupes dans Apogée et y affecter les étudiants."
    ]


def test_an_ip_on_a_porte_counts_the_groups_that_live_with_the_porteur():
    world = university(
        element="code | a_distance ; A | N ; P | N",
        porte="code_porte | code_porteur ; P | A",
        groupe="code | libelle ; G | CEMU ; H | TD ; K | TD",
        groupe_element="code_groupe | code_element ; G | A ; G | P ; H | P ; K | A",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1 ; H | S2 ; K | S3",
        inscription_pedagogique="code_etudiant | code_element ; S1 | P ; S2 | P ; S3 | P",
    )
    assert told(world, "IP_SANS_GROUPE", "PORTE_HORS_GROUPE") == [
        "PORTE_HORS_GROUPE P / S1",
        "PORTE_HORS_GROUPE P / S2",
    ]


def test_a_student_without_tele_enseignement_in_a_cemu_group_is_told_that_and_not_that_they_are_in_none():
    world = university(
        element="code | a_distance ; A | O",
        groupe="code | libelle ; G | CEMU",
        groupe_element="code_groupe | code_element ; G | A",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1",
        inscription_pedagogique="code_etudiant | code_element ; S1 | A",
    )
    assert told(world, "IP_SANS_GROUPE", "ELEMENT_SANS_GROUPE", "CEMU_SANS_TELE") == ["CEMU_SANS_TELE A / S1 / G"]


def test_a_tick_of_tele_enseignement_on_an_unknown_etape_counts_and_the_etape_is_told_once():
    world = university(
        element="code | a_distance ; A | O",
        groupe="code | libelle ; G | CEMU",
        groupe_element="code_groupe | code_element ; G | A",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1",
        inscription_administrative="code_etudiant | code_etape | tele_enseignement ; S1 | V9 | O",
    )
    drafts = world.night()
    assert world.table() == ["A-FOAD | es1 | student"]
    assert world.see("group_members", "course | group | username") == ["A-FOAD | G | es1"]
    every = [line for draft in drafts.values() for line in codes(draft)]
    assert every == ["REFERENCE_INCONNUE refer_inscription_administrative / code_etape / V9"]


def test_a_student_whose_only_etape_is_unknown_and_who_has_no_account_is_told_once():
    world = university(
        element="code ; A",
        groupe="code ; G",
        groupe_element="code_groupe | code_element ; G | A",
        groupe_etudiant="code_groupe | code_etudiant ; G | S1",
        inscription_administrative="code_etudiant | code_etape ; S1 | V9",
        people="code ; S2",
    )
    every = [line for phase in ("offer", "cohorts", "enrolments") for line in codes(world.play(phase))]
    assert every.count("COMPTE_ABSENT L'étudiant / S1") == 1


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        ("A | 0 | APOGEE | O", ["ADE_NON_PLANIFIE A / T1"]),
        ("A | 2 | LOCAL | O", ["ADE_HORS_APOGEE A / T1"]),
        ("A | 2 | APOGEE | O", ["ADE_OBSOLETE A / T1"]),
        ("A | 0 | APOGEE | N ; A | 2 | APOGEE | O", ["ADE_NON_PLANIFIE A / T1", "ADE_OBSOLETE A / T1"]),
        ("A | 0 | APOGEE | N ; A | 2 | APOGEE | N", []),
    ],
)
def test_of_a_sheet_the_first_thing_amiss_is_told(sheets, expected):
    rows = " ; ".join(f"F{n} | T1 | {row}" for n, row in enumerate(sheets.split(" ; ")))
    world = university(
        element="code ; A",
        seance_ade=f"code_activite | code_enseignant | code_element | seances | origine | obsolete ; {rows}",
    )
    assert told(world, "ADE_NON_PLANIFIE", "ADE_OBSOLETE", "ADE_HORS_APOGEE") == expected
