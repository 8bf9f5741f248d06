"""«Pourquoi ?» of a night that was played: what is typed is the question it is, and each look-up is logged."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace

import pytest
from visits import visit

from chronicle import kept
from ecampus.explain.course import Life
from ecampus.explain.moved import Moved
from ecampus.history import answers
from ecampus.store.files import REHEARSALS, Store


@pytest.fixture
def clerk(campus):
    return visit(campus.store)


def test_without_a_question_it_lists_what_people_say_and_each_leads_to_the_guide(clerk):
    words, text = clerk.reads("pourquoi"), clerk.get("pourquoi").text
    assert words[0] == "Pourquoi ?"
    assert "« Mon espace a disparu »" in words
    assert 'href="/ecampus/aide/guide-scolarite#mon-espace-a-disparu"' in text


def test_a_person_and_a_course_have_the_answer_first_then_what_to_do_then_each_condition(clerk):
    words = clerk.reads("pourquoi?q=22900101+L1CAS101")
    assert words[0] == "Non : l'étudiant 22900101 n'est pas dans l'espace L1CAS101 « mécanique du point »."
    assert words[1] == "Marchand Lina"
    assert words[2].startswith("Selon les données de la nuit du 23 novembre 2026, lues à ")
    todo = words.index("À faire")
    assert words[todo + 1 : todo + 3] == ["Apogée", ": l'affecter à l'un des groupes de L1CAS101."]
    conditions = words.index("Les conditions, une par une")
    assert words[conditions + 1 : conditions + 5] == [
        "✓",
        "Compte ecampus",
        ": oui.",
        "e2900101, actif, vu dans l'annuaire",
    ]
    assert words[(place := words.index("Groupe d'Apogée")) - 1 : place + 2] == ["✗", "Groupe d'Apogée", ": non."]


@pytest.mark.parametrize("who", ["22900101", "e2900101", "E2900101", "marchand lina", "Lina Marchand"])
def test_somebody_is_found_by_code_by_login_and_by_name(clerk, who):
    words = clerk.reads(f"pourquoi?q={who.replace(' ', '+')}")
    assert words[0].startswith("L'étudiant 22900101 est dans ")
    assert "absent" in words
    ticket = words[words.index("Copier pour l'assistance") + 1]
    assert ticket.startswith(f"{words[0]} Compte ecampus : e2900101, actif, vu dans l'annuaire.")
    assert "Marchand" not in ticket


def test_of_several_people_of_one_name_one_is_chosen(clerk):
    words = clerk.reads("pourquoi?q=yanis")
    assert words[1] == "4 personnes répondent à cela. De laquelle s'agit-il ?"
    assert any(word == "Hébert Yanis, étudiant 22100147, e2100147" for word in words)


def test_a_course_is_found_by_its_name_and_of_several_places_one_is_chosen(clerk):
    assert clerk.reads("pourquoi?q=Thermodynamique+classique")[0].startswith(
        "L1CAS306 « thermodynamique classique » a "
    )
    words = clerk.reads("pourquoi?q=thermodynamique")
    assert words[1].endswith(" cours, groupes ou étapes portent ce nom. Duquel s'agit-il ?")
    assert {
        "L1CAS306 « thermodynamique classique » (cours)",
        "L1CAS306-CM « CM thermodynamique » (groupe)",
    } <= {*words}


def test_an_etape_is_found_by_its_name(clerk):
    assert clerk.reads("pourquoi?q=licence+1+des+cas+d'ecole")[0].startswith("L'étape LCAS1_1")


def test_of_more_than_can_be_read_it_is_said(clerk):
    words = clerk.reads("pourquoi?q=td")
    assert words[1].startswith("Plus de 50 cours, groupes ou étapes portent ce nom, en voici 50. ")


def test_a_course_and_a_group_have_their_own_pages(clerk):
    assert clerk.reads("pourquoi?q=L1CAS306")[0].startswith(
        "L1CAS306 « thermodynamique classique » a son espace, avec "
    )
    assert clerk.reads("pourquoi?q=L1CAS307")[0] == (
        "L1CAS307 « énergétique » n'a pas d'espace à son nom : il est porté par L1CAS306."
    )
    assert clerk.reads("pourquoi?q=L1CAS306-CM")[0].startswith("Le groupe L1CAS306-CM « CM thermodynamique » inscrit ")


def test_an_etape_has_its_students_and_that_is_logged(clerk, caplog):
    caplog.set_level(logging.INFO, "ecampus")
    words = clerk.reads("pourquoi?q=LCAS1_1")
    assert words[0].startswith("L'étape LCAS1_1")
    assert "membre de la cohorte" in words
    assert "Consultation par scol1 : LCAS1_1." in caplog.messages


def test_what_nothing_knows_is_said_and_may_be_asked_again(clerk):
    assert clerk.reads("pourquoi?q=zzz")[1].startswith(
        "Ni personne, ni cours, ni groupe, ni étape n'est connu sous « zzz »"
    )
    assert clerk.reads("pourquoi?q=zzz+yyy")[1].startswith(
        "Ni personne, ni cours, ni groupe, ni étape n'est connu sous « zzz yyy »"
    )


def test_each_look_up_is_logged_with_who_asks_and_whom_by_codes(clerk, caplog):
    with caplog.at_level(logging.INFO, "ecampus"):
        clerk.reads("pourquoi?q=marchand+lina+L1CAS101")
    assert "Consultation par scol1 : 22900101 L1CAS101." in caplog.messages
    assert not any("Lina" in message for message in caplog.messages)


def test_without_a_rehearsal_the_data_of_now_say_how_to_have_some(clerk):
    words = clerk.reads("pourquoi?q=22900101&donnees=maintenant")
    assert words[1].startswith(
        "Aucune répétition de la nuit prochaine n'a été faite : lancer « Répétition, à toute heure » dans Airflow"
    )


def test_the_forecast_of_the_night_itself_is_no_data_of_now(campus, clerk):
    campus.store.write_json(
        f"{REHEARSALS}/prevision-r/report.json", {"night": "2026-11-23", "moment": "2026-11-23T00:00"}
    )
    words = clerk.reads("pourquoi?q=22900101&donnees=maintenant")
    assert words[1].startswith("Aucune répétition de la nuit prochaine n'a été faite")


def test_a_store_without_a_night_does_not_say_that_nobody_is_known(tmp_path):
    assert visit(Store(tmp_path)).reads("pourquoi?q=22900101")[1] == (
        "Aucune nuit n'a encore été calculée : il n'y a rien à expliquer."
    )


def test_what_is_typed_is_shown_as_text(clerk):
    assert "<b>" not in clerk.get("pourquoi", params={"q": "<b>x</b>"}).text


MOVED = Life(
    known=True, code="L9", sentence="Une phrase.", kept="L'archive.", todos=(), events=(), present=(), missing=(), groups=(),
    portes=(), read=("Lu à 04h15.",),
    moved=(Moved("L1", "student", "par le groupe L1-TD1", ("e1", "e2")), Moved("", "teacher", "à inscrire", ("p1",))),
)  # fmt: skip


@pytest.fixture
def told(tmp_path, monkeypatch):
    """A course that gave its code L2 up for L9, and that was archived since."""
    recoded = 'object | verb | key | place | moodle_id | before ; course | recode | L9 | L9 | 7 | {"code": "L2"}'
    kept(Store(tmp_path), done=recoded)
    lives = {"L9": MOVED, "L2": replace(MOVED, known=False)}
    desk = SimpleNamespace(
        persons=lambda _: [], group=lambda _: None, life=lambda code: lives[code], hidden=lambda _: None
    )
    monkeypatch.setattr(answers, "desk", lambda *_: nullcontext(desk))
    return visit(Store(tmp_path))


def test_the_page_of_an_archive_says_where_its_people_are_and_names_by_login_who_is_nowhere_else(told):
    words = told.reads("pourquoi?q=L9")
    assert words[:3] == ["Une phrase.", "L'archive.", "Lu à 04h15."]
    place = words.index("Où sont passées les personnes")
    assert words[place + 3 : place + 14] == [
        "2 étudiants", "dans", "L1", ", par le groupe L1-TD1", "1 enseignant", "nulle part ailleurs", "à inscrire", "Qui",
        "p1", "pourquoi ?", "p1",
    ]  # fmt: skip
    assert 'href="/ecampus/pourquoi?q=p1+L9"' in told.get("pourquoi?q=L9").text
    assert "Copier pour l'assistance" in words


def test_a_code_that_was_given_up_is_answered_by_the_one_that_took_its_place(told):
    assert told.reads("pourquoi?q=L2")[:2] == [
        "L2 est devenu L9, la nuit du 23 novembre 2026 : le même espace, avec ses personnes, a changé de code.",
        "Une phrase.",
    ]
