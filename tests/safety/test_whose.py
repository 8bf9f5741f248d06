"""Whose Moodle this is, case by case: the mark in Moodle against the register, and the sentence that says what to do."""

from __future__ import annotations

import pytest

from ecampus.errors import RegisterUnusable
from ecampus.moodle.mark import Mark
from ecampus.register.register import State
from ecampus.safety.whose import require_same

URL = "https://ecampus.univ.fr"
WAY = "« make recover » (ou le DAG « Reprendre le registre ») dit ce qu'il en est, et reprend ce qui peut l'être."


def state(number: int, intended: int | None = None, late: int | None = None, name: str = "le-notre") -> State:
    return State(name, number, intended, late, change=0)


def mark(number: int, register: str = "le-notre") -> Mark:
    return Mark(7, register, number)


@pytest.mark.parametrize(
    ("register", "found"),
    [
        (state(0), None),
        (state(0, intended=1), None),
        (state(8), mark(8)),
        (state(8, intended=9), mark(8)),
        (state(8, intended=9), mark(9)),
        (state(12, late=9), mark(9)),
    ],
    ids=[
        "neither knows any",
        "killed before the first mark",
        "equal",
        "killed before Moodle",
        "killed after",
        "a late one",
    ],
)
def test_they_know_each_other_and_the_run_goes_on(register, found):
    require_same(register, found, URL)


@pytest.mark.parametrize(
    ("register", "found", "sentence"),
    [
        (
            state(8),
            None,
            f"Le registre connaît un Moodle (n° 8) et celui de {URL} ne porte pas sa marque, la cohorte « ecampus » : rien"
            " n'est écrit ; vérifier les connexions « moodle » et « enrolment_db », et si la cohorte a été supprimée, "
            + WAY,
        ),
        (
            state(0, name="le-neuf"),
            mark(8),
            f"Le Moodle de {URL} est déjà tenu par un registre, et celui-ci est neuf (le-notre) : rien n'est écrit ;"
            " corriger la connexion « enrolment_db » pour qu'elle mène à la base où se trouve ce registre ; s'il est perdu, "
            + WAY,
        ),
        (
            state(8),
            mark(8, register="un-autre"),
            f"Le Moodle de {URL} est déjà tenu par un autre registre (un-autre) : rien n'est écrit ; corriger la connexion"
            " « enrolment_db » pour qu'elle mène à la base où se trouve ce registre.",
        ),
        (
            state(8),
            mark(10),
            f"Le Moodle de {URL} en est au n° 10 et le registre au n° 8 : la base des inscriptions a été restaurée d'une"
            " sauvegarde, ou ce n'est pas la bonne ; rien n'est écrit ; vérifier les connexions, puis " + WAY,
        ),
        (
            state(30, late=9),
            mark(9),
            f"Le Moodle de {URL} en est au n° 9 et le registre au n° 30 : Moodle a été restauré d'une sauvegarde, ou ce"
            " n'est pas le bon ; rien n'est écrit ; vérifier les connexions, puis " + WAY,
        ),
        (
            state(10, intended=11),
            mark(8),
            f"Le Moodle de {URL} en est au n° 8 et le registre au n° 10 : Moodle a été restauré d'une sauvegarde, ou ce"
            " n'est pas le bon ; rien n'est écrit ; vérifier les connexions, puis " + WAY,
        ),
    ],
    ids=[
        "no mark",
        "new register",
        "another register",
        "register of yesterday",
        "Moodle of long ago",
        "Moodle of yesterday",
    ],
)
def test_they_do_not_and_the_run_stops_in_one_sentence(register, found, sentence):
    with pytest.raises(RegisterUnusable) as stopped:
        require_same(register, found, URL)
    assert str(stopped.value) == sentence
