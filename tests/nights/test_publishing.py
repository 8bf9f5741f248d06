"""Publishing (04h15): the table in one transaction, then what Moodle has taken of it, and what not."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from campus import Campus, night_after

from ecampus.errors import AlreadyRunning, ResidueLeft, SourceUnreachable
from ecampus.night import reconcile
from ecampus.register.enrolment_table import EnrolmentTable
from ecampus.register.lease import Lease
from sandbox.moodle import enrolments
from university import open_run

SHOWN, HIDDEN = "L1CAS101", "L1CAS103"
STUDENT = "22900101"


def live() -> None:
    """Nothing forbids to write."""


def enrol(campus: Campus, *courses: str, code: str = STUDENT) -> str:
    """Put a student into the first group of these elements; their username."""
    for course in courses:
        campus.refer(
            "DELETE FROM refer_groupe_etudiant WHERE code_groupe = ? AND code_etudiant = ?", f"{course}-TD1", code
        )
        campus.refer("INSERT INTO refer_groupe_etudiant VALUES ('2026', ?, ?)", f"{course}-TD1", code)
    return campus.ask("SELECT username FROM mdl_user WHERE idnumber = ?", code)


def leave(campus: Campus, course: str, code: str = STUDENT) -> None:
    campus.refer("DELETE FROM refer_groupe_etudiant WHERE code_groupe = ? AND code_etudiant = ?", f"{course}-TD1", code)


def somebody_out_of(campus: Campus, *courses: str) -> str:
    """The code of a student who is in none of these courses."""
    inside = {row[1] for row in campus.rows() if row[0] in courses}
    sql = "SELECT username, idnumber FROM mdl_user WHERE auth = 'cas' AND username LIKE 'e2%' ORDER BY id"
    return next(row["idnumber"] for row in campus.box.moodle.db.all(sql) if row["username"] not in inside)


def not_taken(campus: Campus) -> list[tuple[str, ...]]:
    """The rows added to the table that Moodle has not been seen to take."""
    followed = campus.register.memory()["following"]
    rows = followed.loc[followed["verb"] == "enrol", ["course_idnumber", "username", "role"]]
    return list(rows.itertuples(index=False, name=None))


def told(campus: Campus) -> list[str]:
    found = campus.anomalies("enrolments")
    return found.loc[found["code"] == "NON_PRIS", "sentence"].tolist()


def test_when_moodle_takes_nothing_the_phase_fails_in_one_sentence_and_the_rows_stay(campus):
    code = somebody_out_of(campus, SHOWN, HIDDEN)
    username = enrol(campus, SHOWN, HIDDEN, code=code)
    campus.cron.task = int
    for run_id in ("sans_cron", "encore_sans_cron"):
        with pytest.raises(ResidueLeft) as nothing:
            campus.play("enrolments", run_id, night_after(1))
        assert str(nothing.value) == (
            "ecampus n'a pris aucune des 2 inscriptions publiées cette nuit : vérifier que la tâche planifiée"
            " « Synchroniser les inscriptions externes » (enrol_database) est activée et que le cron de Moodle tourne ;"
            " les lignes restent dans la table et seront revérifiées."
        )
    assert {(SHOWN, username, "student"), (HIDDEN, username, "student")} <= set(campus.rows())

    report = campus.play("enrolments", "lendemain", night_after(2))
    assert report["counts"] == {}
    assert report["anomalies"]["NON_PRIS"] == 2
    assert sorted(not_taken(campus)) == [(SHOWN, username, "student"), (HIDDEN, username, "student")]

    campus.cron.task = campus.box.moodle.sync
    campus.box.moodle.sync()
    campus.play("enrolments", "surlendemain", night_after(3))
    assert (not_taken(campus), told(campus)) == ([], [])


def test_rows_published_by_a_run_that_was_killed_before_it_looked_are_followed_by_the_next_nights(campus):
    username = enrol(campus, SHOWN, code=somebody_out_of(campus, SHOWN))
    campus.cron.task = int
    run = campus.prepared("enrolments", "tuee", night_after(1))
    reconcile.apply(run, campus.systems, lambda: None)
    assert not_taken(campus) == [(SHOWN, username, "student")]
    report = campus.play("enrolments", "lendemain", night_after(2))
    assert (report["counts"], report["anomalies"]["NON_PRIS"]) == ({}, 1)
    campus.box.moodle.sync()
    campus.play("enrolments", "surlendemain", night_after(3))
    assert (not_taken(campus), told(campus)) == ([], [])


def test_rows_that_moodle_does_not_take_are_listed_kept_and_rechecked_without_making_the_next_nights_wait(campus):
    campus.moodle("UPDATE mdl_course SET visible = 1 WHERE idnumber = ?", SHOWN)
    campus.box.moodle.enrol_database.settings.ignore_hidden_courses = True
    username = enrol(campus, SHOWN, HIDDEN, code=somebody_out_of(campus, SHOWN, HIDDEN))
    started = campus.cron.seconds
    report = campus.play("enrolments", "une", night_after(1))
    assert report["counts"] == {"enrolment": {"enrol": 2}}
    assert campus.cron.seconds - started >= 30
    sentence = (
        f"L'inscription de {username} au cours {HIDDEN} (student) est publiée mais ecampus ne l'a pas encore prise ;"
        " elle sera revérifiée la nuit prochaine."
    )
    assert told(campus) == [sentence]

    started = campus.cron.seconds
    campus.play("enrolments", "deux", night_after(2))
    assert campus.cron.seconds == started
    assert told(campus) == [sentence]
    assert (HIDDEN, username, "student") in campus.rows()

    campus.box.moodle.enrol_database.settings.ignore_hidden_courses = False
    campus.box.moodle.sync()
    campus.play("enrolments", "trois", night_after(3))
    assert told(campus) == []


def test_a_removal_hidden_by_a_manual_enrolment_cannot_be_verified_and_is_no_failure(campus, caplog):
    course, username, _ = next(row for row in campus.rows() if row[0] == SHOWN)
    db = campus.box.moodle.db
    role = db.value("SELECT id FROM mdl_role WHERE shortname = 'student'")
    enrolments.enrol(db, db.same("course", "idnumber", course), "manual", db.same("user", "username", username), role)
    leave(campus, SHOWN, campus.ask("SELECT idnumber FROM mdl_user WHERE username = ?", username))
    enrol(campus, HIDDEN, code=somebody_out_of(campus, HIDDEN))
    caplog.set_level("INFO", "ecampus")
    campus.play("enrolments", "retrait", night_after(1))
    assert (SHOWN, username, "student") not in campus.rows()
    assert "Inscriptions prises par ecampus : 1 ; retraits invérifiables, cachés par une autre inscription : 1." in (
        caplog.text
    )


def test_a_night_of_removals_only_waits_until_the_task_has_passed(campus, caplog):
    username = next(row[1] for row in campus.rows() if row[0] == SHOWN)
    leave(campus, SHOWN, campus.ask("SELECT idnumber FROM mdl_user WHERE username = ?", username))
    passes = iter([int] * 2)
    campus.cron.task = lambda: next(passes, campus.box.moodle.sync)()
    caplog.set_level("INFO", "ecampus")
    campus.play("enrolments", "retrait", night_after(1))
    assert "Inscriptions prises par ecampus : 0." in caplog.text
    assert "invérifiables" not in caplog.text


def test_a_teacher_put_by_hand_into_a_distance_course_stays(campus):
    manual = ("L1CAS405-FOAD", "p0090131", "editingteacher")
    campus.table("INSERT INTO enrolments VALUES (?, ?, ?)", *manual)
    campus.box.moodle.sync()
    for night in (1, 2):
        campus.play("enrolments", f"nuit{night}", night_after(night))
    assert manual in campus.rows()
    assert manual not in campus.owned()["enrolment"]


def prepared(campus: Campus):
    """A run about to publish one enrolment and one removal."""
    username = next(row[1] for row in campus.rows() if row[0] == SHOWN)
    leave(campus, SHOWN, campus.ask("SELECT idnumber FROM mdl_user WHERE username = ?", username))
    enrol(campus, HIDDEN, code=somebody_out_of(campus, HIDDEN))
    run = campus.run("enrolments", "publie", night_after(1))
    open_run(run, campus.systems)
    reconcile.extract_source(run, campus.systems)
    reconcile.extract_moodle(run, campus.systems)
    reconcile.diff(run)
    reconcile.check(run)
    return run


def test_whoever_reads_the_table_meanwhile_sees_all_of_it_before_or_all_of_it_after(campus, monkeypatch):
    before, seen = campus.rows(), []
    run, real = prepared(campus), EnrolmentTable._execute

    def watched(table, connection, statement, rows):
        done = real(table, connection, statement, rows)
        seen.append(campus.rows())
        return done

    monkeypatch.setattr(EnrolmentTable, "_execute", watched)
    reconcile.apply(run, campus.systems, live)
    assert seen == [before, before]
    assert len(campus.rows()) == len(before)
    assert campus.rows() != before


def test_a_table_that_gets_locked_half_way_is_left_as_it_was_and_the_next_run_publishes(campus, monkeypatch):
    before, run, real = campus.rows(), prepared(campus), EnrolmentTable._execute

    def locked(table, connection, statement, rows):
        if statement == "delete":
            raise sqlite3.OperationalError("database is locked")
        return real(table, connection, statement, rows)

    with monkeypatch.context() as patch:
        patch.setattr(EnrolmentTable, "_execute", locked)
        patch.setattr(Lease.publish.retry, "sleep", lambda seconds: None)
        with pytest.raises(SourceUnreachable) as busy:
            reconcile.apply(run, campus.systems, live)
    assert str(busy.value) == (
        "Dans la base des inscriptions, la table enrolments est verrouillée par un autre traitement : relancer plus tard"
        " (database is locked)."
    )
    assert campus.rows() == before
    with closing(sqlite3.connect(campus.box.folder / "enrolments.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(AlreadyRunning, match="garde la base des inscriptions"):
            campus.play("enrolments", "bloquee", night_after(1))
    report = campus.play("enrolments", "libre", night_after(1))
    assert report["counts"] == {"enrolment": {"enrol": 1, "unenrol": 1}}
