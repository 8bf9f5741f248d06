"""What Moodle, PHP and MariaDB do to text."""

import pytest

from sandbox.moodle.forms import parse
from sandbox.moodle.text import collate, format_string, loosely_equal, strip_tags


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("L1", "l1"),
        ("Été", "ETE"),
        ("a", "a  "),
        ("ÉCO", "éco"),
        ("Œ", "oe"),
        ("ß", "SS"),
        ("ＴＤ", "td"),
        ("e\u0301", "é"),
        ("T\u200bD", "td"),
        ("🍎", "🍐"),
    ],
)
def test_mariadb_finds_equal_whatever_case_accents_ligatures_width_form_and_trailing_spaces(left, right):
    assert collate(left, right) == 0


@pytest.mark.parametrize(("left", "right"), [(" a", "a"), ("a-b", "ab"), ("a", "b"), ("æ", "ae")])
def test_mariadb_finds_different(left, right):
    assert collate(left, right) != 0


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("7", "007", True),
        ("7", "7.0", True),
        ("1e3", "1000", True),
        ("a", "A", False),
        ("7a", "7", False),
        (" 7", "7.", True),
        ("7", "0x7", False),
        ("7", "٧", False),
        ("9007199254740993", "9007199254740992", False),
        ("9223372036854775808", "9223372036854775809", False),
    ],
)
def test_php_compares_as_numbers_what_looks_like_numbers(left, right, equal):
    assert loosely_equal(left, right) is equal


@pytest.mark.parametrize(
    ("text", "stripped"),
    [("a < b", "a < b"), ("a <b> c", "a  c"), ("a <b", "a "), ("a > b", "a > b"), ("<<b>", "")],
)
def test_php_strips_tags_but_keeps_a_less_than_sign_before_a_space(text, stripped):
    assert strip_tags(text) == stripped


def test_an_entity_already_there_is_not_escaped_twice():
    assert format_string("a &amp; b & c &#39; d") == "a &amp; b &amp; c &#39; d"


def test_nested_names_are_read_as_php_does():
    form = "a[0][b]=1&a%5B1%5D%5Bb%5D=2&c=x+y%C3%A9&d[]=p&d[]=q&e"
    assert parse(form, 1000) == {
        "a": {"0": {"b": "1"}, "1": {"b": "2"}},
        "c": "x yé",
        "d": {"0": "p", "1": "q"},
        "e": "",
    }


def test_what_exceeds_the_limit_is_lost():
    assert parse("a=1&b=2&c=3", 2) == {"a": "1", "b": "2"}
