"""The header of the pages, to the letter."""

from __future__ import annotations

import pytest

from ecampus.words import visiting


def test_who_looked_whom_up():
    assert visiting.looked_up("scol1", "22100123") == "Consultation par scol1 : 22100123."


def test_composantes_are_named_as_one_reads_them():
    assert visiting.composantes(["DROIT"]) == "la composante DROIT"
    assert visiting.composantes(["DROIT", "LANGUES", "SANTE"]) == "les composantes DROIT, LANGUES et SANTE"


@pytest.mark.parametrize(
    ("units", "night", "told"),
    [
        (0, False, ""),
        (1, False, "1 changement attend une décision."),
        (12, False, "12 changements attendent une décision."),
        (0, True, "La nuit attend d'être approuvée en entier."),
        (1, True, "La nuit attend d'être approuvée en entier. 1 changement attend une décision."),
    ],
)
def test_what_waits(units, night, told):
    assert visiting.waiting(units, night) == told
