"""Where a long sentence is broken, to the letter."""

import pytest

from ecampus.words.lines import broken


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Moodle refuse le jeton.", "Moodle refuse le jeton."),
        ("", ""),
        (
            "Le magasin des nuits ne permet pas de lire ou d'écrire « report.json » (No space left on device) : vérifier"
            " la place disponible, puis relancer la phase.",
            "Le magasin des nuits ne permet pas de lire ou d'écrire « report.json » (No space left on device) :\n"
            "  vérifier la place disponible, puis relancer la phase.",
        ),
        (
            "Retenu depuis le 24 novembre 2026 : 12 cours à archiver (composante UFR3) : 14 en sept nuits sur 100 cours,"
            " la limite est de 2 % et de 40. Décider : « make approve », ou la question de « Décisions (06h15) » dans Airflow.",
            "Retenu depuis le 24 novembre 2026 : 12 cours à archiver (composante UFR3) :\n"
            "  14 en sept nuits sur 100 cours, la limite est de 2 % et de 40.\n"
            "  Décider : « make approve », ou la question de « Décisions (06h15) » dans Airflow.",
        ),
        (
            "Gel par précaution : la variable ecampus_freeze vaut « lundi », que personne ne sait lire ; rien n'est"
            " écrit dans ecampus. Y mettre false, true, ou une période comme 2026-06-20/2026-09-01.",
            "Gel par précaution : la variable ecampus_freeze vaut « lundi », que personne ne sait lire ;\n"
            "  rien n'est écrit dans ecampus.\n"
            "  Y mettre false, true, ou une période comme 2026-06-20/2026-09-01.",
        ),
    ],
)
def test_a_long_sentence_goes_on_below_before_its_advice(text, told):
    assert broken(text) == told
    assert " ".join(broken(text).split()) == " ".join(text.split())


def test_each_line_of_several_is_broken_by_itself():
    long = f"{'mot ' * 30}; corriger."
    assert broken(f"Un.\n{long}") == f"Un.\n{'mot ' * 30};\n  corriger."
