"""What «Retenus» says, to the letter."""

from __future__ import annotations

import pytest

from ecampus.words import deciding


@pytest.mark.parametrize(
    ("questions", "told"),
    [
        (0, "Rien n'attend de décision."),
        (1, "1 question attend une réponse."),
        (3, "3 questions attendent une réponse."),
    ],
)
def test_how_many_questions_wait(questions, told):
    assert deciding.waiting(questions) == told


@pytest.mark.parametrize(
    ("phase", "question", "units", "told"),
    [
        ("offer", "archive_course/UFR3", 12, "Offre de formation : 12 changements (archive_course/UFR3)"),
        ("undo/groups", "leave_group", 1, "Annulation, Groupes : 1 changement (leave_group)"),
        ("Nuit entière", "first", 5, "Nuit entière : 5 changements (first)"),
    ],
)
def test_what_was_decided_of(phase, question, units, told):
    assert deciding.about(phase, question, units) == told


def test_where_a_question_is_answered():
    assert deciding.OPEN == "Ouvrir « Décisions (06h15) »"
    assert deciding.NOTED == "Quelqu'un a répondu dans Airflow : la réponse est en train d'être notée."
    assert deciding.SOON == "« Décisions (06h15) » est au travail dans Airflow : recharger la page dans un instant."
    assert deciding.AFTERWARDS == (
        "Airflow ne la pose pas en ce moment : « Décisions (06h15) » y attend d'autres réponses, et la posera la fois"
        " suivante."
    )
    assert deciding.AT_ITS_HOUR == (
        "Airflow ne la pose pas en ce moment : « Décisions (06h15) » la posera à son heure, ou dès que quelqu'un le"
        " lance."
    )
    assert deciding.PAUSED == (
        "Airflow ne la pose pas : « Décisions (06h15) » y est en pause ; retirer la pause, puis le lancer."
    )
    assert deciding.may_not("pôle plateforme") == (
        "Votre compte ne permet pas de répondre : le demander à qui le peut (pôle plateforme)."
    )


def test_when_and_what():
    assert deciding.answered(1764054720000) == "le 25 novembre 2025 à 08h12"
    assert [deciding.word(state) for state in ("approved", "refused", "autre")] == ["Approuvé", "Refusé", "autre"]
