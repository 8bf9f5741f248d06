"""A code that changed, whole nights: held, nobody unenrolled; answered, exactly that; killed half-way, finished."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from campus import Campus, copied, night_after, opened
from meanwhile import everybody_logs_in
from refusals import TOMORROW

from ecampus.errors import SourceUnreachable
from ecampus.history.life import recoded
from ecampus.night import approving, reconcile
from ecampus.night.approving import Question
from ecampus.words import holding
from sandbox.moodle.faults import Cut
from university import prepare

OLD, NEW = "L1CAS405", "L1CAS905"
"""At a distance: a course, its FOAD twin, two groups, a teacher put in by hand."""
CARRIERS = {
    "refer_element": "code", "refer_groupe_element": "code_element", "refer_inscription_pedagogique": "code_element",
    "refer_seance_ade": "code_element", "refer_porte": "code_porteur",
}  # fmt: skip
NIGHTS = [night_after(days) for days in range(1, 5)]
OF_COURSES = ("offer", "enrolments", "groups")


@pytest.fixture
def changed(campus) -> Campus:
    """The element has another code everywhere in REFER."""
    for table, column in CARRIERS.items():
        campus.refer(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", NEW, OLD)
    return campus


@pytest.fixture(scope="session")
def held_played(played, cron, first_night) -> Path:
    """The same, once the offer was played."""

    def play(folder: Path) -> None:
        with opened(copied(first_night, folder / "campus"), cron) as campus:
            for table, column in CARRIERS.items():
                campus.refer(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", NEW, OLD)
            campus.play("offer", "tenue", TOMORROW)

    return played(play) / "campus"


@pytest.fixture
def held(held_played, tmp_path, cron) -> Iterator[Campus]:
    with opened(copied(held_played, tmp_path / "campus"), cron) as campus:
        yield campus


def asked(campus: Campus) -> list[Question]:
    return approving.questions(campus.register, campus.store)


def said(campus: Campus, approved: bool) -> None:
    (question,) = asked(campus)
    approving.answer(campus.register, question, approved, TOMORROW, "camille", "vu avec la scolarité")


def approved_run(campus: Campus, phase: str = "offer", run_id: str = "approuvee") -> Any:
    """The run that ``ecampus_approve`` starts."""
    run = campus.run(phase, run_id, TOMORROW)
    prepare(run, campus.systems, only_approved=True)
    return run


def done(campus: Campus, run: Any) -> dict[str, Any]:
    reconcile.apply(run, campus.systems, lambda: None)
    reconcile.verify(run, campus.systems)
    reconcile.report(run, "success", None)
    return run.files.read_json("report.json")


def people(campus: Campus) -> dict[str, list[tuple[Any, ...]]]:
    """Who is enrolled and in which group, by Moodle's ids alone."""
    sql = {
        "enrolled": "SELECT n.id, n.status, n.userid, e.courseid FROM mdl_user_enrolments n JOIN mdl_enrol e ON e.id = n.enrolid",
        "groups": "SELECT id, courseid, idnumber FROM mdl_groups",
        "members": "SELECT id, groupid, userid FROM mdl_groups_members",
    }
    return {name: sorted(map(tuple, campus.box.moodle.db.all(text))) for name, text in sql.items()}


def course(campus: Campus, idnumber: str) -> int | None:
    return campus.ask("SELECT id FROM mdl_course WHERE idnumber = ?", idnumber)


def test_ceu_unanswered_it_is_held_night_after_night_and_nobody_is_unenrolled(changed):
    """The code of a course changed in the student system: its students were unenrolled."""
    before, there = changed.state(), people(changed)
    for night in NIGHTS[:2]:
        reports = changed.night("tenue", night)
        everybody_logs_in(changed)
        assert (changed.state(), people(changed)) == (before, there)
    assert reports["offer"]["questions"] == [
        "Retenu depuis le 24 novembre 2026 : 1 cours à recoder (composante SCIENCES), parce que REFER n'a plus l'ancien code"
        " et qu'un élément nouveau de la même catégorie lui ressemble. Décider : « make approve », ou la question"
        " de « Décisions (06h15) » dans Airflow."
    ]
    assert "CODE_CHANGE" in set(changed.anomalies("offer")["code"])
    (question,) = asked(changed)
    assert question.name == f"recode_course/{OLD}/{NEW}"
    assert question.subject == (
        f"Offre de formation : Est-ce le même cours ? {NEW} - sécurité informatique (avait le code {OLD})"
    )
    assert question.lines == [
        f"Cours à recoder : {NEW} - sécurité informatique (avait le code {OLD})",
        f"Cours à recoder : {NEW}-FOAD - sécurité informatique (FOAD) (avait le code {OLD}-FOAD)",
    ]
    assert holding.options(question.subject, question.name) == [
        "C'est le même cours",
        "Ce sont deux cours",
        "Plus tard",
    ]


def test_approved_both_courses_keep_their_ids_their_people_and_their_groups_and_the_night_after_writes_nothing(held):
    there, ids = people(held), (course(held, OLD), course(held, f"{OLD}-FOAD"))
    said(held, approved=True)
    assert done(held, approved_run(held))["counts"]["course"] == {"recode": 2}
    everybody_logs_in(held)
    assert (course(held, NEW), course(held, f"{NEW}-FOAD")) == ids
    assert people(held) == there
    assert OLD not in {
        row[0].removesuffix("-FOAD") for row in held.register.owned()["enrolment"].itertuples(index=False)
    }
    reports = held.night("apres", NIGHTS[1], OF_COURSES)
    assert [report["counts"] for report in reports.values()] == [{}, {}, {}]
    assert people(held) == there
    assert [change.key for change in recoded(held.store, OLD)] == [NEW]
    assert asked(held) == []


def test_refused_the_old_one_is_archived_with_its_people_and_the_new_one_is_made_and_it_is_not_asked_again(held):
    old = course(held, OLD)
    said(held, approved=False)
    for night in NIGHTS[1:3]:
        reports = held.night("refusee", night, OF_COURSES)
        assert asked(held) == []
    assert course(held, f"ex_{OLD}") == old
    assert course(held, NEW) not in (None, old)
    assert [report["counts"] for report in reports.values()] == [{}, {}, {}]
    assert held.table_of("SELECT question, state FROM ecampus_decision") == [(f"recode_course/{OLD}/{NEW}", "refused")]


STOPS = 6
"""More writes than such a run has."""


def test_killed_before_any_of_its_writes_the_next_night_finishes_and_nobody_is_unenrolled(held):
    there = people(held)
    said(held, approved=True)

    class Killed(Exception):
        """In place of a process that dies."""

    def after(writes: int) -> Any:
        left = iter(range(writes))

        def live() -> None:
            if next(left, None) is None:
                raise Killed

        return live

    for writes in range(1, STOPS):
        try:
            reconcile.apply(approved_run(held, run_id=f"tuee{writes}"), held.systems, after(writes))
        except Killed:
            everybody_logs_in(held)
            assert people(held)["enrolled"] == there["enrolled"], f"killed after {writes} writes"
    held.night("suite", NIGHTS[1], OF_COURSES)
    everybody_logs_in(held)
    assert (people(held), course(held, OLD)) == (there, None)
    assert held.night("apres", NIGHTS[2], ["offer"])["offer"]["counts"] == {}


def test_an_answer_lost_on_its_way_back_is_found_by_the_next_night(held):
    there = people(held)
    said(held, approved=True)
    held.box.moodle.faults.push("core_course_update_courses", Cut(), after=True)
    with pytest.raises(SourceUnreachable):
        reconcile.apply(approved_run(held), held.systems, lambda: None)
    everybody_logs_in(held)
    held.night("suite", NIGHTS[1], OF_COURSES)
    everybody_logs_in(held)
    assert people(held) == there
    assert (course(held, OLD), asked(held)) == (None, [])
    assert not [row for row in held.rows() if row[0] == OLD]


def test_a_person_whose_code_changed_keeps_account_and_courses_once_somebody_says_so(campus):
    username, code, student = campus.box.moodle.db.one(
        "SELECT username, idnumber, id FROM mdl_user WHERE idnumber IN (SELECT idnumber FROM mdl_user WHERE username LIKE 'e%'"
        " AND NOT suspended) ORDER BY (SELECT COUNT(*) FROM mdl_groups_members WHERE userid = mdl_user.id) DESC"
    )  # fmt: skip
    campus.people("UPDATE person SET code = '22999999' WHERE uid = ?", username)
    for table in ("refer_groupe_etudiant", "refer_inscription_administrative", "refer_inscription_pedagogique"):
        campus.refer(f"UPDATE {table} SET code_etudiant = '22999999' WHERE code_etudiant = ?", code)
    before, there = campus.state(), people(campus)
    campus.night("tenue", NIGHTS[0])
    assert (campus.state(), people(campus)) == (before, there)
    (question,) = asked(campus)
    assert question.name == f"recode_account/{student}"
    assert question.lines == [f"Compte à recoder : {username} (code 22999999, avait le code {code})"]
    assert holding.options(question.subject, question.name)[:2] == ["C'est la même personne", "Ce sont deux personnes"]
    said(campus, approved=True)
    assert done(campus, approved_run(campus, "users"))["counts"] == {"account": {"recode": 1}}
    reports = campus.night("apres", NIGHTS[1])
    assert [report["counts"] for report in reports.values()] == [{}, {}, {}, {}, {}]
    assert people(campus) == there
    assert campus.ask("SELECT idnumber FROM mdl_user WHERE id = ?", student) == "22999999"
