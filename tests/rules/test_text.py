"""Codes and labels as Moodle can hold them."""

from __future__ import annotations

import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecampus.contract.kinds import DEFECTS
from ecampus.rules import text


def label(raw: str) -> str:
    return text.clean_labels(pd.Series([raw], dtype="str")).iloc[0]


def code(raw: str | None):
    cleaned = text.clean_codes(pd.Series([raw], dtype="str")).iloc[0]
    return None if pd.isna(cleaned) else cleaned


@pytest.mark.parametrize(
    ("raw", "clean"),
    [("L1MAT101", "L1MAT101"), (" l1mat101\t", "L1MAT101"), ("é1", "É1"), ("", None), ("   ", None), (None, None)],
)
def test_codes_are_trimmed_and_upper_case_and_blank_is_null(raw, clean):
    assert code(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("L1\u200bMAT", "L1MAT"),
        ("\ufeffL1", "L1"),
        ("L1\u202e101", "L1101"),
        ("L1\u00ad-A", "L1-A"),
        ("L1\x1b[0m", "L1[0M"),
        ("L1\n2026-11-23 INFO", "L12026-11-23 INFO"),
        ("L1\u2028A", "L1 A"),
        ("\u00a0L1\u3000", "L1"),
        ("L1\u00a0A", "L1 A"),
        ("L1\ufe0f", "L1"),
        ("L1\u3164", "L1"),
        ("e\u0301te\u0301", "ÉTÉ"),
        ("e\u200b\u0301", "É"),
        ("ŉß", "ʼNSS"),
        ("ı", "I"),
        ("\u200b\u2060", None),
        ("\ufdd0L1\uffff", "L1"),
    ],
)
def test_a_code_is_what_one_reads(raw, clean):
    assert code(raw) == clean


ANY_TEXT = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\u200b\u200d\ufeff\u202e \u0301\u0345ßŉıeE<>")
)
"""Whatever a database may hold, and more often than it would what is treacherous."""


@given(st.lists(ANY_TEXT, max_size=5))
def test_cleaning_twice_is_cleaning_once(raw):
    texts = pd.Series(raw, dtype="str")
    for cleaned in (text.clean_codes, text.clean_labels, text.clean_words):
        pd.testing.assert_series_equal(cleaned(cleaned(texts)), cleaned(texts))


@given(ANY_TEXT)
def test_a_code_has_nothing_invisible_and_is_the_code_of_its_every_form(raw):
    found = code(raw)
    for form in ("NFC", "NFD"):
        assert code(unicodedata.normalize(form, raw)) == found
    if found is not None:
        assert {unicodedata.category(c) for c in found}.isdisjoint({"Cc", "Cf", "Zl", "Zp"})
        assert found == found.strip() == found.upper() == unicodedata.normalize("NFC", found)


@given(ANY_TEXT)
def test_a_label_has_nothing_invisible_but_the_joiner_of_emojis(raw):
    found = label(raw)
    assert {unicodedata.category(c) for c in found if c != "\u200d"}.isdisjoint({"Cc", "Cf", "Zl", "Zp"})
    assert not set("<>") & set(found)


def test_what_the_door_calls_empty_is_null_to_the_rules_and_what_it_lets_in_is_not():
    blank = pd.Series([None, "", " ", "\u200b", "\u00a0\ufeff"], dtype="str")
    assert (
        DEFECTS["vide"](blank).any() == text.clean_codes(blank).notna().any() == text.clean_words(blank).notna().any()
    )


def test_cleaning_keeps_the_rows_their_order_and_the_type():
    raw = pd.Series(["b", None, "a", "b"], index=[7, 3, 3, 1], name="code", dtype="str")
    pd.testing.assert_series_equal(
        text.clean_codes(raw), pd.Series(["B", None, "A", "B"], index=[7, 3, 3, 1], name="code", dtype="str")
    )
    assert text.clean_codes(raw.iloc[:0]).dtype == text.clean_codes(pd.Series([None], dtype="object")).dtype == "str"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("algèbre linéaire", "algèbre linéaire"),
        ("Maths & Analyse", "Maths & Analyse"),
        ("  deux\t\tmots\n ici ", "deux mots ici"),
        ("<b>gras</b>", "‹b›gras‹/b›"),
        ("x < y", "x ‹ y"),
        ("sonne\x07rie", "sonnerie"),
        ("a \x00 b", "a b"),
        ("l'« été » 🏖️", "l'« été » 🏖️"),
        ("guillemets \" et '", "guillemets \" et '"),
        ("a\u202eb\u200bc\ufeff", "abc"),
        ("espace\u00a0insécable", "espace insécable"),
        ("coureuse 🏃\u200d♀️", "coureuse 🏃\u200d♀️"),
        ("jonction\u200dde lettres", "jonctionde lettres"),
        ("e\u0301te\u0301", "été"),
        ("", ""),
    ],
)
def test_labels_keep_their_case_and_lose_what_moodle_refuses(raw, clean):
    assert label(raw) == clean


def test_a_null_label_is_an_empty_one():
    assert text.clean_labels(pd.Series([None], dtype="str")).tolist() == [""]


def test_a_label_is_cut_with_an_ellipsis_only_past_its_limit():
    labels = pd.Series(["abcd", "abcde", "abc efg"], dtype="str")
    assert text.cut(labels, pd.Series([5, 5, 5])).tolist() == ["abcd", "abcde", "abc…"]


@pytest.mark.parametrize("size", [10, 200, 254, 255, 2000])
def test_the_name_of_a_course_its_twin_and_their_archives_always_fit(size):
    codes, labels = pd.Series(["L1MAT101"]), pd.Series(["x" * size])
    cut = text.cut(labels, text.course_room(codes)).iloc[0]
    twin = f"L1MAT101{text.FOAD_KEY} - {cut}{text.FOAD_LABEL}"
    assert len(f"ex_999_{twin}") <= text.COURSE_FULLNAME
    assert (cut == labels.iloc[0]) == (size == 10 or size == 200)


@pytest.mark.parametrize("size", [10, 254, 2000])
def test_the_names_of_categories_and_groups_always_fit(size):
    codes, labels = pd.Series(["LMATH1_1"]), pd.Series(["x" * size])
    assert len(text.named(codes, labels, text.CATEGORY_NAME).iloc[0]) <= 255
    assert len(text.group_labels(codes, labels).iloc[0] + " (LMATH1_1)") <= 254


def test_a_group_without_a_label_is_called_by_its_code():
    assert text.group_labels(pd.Series(["G1", "G2"]), pd.Series(["", "TD"])).tolist() == ["G1", "TD"]
