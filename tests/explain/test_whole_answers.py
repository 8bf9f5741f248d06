"""Whole answers, as they are copied for the assistance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from facts_of import course, element, entry, group, line, night, seat, space, student

from ecampus.explain import person
from ecampus.explain.answer import answer
from ecampus.explain.facts import Offer


def test_a_student_in_no_group_reads_what_is_right_what_is_not_and_what_to_do():
    asked = course(places=(group(), group("L1CAS101-TD2")))
    told = answer(student(seats=(seat("SANS_GROUPE", code_groupe=None),), lines=()), asked, night())
    assert (
        told.ticket
        == """\
Question : Pourquoi l'étudiant 22100123 est-il, ou n'est-il pas, dans L1CAS101 ?
Réponse : Non : l'étudiant 22100123 n'est pas dans l'espace L1CAS101 « algèbre linéaire ».
Raison : inscription pédagogique à L1CAS101, mais dans aucun de ses groupes : c'est le groupe qui inscrit.

Selon les données de la nuit du 25 novembre 2026, lues à 04h15 (année 2026).

✓ Compte ecampus : e2100123, actif, vu dans l'annuaire
✓ Inscription administrative : LCAS1_1 - licence 1, sans télé-enseignement
✓ Inscription pédagogique : à L1CAS101 (elle ne suffit pas : c'est le groupe qui inscrit)
✓ L'élément a son espace de cours : il a son espace, catégorie LCAS1_1, visible
✗ Groupe d'Apogée : dans aucun des 2 groupes de L1CAS101 (L1CAS101-TD1, L1CAS101-TD2)
– Inscription publiée : pas encore concerné
– Prise par ecampus : pas encore concerné

À faire dans Apogée : l'affecter à l'un des groupes de L1CAS101. Corrigé, et connu de REFER, avant 04h00, cela se verra au matin."""
    )


def test_who_is_in_a_hidden_course_reads_that_nobody_sees_it():
    told = answer(student(), course(spaces=(space(visible=False),)), night())
    assert told.sentence == (
        "Oui : l'étudiant 22100123 est dans l'espace L1CAS101 « algèbre linéaire ». Mais l'espace est caché aux étudiants."
    )
    assert told.reason == "inscrit par son groupe L1CAS101-TD1"
    assert told.todos == ()


def test_who_is_suspended_reads_it_even_where_all_is_right():
    told = answer(student(entries=(entry(suspended=True),)), course(), night())
    assert told.sentence.endswith("Mais son compte est suspendu.")


def test_a_porte_is_answered_in_the_course_of_its_porteur():
    porte = element("L2CAS204", "PORTE", porteur="L1CAS101", porte=True)
    told = answer(student(), course(porte, element()), night())
    assert told.sentence == (
        "Oui : l'étudiant 22100123 est dans l'espace L1CAS101 « algèbre linéaire », où L2CAS204 est enseigné."
    )


def test_a_code_that_begins_another_one_is_told_beside_it():
    porte = element("L1CAS1", "PORTE", porteur="L1CAS101", porte=True)
    assert ", où L1CAS1 est enseigné." in answer(student(), course(porte, element()), night()).sentence


def test_who_has_neither_code_nor_account_is_named_by_the_login_of_the_directory():
    unknown = student(
        student=None, username=None, seats=(), lines=(), entries=(entry(verdict="SANS_CODE", id=None, username=None),)
    )
    assert (
        person.portrait(unknown, Offer(), night()).sentence
        == "Aucun espace ne concerne le compte e2100123 cette année."
    )


def test_where_nobody_looked_for_hand_made_enrolments_the_answer_says_so():
    told = answer(student(seats=(), lines=()), course(read=frozenset()), night())
    assert (told.rungs[-1].title, told.rungs[-1].detail) == (
        "Inscription à la main",
        "pas regardée cette nuit : voir les participants de l'espace",
    )


def test_a_phase_that_was_not_computed_tonight_is_told_as_of_the_night_before():
    of = night()
    old = replace(of.phases["groups"], night=date(2026, 11, 24))
    told = answer(student(), course(), replace(of, phases=of.phases | {"groups": old}))
    assert told.read[1:] == ("Groupes : rien n'a été calculé depuis la nuit du 24 novembre 2026.",)


def test_a_row_that_somebody_typed_in_another_case_counts_as_moodle_counts_it():
    told = answer(student(seats=(), lines=(line("l1cas101", ours=False),)), course(), night())
    assert told.finding.present is True
