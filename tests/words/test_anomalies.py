"""Every anomaly of the catalogue in one small case, its key, its sentence; first nights and events."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

import pandas as pd
import pytest

import tables
from ecampus.words import anomalies, reporting
from ecampus.words.catalogue import CATALOGUE
from world import World, codes, university

LONG = "x" * 300
FAR = "code | a_distance ; A | O"
CEMU = {"groupe": "code | libelle ; G | CEMU", "groupe_element": "code_groupe | code_element ; G | A"}
PLAIN = {"groupe": "code | libelle ; G | TD", "groupe_element": "code_groupe | code_element ; G | A"}
PORTE = {"element": "code ; A ; P", "porte": "code_porte | code_porteur ; P | A"}


@dataclass(frozen=True)
class Case:
    """These tables, beside these hand-made objects, make ``phase`` tell exactly ``told``."""

    phase: str
    told: list[str]
    refer: dict[str, str]
    users: str = ""
    courses: str = ""
    rows: str = ""
    before: dict[str, str] = field(default_factory=dict)


CASES: dict[str, Case] = {
    "IP_SANS_GROUPE": Case(
        "enrolments", ["A / S1"],
        {"element": "code ; A", **PLAIN, "inscription_pedagogique": "code_etudiant | code_element ; S1 | A ; S2 | A",
         "groupe_etudiant": "code_groupe | code_etudiant ; G | S2"},
    ),
    "ELEMENT_SANS_GROUPE": Case(
        "enrolments", ["A"],
        {"element": "code ; A", "inscription_pedagogique": "code_etudiant | code_element ; S1 | A ; S2 | A"},
    ),
    "TELE_SANS_CEMU": Case(
        "enrolments", ["A / S1"],
        {"element": FAR, "groupe": "code | libelle ; G | TD ; H | cemu",
         "groupe_element": "code_groupe | code_element ; G | A ; H | A",
         "groupe_etudiant": "code_groupe | code_etudiant ; G | S1 ; G | S2 ; H | S2 ; G | S3",
         "inscription_administrative": "code_etudiant | tele_enseignement ; S1 | O ; S2 | O ; S3 | N"},
    ),
    "CEMU_SANS_TELE": Case(
        "enrolments", ["A / S1 / G"],
        {"element": FAR, **CEMU, "groupe_etudiant": "code_groupe | code_etudiant ; G | S1 ; G | S2",
         "inscription_administrative": "code_etudiant | tele_enseignement ; S1 | N ; S2 | O"},
    ),
    "CEMU_SUR_PRESENTIEL": Case("enrolments", ["G / A"], {"element": "code ; A", **CEMU}),
    "DISTANCE_SANS_CEMU": Case("enrolments", ["A"], {"element": FAR, **PLAIN}),
    "DISTANCE_PORTE_SEUL": Case("offer", ["P"], PORTE | {"element": "code | a_distance ; A | N ; P | O"}),
    "CODE_CHANGE": Case(
        "offer", ["A / N"], {"element": "code | libelle ; N | Algèbre"}, before={"element": "code | libelle ; A | Algèbre"}
    ),
    "PORTE_DISPARU": Case("offer", ["P", "P-FOAD"], {"porte": PORTE["porte"]}, before={"element": "code | a_distance ; A | O ; P | O"}),
    "PORTEUR_CHANGE": Case(
        "offer", ["P / A / B"], {"porte": "code_porte | code_porteur ; P | B"},
        before=PORTE | {"element": "code ; A ; B ; P"},
    ),
    "GROUPE_NON_COMMUN": Case("enrolments", ["G / P"], PORTE | CEMU | {"groupe_element": "code_groupe | code_element ; G | P"}),
    "PORTE_HORS_GROUPE": Case(
        "enrolments", ["P / S1"],
        PORTE | PLAIN | {"inscription_pedagogique": "code_etudiant | code_element ; S1 | P ; S2 | P",
                         "groupe_etudiant": "code_groupe | code_etudiant ; G | S2"},
    ),
    "PORTEUR_INCONNU": Case("offer", ["A", "B"], {"element": "code ; A ; B", "porte": "code_porte | code_porteur ; A | B ; B | Z"}),
    "PORTAGE_EN_BOUCLE": Case("offer", ["A", "B"], {"element": "code ; A ; B", "porte": "code_porte | code_porteur ; A | B ; B | A"}),
    "ADE_NON_PLANIFIE": Case(
        "enrolments", ["A / T1", "A / T2"],
        {"element": "code ; A", "seance_ade": "code_element | code_enseignant | seances ; A | T1 | 0 ; A | T2 | ; A | T3 | 1"},
    ),
    "ADE_OBSOLETE": Case(
        "enrolments", ["A / T1"],
        {"element": "code ; A", "seance_ade": "code_activite | code_element | code_enseignant | obsolete ; F1 | A | T1 | O ; F1 | A | T2 | O ; F2 | A | T2 | N"},
    ),
    "ADE_HORS_APOGEE": Case(
        "enrolments", ["A / T1"],
        {"element": "code ; A", "seance_ade": "code_element | code_enseignant | origine ; A | T1 | ADE"},
    ),
    "COURS_CACHE": Case(
        "enrolments", ["A"],
        {"element": "code ; A ; B", "seance_ade": "code_element | code_enseignant | premiere_seance ; A | T1 | 2026-09-07 ; B | T1 | 2027-01-04"},
    ),
    "COMPTE_ABSENT": Case(
        "enrolments", ["L'enseignant / T1", "L'étudiant / S1"],
        {"element": "code ; A", **PLAIN, "groupe_etudiant": "code_groupe | code_etudiant ; G | S1",
         "seance_ade": "code_element | code_enseignant ; A | T1"},
    ),
    "COMPTE_AMBIGU": Case("users", ["es1 / S1"], {"people": "code ; S1"}, users="username | idnumber ; a | S1 ; b | S1"),
    "COMPTE_AUTRE_AUTH": Case("users", ["es1 / S1"], {"people": "code ; S1"}, users="username | idnumber | auth ; es1 | S1 | manual"),
    "EMAIL_ABSENT": Case("users", ["es1 / S1"], {"people": "code | mail ; S1 | "}),
    "EMAIL_DOUBLE": Case("users", ["es2 / S2"], {"people": "code | mail ; S1 | a@b.fr ; S2 | A@b.fr"}),
    "NOM_ABSENT": Case("users", ["es1 / S1"], {"people": "code | sn ; S1 | "}),
    "IDENTIFIANT_REFUSE": Case("users", ["o'neil / S1"], {"people": "code | uid | mail ; S1 | o'neil | o@univ.fr"}),
    "FICHE_ILLISIBLE": Case("users", ["es1 / S1"], {"people": "code | sn | unreadable ; S1 |  | sn"}),
    "LIGNE_HERITEE": Case(
        "users", ["E7 / es1 / student"], {"people": "code ; S1"}, rows="course_idnumber | username ; E7 | es1 ; E7 | es2"
    ),
    "CATEGORIE_INCONNUE": Case("offer", ["A"], {"element": "code | code_categorie ; A | NULLE"}),
    "CATEGORIE_CACHEE": Case(
        "offer", ["A"], {"element": "code | code_categorie ; A | CACHEE"},
        before={"element": "code ; A", "categorie": "code ; CAT ; CACHEE"},
    ),
    "COHORTE_SANS_ETAPE": Case("cohorts", ["E1"], {"etape": "code ; E2"}, before={"etape": "code ; E1 ; E2"}),
    "REFERENCE_INCONNUE": Case(
        "enrolments", ["refer_groupe_element / code_element / Z"], {"groupe": "code ; G", "groupe_element": "code_groupe | code_element ; G | Z"}
    ),
    "CODE_DOUBLE": Case("offer", ["refer_element / A"], {"element": "code ; a ; A"}),
    "CODE_TROP_LONG": Case("offer", [f"refer_element / {LONG.upper()}"], {"element": f"code ; {LONG} ; B"}),
    "LIGNE_ILLISIBLE": Case("offer", ["refer_element / code=A / a_distance"], {"element": "code | a_distance ; A | ? ; B | N"}),
    "CODE_PRIS": Case("offer", ["A"], {"element": "code ; A"}, courses="idnumber | shortname ; A | mien"),
    "LIBELLE_TRONQUE": Case("offer", ["de l'élément / A", "de la catégorie / CAT"],
                            {"element": f"code | libelle ; A | {LONG}", "categorie": f"code | libelle ; CAT | {LONG}"}),
    "ESPACE_SUSPECT": Case(
        "offer", ["atelier / L1MAT101"], {"element": "code ; L1MAT101"},
        courses="idnumber | shortname | fullname ; | atelier | Aide en l1mat101 ; | autre | xL1MAT101x",
    ),
}  # fmt: skip
AFTER_THE_WRITES = {"NON_VU", "APPARTENANCE_DOUTEUSE", "REFUS_MOODLE", "NON_PRIS", "RETRAIT_NON_FAIT"}


@cache
def told(code: str) -> pd.DataFrame:
    """What that case makes its phase tell."""
    case = CASES[code]
    world = university(**(case.before or case.refer))
    for kind in ("users", "courses"):
        if getattr(case, kind):
            world.by_hand(kind, getattr(case, kind))
    world.moodle.table |= set(tables.frame("enrolment_rows", case.rows).itertuples(index=False, name=None))
    if case.before:
        world.play(*({"cohorts", "offer"} & {case.phase}))
        world.change(**case.refer)
        hide(world)
    elif case.phase == "enrolments":
        world.play("offer")
    return world.draft(case.phase).anomalies


def hide(world: World) -> None:
    """The category CACHEE, and not the courses that stand elsewhere."""
    for course in world.moodle.courses.values():
        course["visible"] = True
    for category in world.moodle.categories.values():
        category["visible"] = category["idnumber"] != "CACHEE"


def test_no_code_of_the_catalogue_is_without_a_case():
    assert set(CASES) | AFTER_THE_WRITES == set(CATALOGUE)


@pytest.mark.parametrize("code", CASES)
def test_each_anomaly_is_told_of_exactly_the_objects_it_is_about(code):
    found = told(code)
    assert found.loc[found["code"] == code, "key"].tolist() == CASES[code].told


@pytest.mark.parametrize("code", CASES)
def test_its_sentence_is_whole_and_says_what_to_do(code):
    for sentence in told(code).loc[told(code)["code"] == code, "sentence"]:
        assert re.search(r"\bnan\b|<NA>|\bNone\b|\{|\}|  ", sentence) is None
        assert sentence.endswith(".")
        assert " ; " in sentence


@pytest.mark.parametrize("code", sorted(set(CASES) - {"COMPTE_ABSENT", "COMPTE_AMBIGU", "COMPTE_AUTRE_AUTH", "EMAIL_ABSENT",
    "EMAIL_DOUBLE", "NOM_ABSENT", "IDENTIFIANT_REFUSE", "FICHE_ILLISIBLE", "LIGNE_HERITEE", "REFERENCE_INCONNUE", "CODE_DOUBLE", "CODE_PRIS", "COHORTE_SANS_ETAPE",
    "CATEGORIE_INCONNUE", "LIBELLE_TRONQUE"}))  # fmt: skip
def test_anomalies_of_the_offer_and_its_people_name_the_composante(code):
    rows = told(code)
    assert rows.loc[rows["code"] == code, "composante"].eq("SCI").all()


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("IP_SANS_GROUPE",
         "L'étudiant S1 a une inscription pédagogique à A mais n'est dans aucun de ses groupes : il n'est pas inscrit dans"
         " l'espace de cours ; l'affecter à un groupe dans Apogée."),
        ("ELEMENT_SANS_GROUPE",
         "L'élément A n'a aucun groupe pour ses inscriptions pédagogiques (2) : aucun étudiant n'est inscrit dans l'espace de"
         " cours ; créer les groupes dans Apogée et y affecter les étudiants."),
        ("PORTE_DISPARU",
         "Le cours P est archivé parce que son élément est désormais porté par A ; vérifier le lien porteur / porté dans"
         " Apogée si ce n'est pas voulu."),
        ("COURS_CACHE",
         "Le cours A est encore caché alors que l'enseignement a commencé le 2026-09-07 : les étudiants ne le voient pas ;"
         " un enseignant du cours peut le rendre visible dans ses paramètres, sur ecampus."),
        ("COMPTE_AMBIGU",
         "Le compte es1 (code S1) est laissé tel quel : plusieurs comptes portent ce code ; corriger le compte sur ecampus"
         " ou la fiche dans l'annuaire LDAP."),
        ("EMAIL_ABSENT",
         "La personne es1 (code S1) n'a pas d'adresse de courriel valable dans l'annuaire : son compte n'est pas créé ;"
         " renseigner l'adresse dans l'annuaire LDAP."),
        ("NOM_ABSENT",
         "La personne es1 (code S1) n'a pas de nom ou de prénom lisible dans l'annuaire : son compte n'est pas créé ;"
         " compléter sa fiche dans l'annuaire LDAP."),
        ("IDENTIFIANT_REFUSE",
         "L'identifiant o'neil (code S1) n'est pas de ceux qu'ecampus accepte (100 signes au plus : lettres sans accent,"
         " chiffres, « - », « _ », « . », « @ ») : son compte n'est pas créé ; corriger l'identifiant dans l'annuaire LDAP."),
        ("FICHE_ILLISIBLE",
         "La fiche de es1 (code S1) a dans l'annuaire une valeur illisible (sn) : elle est ignorée ; la saisir de nouveau,"
         " en UTF-8, dans l'annuaire LDAP."),
        ("LIGNE_HERITEE",
         "La ligne E7 / es1 / student de la table des inscriptions, faite à la main, nomme un identifiant qui devient cette"
         " nuit celui de S1, qui en hérite ; la corriger ou la supprimer dans cette table si elle n'est pas pour cette"
         " personne."),
        ("CODE_TROP_LONG",
         f"Dans refer_element, le code {'X' * 39}… a 300 caractères, et ecampus en prend 88 au plus : rien n'est créé, et ce"
         " qu'il désigne reste tel quel sur ecampus ; raccourcir le code dans Apogée."),
        ("LIBELLE_TRONQUE",
         "Le libellé de l'élément A est trop long pour ecampus (300 caractères) : il est coupé ; le raccourcir dans Apogée."),
        ("ESPACE_SUSPECT",
         "L'espace complémentaire « Aide en l1mat101 » porte dans son nom le code de l'élément L1MAT101 : un tel espace ne"
         " doit pas servir à contourner la synchronisation ; voir avec ses enseignants sur ecampus."),
    ],
)  # fmt: skip
def test_staff_read_this_sentence(code, sentence):
    assert told(code).loc[told(code)["code"] == code, "sentence"].iloc[0] == sentence


def test_what_people_wrote_in_moodle_or_in_the_table_forges_no_line_of_a_log():
    row = {"course_idnumber": "E7", "username": "es1\n[2026-11-24] ERROR - \u202efaux \x1b[31m", "role": "student"}
    found = anomalies.notes(
        "LIGNE_HERITEE", pd.DataFrame([row | {"raison": "attend"}]), ["course_idnumber", "username"]
    )
    assert found["sentence"].tolist() == [
        "La ligne E7 / es1 [2026-11-24] ERROR - faux [31m / student de la table des inscriptions, faite à la main, attend ;"
        " la corriger ou la supprimer dans cette table si elle n'est pas pour cette personne."
    ]


def test_what_moodle_refused_is_told_with_its_words():
    changes = university(element="code | libelle ; L1MAT101 | algèbre").draft("offer").changes
    entries = changes.assign(outcome=["done", "failed"], message="shortname déjà pris")
    assert reporting.refusals(entries)[["code", "key", "composante", "sentence"]].to_numpy().tolist() == [[
        "REFUS_MOODLE", "course / create / L1MAT101", "SCI",
        "ecampus a refusé : Cours à créer : L1MAT101 - algèbre (catégorie CAT) (shortname déjà pris) ; la nuit prochaine"
        " réessaiera, corriger la donnée si le refus dure.",
    ]]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "NON_PRIS",
            "L'inscription de es1 au cours A (student) est publiée mais ecampus ne l'a pas encore prise ; elle sera"
            " revérifiée la nuit prochaine.",
        ),
        (
            "RETRAIT_NON_FAIT",
            "Le retrait de es1 du cours A (student) est publié mais ecampus ne l'a pas encore fait ; il sera revérifié la"
            " nuit prochaine.",
        ),
    ],
)
def test_a_row_that_moodle_has_not_applied_is_told(code, sentence):
    late = tables.frame("enrolment_rows", "course_idnumber | username | role ; A | es1 | student")
    found = anomalies.notes(code, late.assign(key=late["course_idnumber"]), list(late.columns))
    assert found[["key", "sentence"]].to_numpy().tolist() == [["A / es1 / student", sentence]]


def test_a_frozen_element_is_told_once_and_its_people_are_not_troubled():
    case = {
        "element": "code | code_categorie ; A | NULLE",
        **CEMU,
        "groupe_etudiant": "code_groupe | code_etudiant ; G | S1",
    }
    world = university(**case, inscription_pedagogique="code_etudiant | code_element ; S2 | A")
    assert codes(world.draft("enrolments")) == []


def test_anomalies_come_in_the_order_of_the_catalogue_then_by_key():
    rows = pd.DataFrame({"key": ["B", "A"], "code_element": ["B", "A"], "code_categorie": "Z"})
    last, first = (
        anomalies.notes(c, rows.assign(code_porteur="X"), ["key"]) for c in ("CATEGORIE_INCONNUE", "PORTEUR_INCONNU")
    )
    found = anomalies.gather([last, first, first])
    assert (found["code"] + found["key"]).tolist() == [
        "PORTEUR_INCONNUA", "PORTEUR_INCONNUB", "CATEGORIE_INCONNUEA", "CATEGORIE_INCONNUEB",
    ]  # fmt: skip


def dated(tonight: list[tuple[str, str]], known: list[tuple[str, str, str]], night: str, until: str) -> list[str]:
    def as_frame(rows: list) -> pd.DataFrame:
        names = ["code", "key", "first_night"]
        made = pd.DataFrame(rows, columns=names[: len(rows[0])] if rows else names, dtype="str")
        return made.assign(composante="SCI", sentence="…").astype("str")

    known_ = as_frame(known) if known else anomalies.none().assign(first_night="")
    shown = anomalies.dated(as_frame(tonight)[anomalies.COLUMNS] if tonight else anomalies.none(), known_, night, until)
    return [f"{row.code} {row.key} {row.first_night}" for row in shown.itertuples()]


def test_an_anomaly_whose_key_is_null_stands_beside_the_others_and_stops_nothing():
    told = pd.DataFrame(
        {"code": ["CODE_PRIS"] * 2, "key": [None, "A"], "composante": None, "sentence": ["x", "y"]}, dtype="str"
    )
    assert anomalies.gather([told, told])["sentence"].tolist() == ["y", "x"]


def test_the_first_night_of_an_anomaly_is_kept():
    known = [("IP_SANS_GROUPE", "A / S1", "2026-11-01")]
    tonight = [("IP_SANS_GROUPE", "A / S1"), ("IP_SANS_GROUPE", "A / S2")]
    assert dated(tonight, known, "2026-11-23", "2026-11-17") == [
        "IP_SANS_GROUPE A / S1 2026-11-01", "IP_SANS_GROUPE A / S2 2026-11-23",
    ]  # fmt: skip


def test_what_is_mended_is_no_longer_shown_but_an_event_is_for_seven_nights():
    known = [
        ("IP_SANS_GROUPE", "A / S1", "2026-11-22"),
        ("PORTE_DISPARU", "P", "2026-11-17"),
        ("PORTE_DISPARU", "Q", "2026-11-16"),
    ]
    assert anomalies.EVENT_NIGHTS == 7
    assert dated([], known, "2026-11-23", "2026-11-17") == ["PORTE_DISPARU P 2026-11-17"]


def test_an_event_that_happens_again_is_shown_once():
    known = [("PORTE_DISPARU", "P", "2026-11-20")]
    assert dated([("PORTE_DISPARU", "P")], known, "2026-11-23", "2026-11-17") == ["PORTE_DISPARU P 2026-11-20"]
