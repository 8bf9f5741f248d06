"""The table of the preflight and its one sentence, to the letter."""

from __future__ import annotations

import pytest

from ecampus.words.findings import BAD, GOOD, UNSEEN, WARNING, Finding, ready, table, verdict

SOME = [
    Finding("REFER", "connexion", GOOD, "ouverte"),
    Finding("REFER", "refer_element", BAD, "Dans REFER, la vue refer_element n'existe pas."),
    Finding("Moodle", "fonctions", GOOD, "les 29 nécessaires sont là"),
    Finding("Moodle", "compte du jeton", WARNING, "il est administrateur"),
    Finding("REFER", "codes", UNSEEN, "non regardé : corriger d'abord ce qui précède"),
]


def test_the_table_has_a_block_a_part_a_line_a_subject_then_what_is_good_to_know():
    assert table(SOME, ["Sans « moodle_db », on ne voit pas tout."]) == (
        "REFER\n"
        "  ✓ connexion        ouverte\n"
        "  ✗ refer_element    Dans REFER, la vue refer_element n'existe pas.\n"
        "  – codes            non regardé : corriger d'abord ce qui précède\n"
        "\n"
        "Moodle\n"
        "  ✓ fonctions        les 29 nécessaires sont là\n"
        "  ! compte du jeton  il est administrateur\n"
        "\n"
        "À savoir\n"
        "  Sans « moodle_db », on ne voit pas tout."
    )


def of(**signs: int) -> list[Finding]:
    named = {"good": GOOD, "warning": WARNING, "bad": BAD, "unseen": UNSEEN}
    return [Finding("REFER", f"vue {n}", named[name], "…") for name, number in signs.items() for n in range(number)]


@pytest.mark.parametrize(
    ("found", "sentence", "is_ready"),
    [
        (of(good=52), "Tout est en place : 52 points vérifiés.", True),
        (of(good=1), "Tout est en place : 1 point vérifié.", True),
        (of(good=52, warning=1), "Rien n'empêche la nuit : 52 points vérifiés, 1 avertissement.", True),
        (of(good=9, bad=1), "1 point à corriger avant la nuit : REFER, vue 0.", False),
        (
            of(good=9, warning=2, bad=2, unseen=1),
            "2 points à corriger avant la nuit, 1 point non regardé, 2 avertissements : REFER, vue 0 ; REFER, vue 1.",
            False,
        ),
        (
            of(bad=7, unseen=3),
            "7 points à corriger avant la nuit, 3 points non regardés : REFER, vue 0 ; REFER, vue 1 ; REFER, vue 2 ;"
            " REFER, vue 3 ; REFER, vue 4 ; et d'autres.",
            False,
        ),
    ],
)
def test_one_sentence_says_whether_a_night_may_begin(found, sentence, is_ready):
    assert (verdict(found), ready(found)) == (sentence, is_ready)


def test_what_was_not_looked_at_is_never_taken_for_good():
    assert not ready(of(good=5, unseen=1))
