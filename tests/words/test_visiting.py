"""The header of the pages, to the letter."""

from __future__ import annotations

import pytest

from ecampus.words import visiting


def test_who_looked_whom_up():
    assert visiting.looked_up("scol1", "22100123") == "Consultation par scol1 : 22100123."


@pytest.mark.parametrize(
    ("units", "told"),
    [(0, ""), (1, "1 changement attend une décision."), (12, "12 changements attendent une décision.")],
)
def test_what_waits(units, told):
    assert visiting.waiting(units) == told
