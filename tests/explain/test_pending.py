"""A course that is there, and what the rules want of it that waits: said on its page, to the letter."""

from __future__ import annotations

import pytest
from facts_of import LABEL, change, course, element, night, space

from ecampus.explain.course import life
from ecampus.explain.element import unknown_element
from ecampus.explain.facts import Roster
from ecampus.words.why import done

HELD = {"held": {"q": "Retenu depuis le 25 novembre 2026 : 12 cours à archiver. Décider : « make approve »."}}
TOLD = "Retenu depuis le 25 novembre 2026 : 12 cours à archiver. Décider : « make approve »."
NOBODY = Roster((), (), (), (), ())


@pytest.mark.parametrize(
    ("verb", "what"),
    [("archive", "son archivage"), ("rename", "son nouveau nom"), ("move", "sa nouvelle place")],
)
def test_what_is_held_of_a_course_is_to_be_waited_for(verb, what):
    asked = course(changes=(change(f"course|{verb}", held="q"),))
    told = [done(item) for item in life(asked, NOBODY, night("offer", **HELD)).todos]
    assert told == [f"À faire : attendre une réponse (pôle plateforme) pour {what}. {TOLD}"]


def test_what_moodle_refused_is_said_with_its_words():
    asked = course(changes=(change("course|rename", outcome="failed", message="Nom abrégé déjà utilisé"),))
    told = [done(item) for item in life(asked, NOBODY, night()).todos]
    assert told == [
        "À faire sur ecampus : signaler le refus s'il dure (pôle plateforme) : ecampus a refusé son nouveau nom (Nom abrégé"
        " déjà utilisé). Cela se verra après la nuit suivante."
    ]


@pytest.mark.parametrize("changes", [(), (change("course|rename", outcome="done"),), (change("course|rename"),)])
def test_what_is_done_or_only_planned_says_nothing(changes):
    assert life(course(changes=changes), NOBODY, night()).todos == ()


def test_a_course_that_refer_lost_and_whose_archive_is_held_has_its_name_without_its_code():
    asked = course(unknown_element("L1CAS101"), spaces=(space(),), changes=(change("course|archive", held="q"),))
    made = life(asked, NOBODY, night("offer", **HELD))
    assert made.sentence == f"L1CAS101 « {LABEL} » a son espace, où il n'y a personne."
    assert len(made.todos) == 1


def test_the_change_of_another_course_is_not_told():
    assert life(course(element("L1CAS102"), spaces=(space("L1CAS102"),), changes=(change("course|rename", held="q"),)),
                NOBODY, night("offer", **HELD)).todos == ()  # fmt: skip
