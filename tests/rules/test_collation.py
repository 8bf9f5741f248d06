"""Two texts that Moodle's database, or PHP, takes for one."""

from __future__ import annotations

import pandas as pd
import pytest

from ecampus.rules.collation import doubles, key, numbers, one_number, same


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Groupe été", "groupe ete"),
        ("GROUPE ÉTÉ", "groupe e\u0301te\u0301"),
        ("Œuvres", "oeuvres"),
        ("STRASSE", "straße"),
        ("ＴＤ１", "td1"),
        ("TD²", "td2"),
        ("TD\u00a01", "TD 1"),
        ("TD1", "TD1   "),
        ("T\u200bD\u00ad1", "TD1"),
        ("ﬁn", "fin"),
        ("αβγ", "ΑΒΓ"),
        ("Да", "да"),
        ("TD 🍎", "TD 🍐"),
    ],
    ids=[
        "case and accents", "unicode form", "œ", "ß", "width", "superscript", "no-break space", "trailing spaces",
        "invisible", "ﬁ", "greek", "cyrillic", "all emoji",
    ],
)  # fmt: skip
def test_two_names_are_one_for_mariadb(left, right):
    assert key(left) == key(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ab", "a-b"), (" TD1", "TD1"), ("TD 1", "TD1"), ("TD1", "TD2"), ("TD\t", "TD"), ("TD 🍎", "TD"),
        ("汉", "漢"), ("Þ", "th"), ("C#", "C"),
    ],
)  # fmt: skip
def test_two_names_are_two_for_mariadb(left, right):
    assert key(left) != key(right)


@pytest.mark.parametrize(
    ("left", "right"), [("CÆSAR", "caesar"), ("Tøger", "toger"), ("Łódź", "lodz"), ("so\u00adin", "soin")]
)
def test_two_names_are_one_for_the_younger_collations_too(left, right):
    assert key(left) == key(right)


def test_names_that_are_one_share_a_key_and_no_name_has_none():
    names = pd.Series(["Été", None, "ete", "TD1"], index=[3, 5, 7, 9], dtype="str")
    keys = same(names)
    assert keys.index.tolist() == [3, 5, 7, 9]
    assert (keys[3], keys[9]) == (keys[7], "td1")
    assert keys.isna().tolist() == [False, True, False, False]
    assert same(names.iloc[:0]).dtype == names.dtype


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("7", "007", True), ("7", "7.0", True), ("7", "+7", True), ("7", "7e0", True), ("7", " 7", True),
        ("7", "7 ", True), ("7", "7.", True), (".7", "0.70", True), ("1E2", "100", True), ("-0", "0", True),
        ("7", "0x7", False), ("7", "7a", False), ("7", "", False), ("7", "٧", False), ("7", "7e", False),
        ("7", "8", False), ("7", "- 7", False), ("G1", "G1", False), ("9007199254740993", "9007199254740992", False),
        ("9007199254740993", "9007199254740992.0", True), ("9223372036854775808", "9223372036854775809", False),
        ("9223372036854775807", "9223372036854775808", False), ("9223372036854775808", "9223372036854775808.0", True),
        ("9223372036854775807", "9.223372036854775807e18", True), ("1e999", "1e998", False), ("1e999", "-1e999", False),
        ("100000000000000000000", "00100000000000000000000", False), ("1e20", "100000000000000000000", True),
    ],
)  # fmt: skip
def test_php_compares_as_numbers_two_texts_that_look_like_numbers(left, right, equal):
    assert (one_number(left, right), one_number(right, left)) == (equal, equal)
    if equal:
        assert numbers(pd.Series([left, right], dtype="str")).nunique() == 1


def test_a_code_that_is_no_number_has_no_number():
    assert numbers(pd.Series(["7", "0x7", None, "L1"], dtype="str")).isna().tolist() == [False, True, True, True]
    assert numbers(pd.Series([], dtype="str")).dtype == "str"


@pytest.mark.parametrize(
    ("codes", "there", "has_it"),
    [
        (["L1E", "L1É", "L2"], [], [None, "L1E", None]),
        (["L1É", "L1E"], ["L1É"], [None, "L1É"]),
        (["L1É", "L1E"], ["L1É", "L1E"], [None, None]),
        (["Œ", "OE", "ŒE"], [], ["OE", None, None]),
        ([], [], []),
    ],
    ids=["the lowest", "the one that is there", "both are there", "ligature", "none"],
)
def test_of_codes_that_are_one_the_one_that_is_there_has_it_else_the_lowest(codes, there, has_it):
    wanted = pd.Series(codes, dtype="str", index=range(5, 5 + len(codes)))
    found = doubles(wanted, wanted.isin(there))
    assert found.astype("object").where(found.notna(), None).to_dict() == dict(zip(wanted.index, has_it, strict=True))
