"""Codes that Moodle could not hold, with all that it may ever have around them: told beforehand, and never sent."""

from __future__ import annotations

import pytest

from ecampus.rules import text
from world import World, codes, university, verbs

PHASES = ("users", "cohorts", "offer", "enrolments", "groups")


def long(letter: str, length: int) -> str:
    return letter * length


@pytest.mark.parametrize(
    ("view", "phase", "longest"), [("categorie", "offer", 100), ("element", "offer", 88), ("etape", "cohorts", 100)]
)
def test_the_longest_code_that_fits_is_made_and_one_of_one_more_is_told(view, phase, longest):
    fits, exceeds = long("F", longest), long("X", longest + 1)
    draft = university(**{view: f"code ; {fits} ; {exceeds}"}).draft(phase)
    assert [change.rpartition(" ")[2] for change in verbs(draft)].count(fits) == 1
    assert not [change for change in verbs(draft) if exceeds in change]
    assert [told for told in codes(draft) if "LONG" in told] == [f"CODE_TROP_LONG refer_{view} / {exceeds}"]


def test_three_groups_whose_codes_moodle_would_refuse_do_not_stop_the_others():
    fits, refused = long("F", 93), [long(letter, 94) for letter in "XYZ"]
    every = [fits, *refused]
    world = university(
        element="code ; A",
        groupe="code ; " + " ; ".join(every),
        groupe_element="code_groupe | code_element ; " + " ; ".join(f"{code} | A" for code in every),
        groupe_etudiant=f"code_groupe | code_etudiant ; {fits} | S1 ; {refused[0]} | S2",
    )
    world.play("users", "offer")
    assert verbs(world.play("enrolments")) == ["enrolment enrol A / es1 / student"]
    draft = world.draft("enrolments")
    assert codes(draft) == [f"CODE_TROP_LONG refer_groupe / {code}" for code in refused]
    assert verbs(world.play("groups")) == [f"group create A / {fits}", f"group_member add A / {fits} / es1"]


def test_an_element_has_room_for_its_twin_and_for_ex_n_even_where_both_are_needed():
    code = long("A", 88)
    world = university(element=f"code | a_distance ; {code} | O ; B | N")
    world.play("offer")
    world.change(element="code ; B")
    world.play("offer")
    archived = world.see("courses", "idnumber")
    assert archived == ["B", f"ex_{code}", f"ex_{code}-FOAD"]
    assert max(len(idnumber) for idnumber in archived) <= text.CODE


@pytest.fixture(scope="module")
def made_before() -> World:
    """A site that an older version filled with codes too long, on a second night without anything new."""
    course, group = long("A", 90), long("G", 95)
    world = university(
        element=f"code | a_distance ; {course} | O ; B | N ; P | N",
        porte=f"code_porte | code_porteur ; P | {course}",
        groupe=f"code ; {group} ; H",
        groupe_element=f"code_groupe | code_element ; {group} | B ; H | {course}",
        groupe_etudiant=f"code_groupe | code_etudiant ; {group} | S1 ; H | S2",
        seance_ade="code_element | code_enseignant ; P | T1",
    )
    with pytest.MonkeyPatch.context() as older:
        older.setattr(text, "LONGEST_CODE", dict.fromkeys(text.LONGEST_CODE, 100))
        world.night()
    return world


def test_what_is_there_under_such_a_code_stays_as_it_is(made_before):
    world = made_before.copy()
    assert world.see("courses", "idnumber")[0] == long("A", 90)
    assert [change for phase in PHASES for change in verbs(world.play(phase))] == []
    told = codes(world.draft("offer"))
    assert told == [f"CODE_TROP_LONG refer_element / {long('A', 90)}"]


def test_and_goes_only_once_its_code_has_left_refer(made_before):
    world = made_before.copy()
    world.change(
        element="code ; B", porte="code_porte | code_porteur", groupe_element="code_groupe | code_element ; H | B"
    )
    assert [change for change in verbs(world.play("offer")) if change.startswith("course")] == [
        f"course archive {long('A', 90)}",
        f"course archive {long('A', 90)}-FOAD",
    ]
