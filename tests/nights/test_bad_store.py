"""The enrolment table, the store and the register as they should not be; two runs at once."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from campus import Campus
from refusals import TOMORROW, nothing_written, said

from ecampus.calendar import PHASES
from ecampus.errors import (
    AlreadyRunning,
    ContractBroken,
    RegisterUnusable,
    StoreUnusable,
)
from ecampus.night import reconcile
from rehearsal import finish, live
from university import play


@pytest.mark.parametrize("phase", ["users", "offer", "enrolments"])
def test_an_enrolment_table_that_is_not_there(campus, phase):
    campus.table("ALTER TABLE enrolments RENAME TO ailleurs")
    with pytest.raises(ContractBroken) as missing:
        campus.play(phase, "mauvaise", TOMORROW)
    said(missing.value, "Dans la base des inscriptions, la table enrolments n'existe pas")
    assert campus.writes() == []


def test_an_enrolment_table_that_somebody_locks(campus):
    with closing(sqlite3.connect(campus.box.folder / "enrolments.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(AlreadyRunning) as locked:
            campus.play("enrolments", "bloquee", TOMORROW)
    said(locked.value, "Un autre programme est au milieu d'une écriture et garde la base des inscriptions")
    assert campus.writes() == []


def test_an_emptied_enrolment_table_is_filled_again_for_moodle_unenrols_at_each_login_whoever_has_no_row(
    campus, caplog
):
    state, owned = campus.state(), campus.owned()
    campus.table("DELETE FROM enrolments")
    report = campus.play("enrolments", "vide", TOMORROW)
    assert report["counts"] == {"enrolment": {"enrol": len(owned["enrolment"])}}
    assert (campus.state(), campus.owned()) == (state, owned)
    assert f"La table des inscriptions n'a plus {len(owned['enrolment'])} de nos" in caplog.text.replace("\u00a0", "")


@pytest.mark.parametrize(
    ("phase", "number", "words"),
    [("users", errno.ENOSPC, "No space left on device"), ("groups", errno.EROFS, "Read-only file system")],
)
def test_a_store_that_is_full_or_read_only(campus, monkeypatch, phase, number, words):
    def refuse(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        with nothing_written(campus, StoreUnusable, "Le magasin des nuits", words, "ECAMPUS_STORE"):
            campus.play(phase, "mauvaise", TOMORROW)
    campus.play(phase, "reparee", TOMORROW)


def test_a_store_that_is_lost_decides_nothing_the_register_knows_what_is_ours(campus):
    before, owned = campus.state(), campus.owned()
    (campus.folder / "store").rename(campus.folder / "perdu")
    campus.night("sans_passe", TOMORROW)
    assert (campus.state(), campus.owned(), campus.writes()) == (before, owned, [])


MARK = "SELECT description FROM mdl_cohort WHERE idnumber = 'ecampus'"


def marked(campus: Campus, name: str, number: int) -> None:
    """Write another name and number into Moodle's mark."""
    campus.moodle("UPDATE mdl_cohort SET description = ? WHERE idnumber = 'ecampus'", f"[ecampus {name} {number}]")


def register_of_yesterday(campus: Campus) -> None:
    state = campus.register.state()
    marked(campus, state.name, state.number + 2)


def moodle_of_yesterday(campus: Campus) -> None:
    state = campus.register.state()
    marked(campus, state.name, state.number - 2)


def mark_deleted(campus: Campus) -> None:
    campus.moodle("DELETE FROM mdl_cohort WHERE idnumber = 'ecampus'")


def mark_of_another(campus: Campus) -> None:
    marked(campus, "un-autre-registre", campus.register.state().number)


def register_emptied(campus: Campus) -> None:
    with closing(sqlite3.connect(campus.box.folder / "enrolments.db")) as db:
        names = [
            row[0]
            for row in db.execute("SELECT name FROM sqlite_master WHERE name LIKE 'ecampus_%' AND type = 'table'")
        ]
        for name in names:
            db.execute(f"DROP TABLE {name}")
        db.commit()


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize(
    ("accident", "words"),
    [
        (register_of_yesterday, "la base des inscriptions a été restaurée d'une sauvegarde"),
        (moodle_of_yesterday, "Moodle a été restauré d'une sauvegarde"),
        (mark_deleted, "ne porte pas sa marque, la cohorte « ecampus »"),
        (mark_of_another, "est déjà tenu par un autre registre (un-autre-registre)"),
    ],
)
def test_a_register_and_a_moodle_that_do_not_know_each_other_stop_every_phase(campus, phase, accident, words):
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    accident(campus)
    with nothing_written(campus, RegisterUnusable, words, "rien n'est écrit"):
        campus.play(phase, "mauvaise", TOMORROW)


@pytest.mark.parametrize("phase", PHASES)
def test_a_moodle_that_is_kept_met_with_an_empty_register_stops_every_phase(campus, phase):
    before = campus.state()
    register_emptied(campus)
    campus.box.moodle.calls.clear()
    with pytest.raises(RegisterUnusable) as stopped:
        campus.play(phase, "vide", TOMORROW)
    said(stopped.value, "est déjà tenu par un registre, et celui-ci est neuf", "enrolment_db")
    assert (campus.state(), campus.writes()) == (before, [])


@pytest.mark.parametrize("raised", ["moodle", "register"])
def test_a_run_killed_while_it_raised_the_number_does_not_stop_the_next(campus, raised):
    state = campus.register.state()
    with campus.register.lease("tuee") as lease:
        number = lease.intend_number()
    if raised == "moodle":
        marked(campus, state.name, number)
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    report = campus.play("offer", "suivante", TOMORROW)
    assert report["counts"]["course"] == {"archive": 1}
    assert f"[ecampus {state.name} {campus.register.state().number}]" in campus.ask(MARK)


def test_a_plan_that_was_changed_after_its_check_is_not_applied(campus):
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    run = campus.prepared("offer", "modifiee", TOMORROW)
    planned = run.files.read_frame("plan.parquet")
    run.files.write_frame("plan.parquet", planned.assign(key="L1CAS103"))
    with nothing_written(campus, StoreUnusable, "Le plan enregistré a été modifié depuis sa vérification"):
        reconcile.apply(run, campus.systems, live)


def test_two_runs_of_a_phase_at_once_the_second_waits_and_then_has_nothing_to_do(campus):
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    first, second = campus.prepared("offer", "une", TOMORROW), campus.prepared("offer", "deux", TOMORROW)
    refused: list[str] = []

    def meanwhile() -> None:
        with pytest.raises(AlreadyRunning) as busy:
            reconcile.apply(second, campus.systems, live)
        refused.append(str(busy.value))

    reconcile.apply(first, campus.systems, meanwhile)
    assert refused[0].startswith(
        f"Une autre exécution écrit dans ecampus en ce moment ({TOMORROW.isoformat()}/offer/une, depuis "
    )
    assert refused[0].endswith(" : attendre sa fin, puis relancer cette phase.")
    state, owned = campus.state(), campus.owned()
    finish(campus, second)
    assert (campus.state(), campus.owned()) == (state, owned)


def test_what_an_other_phase_wrote_between_the_extracts_and_the_writes_stays_ours(campus):
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    campus.refer("INSERT INTO refer_etape VALUES ('2026', 'NEUVE_1', 'neuve', 'DROIT')")
    run = campus.prepared("offer", "une", TOMORROW)
    play(campus.run("cohorts", "entre", TOMORROW), campus.systems)
    finish(campus, run)
    assert ("NEUVE_1", "NEUVE_1") in campus.owned()["cohort"]


@contextmanager
def unchanged(campus: Campus) -> Iterator[None]:
    """The block ends well and leaves everything, the register too, as it was."""
    before, owned = campus.state(), campus.owned()
    campus.box.moodle.calls.clear()
    yield
    assert campus.writes() == []
    assert (campus.state(), campus.owned()) == (before, owned)


@pytest.mark.parametrize("replanned", [False, True])
def test_a_run_whose_reads_are_older_than_the_writes_of_another_writes_nothing(campus, replanned):
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    stale = campus.prepared("offer", "lente", TOMORROW)
    campus.play("offer", "rapide", TOMORROW)
    if replanned:
        reconcile.diff(stale)
        reconcile.check(stale)
    with unchanged(campus):
        finish(campus, stale)
    assert campus.journal("offer", "lente", TOMORROW).empty


CHANGED = {
    "users": ("UPDATE person SET mail = 'neuf@univ.fr' WHERE uid = ?", "update"),
    "offer": ("UPDATE refer_element SET libelle = 'neuf' WHERE code = ?", "rename"),
}


@pytest.mark.parametrize("phase", ["users", "offer"])
def test_rows_published_between_the_reads_and_the_writes_of_another_phase_stay_ours(campus, phase):
    before, (sql, verb) = set(campus.rows()), CHANGED[phase]
    if phase == "users":
        campus.people(sql, next(row[1] for row in before if row[2] == "student"))
    else:
        campus.refer(sql, "L1CAS101")
    run = campus.prepared(phase, "lente", TOMORROW)
    campus.refer(
        "INSERT INTO refer_groupe_etudiant SELECT '2026', 'L1CAS101-TD1', code_etudiant FROM refer_groupe_etudiant"
        " EXCEPT SELECT annee, code_groupe, code_etudiant FROM refer_groupe_etudiant"
    )
    campus.play("enrolments", "entre", TOMORROW)
    added = set(campus.rows()) - before
    finish(campus, run)
    assert verb in set(campus.journal(phase, "lente", TOMORROW)["verb"])
    assert added
    assert added <= set(campus.owned()["enrolment"])
