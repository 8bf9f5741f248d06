"""Where the people of an archived course are now, from the facts that lead to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from facts_of import course, element, line, night, seat, sheet, space

from ecampus.explain.course import life
from ecampus.explain.element import unknown_element
from ecampus.explain.facts import Departure, Late, Line, Roster
from ecampus.explain.moved import where_they_are
from ecampus.words.asking import life as told

EX = "ex_L2CAS204"
PORTE = element("L2CAS204", "PORTE", libelle="probabilités", porteur="L1CAS101", porte=True)
ARCHIVE = space(EX, key="L2CAS204", archived="2026-11-25", since="2026-09-03")
MOVED = course(PORTE, element(), spaces=(space(), ARCHIVE))
ATTACHED = seat("CHEZ_LE_PORTEUR", code_element="L2CAS204")
ALONE = seat("PORTE", code_element="L2CAS204", code_groupe="L2CAS204-TD9")
THERE = line()


def left(*known: Any, lines: tuple[Line, ...] = (), role: str = "student", **more: Any) -> Departure:
    """The archive has e2100123 in this role; ``known``: their rows of the ladders."""
    rows = {"seats": tuple(one for one in known if hasattr(one, "code_groupe")),
            "sheets": tuple(one for one in known if not hasattr(one, "code_groupe"))}  # fmt: skip
    return Departure(people=(line(EX, role=role),), lines=lines, **rows, **more)


TEACHER = line(role="editingteacher")
CASES = [
    ("L1CAS101", "par le groupe L1CAS101-TD1", MOVED, left(ATTACHED, seat(), lines=(THERE,))),
    ("L1CAS101", "inscription laissée telle quelle", MOVED, left(ALONE, lines=(THERE,))),
    ("L1CAS101", "par une ligne de la table que la synchronisation n'a pas posée", MOVED, left(lines=(line(ours=False),))),
    ("L1CAS101", "par des séances dans ADE", MOVED,
     left(sheet(username="e2100123"), lines=(TEACHER,), role="editingteacher")),
    ("L1CAS101", "autrement que par la synchronisation (à la main, par une cohorte…)", MOVED,
     left(ALONE, otherwise=(("L1CAS101", "e2100123"),))),
    ("L1CAS101-FOAD", "par le groupe L1CAS101-CEMU", MOVED,
     left(seat(key="L1CAS101-FOAD", code_groupe="L1CAS101-CEMU", cemu=True), lines=(line("L1CAS101-FOAD"),))),
    ("", "le groupe L2CAS204-TD9 n'est pas attaché au porteur L1CAS101", MOVED, left(ALONE)),
    ("", "inscription pédagogique, mais dans aucun groupe", MOVED,
     left(seat("SANS_GROUPE", code_element="L2CAS204", code_groupe=None))),
    ("", "dans aucun groupe de L2CAS204", MOVED, left()),
    ("", "aucune séance dans ADE pour L2CAS204", MOVED, left(role="editingteacher")),
    ("", "inscription faite à la main, que rien ne déplace", MOVED,
     replace(left(), people=(line(EX, ours=False),))),
    ("", "inscription publiée, pas encore prise par ecampus", MOVED,
     left(seat(), lines=(THERE,), late=(Late("L1CAS101", "e2100123", "student", "enrol"),))),
    ("", "à inscrire", MOVED, left(seat())),
    ("", "REFER n'a plus cet élément", course(unknown_element("L2CAS204"), spaces=(ARCHIVE,)), left()),
]  # fmt: skip


@pytest.mark.parametrize(("where", "how", "asked", "facts"), CASES, ids=[case[1] for case in CASES])
def test_who_followed_is_told_with_by_what_and_who_did_not_with_why(where, how, asked, facts):
    (moved,) = where_they_are(asked, facts)
    assert (moved.where, moved.how, moved.usernames) == (where, how, ("e2100123",))


def test_a_course_that_became_porte_tells_how_many_where_they_are_and_what_brings_it_back():
    people = tuple(line(EX, username=f"e{n}") for n in range(3))
    teacher = line(EX, role="editingteacher", username="p1")
    seats = (*(seat(username=f"e{n}") for n in range(2)), ALONE._replace(username="e2"))
    there = (*(line(username=f"e{n}") for n in range(2)), line(role="editingteacher", username="p1"))
    departure = Departure(
        people=(*people, teacher), seats=seats, sheets=(sheet(username="p1"),), lines=there,
    )  # fmt: skip
    assert (
        told(life(MOVED, Roster(), night(), departure))
        == """\
L2CAS204 « probabilités » n'a plus d'espace à son nom : il est porté par L1CAS101.
L'ancien espace existe toujours, archivé depuis la nuit du 25 novembre 2026, sous le code ex_L2CAS204, avec son contenu et ses 4 personnes.
À faire dans Apogée : si ce n'est pas voulu, supprimer le lien porteur / porté entre L1CAS101 et L2CAS204 : l'espace archivé reviendra tel qu'il était. Corrigé, et connu de REFER, avant 04h00, cela se verra au matin.
Selon les données de la nuit du 25 novembre 2026, lues à 04h15 (année 2026).

Sa vie
  archivé depuis la nuit du 25 novembre 2026, sous le code ex_L2CAS204

Où sont passées les personnes
  2 étudiants : dans L1CAS101, par le groupe L1CAS101-TD1
  1 enseignant : dans L1CAS101, par des séances dans ADE
  1 étudiant : nulle part ailleurs, le groupe L2CAS204-TD9 n'est pas attaché au porteur L1CAS101"""
    )


def test_a_foad_course_that_was_archived_is_told_by_its_own_archive():
    twin = space("ex_L1CAS101-FOAD", key="L1CAS101-FOAD", archived="2026-11-25")
    asked = course(element(), foad=True, spaces=(space(), twin))
    found = life(asked, Roster(), night(), left(seat("CEMU_SUR_PRESENTIEL", cemu=True)))
    assert f"{found.sentence} {found.kept}" == (
        "L1CAS101-FOAD « algèbre linéaire » n'a pas d'espace : L1CAS101 n'a pas d'espace à distance : l'élément n'est pas"
        " « Enseignement à distance ». L'ancien espace existe toujours, archivé depuis la nuit du 25 novembre 2026, sous le code"
        " ex_L1CAS101-FOAD, avec son contenu et sa personne."
    )
    assert [(one.where, one.how) for one in found.moved] == [("", "groupe CEMU d'un élément qui n'est pas à distance")]


def test_a_course_that_came_back_says_nothing_of_its_older_archives():
    asked = course(spaces=(space(), space("ex_L1CAS101", key="L1CAS101", archived="2026-11-24")))
    assert life(asked, Roster(), night(), left()).moved == ()


def test_who_is_in_the_course_of_the_porteur_or_in_the_foad_twin_is_missing_nowhere():
    followed = Roster(sheets=(sheet(username="p1"),), lines=(line(role="editingteacher", username="p1"),))
    assert life(MOVED, followed, night()).missing == ()
    twin = seat(key="L1CAS101-FOAD", cemu=True)
    at_a_distance = Roster(seats=(twin,), lines=(line("L1CAS101-FOAD"),))
    assert life(course(), at_a_distance, night()).missing == ()
    assert [one.reason for one in life(course(), Roster(seats=(twin,)), night()).missing] == ["à inscrire"]
