"""A worker dies with memberships in flight, and Moodle's own database (``moodle_db``) says since when they are there."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from campus import Campus, Cron, copied, night_after, opened
from deaths import in_a_process

from ecampus.night import reconcile
from ecampus.register.lease import Lease
from rehearsal import live
from sandbox.moodle.groups import add_member

COURSE, GROUP = "L1CAS101", "L1CAS101-TD1"
TONIGHT, TOMORROW, AFTER = night_after(1), night_after(2), night_after(3)
NEWCOMERS = 3
OUTSIDE = (
    "SELECT id, idnumber, username FROM mdl_user WHERE username LIKE 'e21%' AND NOT suspended AND id NOT IN (SELECT userid"
    " FROM mdl_groups_members m JOIN mdl_groups g ON g.id = m.groupid WHERE g.idnumber = ?) ORDER BY id LIMIT ?"
)
WITHIN = (
    "SELECT username FROM mdl_groups_members m JOIN mdl_groups g ON g.id = m.groupid JOIN mdl_user u ON u.id = m.userid"
    " WHERE g.idnumber = ?"
)


@pytest.fixture(scope="session")
def joining(played, cron, first_night) -> Path:
    """A campus where students join a group in REFER; the night has come to the writes of 05h00, Moodle read in its database."""

    def play(folder: Path) -> None:
        with opened(copied(first_night, folder / "campus"), cron) as campus:
            campus.by_database = True
            people = [dict(row) for row in campus.box.moodle.db.all(OUTSIDE, (GROUP, NEWCOMERS))]
            for person in people:
                campus.refer("INSERT INTO refer_groupe_etudiant VALUES ('2026', ?, ?)", GROUP, person["idnumber"])
            campus.play("enrolments", "tuee", TONIGHT)
            run = campus.prepared("groups", "tuee", TONIGHT)
            assert run.files.read_json("plan.json")["counts"] == {"group_member": {"add": NEWCOMERS}}
            (folder / "people.json").write_text(json.dumps(people))

    return played(play)


@pytest.fixture
def campus(joining: Path, tmp_path: Path, cron: Cron) -> Iterator[Campus]:
    """The same, before these writes."""
    with opened(copied(joining / "campus", tmp_path / "campus"), cron) as campus:
        campus.by_database = True
        yield campus


@pytest.fixture
def newcomers(joining: Path) -> list[dict[str, Any]]:
    """The students who join."""
    people: list[dict[str, Any]] = json.loads((joining / "people.json").read_text())
    return people


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before_the_call() -> None:
    """The call is noted and never leaves."""
    noted = Lease.intend
    Lease.intend = lambda *given: die(noted(*given))


def after_the_call() -> None:
    """The call is made, and nobody notes what became of it."""
    Lease.settle = die


def killed(campus: Campus, told: Path, when: Callable[[], None]) -> None:
    run = campus.run("groups", "tuee", TONIGHT)

    def body() -> None:
        when()
        reconcile.apply(run, campus.systems, live)

    assert in_a_process(body, None, told, flush_at_once=False)


def a_day_passes(campus: Campus) -> None:
    """What was noted tonight, in the register and in Moodle, was noted yesterday."""
    campus.let_expire()
    campus.table("UPDATE ecampus_batch SET intended = intended - 86400000")
    campus.moodle("UPDATE mdl_groups_members SET timeadded = timeadded - 86400")


def leave(campus: Campus, people: list[dict[str, Any]]) -> None:
    for person in people:
        campus.refer("DELETE FROM refer_groupe_etudiant WHERE code_etudiant = ?", person["idnumber"])


def names(people: list[dict[str, Any]]) -> set[str]:
    return {person["username"] for person in people}


def ours(campus: Campus, people: list[dict[str, Any]]) -> set[str]:
    """Those whose membership of the group the register says is ours."""
    return {name for place, name in campus.owned()["group_member"] if place == f"{COURSE} / {GROUP}"} & names(people)


def within(campus: Campus, people: list[dict[str, Any]]) -> set[str]:
    """Those who are in the group."""
    return {row["username"] for row in campus.box.moodle.db.all(WITHIN, (GROUP,))} & names(people)


def doubts(campus: Campus) -> list[str]:
    told = campus.anomalies("groups")
    return told.loc[told["code"] == "APPARTENANCE_DOUTEUSE", "sentence"].tolist()


def test_a_few_members_whom_a_killed_worker_added_are_ours_and_leave_when_refer_says_so(campus, newcomers, tmp_path):
    killed(campus, tmp_path / "told", after_the_call)
    assert (within(campus, newcomers), ours(campus, newcomers)) == (names(newcomers), set())
    a_day_passes(campus)
    campus.play("groups", "lendemain", TOMORROW)
    assert (ours(campus, newcomers), doubts(campus)) == (names(newcomers), [])
    leave(campus, newcomers)
    campus.play("groups", "partis", AFTER)
    assert within(campus, newcomers) == set()


def test_those_whom_a_teacher_put_in_after_a_worker_died_before_its_call_stay_the_teachers(campus, newcomers, tmp_path):
    killed(campus, tmp_path / "told", before_the_call)
    a_day_passes(campus)
    group = campus.ask("SELECT id FROM mdl_groups WHERE idnumber = ?", GROUP)
    for person in newcomers:
        add_member(campus.box.moodle.db, group, person["id"])
    campus.play("groups", "lendemain", TOMORROW)
    assert ours(campus, newcomers) == set()
    assert len(doubts(campus)) == NEWCOMERS
    leave(campus, newcomers)
    campus.play("groups", "partis", AFTER)
    assert within(campus, newcomers) == names(newcomers)


def test_of_the_members_in_flight_the_one_whom_a_teacher_put_in_again_since_is_the_teachers(
    campus, newcomers, tmp_path
):
    killed(campus, tmp_path / "told", after_the_call)
    a_day_passes(campus)
    *others, again = newcomers
    group = campus.ask("SELECT id FROM mdl_groups WHERE idnumber = ?", GROUP)
    campus.moodle("DELETE FROM mdl_groups_members WHERE groupid = ? AND userid = ?", group, again["id"])
    add_member(campus.box.moodle.db, group, again["id"])
    campus.play("groups", "lendemain", TOMORROW)
    assert ours(campus, newcomers) == names(others)
    assert doubts(campus) == [
        f"{again['username']} est membre de {GROUP}, et une écriture interrompue ne permet pas de savoir si"
        " c'est ecampus ou quelqu'un qui l'y a mis : la synchronisation ne l'en retirera jamais ; le retirer à la main"
        " s'il n'a plus à y être."
    ]


def test_by_the_web_services_the_same_few_members_are_in_doubt(campus, newcomers, tmp_path):
    killed(campus, tmp_path / "told", after_the_call)
    campus.by_database = False
    a_day_passes(campus)
    campus.play("groups", "lendemain", TOMORROW)
    assert (ours(campus, newcomers), len(doubts(campus))) == (set(), NEWCOMERS)
