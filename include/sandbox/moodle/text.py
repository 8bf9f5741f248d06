"""What Moodle and its database do to text: comparison, tags, escaping."""

import re
import unicodedata
from functools import lru_cache

AMPERSAND_ALONE = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]*|#\d+|#x[0-9A-Fa-f]+);)")
NUMERIC = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")

HTML = 1
"""The format of a text that is HTML; 0 is a text of Moodle's own, whose new lines count."""


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """The key under which MariaDB's ``utf8mb4_unicode_ci`` finds two texts equal.

    Case and accents do not count, nor do trailing spaces.
    """
    if text.isascii():
        return text.lower().rstrip(" ")
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c)).rstrip(" ")


def collate(left: str, right: str) -> int:
    """SQLite's comparison function for the collation ``moodle``."""
    a, b = fold(left), fold(right)
    return (a > b) - (a < b)


def loosely_equal(left: str, right: str) -> bool:
    """PHP's ``==`` on two strings: as numbers when both look like one."""
    if NUMERIC.fullmatch(left) and NUMERIC.fullmatch(right):
        return float(left) == float(right)
    return left == right


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
