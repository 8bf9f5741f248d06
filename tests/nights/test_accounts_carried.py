"""All accounts are read once a night: the phases after that of the users take them from it, but not to destroy."""

from __future__ import annotations

import json

import pytest
from campus import Campus, copied, night_after, opened

from ecampus.night import reconcile
from ecampus.store import carried
from sandbox.moodle.users import deleted
from university import prepare

TOMORROW = night_after(1)
LEAVER = "22100123"
ALL, SOME = "core_user_get_users", "core_user_get_users_by_field"


def times(campus: Campus, function: str) -> int:
    return campus.box.moodle.calls.count(function)


def kept(campus: Campus) -> list[str]:
    """The readings of tomorrow night, oldest first."""
    return [f"{TOMORROW}/{name}" for name in campus.store.names(str(TOMORROW)) if name.startswith("accounts-")]


def test_a_night_reads_all_accounts_once_and_those_it_wrote_a_second_time(second_night, tmp_path, cron):
    with opened(copied(second_night, tmp_path / "campus"), cron) as campus:
        assert json.loads((campus.folder / "calls.json").read_text()).count(ALL) == 1
        (name,) = kept(campus)
        accounts = campus.store.read_frame(name)
        there = campus.ask("SELECT count(*) FROM mdl_user WHERE NOT deleted")
        assert len(accounts) == there
        created = campus.journal("users", "deuxieme", TOMORROW).query("verb == 'create'")
        assert set(created["moodle_id"]) <= set(accounts["id"])
        assert len(created)


@pytest.fixture(scope="session")
def accounts_read(played, cron, first_night):
    """The users phase of the night after the first has come at its hour, and read all accounts."""

    def play(folder) -> None:
        with opened(copied(first_night, folder / "campus"), cron) as campus:
            campus.play("users", "suivante", TOMORROW, carries=True)

    return played(play) / "campus"


@pytest.fixture
def later(accounts_read, tmp_path, cron):
    """Later that night."""
    with opened(copied(accounts_read, tmp_path / "later"), cron) as campus:
        yield campus


def test_the_next_phase_that_comes_at_its_hour_does_not_read_them_again(later):
    later.play("cohorts", "suivante", TOMORROW, carries=True)
    assert times(later, ALL) == 0


def test_a_run_that_somebody_triggered_reads_them_again(later):
    later.play("cohorts", "a_la_main", TOMORROW)
    assert times(later, ALL) == 1


def test_those_of_another_night_do_not_serve(later):
    later.play("cohorts", "apres", night_after(2), carries=True)
    assert times(later, ALL) == 1


def test_those_that_nobody_can_read_any_more_do_not_serve(later):
    (name,) = kept(later)
    later.store.write(name, b"")
    later.play("cohorts", "suivante", TOMORROW, carries=True)
    assert times(later, ALL) == 1


def test_a_users_phase_that_stopped_on_its_way_leaves_none_and_what_a_frozen_reader_of_it_brings_later_does_not_serve(
    campus,
):
    campus.change_a_day()
    run = campus.run("users", "suivante", TOMORROW)
    prepare(run, campus.systems)
    (read,) = kept(campus)
    frozen = campus.store.read(read)
    reconcile.apply(run, campus.systems, lambda: None)
    assert kept(campus) == []
    reconcile.verify(run, campus.systems)
    (latest,) = kept(campus)
    campus.store.write(read, frozen)
    state = campus.register.state()
    assert len(campus.store.read_frame(latest)) > len(campus.store.read_frame(read))
    assert len(carried.find(run, state.name, state.number)) == len(campus.store.read_frame(latest))


def test_with_moodles_own_database_nothing_is_kept(campus):
    campus.by_database = True
    campus.play("users", "suivante", TOMORROW, carries=True)
    assert kept(campus) == []


@pytest.fixture
def leaving(later) -> tuple[Campus, int]:
    """Somebody is about to leave a cohort; the accounts were read by the users phase."""
    user = later.ask("SELECT id FROM mdl_user WHERE idnumber = ?", LEAVER)
    later.refer("DELETE FROM refer_inscription_administrative WHERE code_etudiant = ?", LEAVER)
    run = later.run("cohorts", "suivante", TOMORROW)
    prepare(run, later.systems, carries=True)
    assert run.files.read_json("plan.json")["counts"] == {"cohort_member": {"remove": 2}}
    later.box.moodle.calls.clear()
    return later, user


def test_whoever_is_about_to_lose_something_is_read_again_and_nobody_else(leaving):
    campus, user = leaving
    reconcile.apply(campus.run("cohorts", "suivante", TOMORROW), campus.systems, lambda: None)
    assert (times(campus, ALL), times(campus, SOME)) == (0, 1)
    assert campus.ask("SELECT count(*) FROM mdl_cohort_members WHERE userid = ?", user) == 0


def test_what_the_accounts_as_they_are_now_no_longer_ask_for_is_not_destroyed(leaving):
    campus, user = leaving
    db = campus.box.moodle.db
    db.update("user", user, **deleted(db, db.get("user", user)))
    reconcile.apply(campus.run("cohorts", "suivante", TOMORROW), campus.systems, lambda: None)
    assert campus.journal("cohorts", "suivante", TOMORROW).empty
    assert campus.writes() == []
