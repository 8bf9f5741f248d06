"""Killed anywhere, run again: same end state, no duplicates, the same register (docs/rules.md, «Moving a key»).

A real process dies at one exact moment of the writes of a night that shows every verb; then either the same run is
tried again, as Airflow does, or a new run starts from its extracts.
"""

from __future__ import annotations

import errno
import os
from typing import Any

import pytest
from aftermath import enrolled, with_doubts
from campus import Campus, night_after
from deaths import WRITE_FUNCTIONS, in_a_process
from meanwhile import everybody_logs_in, without, worked_by_hand

from ecampus.errors import SourceUnreachable, StoreUnusable
from ecampus.moodle.client import MoodleClient
from ecampus.night import reconcile
from ecampus.store import journal
from rehearsal import KILLED, NIGHT, ended, finish, live
from sandbox.moodle.faults import Cut, Hang
from sandbox.moodle.faults import Run as Do
from university import BoxSystems

IN_TURN = [("sqlite", "postgresql"), ("sqlite", "mariadb")]
"""The databases of a phase, in the suite. On SQLite the journal is not yet on disk when the process dies."""
SAMPLES = 3
"""Moments of a phase at which it dies, spread over all of them."""


def test_killed_at_any_moment_then_run_again_ends_in_the_same_state(
    rehearsed, before_there, nth_of, tmp_path, phase, server, nth
):
    twin = rehearsed[phase]
    at, campus = nth_of(twin.moments), before_there(phase)
    run = campus.run(phase, KILLED, NIGHT)
    flush_at_once = nth is not None or server != "sqlite"
    in_a_process(lambda: reconcile.apply(run, campus.systems, live), at, tmp_path / "told", flush_at_once)
    campus.let_expire()
    everybody_logs_in(campus)
    theirs = worked_by_hand(campus)
    finish(campus, run)
    state, owned = ended(campus)
    assert without(state, theirs) == twin.state
    assert with_doubts(owned, campus, run) == twin.owned


@pytest.mark.parametrize("phase", WRITE_FUNCTIONS)
def test_an_answer_lost_on_its_way_back_is_neither_done_twice_nor_forgotten(rehearsed, before, phase):
    campus = before(phase)
    run = campus.run(phase, "tuee", NIGHT)
    for function in WRITE_FUNCTIONS[phase]:
        asked_first = int(function == "core_user_update_users")
        campus.box.moodle.faults.push(function, Cut(), after=True, skip=asked_first)
    for _ in WRITE_FUNCTIONS[phase]:
        with pytest.raises(SourceUnreachable):
            reconcile.apply(run, campus.systems, live)
    finish(campus, run)
    state, owned = ended(campus)
    assert state == rehearsed[phase].state
    assert with_doubts(owned, campus, run) == rehearsed[phase].owned


def test_a_time_out_in_the_middle_of_the_batches_says_that_nobody_knows_and_the_next_run_finds_out(
    rehearsed, before, monkeypatch
):
    campus = before("groups")
    run = campus.run("groups", "tuee", NIGHT)
    campus.box.moodle.faults.push("core_group_add_group_members", Hang(2), after=True, skip=1)
    with monkeypatch.context() as patch:
        patch.setattr(BoxSystems, "moodle", impatient(campus))
        with pytest.raises(SourceUnreachable) as late:
            reconcile.apply(run, campus.systems, live)
    assert str(late.value) == (
        f"Moodle ({campus.box.moodle.url}) n'a pas répondu à temps à core_group_add_group_members : on ignore si"
        " l'écriture a été faite, relancer la phase, qui relira l'état avant d'écrire."
    )
    campus.play("groups", "nouvelle", NIGHT)
    assert ended(campus) == (rehearsed["groups"].state, rehearsed["groups"].owned)


def impatient(campus: Campus) -> Any:
    """Clients that wait for an answer a fifth of a second."""
    client = campus.systems.moodle()
    return lambda _systems: MoodleClient(client.session, client.url, campus.box.moodle.token, timeout=(1, 0.2))


class Stopped(Exception):
    """Whatever stops a run between two writes."""


@pytest.mark.parametrize("phase", ["offer", "groups"])
def test_stopped_again_and_again_after_a_few_writes_the_phase_ends_all_the_same(rehearsed, before, phase):
    campus = before(phase)
    run = campus.run(phase, "tuee", NIGHT)

    def after(writes: int) -> Any:
        left = iter(range(writes))

        def allowed() -> None:
            if next(left, None) is None:
                raise Stopped

        return allowed

    for _ in range(rehearsed[phase].moments):
        try:
            reconcile.apply(run, campus.systems, after(8))
            break
        except Stopped:
            continue
    finish(campus, run)
    assert ended(campus) == (rehearsed[phase].state, rehearsed[phase].owned)


@pytest.mark.parametrize("phase", ["users", "offer", "groups"])
def test_a_store_that_fills_up_under_the_journal_stops_the_phase_and_nothing_is_lost(
    rehearsed, before, monkeypatch, phase
):
    campus = before(phase)
    run = campus.run(phase, "tuee", NIGHT)
    real = os.replace

    def full(source: Any, target: Any) -> None:
        if "/journal/" in str(target):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        patch.setattr(journal, "FLUSH_SECONDS", 0.0)
        with pytest.raises(StoreUnusable, match=r"journal/.*No space left on device.*ECAMPUS_STORE"):
            reconcile.apply(run, campus.systems, live)
    campus.play(phase, "nouvelle", NIGHT)
    assert ended(campus) == (rehearsed[phase].state, rehearsed[phase].owned)


def test_a_run_tried_again_after_its_end_writes_nothing(rehearsed, before):
    campus = before("offer")
    run = campus.run("offer", "tuee", NIGHT)
    finish(campus, run)
    campus.box.moodle.calls.clear()
    finish(campus, run)
    assert campus.writes() == []
    assert ended(campus) == (rehearsed["offer"].state, rehearsed["offer"].owned)


def test_what_a_killed_run_did_without_noting_it_enters_its_journal(before):
    campus = before("cohorts")
    run = campus.run("cohorts", "tuee", NIGHT)
    campus.box.moodle.faults.push("core_cohort_create_cohorts", Cut(), after=True)
    with pytest.raises(SourceUnreachable):
        reconcile.apply(run, campus.systems, live)
    campus.play("cohorts", "nouvelle", NIGHT)
    found = campus.journal("cohorts", "tuee", NIGHT)
    (late,) = found[found["verb"] == "create"].itertuples()
    assert (late.outcome, late.message) == ("done", "retrouvé fait après une interruption")
    assert late.moodle_id == campus.ask("SELECT id FROM mdl_cohort WHERE idnumber = ?", late.key)


@pytest.mark.parametrize("sample", range(SAMPLES))
@pytest.mark.parametrize("phase", ["users", "offer"])
def test_nobody_is_unenrolled_while_a_key_moves_wherever_it_is_interrupted(rehearsed, before, tmp_path, phase, sample):
    campus = before(phase)
    server = campus.box.moodle
    there = enrolled(campus)
    people = [row["username"] for row in server.db.all("SELECT username FROM mdl_user WHERE NOT suspended")]
    lost: list[Any] = []

    def log_in() -> None:
        for username in people:
            server.login(username)
        server.sync()
        lost.extend(there - enrolled(campus))

    for function in WRITE_FUNCTIONS[phase]:
        server.faults.push(function, Do(log_in), times=None)
    run, told = campus.run(phase, "tuee", NIGHT), tmp_path / "told"
    last = 1 + (2 * sample + 1) * rehearsed[phase].moments // (2 * SAMPLES)
    in_a_process(lambda: reconcile.apply(run, campus.systems, live), last, told, flush_at_once=bool(sample % 2))
    campus.let_expire()
    log_in()
    reconcile.apply(run, campus.systems, live)
    log_in()
    assert lost == []


def test_rows_of_an_old_login_are_gone_at_the_end_of_the_night_even_those_of_an_archived_course(campus):
    """Killed after the rename and before its rows are cleared; the course of one of them is archived."""
    course, username = campus.rows()[0][:2]
    assert username.startswith("e")
    campus.refer("DELETE FROM refer_element WHERE code = ?", course)
    for phase in ("offer", "enrolments"):
        campus.play(phase, "archive", night_after(1))
    assert (f"ex_{course}", username, "student") in campus.rows()
    campus.people("UPDATE person SET uid = 'e7999999' WHERE uid = ?", username)
    run = campus.run("users", "tuee", NIGHT)
    campus.prepared("users", KILLED, NIGHT)
    campus.box.moodle.faults.push("core_user_update_users", Cut(), after=True)
    with pytest.raises(SourceUnreachable):
        reconcile.apply(run, campus.systems, live)
    assert {username, "e7999999"} <= {row[1] for row in campus.rows()}
    for phase in ("users", "enrolments"):
        campus.play(phase, "nouvelle", NIGHT)
    assert username not in {row[1] for row in campus.rows()}
    assert (f"ex_{course}", "e7999999", "student") in campus.rows()
