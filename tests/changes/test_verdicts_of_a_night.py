"""What a phase keeps of its ladders: everyone with a group, an IP, a sheet or an IA has a verdict."""

from __future__ import annotations

import pandas as pd
import pytest

from ecampus.rules.verdicts import together
from world import World, university, verbs

REFER = {
    "element": "code | a_distance | code_categorie ; A | N | CAT ; B | O | CAT ; P | N | CAT ; Z | N | NULLE",
    "porte": "code_porte | code_porteur ; P | A",
    "groupe": "code | libelle ; GA | TD ; GP | TD ; GC | CEMU ; GZ | TD",
    "groupe_element": "code_groupe | code_element ; GA | A ; GA | P ; GP | P ; GC | A ; GC | B ; GZ | Z",
    "groupe_etudiant": "code_groupe | code_etudiant ; GA | S1 ; GP | S1 ; GC | S1 ; GC | S2 ; GZ | S1 ; GA | S9",
    "inscription_administrative": "code_etudiant | code_etape | tele_enseignement ; S1 | ETAPE | N ; S2 | ETAPE | O ; S3 | V9 | N",
    "inscription_pedagogique": "code_etudiant | code_element ; S1 | A ; S1 | P ; S3 | A ; S3 | P ; S3 | Z",
    "seance_ade": "code_element | code_enseignant | seances ; P | T1 | 2 ; A | T2 | 0 ; Z | T1 | 1",
    "people": "population | code ; student | S1 ; student | S2 ; student | S3 ; staff | T1 ; staff | T2",
}  # fmt: skip


@pytest.fixture(scope="module")
def world() -> World:
    world = university(**REFER)
    world.play("users", "cohorts", "offer")
    return world


def seen(frame: pd.DataFrame, *columns: str) -> list[str]:
    texts = frame[[*columns, "verdict"]].astype("object").where(frame[[*columns, "verdict"]].notna(), "")
    return sorted(" | ".join(map(str, row)) for row in texts.itertuples(index=False, name=None))


def test_every_element_and_its_foad_twin_has_a_verdict(world):
    assert seen(world.draft("offer").verdicts["courses"], "key") == [
        "A | COURS", "A-FOAD | PRESENTIEL", "B | COURS", "B-FOAD | COURS", "P | PORTE", "P-FOAD | PORTE",
        "Z | CATEGORIE_INCONNUE", "Z-FOAD | CATEGORIE_INCONNUE",
    ]  # fmt: skip


def test_everyone_in_a_group_and_everyone_with_an_ip_has_a_verdict(world):
    assert seen(world.draft("enrolments").verdicts["seats"], "code_etudiant", "code_groupe", "code_element") == [
        "S1 | GA | A | INSCRIT",
        "S1 | GA | P | CHEZ_LE_PORTEUR",
        "S1 | GC | A | CEMU_SUR_PRESENTIEL",
        "S1 | GC | B | CEMU_SANS_TELE",
        "S1 | GP | P | PORTE",
        "S1 | GZ | Z | ELEMENT_GELE",
        "S2 | GC | A | CEMU_SUR_PRESENTIEL",
        "S2 | GC | B | INSCRIT",
        "S3 |  | A | SANS_GROUPE",
        "S3 |  | P | SANS_GROUPE",
        "S3 |  | Z | ELEMENT_GELE",
        "S9 | GA | A | COMPTE_ABSENT",
        "S9 | GA | P | CHEZ_LE_PORTEUR",
    ]


def test_every_teacher_of_a_sheet_and_every_ia_has_a_verdict(world):
    assert seen(world.draft("enrolments").verdicts["teachers"], "code_enseignant", "code_element", "key") == [
        "T1 | P | A | INSCRIT", "T1 | Z | Z | ELEMENT_GELE", "T2 | A | A | NON_PLANIFIE",
    ]  # fmt: skip
    assert seen(world.draft("cohorts").verdicts["cohorts"], "code_etudiant", "code_etape") == [
        "S1 | ETAPE | MEMBRE", "S2 | ETAPE | MEMBRE", "S3 | V9 | ETAPE_INCONNUE",
    ]  # fmt: skip


def test_a_course_that_is_not_there_yet_seats_nobody_and_says_so(world):
    world = world.copy()
    world.change(element=REFER["element"] + " ; N | N | CAT", groupe_element="code_groupe | code_element ; GA | N")
    seats = world.draft("enrolments").verdicts["seats"]
    assert "S1 | GA | N | COURS_ABSENT" in seen(seats, "code_etudiant", "code_groupe", "code_element")


def test_the_ladders_of_a_phase_are_kept_as_one_frame_that_parquet_holds(world, tmp_path):
    ladders = world.draft("enrolments").verdicts
    together(ladders).to_parquet(tmp_path / "verdicts.parquet")
    found = pd.read_parquet(tmp_path / "verdicts.parquet")
    assert found["ladder"].value_counts().to_dict() == {name: len(frame) for name, frame in ladders.items()}
    assert set(found.loc[found["ladder"] == "seats", "tele"]) == {True, False}
    assert together({}).columns.tolist() == ["ladder", "verdict"]


@pytest.fixture
def frozen(world: World) -> World:
    """The account of S1 is left as it is from now on."""
    world = world.copy()
    world.night()
    user = world.id("users", "es1")
    world.owned["account"] = world.owned["account"].assign(frozen=world.owned["account"]["user_id"] == user)
    return world


def test_nothing_of_an_account_that_is_left_as_it_is_moves(frozen):
    before = frozen.table(), frozen.see("group_members", "course | group | username")
    cohorts = frozen.see("cohort_members", "cohort | username")
    frozen.change(
        groupe_etudiant="code_groupe | code_etudiant ; GC | S2 ; GP | S2",
        inscription_administrative="code_etudiant | code_etape | tele_enseignement ; S2 | ETAPE | O",
    )
    frozen.source["people"] = university(**REFER).source["people"]
    assert [verbs(frozen.play(phase)) for phase in ("cohorts", "enrolments", "groups")] == [[], [], []]
    assert (frozen.table(), frozen.see("group_members", "course | group | username")) == before
    assert frozen.see("cohort_members", "cohort | username") == cohorts


def test_nothing_is_added_for_an_account_that_is_left_as_it_is_either(frozen):
    frozen.change(
        groupe="code | libelle ; GA | TD ; GP | TD ; GC | CEMU ; GZ | TD ; GB | TD",
        groupe_element=REFER["groupe_element"] + " ; GB | B",
        groupe_etudiant=REFER["groupe_etudiant"] + " ; GB | S1",
        etape="code ; ETAPE ; V9",
        inscription_administrative=REFER["inscription_administrative"] + " ; S1 | V9 | N",
    )
    frozen.source["people"] = university(**REFER).source["people"]
    changes = [change for phase in ("cohorts", "enrolments", "groups") for change in verbs(frozen.play(phase))]
    assert [change for change in changes if "es1" in change] == []
    assert "cohort_member add V9 / es3" in changes
    seats = frozen.draft("enrolments").verdicts["seats"]
    assert "S1 | GB | B | COMPTE_GELE" in seen(seats, "code_etudiant", "code_groupe", "code_element")


def test_the_teachers_of_an_element_whose_own_code_ends_as_that_of_a_foad_course_come_and_go():
    sheets = "code_element | code_enseignant ; D1-FOAD | T1 ; D1-FOAD | T2"
    world = university(element="code | a_distance ; D1 | N ; D1-FOAD | N", seance_ade=sheets)
    world.play("users", "offer", "enrolments")
    world.change(seance_ade="code_element | code_enseignant ; D1-FOAD | T2")
    assert verbs(world.play("enrolments")) == ["enrolment unenrol D1-FOAD / pt1 / editingteacher"]


def test_two_elements_that_lead_to_one_course_the_people_of_the_second_are_not_mixed_into_it():
    world = university(
        element="code | a_distance ; D1 | O ; D1-FOAD | N",
        groupe="code | libelle ; GC | CEMU ; GT | TD",
        groupe_element="code_groupe | code_element ; GC | D1 ; GT | D1-FOAD",
        groupe_etudiant="code_groupe | code_etudiant ; GC | S1 ; GT | S2",
        inscription_administrative="code_etudiant | tele_enseignement ; S1 | O",
        seance_ade="code_element | code_enseignant ; D1-FOAD | T1",
    )
    world.night()
    assert world.table() == ["D1-FOAD | es1 | student"]
    assert world.see("groups", "course | idnumber") == ["D1-FOAD | GC"]
