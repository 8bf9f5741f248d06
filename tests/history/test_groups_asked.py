"""A group of REFER's, asked for by its code."""

from __future__ import annotations

import pytest

from ecampus.explain.reach import Reach
from ecampus.history import answers
from kept_nights import night
from world import university

pytestmark = pytest.mark.usefixtures("no_doubt")


@pytest.fixture
def store(tmp_path):
    world = university(
        categorie="code | libelle | code_parent | code_composante\nSCI | sciences | | SCI",
        element="code | libelle | code_categorie | a_distance\nL1 | algèbre | SCI | N",
        groupe="code | libelle\nG1 | TD1\nG2 | TD2",
        groupe_element="code_groupe | code_element\nG1 | L1",
        groupe_etudiant="code_groupe | code_etudiant\nG1 | 100\nG2 | 100\nG2 | 200",
    )
    return night(world, tmp_path)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("G1", "Le groupe G1 « TD1 » inscrit son étudiant dans L1."),
        (
            "g2",
            "Le groupe G2 « TD2 » (2 étudiants) n'est attaché à aucun élément : il n'inscrit personne."
            " L'attacher, dans Apogée, à l'élément dont il est un groupe.",
        ),
    ],
)
def test_a_group_says_whom_it_enrols_where_or_that_nothing_is_attached_to_it(store, code, told):
    with answers.desk(store) as desk:
        group = desk.group(code)
    assert group is not None
    assert group.sentence == told


def test_a_group_of_no_element_is_of_no_composante(store):
    with answers.desk(store, Reach(frozenset({"SCI"}))) as desk:
        assert (desk.group("G1") is None, desk.group("G2")) == (False, None)
