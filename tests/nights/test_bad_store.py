"""The enrolment table, the store and the ledger as they should not be; two runs at once."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from campus import Campus
from refusals import TOMORROW, nothing_written, said

from ecampus.calendar import PHASES
from ecampus.errors import AlreadyRunning, ContractBroken, SourceUnreachable, StoreUnusable, TruncatedRead
from ecampus.night import reconcile
from ecampus.register import lock
from rehearsal import finish, live
from university import play, run_of


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
        with pytest.raises(SourceUnreachable) as locked:
            campus.play("enrolments", "bloquee", TOMORROW)
    said(locked.value, "la table enrolments est verrouillée par un autre traitement")
    assert campus.writes() == []


def test_an_emptied_enrolment_table_is_taken_for_a_failed_read(campus):
    campus.table("DELETE FROM enrolments")
    with nothing_written(campus, TruncatedRead, "La lecture ne montre pas", "lignes de la table des inscriptions"):
        campus.play("enrolments", "vide", TOMORROW)


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


@pytest.mark.parametrize(("phase", "kind"), [*((phase, "lost") for phase in PHASES), ("groups", "unreadable")])
def test_a_ledger_that_is_lost_or_unreadable_stops_every_phase(campus, phase, kind):
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    path, before = campus.store.root / "ledger" / "enrolment.parquet", campus.state()
    if kind == "lost":
        path.unlink()
        parts = ["Le registre de propriété « ledger/enrolment.parquet » a disparu", "restaurer depuis une sauvegarde"]
    else:
        path.write_bytes(b"PAR1 illisible")
        parts = ["Le magasin des nuits ne permet pas de lire", "ledger/enrolment.parquet"]
    campus.box.moodle.calls.clear()
    with pytest.raises(StoreUnusable) as lost:
        campus.play(phase, "mauvaise", TOMORROW)
    said(lost.value, *parts)
    assert (campus.state(), campus.writes()) == (before, [])


def test_a_store_lost_as_a_whole_destroys_and_doubles_nothing(campus):
    """As a first night on a site that has everything: all of it is somebody's."""
    before = campus.state()
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    (campus.folder / "store").rename(campus.folder / "perdu")
    campus.night("neuve", TOMORROW)
    assert campus.state() == before
    assert len(campus.anomalies("offer").query("code == 'CODE_PRIS'")) > 60


def test_a_store_that_belongs_to_another_moodle(campus):
    campus.moodle("UPDATE mdl_config SET value = 'https://autre.univ.fr' WHERE name = 'siteurl'")
    with nothing_written(campus, StoreUnusable, "Le magasin des nuits appartient à", "https://autre.univ.fr"):
        campus.play("offer", "mauvaise", TOMORROW)


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
    state, owned = campus.state(), campus.owned()
    finish(campus, second)
    assert (campus.state(), campus.owned()) == (state, owned)


@pytest.mark.parametrize(
    ("holder", "taken_over"),
    [
        ({"host": "ailleurs", "pid": 1, "minutes": 31}, True),
        ({"host": "ailleurs", "pid": 1, "minutes": 29}, False),
        ({"host": None, "pid": 2**22 + 1, "minutes": 0}, True),
        ({"host": None, "pid": os.getppid(), "minutes": 29}, False),
        ({"host": None, "pid": os.getppid(), "minutes": 31}, True),
    ],
)
def test_the_lock_of_a_dead_process_is_taken_over_that_of_a_living_one_is_not(campus, holder, taken_over):
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    run, at = campus.prepared("offer", "une", TOMORROW), datetime.now(UTC) - timedelta(minutes=holder["minutes"])
    known = {"run": "2026-11-23/users/autre", "host": holder["host"] or lock.socket.gethostname(), "pid": holder["pid"]}
    (campus.store.root / lock.NAME).write_text(json.dumps(known | {"at": at.isoformat(timespec="seconds")}))
    if taken_over:
        finish(campus, run)
        assert not (campus.store.root / lock.NAME).exists()
        return
    with nothing_written(campus, AlreadyRunning, "2026-11-23/users/autre", "attendre sa fin"):
        reconcile.apply(run, campus.systems, live)


def test_what_an_other_phase_wrote_between_the_extracts_and_the_writes_stays_in_the_ledger(campus):
    campus.refer("DELETE FROM refer_element WHERE code = 'L1CAS101'")
    campus.refer("INSERT INTO refer_etape VALUES ('2026', 'NEUVE_1', 'neuve', 'DROIT')")
    run = campus.prepared("offer", "une", TOMORROW)
    play(campus.run("cohorts", "entre", TOMORROW), campus.systems)
    finish(campus, run)
    assert ("NEUVE_1", "NEUVE_1") in campus.owned()["cohort"]


@contextmanager
def unchanged(campus: Campus) -> Iterator[None]:
    """The block ends well and leaves everything, the ledger too, as it was."""
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


@pytest.mark.parametrize(
    ("successor", "left"),
    [({}, False), ({"run": "autre"}, False), ({"pid": os.getppid()}, True), ({"host": "ailleurs"}, True)],
)
def test_the_lock_of_a_successor_is_left_to_it(tmp_path, successor, left):
    run = run_of(tmp_path, "offer")
    held, path = lock.Lock(run), tmp_path / lock.NAME
    held.take()
    path.write_text(json.dumps(json.loads(path.read_text()) | successor))
    held.release()
    assert path.exists() == left


def test_a_lock_that_somebody_took_away_is_no_failure(tmp_path):
    held = lock.Lock(run_of(tmp_path, "offer"))
    held.take()
    (tmp_path / lock.NAME).unlink()
    held.release()
