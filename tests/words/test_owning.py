"""What staff read of whose objects are, to the letter."""

from __future__ import annotations

import pandas as pd
import pytest

from ecampus.changes import adoptable, plan
from ecampus.words import owning
from tables import owned


def listed(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["object", "key", "moodle_id", "found", "name", "doubt"])
    return plan.typed(frame).assign(found=frame["found"].astype("str"), doubt=frame["doubt"].astype("str"))


def test_what_is_ours():
    found = owned(
        category="id | code ; 1 | CAT",
        course="id | key | archived ; 7 | A | ; 8 | B | 2026-11-01",
        group="id | course_id | code | archived ; 3 | 7 | G | 2026-11-01 ; 4 | 7 | H | 2026-11-01",
        account="user_id | population | code | suspended ; 11 | student | S1 | oui ; 11 | staff | P1 | oui",
        group_member="group_id | user_id ; 3 | 11",
        enrolment="course_idnumber | username | role ; A | es1 | student",
    )
    assert owning.ours(found) == (
        "À ecampus :\n"
        "  catégories : 1\n"
        "  cours : 2, dont 1 archivé\n"
        "  cohortes : 0\n"
        "  groupes : 2, dont 2 archivés\n"
        "  comptes : 1, dont 1 suspendu par ecampus\n"
        "  membres de cohortes : 0\n"
        "  membres de groupes : 1\n"
        "  lignes de la table des inscriptions : 1"
    )


def test_what_looks_so_and_how_it_is_adopted():
    found = listed(
        ("course", "A", 7, "algèbre", "A - algèbre linéaire", None),
        ("cohort", "E", 5, "E - étape", "E - étape", None),
        ("course", "B", 8, "b", "B - b", "several"),
        ("course", "B", 9, "bis", "B - b", "several"),
    )
    accounts = ["Le compte e1 (code S1) est laissé tel quel : deux comptes."]
    assert owning.looking_so(found, accounts, ["groups"], cohorts_seen_whole=False) == (
        "Y ressemble, et n'est pas à ecampus :\n"
        "  cours A : n° 7 « algèbre », pour REFER « A - algèbre linéaire »\n"
        "  cohorte E : n° 5 « E - étape »\n"
        'Adopter : make owned ADOPT="tout", ou les seuls codes voulus, ADOPT="cours:L1CAS101 cohorte:LCAS1_1", avec WHO='
        " et WHY= ; ou le DAG « Ce qui est à ecampus ». L'adoption ne change que le registre : ecampus fait le reste la nuit suivante,"
        " nom, place, membres.\n"
        "Sans « moodle_db », rien ne distingue une cohorte de catégorie d'une cohorte système : n'adopter que des cohortes"
        " système.\n"
        "Porte un code d'ecampus et ne peut pas être adopté :\n"
        "  cours B : n° 8 « b » ; plusieurs objets portent ce code : n'en laisser qu'un sur ecampus\n"
        "  cours B : n° 9 « bis » ; plusieurs objets portent ce code : n'en laisser qu'un sur ecampus\n"
        "Comptes laissés tels quels, à corriger avant que la nuit ne les reconnaisse :\n"
        "  Le compte e1 (code S1) est laissé tel quel : deux comptes.\n"
        "Pas encore regardé (groupes) : aucune nuit ni répétition ne l'a lu ; lancer make rehearsal."
    )


def test_nothing_looks_so():
    told = owning.looking_so(adoptable.none(), [], [], cohorts_seen_whole=True)
    assert told == "Rien d'autre ne porte un code voulu par REFER."


@pytest.mark.parametrize(
    ("doubt", "why"),
    [
        ("held", "tenue par une extension ou par une catégorie de Moodle"),
        ("other_number", "c'est son nom abrégé, son numéro d'identification est autre : corriger l'un ou l'autre"),
        ("spelt", "son code s'écrit autrement : le corriger sur ecampus"),
    ],
)
def test_why_one_is_not_adoptable(doubt, why):
    told = owning.looking_so(listed(("course", "A", 7, "a", "A", doubt)), [], [], cohorts_seen_whole=True)
    assert told == f"Porte un code d'ecampus et ne peut pas être adopté :\n  cours A : n° 7 « a » ; {why}"


def test_a_long_list_shows_its_beginning_and_where_the_rest_is():
    rows = [("course", f"C{number:02}", number, "x", "x", None) for number in range(52)]
    lines = owning.looking_so(listed(*rows), [], [], cohorts_seen_whole=True).splitlines()
    assert lines[50:52] == ["  cours C49 : n° 49 « x »", "  … et 2 de plus, dans les anomalies CODE_PRIS de la nuit"]


def test_every_doubt_has_its_words():
    assert {adoptable.SEVERAL, adoptable.HELD, adoptable.OTHER_NUMBER, adoptable.SPELT} == set(owning.WHY_NOT)


def test_what_was_adopted_and_given_up():
    kinds = [*["course"] * 2, "cohort", *["cohort_member"] * 3, "enrolment"]
    changes = plan.typed(pd.DataFrame({"object": kinds}))
    assert owning.adopted(changes) == (
        "Adopté : 2 cours, 1 cohorte ; avec cela, ce qui coïncide : 3 membres de cohortes, 1 inscription."
    )
    assert owning.adopted(changes.head(2)) == "Adopté : 2 cours."
    assert owning.released({"course": 1, "group": 2, "enrolment": 0}) == (
        "Rendu : 1 cours, 2 groupes ; rien ne change dans Moodle, ecampus n'y touche plus."
    )
    assert owning.nothing_chosen() == "Rien à adopter : aucun objet adoptable."


@pytest.mark.parametrize(
    ("noun", "kind"), [("cours", "course"), ("Catégorie", "category"), ("categories", "category"), ("compte", None)]
)
def test_kinds_are_named_in_french_with_or_without_accents(noun, kind):
    assert owning.kind_of(noun) == kind
