"""Killed anywhere, run again: same end state, no duplicates, the same ledger (design §4.7, «Moving a key»).

A real process dies at one exact moment of the writes of a night that shows every verb; then either the same run is
tried again, as Airflow does, or a new run starts from its extracts.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from campus import Campus, Cron, copied, night_after, opened
from deaths import in_a_process

from ecampus import reconcile
from ecampus.night import PHASES
from university import BoxSystems

NIGHT = night_after(2)
SAMPLES = 4
"""Moments of a phase at which it dies, spread over all of them."""


def live() -> None:
    """Nothing forbids to write."""


def prepare(campus: Campus, phase: str, run_id: str = "tuee") -> Any:
    """All that comes before the writes."""
    run = campus.run(phase, run_id, NIGHT)
    reconcile.extract_source(run, campus.systems)
    reconcile.extract_moodle(run, campus.systems)
    reconcile.diff(run)
    reconcile.check(run)
    return run


def finish(campus: Campus, run: Any) -> None:
    """The writes and all that comes after."""
    reconcile.apply(run, campus.systems, live)
    reconcile.verify(run, campus.systems)
    reconcile.report(run, "success", None)


@dataclass(frozen=True)
class Rehearsed:
    """One phase played without a death: the campus just before its writes, its moments, and its end state."""

    before: Path
    moments: int
    state: dict[str, Any]
    owned: dict[str, Any]


@pytest.fixture(scope="session")
def rehearsed(second_night: Path, cron: Cron, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rehearsed]:
    """The night of every verb, phase by phase."""
    folder = tmp_path_factory.mktemp("rehearsed")
    work = copied(second_night, folder / "work")
    return {phase: rehearse(work, phase, folder, cron) for phase in PHASES}


def rehearse(work: Path, phase: str, folder: Path, cron: Cron) -> Rehearsed:
    with opened(work, cron) as campus:
        prepare(campus, phase)
    before = copied(work, folder / f"before_{phase}")
    with opened(work, cron) as campus:
        run, told = campus.run(phase, "tuee", NIGHT), folder / f"moments_{phase}"
        assert not in_a_process(lambda: reconcile.apply(run, campus.systems, live), None, told, flush_at_once=True)
        reconcile.verify(run, campus.systems)
        reconcile.report(run, "success", None)
        return Rehearsed(before, int(told.read_text()), *ended(campus))


def ended(campus: Campus) -> tuple[dict[str, Any], dict[str, Any]]:
    """The state and the ledger, but for rows under a key that nothing carries any more: 04h15 takes those away."""
    keys = {idnumber for idnumber, *_ in campus.state()["courses"]}
    names = {username for username, *_ in campus.state()["accounts"]}

    def alive(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return [row for row in rows if row[0] in keys and row[1] in names]

    state, owned = campus.state(), campus.owned()
    return state | {"rows": alive(state["rows"])}, owned | {"enrolment": alive(owned["enrolment"])}


@pytest.fixture
def before(rehearsed, tmp_path, cron) -> Iterator[Any]:
    """``before(phase)``: the campus right before the writes of that phase."""
    opening: list[Any] = []

    def open_(phase: str) -> Campus:
        context = opened(copied(rehearsed[phase].before, tmp_path / f"{phase}_{len(opening)}"), cron)
        opening.append(context)
        return context.__enter__()

    yield open_
    for context in opening:
        context.__exit__(None, None, None)
    shutil.rmtree(tmp_path)


@pytest.mark.parametrize("sample", range(SAMPLES))
@pytest.mark.parametrize("phase", PHASES)
def test_killed_at_any_moment_then_run_again_ends_in_the_same_state(rehearsed, before, tmp_path, phase, sample):
    campus, told = before(phase), tmp_path / "told"
    last = 1 + (2 * sample + 1) * rehearsed[phase].moments // (2 * SAMPLES)
    run = campus.run(phase, "tuee", NIGHT)
    flush_at_once, new_run = bool(sample % 2), bool((sample + list(PHASES).index(phase)) % 2)
    in_a_process(lambda: reconcile.apply(run, campus.systems, live), last, told, flush_at_once)
    if new_run:
        campus.play(phase, "nouvelle", NIGHT)
    else:
        finish(campus, run)
    assert ended(campus) == (rehearsed[phase].state, rehearsed[phase].owned)


WRITE_FUNCTIONS = {
    "users": ["core_user_create_users", "core_user_update_users"],
    "cohorts": [
        "core_cohort_create_cohorts",
        "core_cohort_update_cohorts",
        "core_cohort_add_cohort_members",
        "core_cohort_delete_cohort_members",
    ],
    "offer": [
        "core_course_create_categories",
        "core_course_update_categories",
        "core_course_delete_categories",
        "core_course_create_courses",
        "core_course_update_courses",
    ],
    "groups": [
        "core_group_create_groups",
        "core_group_update_groups",
        "core_group_delete_groups",
        "core_group_add_group_members",
        "core_group_delete_group_members",
    ],
}


@pytest.mark.parametrize("phase", WRITE_FUNCTIONS)
def test_an_answer_lost_on_its_way_back_is_neither_done_twice_nor_forgotten(rehearsed, before, phase):
    campus = before(phase)
    run = campus.run(phase, "tuee", NIGHT)
    for function in WRITE_FUNCTIONS[phase]:
        campus.box.moodle.faults.push(function, Cut(), after=True)
    for _ in WRITE_FUNCTIONS[phase]:
        with pytest.raises(SourceUnreachable):
            reconcile.apply(run, campus.systems, live)
    finish(campus, run)
    assert ended(campus) == (rehearsed[phase].state, rehearsed[phase].owned)


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
            reconcile.apply(run, campus.systems, after(4))
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


def enrolled(campus: Campus) -> set[tuple[int, int]]:
    """Who is in which course, with a role, by ids."""
    sql = (
        "SELECT e.courseid, n.userid FROM mdl_user_enrolments n JOIN mdl_enrol e ON e.id = n.enrolid"
        " JOIN mdl_context x ON x.contextlevel = 50 AND x.instanceid = e.courseid"
        " JOIN mdl_role_assignments a ON a.contextid = x.id AND a.userid = n.userid WHERE n.status = 0"
    )
    return {tuple(row) for row in campus.box.moodle.db.all(sql)}


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
    log_in()
    reconcile.apply(run, campus.systems, live)
    log_in()
    assert lost == []


def test_rows_of_an_old_login_are_gone_at_the_end_of_the_night_even_those_of_an_archived_course(campus):
    """Killed after the rename and before its rows are cleared; the course of one of them is archived."""
    course, username = campus.rows()[0][:2]
    assert username.startswith("e")
    campus.refer("DELETE FROM refer_element WHERE code = ?", course)
    campus.night("archive", night_after(1))
    assert (f"ex_{course}", username, "student") in campus.rows()
    campus.people("UPDATE person SET uid = 'e7999999' WHERE uid = ?", username)
    run = campus.run("users", "tuee", NIGHT)
    prepare(campus, "users")
    campus.box.moodle.faults.push("core_user_update_users", Cut(), after=True)
    with pytest.raises(SourceUnreachable):
        reconcile.apply(run, campus.systems, live)
    assert {username, "e7999999"} <= {row[1] for row in campus.rows()}
    campus.night("nouvelle", NIGHT)
    assert username not in {row[1] for row in campus.rows()}
    assert (f"ex_{course}", "e7999999", "student") in campus.rows()
