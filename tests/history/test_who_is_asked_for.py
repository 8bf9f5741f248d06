"""Whom «Pourquoi ?» finds by a code or a login, and under which login it looks for what they have."""

from __future__ import annotations

import pytest

from ecampus.history import answers
from kept_nights import night
from world import World, university

pytestmark = pytest.mark.usefixtures("no_doubt")


def known_as(uid: str) -> str:
    return f"""
        population | code | uid      | sn  | given_name | mail
        student    | 100  | {uid} | Nom | Camille    | a@univ.fr
    """


@pytest.fixture
def world() -> World:
    return university(
        categorie="code | libelle | code_parent | code_composante\nSCI | sciences | | SCI",
        element="code | libelle | code_categorie | a_distance\nL1 | algèbre | SCI | N",
        groupe="code | libelle\nG1 | TD1",
        groupe_element="code_groupe | code_element\nG1 | L1",
        groupe_etudiant="code_groupe | code_etudiant\nG1 | 100",
        people=known_as("e100.bis"),
    )


@pytest.mark.parametrize("asked", ["100", "e100", "e100.bis"])
def test_whoever_was_renamed_and_left_her_groups_is_looked_for_by_the_login_of_now(world, tmp_path, asked):
    night(world, tmp_path)
    world.change(people=known_as("e100"), groupe_etudiant="code_groupe | code_etudiant\nG1 | 200")
    store = night(world, tmp_path, "lendemain", writes=lambda phase: phase == "users")
    with answers.desk(store) as desk:
        (person,) = desk.persons(asked)
        told = desk.seat(person, "L1")
    assert (person.username, [line.username for line in person.lines]) == ("e100", ["e100"])
    assert told.finding.present is True
