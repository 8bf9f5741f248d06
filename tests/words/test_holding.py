"""What staff read of what waits for them, to the letter."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from ecampus.limits import Limits
from ecampus.safety.holds import QUESTIONS
from ecampus.words import holding

WAY_OUT = "Décider : « make approve », ou la question de « Décisions (06h15) » dans Airflow."


def question(name, kinds, scope=None, view=None, week=None, base=None, state="asked", who=None):
    at = "/".join([name, scope or "", view or ""]).rstrip("/")
    rows = [
        {"question": at, "name": name, "scope": scope, "view": view, "kind": kind, "units": units, "week": week,
         "base": base, "since": "2026-11-23", "state": state, "who": who}
        for kind, units in kinds.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(QUESTIONS)).astype(QUESTIONS)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            question("archive_course", {"course|archive": 12}, "UFR3", week=14, base=98),
            "Retenu depuis le 23 novembre 2026 : 12 cours à archiver (composante UFR3) : 14 en sept nuits sur 98 cours,"
            f" la limite est de 10 % et de 10. {WAY_OUT}",
        ),
        (
            question("drop_group", {"group|delete": 3, "group|archive": 1}, week=250, base=3000),
            "Retenu depuis le 23 novembre 2026 : 3 groupes à supprimer, 1 groupe à archiver : 250 en sept nuits sur"
            f" 3\u00a0000 groupes, la limite est de 5 % et de 200. {WAY_OUT}",
        ),
        (
            question("archive_course", {"course|archive": 2}, "UFR3", week=2, base=2),
            "Retenu depuis le 23 novembre 2026 : 2 cours à archiver (composante UFR3) : c'est tout ce qu'ecampus y tient"
            f" (2 en sept nuits sur 2 cours). {WAY_OUT}",
        ),
        (
            question("remove_row", {"enrolment|unenrol": 34}, view="groupe"),
            "Retenu depuis le 23 novembre 2026 : 34 inscriptions à retirer, parce que la vue refer_groupe a perdu des"
            f" lignes (corriger la source, ou décider). {WAY_OUT}",
        ),
        (
            question("make_again", {"course|create": 12}),
            "Retenu depuis le 23 novembre 2026 : 12 cours à créer, que Moodle dit ne plus avoir et qui reviendraient"
            f" vides (restaurer d'abord, ou décider). {WAY_OUT}",
        ),
        (
            question("suspend_account", {"account|suspend": 40}, view="people"),
            "Retenu depuis le 23 novembre 2026 : 40 comptes à suspendre, parce que l'annuaire LDAP a perdu des lignes"
            f" (corriger la source, ou décider). {WAY_OUT}",
        ),
        (
            question("archive_course", {"course|archive": 12}, "UFR3", state="refused", who="camille"),
            "Refusé par camille : 12 cours à archiver (composante UFR3). Rien de cela n'est fait ; la question sera reposée après trente nuits.",
        ),
    ],
)
def test_a_question_says_what_why_since_when_and_the_way_out(rows, told):
    assert holding.questions(rows, Limits()) == [told]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            question("recode_course", {"course|recode": 1}, "UFR3"),
            "Retenu depuis le 23 novembre 2026 : 1 cours à recoder (composante UFR3), parce que REFER n'a plus l'ancien code"
            f" et qu'un élément nouveau de la même catégorie lui ressemble. {WAY_OUT}",
        ),
        (
            question("recode_course", {"course|recode": 1}, view="element"),
            "Retenu depuis le 23 novembre 2026 : 1 cours à recoder, parce que REFER n'a plus l'ancien code et qu'un élément"
            " nouveau de la même catégorie lui ressemble ; mais la vue refer_element a perdu des lignes, à corriger d'abord."
            f" {WAY_OUT}",
        ),
        (
            question("recode_account", {"account|recode": 1}),
            "Retenu depuis le 23 novembre 2026 : 1 compte à recoder, parce que l'ancien code n'est plus ni dans LDAP ni dans"
            f" REFER, pour le même identifiant et les mêmes noms. {WAY_OUT}",
        ),
    ],
    ids=["course", "course, beside a view that fell", "account"],
)
def test_a_change_of_code_says_why_it_is_asked(rows, told):
    assert holding.questions(rows, Limits()) == [told]


def test_a_run_that_writes_nothing_says_what_it_would_hold_and_leads_to_no_question_that_nobody_asked_yet():
    rows = question("archive_course", {"course|archive": 12}, "UFR3", week=14, base=98)
    assert holding.questions(rows, Limits(), imagined="2026-11-23") == [
        "Serait retenu : 12 cours à archiver (composante UFR3) : 14 en sept nuits sur 98 cours, la limite est de 10 % et de 10."
    ]
    (told,) = holding.questions(rows, Limits(), imagined="2026-11-24")
    assert told.startswith("Retenu depuis le 23 novembre 2026")
    assert told.endswith(WAY_OUT)


def test_a_change_of_code_has_its_own_title_and_answers():
    rows, line = question("recode_course", {"course|recode": 1}), "Cours à recoder : N - algèbre (avait le code A)"
    title = holding.title("offer", rows, [line])
    assert title == "Offre de formation : Est-ce le même cours ? N - algèbre (avait le code A)"
    course, person = (holding.options(title, name) for name in ("recode_course/A/N", "recode_account/12"))
    assert course == ["C'est le même cours", "Ce sont deux cours", "Plus tard"]
    assert person == ["C'est la même personne", "Ce sont deux personnes", "Plus tard"]
    assert [holding.answer_of(option, course) for option in course] == [True, False, None]


@pytest.mark.parametrize(
    ("fell", "told"),
    [
        (
            {"view": "groupe", "scope": None, "was": 1030, "lost": 340, "unreadable": 0},
            "La vue refer_groupe a perdu 340 de ses 1\u00a0030 lignes depuis la dernière bonne nuit",
        ),
        (
            {"view": "element", "scope": "UFR3", "was": 4, "lost": 4, "unreadable": 2},
            "La vue refer_element a perdu, dans la composante UFR3, 4 de ses 4 lignes depuis la dernière bonne nuit (2 sont"
            " illisibles cette nuit)",
        ),
        (
            {"view": "people", "scope": "staff", "was": 90, "lost": 90, "unreadable": 0},
            "L'annuaire LDAP a perdu 90 de ses 90 fiches de personnels depuis la dernière bonne nuit",
        ),
    ],
)
def test_a_view_that_fell_is_told_with_its_figures(fell, told):
    assert holding.told_of(SimpleNamespace(**fell)) == f"{told} : ce qui en dépend est retenu, le reste continue."


def test_a_view_that_fell_and_on_which_nothing_rests_is_said_so():
    fell = SimpleNamespace(view="porte", scope=None, was=40, lost=30, unreadable=0)
    assert holding.told_of(fell, rests=False) == (
        "La vue refer_porte a perdu 30 de ses 40 lignes depuis la dernière bonne nuit : rien de ce qui change cette nuit"
        " n'en dépend."
    )


def test_the_plan_is_safe_or_says_how_much_of_it_waits():
    assert holding.checked(0) == "Le plan est sûr : les lectures sont complètes, aucune limite n'est dépassée."
    assert holding.checked(1) == "1 changement est retenu jusqu'à une décision ; le reste du plan peut être écrit."
    assert holding.checked(1200) == (
        "1\u00a0200 changements sont retenus jusqu'à une décision ; le reste du plan peut être écrit."
    )


def test_two_composantes_make_two_subjects_and_two_buttons():
    asked = [question("archive_course", {"course|archive": 12}, scope) for scope in ("UFR3", "UFR4", None)]
    titles = [holding.title("offer", rows, []) for rows in asked]
    assert titles == [
        "Offre de formation : 12 cours à archiver (composante UFR3)",
        "Offre de formation : 12 cours à archiver (composante UFR4)",
        "Offre de formation : 12 cours à archiver",
    ]
    assert [holding.options(title)[0] for title in titles] == [
        "Faire : 12 cours à archiver (composante UFR3)",
        "Faire : 12 cours à archiver (composante UFR4)",
        "Faire : 12 cours à archiver",
    ]


def test_a_question_about_several_composantes_names_none():
    rows = pd.concat([
        question("drop_group", {"group|delete": 3}, "UFR3"), question("drop_group", {"group|archive": 1}, "UFR4")
    ])  # fmt: skip
    assert holding.located(rows) == "3 groupes à supprimer, 1 groupe à archiver"


def test_the_options_say_what_they_do_and_only_the_first_approves():
    options = holding.options("Offre de formation : 12 cours à archiver")
    assert options == ["Faire : 12 cours à archiver", "Ne rien faire", "Plus tard"]
    assert [holding.answer_of(option, options) for option in options] == [True, False, None]


def test_the_question_in_airflow_shows_the_first_changes_and_who_may_answer():
    assert holding.body("Retenu.", ["Cours à archiver : A", *holding.rest(2, "nuit/report.html")], "1a2b") == (
        "Retenu.\n\n- Cours à archiver : A\n- … et 2 de plus, dans le rapport de la nuit : nuit/report.html\n\n"
        "Seul un compte qui a le droit d'agir sur les DAG peut répondre.\n\n[question]: # (1a2b)"
    )
    assert holding.WHY == "À remplir pour pouvoir répondre : ce qui sera relu plus tard avec la décision."
    assert (holding.rest(1200), holding.rest(0, "nuit/report.html")) == (["… et 1\u00a0200 de plus"], [])
    assert holding.waiting(0) == "Rien n'attend de décision."
    assert holding.waiting(1) == "1 question attend une réponse."
    assert holding.waiting(3) == "3 questions attendent une réponse."
    assert holding.said(True, 12, "camille") == "Approuvé par camille : 12."
    assert holding.said(False, 1, "camille") == "Refusé par camille : 1."
    assert holding.unanswered("Groupes : 3 groupes à supprimer") == (
        "Sans réponse : Groupes : 3 groupes à supprimer ; rien n'est fait, la question sera posée à nouveau."
    )
