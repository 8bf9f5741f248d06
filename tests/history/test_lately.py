"""Which runs «Pourquoi ?» believes: the last that judged, the last that read what is really there, what wrote since."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest

from ecampus.calendar import PHASES
from ecampus.history import answers, phases
from ecampus.history.lately import Lately, lately
from ecampus.store import opening
from ecampus.store.files import Run, Store
from kept_nights import kept, night
from world import World, university

pytestmark = pytest.mark.usefixtures("no_doubt")
IN_THE_GROUP = """
    code_groupe | code_etudiant
    G1          | 100
"""


def small() -> World:
    return university(
        categorie="code | libelle | code_parent | code_composante\nSCI | sciences | | SCI",
        element="code | libelle | code_categorie | a_distance\nL1 | algèbre | SCI | N",
        groupe="code | libelle\nG1 | TD1",
        groupe_element="code_groupe | code_element\nG1 | L1",
        groupe_etudiant=IN_THE_GROUP,
    )


def names(known: Lately) -> dict[str, str]:
    return {phase: told.run.run_id for phase in PHASES if (told := known.judged(phase))}


def asked(store: Store, who: str = "100") -> tuple[bool | None, str, tuple[str, ...]]:
    with answers.desk(store) as desk:
        (person,) = desk.persons(who)
        told = desk.seat(person, "L1")
    return told.finding.present, told.finding.why, told.read


@pytest.fixture
def world() -> World:
    return small()


@pytest.fixture
def store(world: World, tmp_path: Path) -> Store:
    return night(world, tmp_path, "lundi")


def test_a_run_at_work_a_replay_and_an_undoing_are_not_believed(world, store):
    for run_id, undoes in (("au-travail", None), ("annulation", world.settings.night)):
        run = Run(store, "enrolments", world.settings.night, run_id)
        kept(world, run)
        opening.keep(run, dataclasses.replace(opening.read(run), undoes=undoes))
    store.remove(f"{world.settings.night}/enrolments/au-travail/report.json")
    kept(world, Run(store, "enrolments", world.settings.night, "rejeu", replay=True))
    assert names(lately(store)) == dict.fromkeys(PHASES, "lundi")


def test_the_year_is_that_of_the_last_run_though_a_later_phase_stopped_in_the_old_one(world, store):
    old = lately(store)
    world.settings = dataclasses.replace(world.settings, annee="2027", night=world.settings.night + timedelta(days=1))
    new = lately(night(world, store.root, "mardi"))
    mixed = Lately(new.runs | {"groups": old.runs["groups"]})
    assert (phases.night(old).annee, phases.night(mixed).annee) == ("2026", "2027")


def test_a_frozen_night_judges_and_the_last_night_that_wrote_says_what_is_there(world, store):
    world.change(groupe_etudiant="code_groupe | code_etudiant\nG1 | 200")
    night(world, store.root, "gele", writes=lambda phase: False)
    known = lately(store)
    assert names(known) == dict.fromkeys(PHASES, "gele")
    assert {known.read(phase).run.run_id for phase in PHASES} == {"lundi"}
    assert asked(store, "100")[:2] == (True, "RETRAIT_FROZEN")
    assert asked(store, "200")[0] is False


def test_a_phase_that_failed_before_it_judged_is_told_by_the_night_before_and_the_answer_says_so(world, store):
    world.change(groupe_etudiant=IN_THE_GROUP)
    night(world, store.root, "mardi")
    for name in ("plan.json", "not_taken.parquet"):
        store.remove(f"{world.settings.night}/groups/mardi/{name}")
    assert names(lately(store))["groups"] == "lundi"
    assert asked(store)[2][1:] == ("Groupes : rien n'a été calculé depuis la nuit du 23 novembre 2026.",)


def test_a_run_that_nobody_can_read_is_said_in_the_log_and_an_older_one_is_believed(world, store, caplog):
    world.change(groupe_etudiant=IN_THE_GROUP)
    night(world, store.root, "mardi")
    store.write(f"{world.settings.night}/offer/mardi/run.json", b"")
    assert names(lately(store))["offer"] == "lundi"
    assert "run.json », qui dit ce qu'est cette exécution, est illisible" in caplog.text


def test_a_store_without_a_night_knows_nothing(tmp_path):
    assert names(lately(Store(tmp_path))) == {}
