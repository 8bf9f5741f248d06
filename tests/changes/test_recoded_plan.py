"""A code that changed: proposed as one rename, never done without an answer (docs/rules.md, «A code that changed»)."""

from __future__ import annotations

from itertools import islice

import pandas as pd
import pytest

import tables
from ecampus.calendar import PHASES
from ecampus.changes import recoding
from ecampus.rules import teaching
from model_writes import write
from world import World, codes, going_on, university, verbs

ON_A = "code_groupe | code_element ; G1 | A ; G2 | A ; CEMU1 | A"
ON_N = ON_A.replace("| A", "| N")
MEMBERS = "code_groupe | code_etudiant ; G1 | S1 ; G2 | S2 ; CEMU1 | S3"
IA = "code_etudiant | tele_enseignement ; S1 | N ; S2 | N ; S3 | O"
OLD = "code | libelle | a_distance ; A | algèbre | O ; B | chimie | N"
NEW = OLD.replace("A |", "N |")
GROUPS = "code | libelle ; G1 | TD1 ; G2 | TD2 ; CEMU1 | CEMU"
DAY = {"element": NEW, "groupe_element": ON_N, "seance_ade": "code_element | code_enseignant ; N | T1"}
PEOPLE = "population | code ; student | S1 ; student | S2 ; student | S3 ; staff | T1"


@pytest.fixture(scope="module")
def first_night() -> World:
    world = university(
        element=OLD, groupe=GROUPS, groupe_element=ON_A, groupe_etudiant=MEMBERS, inscription_administrative=IA,
        seance_ade="code_element | code_enseignant ; A | T1", people=PEOPLE,
    )  # fmt: skip
    world.night()
    return world


@pytest.fixture
def world(first_night: World) -> World:
    return first_night.copy()


def whole(world: World) -> list[str]:
    """All that people see."""
    kinds = {"courses": "id | idnumber | fullname", "groups": "id | course | idnumber",
             "group_members": "course | group | username", "enrolled": "course | username | role"}  # fmt: skip
    return [*world.table(), *(line for kind, columns in kinds.items() for line in world.see(kind, columns))]


def refused(world: World, phase: str, question: str, unit: str) -> World:
    """People said that they are two."""
    header = "phase | unit | digest | question | state | night"
    world.memory |= {"decisions": tables.memory(
        decisions=f"{header} ; {phase} | {unit.replace('|', '!')} | x | {question} | refused | 2026-11-24"
    )["decisions"]}  # fmt: skip
    world.memory["decisions"]["unit"] = world.memory["decisions"]["unit"].str.replace("!", "|")
    return world


def test_a_course_and_its_foad_twin_are_one_unit_with_their_rows(world):
    draft = world.change(**DAY).draft("offer")
    assert [verb for verb in verbs(draft) if not verb.startswith("enrolment")] == [
        "course recode N",
        "course recode N-FOAD",
    ]
    assert set(draft.changes["unit"]) == {"course|recode|N"}
    assert codes(draft) == ["CODE_CHANGE A / N"]
    assert draft.anomalies["sentence"].tolist() == [
        "L'élément A n'est plus dans REFER, et N, nouveau dans la même catégorie, lui ressemble (N - algèbre) : le cours A"
        " reste tel quel, avec ses inscrits et ses groupes, et N attend ; dire si c'est le même cours (« make approve »,"
        " ou la question de « Décisions (06h15) » dans Airflow)."
    ]


def test_unanswered_nothing_moves_however_many_nights_it_lasts(world):
    before = whole(world)
    world.change(**DAY)
    for _ in range(3):
        drafts = world.night()
        assert whole(world) == before
        assert [verbs_of(going_on(drafts[phase].changes)) for phase in PHASES] == [[], [], [], [], []]
        world.change()


def verbs_of(changes: pd.DataFrame) -> list[str]:
    return list(changes["object"] + " " + changes["verb"] + " " + changes["key"])


def test_agreed_the_same_courses_have_the_new_code_with_their_groups_and_people(world):
    before = whole(world)
    ids, groups = (world.id("courses", "A"), world.id("courses", "A-FOAD")), world.see("groups", "id | idnumber")
    world.agrees = True
    world.change(**DAY).night()
    assert (world.id("courses", "N"), world.id("courses", "N-FOAD")) == ids
    assert world.see("groups", "id | idnumber") == groups
    assert sorted(whole(world)) == sorted(renamed(before))
    assert [verbs(draft) for draft in world.change().night().values()] == [[], [], [], [], []]


def renamed(lines: list[str]) -> list[str]:
    """What people see, A being N."""
    cells = [[{"A": "N", "A-FOAD": "N-FOAD"}.get(cell, cell) for cell in line.split(" | ")] for line in lines]
    return [" | ".join(line).replace("A - ", "N - ").replace("A-FOAD - ", "N-FOAD - ") for line in cells]


def test_refused_the_old_one_is_archived_and_the_new_one_is_created(world):
    world.change(**DAY)
    (question,) = recoding.questions(world.draft("offer").changes)
    assert question == "recode_course/A/N"
    draft = refused(world, "offer", question, "course|recode|N").play("offer")
    assert {"course archive A", "course archive A-FOAD", "course create N", "course create N-FOAD"} <= set(verbs(draft))
    assert "course recode N" not in verbs(draft)
    assert codes(draft) == []


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ("N | géométrie | O ; B | chimie | N", ["course recode N", "course recode N-FOAD"]),
        ("N | algèbre | N ; B | chimie | N", ["course recode N", "course archive A-FOAD"]),
        ("N | algèbre | O ; M | algèbre | N ; B | chimie | N", []),
        ("A | algèbre | O ; N | algèbre | O ; B | chimie | N", []),
        ("N | algèbre | O", ["course recode N", "course recode N-FOAD"]),
    ],
    ids=[
        "another label, the same groups", "a twin that the new one has not waits with it", "two new ones",
        "the old one is still there", "another element vanishes for good",
    ],
)  # fmt: skip
def test_what_is_proposed_and_what_waits_with_it(world, element, expected):
    world.change(**DAY | {"element": f"code | libelle | a_distance ; {element}"})
    changes = world.draft("offer").changes
    waits = changes[changes["unit"].isin(recoding.questions(changes).index) | changes["needs"].eq("course|recode|N")]
    assert verbs_of(waits[waits["object"] == "course"]) == expected


def test_an_element_that_becomes_porte_has_not_changed_its_code(world):
    world.change(**DAY | {"element": NEW + " ; A | algèbre | O"}, porte="code_porte | code_porteur ; A | N")
    assert recoding.questions(world.draft("offer").changes).empty


def test_a_code_that_returns_finds_its_archive_whatever_resembles_it():
    world = university(element="code | libelle ; A | algèbre ; B | chimie")
    world.play("offer")
    world.change(element="code | libelle ; B | chimie").play("offer")
    world.change(element="code | libelle ; A | chimie")
    assert verbs(world.draft("offer")) == ["course restore A", "course archive B"]


def test_a_code_whose_case_alone_changes_is_the_same_one_and_one_whose_accent_changes_is_another():
    world = university(element="code | libelle ; ECO | économie ; B | chimie")
    world.play("offer")
    assert verbs(world.change(element="code | libelle ; eco | économie ; B | chimie").draft("offer")) == []
    world.change(element="code | libelle ; ÉCO | économie ; B | chimie")
    assert verbs(world.draft("offer")) == ["course recode ÉCO"]


def test_a_new_code_that_somebody_else_carries_is_taken_and_nothing_is_proposed(world):
    world.by_hand("courses", "idnumber | shortname ; N | à moi")
    draft = world.change(**DAY).draft("offer")
    assert "CODE_PRIS N" in codes(draft)
    assert not draft.changes["verb"].eq("recode").any()


def test_a_course_to_which_somebody_gave_its_new_code_by_hand_is_proposed_all_the_same(world):
    course = world.moodle.courses[world.id("courses", "A")]
    course.update(idnumber="N", shortname="N", fullname="N - algèbre")
    draft = world.change(**DAY).draft("offer")
    assert [verb for verb in verbs(draft) if verb.startswith("course")] == ["course recode N", "course recode N-FOAD"]


def test_a_course_of_ours_to_which_somebody_gave_the_new_code_gives_it_up_first(world):
    world.moodle.courses[world.id("courses", "B")].update(idnumber="N", shortname="N")
    draft = world.change(**DAY).draft("offer")
    courses = [verb for verb in verbs(draft) if verb.startswith("course")]
    assert courses == ["course rename B", "course recode N", "course recode N-FOAD"]


def test_why_nobody_is_enrolled_in_a_course_that_waits_is_its_verdict(world):
    world.change(**DAY).play("users", "cohorts", "offer")
    header = "phase | unit | digest | question | state | night"
    world.memory |= tables.memory(decisions=f"{header} ; offer | u | x | recode_course/A/N | asked | 2026-11-24")
    world.memory["decisions"]["unit"] = "course|recode|N"
    ladders = world.draft("enrolments").verdicts
    for ladder in ("seats", "teachers"):
        found = ladders[ladder].loc[ladders[ladder]["key"].isin(["N", "N-FOAD"]), "verdict"]
        assert set(found) == {teaching.WAITING}


def test_killed_after_any_change_the_next_run_ends_as_if_it_had_not_been(world):
    world.agrees = True
    world.change(**DAY).play("users", "cohorts")
    draft, undisturbed = world.draft("offer"), world.copy()
    undisturbed.play("offer", "enrolments", "groups")
    number = len(draft.changes)
    assert number > 8
    for cut in range(number + 1):
        killed = world.copy()
        journal = list(islice(write(killed.moodle, draft.changes), cut))
        killed.mend("offer", journal[: cut // 2], journal[cut // 2 :])
        killed.play("offer", "enrolments", "groups")
        assert whole(killed) == whole(undisturbed), f"killed after {cut}: {verbs(draft)[:cut]}"


SOMEBODY = "code | uid | sn | mail ; {} | es1 | Nom | es1@univ.fr ; S2 | es2 | Autre | es2@univ.fr"


@pytest.fixture
def person() -> World:
    world = university(people=SOMEBODY.format("S1"))
    world.play("users")
    return world


def frozen(world: World) -> list[str]:
    known = world.owned["account"]
    return known.loc[known["frozen"], "code"].tolist()


def test_a_person_whose_code_alone_changes_keeps_the_account_once_somebody_says_so(person):
    draft = person.change(people=SOMEBODY.format("S9")).play("users")
    assert (verbs(draft), codes(draft)) == (["account recode es1"], ["COMPTE_AMBIGU es1 / S9"])
    assert draft.anomalies["sentence"].tolist() == [
        "Le compte es1 (code S9) est laissé tel quel : dire d'abord si c'est la même personne (« make approve »), car son"
        " code était S1, qui n'est plus nulle part ; corriger le compte sur ecampus ou la fiche dans l'annuaire LDAP."
    ]
    assert person.see("users", "username | idnumber")[1:] == ["es1 | S1", "es2 | S2"]
    assert frozen(person) == ["S1"]
    person.agrees = True
    person.change().play("users")
    assert person.see("users", "username | idnumber")[1:] == ["es1 | S9", "es2 | S2"]
    assert (sorted(person.owned["account"]["code"]), frozen(person)) == (["S2", "S9"], [])
    assert verbs(person.change().play("users")) == []


def test_two_people_are_never_asked_about_again(person):
    person.change(people=SOMEBODY.format("S9"))
    (question,) = recoding.questions(person.draft("users").changes)
    assert question == f"recode_account/{person.id('users', 'es1')}"
    draft = refused(person, "users", question, "account|recode|es1").play("users")
    assert (verbs(draft), codes(draft)) == ([], ["COMPTE_AMBIGU es1 / S9"])
    assert frozen(person) == ["S1"]


@pytest.mark.parametrize(
    "people",
    [
        SOMEBODY.format("S9").replace("Nom", "Durand"),
        SOMEBODY.format("S9").replace("es1 |", "es9 |"),
        SOMEBODY.format("S9") + " ; S1 | es8 | Nom | es8@univ.fr",
        SOMEBODY.format("S9") + " ; S9 | es8 | Nom | es8@univ.fr",
        SOMEBODY.format("S2").replace("S2 | es2", "S1 | es2"),
        SOMEBODY.format("S" * 256),
    ],
    ids=[
        "another name", "another login", "the old code is still there", "two have the new code", "two exchange theirs",
        "a code too long for Moodle",
    ],
)  # fmt: skip
def test_whatever_else_differs_no_change_of_code_is_proposed(person, people):
    assert "account recode es1" not in verbs(person.change(people=people).draft("users"))


@pytest.mark.parametrize("view", ["inscription_administrative", "inscription_administrative by another"])
def test_an_old_code_that_refer_still_names_is_not_gone(person, view):
    student = "S1" if view == "inscription_administrative" else "S2"
    person.change(people=SOMEBODY.format("S9"), inscription_administrative=f"code_etudiant ; {student}")
    assert ("account recode es1" in verbs(person.draft("users"))) == (student == "S2")


BOTH = "entry | population | code | sought | uid | mail | sn ; a | student | {} | oui | e1 | a@univ.fr | Nom ; a | staff | {} | non | e1 | a@univ.fr | Nom"


@pytest.mark.parametrize(
    ("codes_", "idnumber", "proposed"),
    [(("S9", "T1"), "S9", True), (("S1", "T9"), "S1", True), (("S9", "T9"), "S1", False)],
)
def test_of_two_codes_one_may_change_and_the_idnumber_stays_if_it_is_the_other(codes_, idnumber, proposed):
    world = university(people=BOTH.format("S1", "T1"))
    world.play("users")
    world.agrees = True
    draft = world.change(people=BOTH.format(*codes_)).play("users")
    assert (verbs(draft) == ["account recode e1"]) is proposed
    assert world.see("users", "username | idnumber")[1:] == [f"e1 | {idnumber}"]
    assert set(world.owned["account"]["code"]) == ({*codes_} if proposed else {"S1", "T1"})
