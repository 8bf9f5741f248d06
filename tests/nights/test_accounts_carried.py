"""All accounts are read once a night: the phases after that of the users take them from it, but not to destroy."""

from __future__ import annotations

import pytest
from campus import Campus, night_after

from ecampus.night import reconcile
from sandbox.moodle.users import deleted
from university import prepare

TOMORROW = night_after(1)
LEAVER = "22100123"
ALL, SOME = "core_user_get_users", "core_user_get_users_by_field"


def times(campus: Campus, function: str) -> int:
    return campus.box.moodle.calls.count(function)


def test_a_night_reads_all_accounts_once_and_those_it_wrote_a_second_time(campus):
    campus.change_a_day()
    campus.night("suivante", TOMORROW)
    assert times(campus, ALL) == 1
    accounts = campus.store.read_frame(f"{TOMORROW}/accounts.parquet")
    there = campus.ask("SELECT count(*) FROM mdl_user WHERE NOT deleted")
    assert len(accounts) == there
    created = campus.journal("users", "suivante", TOMORROW).query("verb == 'create'")
    assert set(created["moodle_id"]) <= set(accounts["id"])
    assert len(created)


def test_a_run_that_somebody_triggered_reads_them_again(campus):
    campus.night("suivante", TOMORROW)
    campus.box.moodle.calls.clear()
    campus.play("cohorts", "a_la_main", TOMORROW)
    assert times(campus, ALL) == 1


def test_those_of_another_night_do_not_serve(campus):
    campus.night("suivante", TOMORROW)
    campus.box.moodle.calls.clear()
    campus.play("cohorts", "apres", night_after(2), carries=True)
    assert times(campus, ALL) == 1


def test_those_that_go_with_another_register_do_not_serve(campus):
    campus.play("users", "suivante", TOMORROW, carries=True)
    campus.store.write_json(f"{TOMORROW}/accounts.json", {"register": "autre", "number": 1, "run": "x"})
    campus.box.moodle.calls.clear()
    campus.play("cohorts", "suivante", TOMORROW, carries=True)
    assert times(campus, ALL) == 1


def test_those_of_a_later_state_of_the_register_do_not_serve(campus):
    campus.play("users", "suivante", TOMORROW, carries=True)
    note = campus.store.read_json(f"{TOMORROW}/accounts.json")
    campus.store.write_json(f"{TOMORROW}/accounts.json", note | {"number": note["number"] + 1})
    campus.box.moodle.calls.clear()
    campus.play("cohorts", "suivante", TOMORROW, carries=True)
    assert times(campus, ALL) == 1


def test_a_users_phase_that_stopped_on_its_way_leaves_none(campus):
    campus.change_a_day()
    run = campus.run("users", "suivante", TOMORROW)
    prepare(run, campus.systems)
    assert campus.store.exists(f"{TOMORROW}/accounts.json")
    reconcile.apply(run, campus.systems, lambda: None)
    assert not campus.store.exists(f"{TOMORROW}/accounts.json")
    reconcile.verify(run, campus.systems)
    assert campus.store.exists(f"{TOMORROW}/accounts.json")


def test_with_moodles_own_database_nothing_is_kept(campus):
    campus.by_database = True
    campus.night("suivante", TOMORROW)
    assert not campus.store.exists(f"{TOMORROW}/accounts.json")


@pytest.fixture
def leaving(campus) -> tuple[Campus, int]:
    """Somebody is about to leave a cohort; the accounts were read by the users phase."""
    campus.play("users", "suivante", TOMORROW, carries=True)
    user = campus.ask("SELECT id FROM mdl_user WHERE idnumber = ?", LEAVER)
    campus.refer("DELETE FROM refer_inscription_administrative WHERE code_etudiant = ?", LEAVER)
    run = campus.run("cohorts", "suivante", TOMORROW)
    prepare(run, campus.systems, carries=True)
    assert run.files.read_json("plan.json")["counts"] == {"cohort_member": {"remove": 2}}
    campus.box.moodle.calls.clear()
    return campus, user


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
