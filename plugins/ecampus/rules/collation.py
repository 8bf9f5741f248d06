"""When two texts are one: for Moodle's database, and as numbers for PHP.

Moodle looks for a taken name, shortname or code in its database, by default MariaDB with ``utf8mb4_unicode_ci``: case,
accents, ligatures, width and Unicode form do not count, nor do trailing spaces and what cannot be seen; all that is
beyond U+FFFF (emoji) is one character. Its younger collations, and MySQL's, take a few more letters for one (``ALSO``);
PostgreSQL tells more texts apart: two that are one here are safe there.

It compares the idnumbers of the groups of a course by PHP's ``==``: two texts that are numbers are compared as numbers.
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path

import pandas as pd

TABLE = Path(__file__).resolve().parents[3] / "include" / "collation" / "utf8mb4_unicode_ci.txt"
REST = "\U00010000"
ALSO = str.maketrans({"æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ł": "l", "\u00ad": ""})
BLANK = r"[ \t\n\r\v\f]*"
WHOLE = re.compile(rf"{BLANK}[+-]?\d+{BLANK}", re.ASCII)
NUMBER = re.compile(rf"{BLANK}[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?{BLANK}", re.ASCII | re.IGNORECASE)
LARGEST = 2**63 - 1  # of PHP's integers; a whole number beyond is read as a decimal one


class _Letters(dict[int, str]):
    """A character → what it is taken for, for ``str.translate``."""

    def __missing__(self, letter: int) -> str:
        if letter <= 0xFFFF:
            raise KeyError(letter)
        return REST


@cache
def letters() -> dict[int, str]:
    """The table of ``include/collation``: code point → the text that it is taken for."""
    known = _Letters(ALSO)
    for line in TABLE.read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            one, _, many = line.partition(":")
            text = "".join(chr(int(point, 16)) for point in one.split()).translate(ALSO)
            for span in many.split():
                first, _, last = span.partition("-")
                known |= dict.fromkeys(range(int(first, 16), int(last or first, 16) + 1), text)
    return known


def key(text: str) -> str:
    """What all texts have in common that Moodle's database takes for this one."""
    return text.translate(letters()).rstrip(" ")


def same(texts: pd.Series) -> pd.Series:
    """``key`` of every text, on the same index; null stays null. Distinct texts are read once."""
    return texts.map({text: key(text) for text in texts.dropna().unique()}).astype("str")


def doubles(codes: pd.Series, there: pd.Series) -> pd.Series:
    """Of codes that the database takes for one, the one that has it: which is ``there`` already, else the lowest.

    Null for that one, and for a code that is alone. ``there``: bool, on the same index.
    """
    ranked = pd.DataFrame({"code": codes, "key": same(codes), "absent": ~there}).sort_values(["absent", "code"])
    first = ranked.groupby("key")["code"].transform("first")
    return first.where(ranked["absent"] & ranked.duplicated("key")).reindex(codes.index).astype("str")


def numbers(codes: pd.Series) -> pd.Series:
    """A key that two codes share if PHP takes them for one number (``one_number``); null for what is no number."""
    distinct = codes.dropna().drop_duplicates()
    found = {code: _number(code) for code in distinct[distinct.str.match(rf"{BLANK}[+-]?[.\d]")]}
    return codes.map({code: repr(float(n) + 0.0) for code, n in found.items() if n is not None}).astype("str")


def one_number(left: str, right: str) -> bool:
    """Whether PHP 8 takes both for one number: ``7``, ``007``, ``7.0``, ``7e0``, `` 7``; not ``0x7`` nor ``7a``.

    Whole numbers that its integers hold are compared exactly, all others as decimal ones, and where those have lost
    what tells two whole or two endless ones apart, as texts.
    """
    one, other = _number(left), _number(right)
    if one is None or other is None:
        return False
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    if float(one) != float(other) or (_whole(left, right) and type(one) is not type(other)):
        return False
    return left == right if _whole(left, right) or math.isinf(one) else True


def _number(text: str) -> int | float | None:
    """The number that PHP reads in a text; None when the text is not one."""
    found = NUMBER.fullmatch(text)
    if found is None:
        return None
    if _whole(text) and -LARGEST - 1 <= (whole := int(text)) <= LARGEST:
        return whole
    return float(text)


def _whole(*texts: str) -> bool:
    """Whether all are written as whole numbers."""
    return all(WHOLE.fullmatch(text) for text in texts)
