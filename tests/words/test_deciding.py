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


def test_when_and_what():
    assert deciding.answered(1764054720000) == "le 25 novembre 2025 à 08h12"
    assert [deciding.word(state) for state in ("approved", "refused", "autre")] == ["Approuvé", "Refusé", "autre"]
