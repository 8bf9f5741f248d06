"""What Moodle and its database do to text: comparison, tags, escaping."""

import re
from functools import cache, lru_cache
from math import isinf
from pathlib import Path

TABLE = Path(__file__).resolve().parents[2] / "collation" / "utf8mb4_unicode_ci.txt"

AMPERSAND_ALONE = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]*|#\d+|#x[0-9A-Fa-f]+);)")
WHOLE = re.compile(r"[ \t\n\r\v\f]*[+-]?\d+[ \t\n\r\v\f]*", re.ASCII)
LARGEST = 2**63 - 1
NUMERIC = re.compile(r"[ \t\n\r\v\f]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[ \t\n\r\v\f]*", re.ASCII)


class _Letters(dict[int, str]):
    """Code point → the text that MariaDB takes it for; all that is beyond U+FFFF is one character."""

    def __missing__(self, letter: int) -> str:
        if letter <= 0xFFFF:
            raise KeyError(letter)
        return "\U00010000"


@cache
def _letters() -> _Letters:
    known = _Letters()
    for line in TABLE.read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            one, _, many = line.partition(":")
            text = "".join(chr(int(point, 16)) for point in one.split())
            for span in many.split():
                first, _, last = span.partition("-")
                known |= dict.fromkeys(range(int(first, 16), int(last or first, 16) + 1), text)
    return known


HTML = 1
"""The format of a text that is HTML; 0 is a text of Moodle's own, whose new lines count."""


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """The key under which MariaDB's ``utf8mb4_unicode_ci`` finds two texts equal (``include/collation``).

    Case, accents, ligatures, width and Unicode form do not count, nor do trailing spaces and what cannot be seen.
    """
    if text.isascii() and text.isprintable():
        return text.lower().rstrip(" ")
    return text.translate(_letters()).rstrip(" ")


def collate(left: str, right: str) -> int:
    """SQLite's comparison function for the collation ``moodle``."""
    a, b = fold(left), fold(right)
    return (a > b) - (a < b)


def loosely_equal(left: str, right: str) -> bool:
    """PHP 8's ``==`` on two strings: as numbers when both look like one, unless both are too large to be told apart."""
    if not (NUMERIC.fullmatch(left) and NUMERIC.fullmatch(right)):
        return left == right
    one, other = _number(left), _number(right)
    if float(one) != float(other):
        return False
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    whole = WHOLE.fullmatch(left) is not None and WHOLE.fullmatch(right) is not None
    if whole and type(one) is not type(other):
        return False
    return left == right if whole or isinf(one) else True


def _number(text: str) -> int | float:
    """A whole number that PHP's integers can hold, else a decimal one."""
    whole = int(text) if WHOLE.fullmatch(text) else LARGEST + 1
    return whole if -LARGEST - 1 <= whole <= LARGEST else float(text)


def strip_tags(text: str) -> str:
    """PHP's ``strip_tags``: a ``<`` followed by white space is kept, any other opens a tag."""
    kept: list[str] = []
    position = 0
    while (opening := text.find("<", position)) >= 0:
        if text[opening + 1 : opening + 2].isspace():
            kept.append(text[position : opening + 1])
            position = opening + 1
            continue
        kept.append(text[position:opening])
        closing = text.find(">", opening)
        if closing < 0:
            return "".join(kept)
        position = closing + 1
    return "".join([*kept, text[position:]])


def format_string(name: str) -> str:
    """A name as Moodle shows it unless ``moodlewssettingraw=1``: ``&``, ``<`` and ``>`` escaped."""
    escaped = strip_tags(AMPERSAND_ALONE.sub("&amp;", name))
    return escaped.replace("<", "&lt;").replace(">", "&gt;")


def format_text(text: str, form: int) -> str:
    """A description as Moodle shows it unless ``moodlewssettingraw=1``: always HTML, its ampersands escaped."""
    escaped = AMPERSAND_ALONE.sub("&amp;", text)
    return escaped if form == HTML else escaped.replace("\n", "<br />\n")
