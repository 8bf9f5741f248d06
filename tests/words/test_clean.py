"""Words of others in our logs: one line, nothing that cannot be seen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecampus.words.clean import printable, quoted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Short name is already used (L1)", "Short name is already used (L1)"),
        ("un\r\n2026-11-25 ERROR faux", "un 2026-11-25 ERROR faux"),
        ("\x1b[31mrouge\x07", "[31mrouge"),
        ("\ufeffa\u200bb\u202ec\u2066d\u00ad", "abcd"),
        ("a\u2028b\u0085c\u00a0d\u3000e", "a b c d e"),
        ("\ud800moitié", "moitié"),
        ("Œuvre d'été « L1 » 名前", "Œuvre d'été « L1 » 名前"),
    ],
)
def test_what_cannot_be_seen_does_not_survive(text, shown):
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_any_text_becomes_one_line_that_can_be_seen_and_cleaning_twice_is_cleaning_once(text):
    line = printable(text)
    assert not {unicodedata.category(character)[0] for character in line} & {"C"}
    assert line.isprintable()
    assert printable(line) == line


def test_what_is_quoted_is_cut_after_eighty_characters():
    assert quoted("x" * 80) == f"« {'x' * 80} »"
    assert quoted("\n" + "x" * 81) == f"« {'x' * 80}… »"
