"""Codes and labels as Moodle can hold them."""

from __future__ import annotations

import pandas as pd
import pytest

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
        ("algèbre linéaire", "algèbre linéaire"),
        ("Maths & Analyse", "Maths & Analyse"),
        ("  deux\t\tmots\n ici ", "deux mots ici"),
        ("<b>gras</b>", "‹b›gras‹/b›"),
        ("x < y", "x ‹ y"),
        ("sonne\x07rie", "sonnerie"),
        ("a \x00 b", "a b"),
        ("l'« été » 🏖️", "l'« été » 🏖️"),
        ("guillemets \" et '", "guillemets \" et '"),
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
