"""``make undo``: what it says before it touches anything."""

from __future__ import annotations

from ecampus.local import approve_command, undo_command


def test_without_a_night_it_says_what_to_give(capsys):
    assert undo_command.main([]) == 2
    assert capsys.readouterr().err == (
        "Dire quelle nuit : NIGHT=2026-11-25 pour l'annuler, RELEASE=2026-11-25 pour libérer.\n"
    )


def test_what_stays_undone_is_the_last_paragraph_of_the_decisions():
    assert approve_command.stays([]) == []
    assert approve_command.stays(["Nuit du 25 novembre 2026 : groupes 12."]) == [
        "Annulé, reste annulé :",
        "  Nuit du 25 novembre 2026 : groupes 12.",
    ]
