"""The enrolment table: differences only, rows of others and rows of archived and frozen courses stay."""

from __future__ import annotations

from datetime import timedelta

import pytest

import tables
from ecampus.night.phases import PHASES
from world import World, codes, university, verbs

REFER = {
    "element": "code | a_distance ; A | N ; B | O",
    "groupe": "code | libelle ; GA | TD ; GB | CEMU",
    "groupe_element": "code_groupe | code_element ; GA | A ; GB | B",
    "groupe_etudiant": "code_groupe | code_etudiant ; GA | S1 ; GA | S2 ; GB | S2",
    "inscription_administrative": "code_etudiant | tele_enseignement ; S1 | N ; S2 | O",
    "seance_ade": "code_element | code_enseignant | seances ; A | T1 | 4 ; B | T1 | 2",
}
FIRST = [
    "A | es1 | student", "A | es2 | student", "A | pt1 | editingteacher",
    "B | pt1 | editingteacher", "B-FOAD | es2 | student",
]  # fmt: skip


@pytest.fixture(scope="module")
def first_night() -> World:
    world = university(**REFER)
    world.play("users", "offer", "enrolments")
    return world


@pytest.fixture
def world(first_night: World) -> World:
    return first_night.copy()


def test_the_first_night_publishes_what_the_rules_want_and_moodle_takes_it(first_night):
    assert first_night.table() == FIRST
    assert first_night.see("enrolled", "course | username | role") == FIRST


def test_nothing_changed_nothing_published(world):
    assert verbs(world.draft("enrolments")) == []


def test_only_the_difference_is_published(world):
    world.change(groupe_etudiant="code_groupe | code_etudiant ; GA | S1 ; GA | S3 ; GB | S2").play("users")
    assert verbs(world.play("enrolments")) == [
        "enrolment enrol A / es3 / student",
        "enrolment unenrol A / es2 / student",
    ]
    assert "A | es2 | student" not in world.see("enrolled", "course | username | role")


def test_a_teacher_whose_sessions_end_is_unenrolled(world):
    world.change(seance_ade="code_element | code_enseignant | seances ; A | T1 | 0 ; B | T1 | 2")
    assert verbs(world.play("enrolments")) == ["enrolment unenrol A / pt1 / editingteacher"]


def test_rows_that_are_not_ours_stay_wanted_or_not(world):
    world.moodle.table |= {("A", "invite", "student"), ("A", "es3", "student"), ("ESPACE", "es1", "student")}
    world.change(groupe_etudiant="code_groupe | code_etudiant ; GA | S3").play("users", "enrolments")
    world.change(groupe_etudiant="code_groupe | code_etudiant ; GA | S1").play("enrolments")
    assert set(world.table()) >= {"A | invite | student", "A | es3 | student", "ESPACE | es1 | student"}


def test_teachers_of_a_foad_course_are_manual_their_rows_are_never_touched(world):
    world.moodle.table.add(("B-FOAD", "pt1", "editingteacher"))
    world.owned["enrolment"].loc[99] = ["B-FOAD", "pt1", "editingteacher"]
    assert verbs(world.draft("enrolments")) == []


def test_a_row_of_ours_taken_away_by_hand_is_published_again(world):
    world.moodle.table.discard(("A", "es1", "student"))
    assert verbs(world.draft("enrolments")) == ["enrolment enrol A / es1 / student"]


def test_rows_only_for_accounts_and_courses_that_exist_in_moodle_now(world):
    world.change(
        element=REFER["element"] + " ; NEUF | N",
        groupe="code | libelle ; GA | TD ; GB | CEMU ; GN | TD",
        groupe_element=REFER["groupe_element"] + " ; GN | NEUF",
        groupe_etudiant=REFER["groupe_etudiant"] + " ; GN | S1 ; GA | S9",
    )
    draft = world.draft("enrolments")
    assert (verbs(draft), codes(draft)) == ([], ["COMPTE_ABSENT L'étudiant / S9"])


def test_a_course_whose_code_a_hand_made_one_has_taken_gets_no_row(world):
    world.moodle.courses[world.id("courses", "A")].update(idnumber="perdu", shortname="perdu")
    world.by_hand("courses", "idnumber | shortname ; A | à moi")
    world.change(groupe_etudiant="code_groupe | code_etudiant ; GA | S1 ; GA | S3 ; GB | S2").play("users", "offer")
    world.play("enrolments")
    assert [row for row in world.see("enrolled", "course | username | role") if row.startswith("A ")] == []


def test_suspended_accounts_keep_their_rows(world):
    world.change(
        people="population | code ; student | S2 ; staff | T1", inscription_administrative="code_etudiant ; S2"
    )
    world.source["inscription_administrative"].loc[0, "tele_enseignement"] = "O"
    assert verbs(world.play("users")) == ["account suspend es1"]
    assert verbs(world.play("enrolments")) == []


@pytest.mark.parametrize(
    "frozen",
    [{"element": "code | a_distance | code_categorie ; A | N | NULLE ; B | O | NULLE"},
     {"porte": "code_porte | code_porteur ; A | AILLEURS ; B | A"}],
    ids=["unknown category", "unusable porteur"],
)  # fmt: skip
def test_the_rows_of_a_frozen_element_stay_exactly_as_they_are(world, frozen):
    world.change(
        **frozen,
        groupe_etudiant="code_groupe | code_etudiant ; GA | S3",
        seance_ade="code_element | code_enseignant ; A | T2",
    )
    world.play("users", "offer", "enrolments")
    assert world.table() == FIRST


def test_the_rows_of_an_archived_course_stay(world):
    world.change(element="code | a_distance ; B | O").play("offer", "enrolments")
    assert [row for row in world.table() if row.startswith("ex_A")] == [f"ex_{row}" for row in FIRST[:3]]


def test_a_porte_that_changes_porteur_takes_its_teachers_along():
    carried = "code_porte | code_porteur ; P | {}"
    world = university(
        element="code ; A ; B ; P", porte=carried.format("A"), seance_ade="code_element | code_enseignant ; P | T1"
    )
    world.play("users", "offer", "enrolments")
    world.change(porte=carried.format("B"))
    assert codes(world.play("offer")) == ["PORTEUR_CHANGE P / A / B"]
    world.play("enrolments")
    assert world.table() == ["B | pt1 | editingteacher"]


@pytest.mark.parametrize(("days", "told"), [(-1, []), (0, ["COURS_CACHE A"]), (1, ["COURS_CACHE A"])])
def test_a_hidden_course_is_told_from_the_day_its_teaching_starts(world, days, told):
    sheets = "code_element | code_enseignant | premiere_seance ; A | T1 | 2026-11-30 ; A | T2 | 2026-12-01 ; B | T1 | "
    world.change(seance_ade=sheets).play("users")
    start = world.settings.night.replace(month=11, day=30)
    world.settings = type(world.settings)(annee="2026", night=start + timedelta(days=days))
    assert codes(world.draft("enrolments")) == told


def test_a_visible_course_is_not_told(world):
    world.moodle.courses[world.id("courses", "A")]["visible"] = True
    world.change(seance_ade="code_element | code_enseignant | premiere_seance ; A | T1 | 2026-11-01")
    assert codes(world.draft("enrolments")) == []


def test_a_space_where_several_teachers_of_one_element_teach_is_told(world):
    (space,) = world.by_hand("courses", "shortname | fullname ; espace | Mon espace")
    world.change(seance_ade="code_element | code_enseignant ; A | T1 ; A | T2 ; B | T3").play("users")
    for name in ("pt1", "pt3"):
        world.moodle.manual[space, world.id("users", name)] = "editingteacher"
    assert "ESPACE_SUSPECT espace / A" not in codes(world.draft("enrolments"))
    world.moodle.manual[space, world.id("users", "pt2")] = "editingteacher"
    assert "ESPACE_SUSPECT espace / A" in codes(world.draft("enrolments"))


@pytest.mark.parametrize(
    ("read", "told"),
    [([], ["ESPACE_SUSPECT un / espace / A"]), (["un / espace"], [])],
    ids=["another night's turn", "read tonight"],
)
def test_what_was_told_of_a_space_stays_told_until_it_is_read_again(world, read, told):
    world.by_hand("courses", "shortname ; un / espace ; autre")
    world.memory |= tables.memory(
        told="""code | key | sentence
        ESPACE_SUSPECT | un / espace / A | réunit plusieurs enseignants
        ESPACE_SUSPECT | disparu / A | réunit plusieurs enseignants
        COURS_CACHE | autre / A | est caché"""
    )
    inputs = world.inputs("enrolments")
    courses = inputs.existing["courses"]
    read_ids = courses.loc[courses["shortname"].isin(read), ["id"]].rename(columns={"id": "course_id"})
    inputs.existing["spaces_read"] = read_ids.reset_index(drop=True)
    assert [code for code in codes(PHASES["enrolments"].draft(inputs)) if "ESPACE" in code] == told


@pytest.mark.parametrize(
    "unwanted",
    [
        {"element": "code | a_distance ; B | O"},
        {"element": "code | a_distance ; A | N ; B | N"},
        {"porte": "code_porte | code_porteur ; A | B"},
    ],
    ids=["absent from REFER", "no longer distance", "become porté"],
)
def test_the_rows_of_a_course_whose_archive_was_refused_stay(world, unwanted):
    world.change(**unwanted).play("enrolments")
    assert world.table() == FIRST


@pytest.mark.parametrize(
    ("unseen", "expected"),
    [([], ["enrolment unenrol A / ancien / student"]), (["es2"], []), (["es1", "es2", "pt1"], [])],
)
def test_rows_that_name_no_account_go_only_when_all_our_accounts_are_seen(world, unseen, expected):
    world.moodle.table.add(("A", "ancien", "student"))
    world.owned["enrolment"].loc[99] = ["A", "ancien", "student"]
    for username in unseen:
        del world.moodle.users[world.id("users", username)]
    assert verbs(world.draft("enrolments")) == expected


@pytest.mark.parametrize("porteur", ["AILLEURS", "P"], ids=["unknown", "itself"])
def test_the_teachers_of_a_porte_whose_link_broke_stay_with_its_last_porteur_as_long_as_it_is_broken(porteur):
    carried = "code_porte | code_porteur ; P | {}"
    sheets = "code_element | code_enseignant ; P | T1 ; P | T2"
    world = university(element="code ; A ; B ; P", porte=carried.format("A"), seance_ade=sheets)
    world.play("users", "offer", "enrolments")
    for _ in range(2):
        world.change(porte=carried.format(porteur)).play("offer", "enrolments")
        assert world.table() == ["A | pt1 | editingteacher", "A | pt2 | editingteacher"]
    world.change(seance_ade="code_element | code_enseignant ; P | T2").play("offer", "enrolments")
    assert world.table() == ["A | pt2 | editingteacher"]
    world.change(porte=carried.format("B")).play("offer", "enrolments")
    assert world.table() == ["B | pt2 | editingteacher"]
