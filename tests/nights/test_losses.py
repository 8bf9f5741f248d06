"""What once made people lose their course without a word, replayed: a code emptied or edited by hand, ids that come back,
answers that nobody gave, what was put there by hand after a kill."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from aftermath import enrolled
from campus import Campus, copied, night_after, opened

from ecampus.calendar import Frozen
from ecampus.night import reconcile
from rehearsal import live

COURSE, GROUP = "L1CAS101", "L1CAS101-TD1"
TOMORROW, AFTER = night_after(1), night_after(2)
TYPED = {COURSE: "", "L1CAS103": "L1CAS103-bis", "L1CAS104": "l1cas104"}
"""Codes of courses, and what somebody made of them."""
OF_COURSES = ("offer", "enrolments", "groups")
"""The phases that write into courses."""


def change_code(campus: Campus, table: str, code: str, typed: str) -> None:
    campus.moodle(f"UPDATE mdl_{table} SET idnumber = ? WHERE idnumber = ?", typed, code)


def test_a_course_whose_code_somebody_emptied_or_edited_is_healed_the_same_night_and_keeps_everyone(campus):
    before, rows, there = campus.state(), campus.rows(), enrolled(campus)
    assert TYPED.keys() <= {row[0] for row in rows}
    for code, typed in TYPED.items():
        change_code(campus, "course", code, typed)
    campus.night("derive", TOMORROW, OF_COURSES)
    campus.box.moodle.sync()
    assert (campus.state(), campus.rows(), enrolled(campus)) == (before, rows, there)


def test_a_course_whose_code_is_wrong_when_the_enrolments_are_made_keeps_every_row(campus):
    rows = campus.rows()
    for code in (COURSE, "L1CAS103"):
        change_code(campus, "course", code, TYPED[code])
    for phase in ("enrolments", "groups"):
        campus.play(phase, "sans_offre", TOMORROW)
    assert campus.rows() == rows
    campus.night("guerie", AFTER, OF_COURSES)
    assert campus.rows() == rows


def test_a_course_whose_code_was_edited_and_whose_element_vanishes_the_same_day_is_archived_with_its_people(campus):
    people = {code: {row[1:] for row in campus.rows() if row[0] == code} for code in TYPED}
    for code, typed in TYPED.items():
        change_code(campus, "course", code, typed)
        campus.refer("DELETE FROM refer_element WHERE code = ?", code)
    there = enrolled(campus)
    campus.night("partie", TOMORROW, OF_COURSES)
    campus.box.moodle.sync()
    assert {code: {row[1:] for row in campus.rows() if row[0] == f"ex_{code}"} for code in TYPED} == people
    assert [row for row in campus.rows() if row[0] in TYPED] == []
    assert enrolled(campus) == there


def test_a_group_a_cohort_and_a_category_whose_code_somebody_emptied_are_healed(campus):
    before = campus.state()
    for table, code in (("groups", GROUP), ("cohort", "LCAS1_1"), ("course_categories", "LCAS1_1")):
        change_code(campus, table, code, "")
    assert campus.state() != before
    campus.night("derive", TOMORROW, ("cohorts", "offer", "groups"))
    assert campus.state() == before


def test_a_course_that_another_made_under_an_id_that_was_ours_is_not_touched(campus):
    """A Moodle restored from a backup hands out ids again."""
    campus.moodle(
        "UPDATE mdl_course SET timecreated = timecreated + 86400, idnumber = 'A-MOI', shortname = 'A-MOI',"
        " fullname = 'Mon espace' WHERE idnumber = ?",
        COURSE,
    )
    id_ = campus.ask("SELECT id FROM mdl_course WHERE shortname = 'A-MOI'")
    campus.night("suivante", TOMORROW, ["offer"])
    assert campus.ask("SELECT fullname FROM mdl_course WHERE id = ?", id_) == "Mon espace"
    assert campus.ask("SELECT id FROM mdl_course WHERE idnumber = ?", COURSE) != id_
    campus.refer("DELETE FROM refer_element WHERE code = ?", COURSE)
    campus.night("partie", AFTER, ["offer"])
    assert campus.ask("SELECT idnumber FROM mdl_course WHERE id = ?", id_) == "A-MOI"


def test_two_courses_whose_codes_somebody_exchanged_are_healed_and_nobody_changes_course(campus):
    before, rows = campus.state(), campus.rows()
    for code, typed in ((COURSE, "x"), ("L1CAS103", COURSE), ("x", "L1CAS103")):
        campus.moodle("UPDATE mdl_course SET idnumber = ?, shortname = ? WHERE idnumber = ?", typed, typed, code)
    campus.night("echange", TOMORROW, OF_COURSES)
    campus.box.moodle.sync()
    assert campus.rows() == rows
    assert campus.state() == before


def test_a_freeze_that_begins_during_the_last_write_does_not_hide_that_all_was_written(campus):
    newcomer(campus)
    run = campus.prepared("enrolments", "gelee", TOMORROW)
    asked = iter(range(2))

    def frozen_after_two() -> None:
        if next(asked, None) is None:
            raise Frozen("Gel.")

    reconcile.apply(run, campus.systems, frozen_after_two)
    assert run.files.read_json("written.json") == {"enrolment": {"enrol": 1}}


def newcomer(campus: Campus) -> str:
    """A student who joins the group in REFER; the code."""
    code = campus.ask(
        "SELECT idnumber FROM mdl_user WHERE username LIKE 'e21%' AND NOT suspended AND id NOT IN (SELECT userid FROM"
        " mdl_groups_members m JOIN mdl_groups g ON g.id = m.groupid WHERE g.idnumber = ?) ORDER BY id LIMIT 1",
        GROUP,
    )
    campus.refer("INSERT INTO refer_groupe_etudiant VALUES ('2026', ?, ?)", GROUP, code)
    return code


@pytest.fixture(scope="session")
def about_to_add(played, cron, first_night) -> Path:
    """A campus in which the phase of groups is about to add one newcomer, and nothing else."""

    def play(folder: Path) -> None:
        with opened(copied(first_night, folder / "campus"), cron) as campus:
            newcomer(campus)
            campus.play("enrolments", "tuee", TOMORROW)
            planned = campus.prepared("groups", "tuee", TOMORROW).files.read_frame("plan.parquet")
            assert planned["verb"].tolist() == ["add"]

    return played(play) / "campus"


@pytest.fixture
def adding(about_to_add, tmp_path, cron) -> Iterator[tuple[Campus, str]]:
    """The same, and the code of the newcomer."""
    with opened(copied(about_to_add, tmp_path / "campus"), cron) as campus:
        (added,) = reconcile.stored_plan(campus.run("groups", "tuee", TOMORROW))["username"]
        yield campus, campus.ask("SELECT idnumber FROM mdl_user WHERE username = ?", added)


def test_a_planned_member_whom_a_teacher_adds_after_a_kill_that_wrote_nothing_stays_the_teachers(adding):
    campus, code = adding
    user = campus.ask("SELECT id FROM mdl_user WHERE idnumber = ?", code)
    group = campus.ask("SELECT id FROM mdl_groups WHERE idnumber = ?", GROUP)
    campus.box.moodle.db.insert("groups_members", groupid=group, userid=user)
    assert campus.play("groups", "relancee", TOMORROW)["counts"] == {}
    campus.refer("DELETE FROM refer_groupe_etudiant WHERE code_groupe = ? AND code_etudiant = ?", GROUP, code)
    campus.night("partie", AFTER, ("enrolments", "groups"))
    assert campus.ask("SELECT COUNT(*) FROM mdl_groups_members WHERE groupid = ? AND userid = ?", group, user) == 1


def test_one_membership_removed_by_hand_between_the_writes_and_the_look_is_told_and_stops_nothing(adding):
    campus, code = adding
    run = campus.run("groups", "tuee", TOMORROW)
    reconcile.apply(run, campus.systems, live)
    user = campus.ask("SELECT id FROM mdl_user WHERE idnumber = ?", code)
    campus.moodle(
        "DELETE FROM mdl_groups_members WHERE userid = ? AND groupid = (SELECT id FROM mdl_groups WHERE idnumber = ?)",
        user,
        GROUP,
    )
    assert reconcile.verify(run, campus.systems) == (
        "Vérifié : 0 changements se voient sur ecampus ; ne se voient pas, listés dans le rapport : 1."
    )
    reconcile.report(run, "success", None)
    told = campus.anomalies("groups")
    (sentence,) = told.loc[told["code"] == "NON_VU", "sentence"]
    assert sentence == (
        f"Membre de groupe ajouté : {COURSE} / {GROUP} / e{code[1:]} : c'est fait et cela ne se voit pas sur ecampus ;"
        " quelqu'un l'a peut-être défait entre-temps, la nuit prochaine recommencera."
    )
