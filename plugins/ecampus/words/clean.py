"""Words of others, made fit for a line of a log: nothing invisible, nothing that forges a line or turns text round."""

from __future__ import annotations

import unicodedata

UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
"""Control, format (bidirectional marks, zero-width, BOM), half a character, private and unassigned ones."""
TRUNCATED = "…"


def visible(text: object) -> str:
    """One line of what can be seen: invisible characters dropped, of white space as much as there was."""
    line = str(text)
    return line if line.isprintable() else "".join(kept for character in line if (kept := _kept(character)))


def printable(text: object) -> str:
    """The same, white space collapsed."""
    return " ".join(visible(text).split())


def shortened(text: object, width: int) -> str:
    """The first ``width`` characters that can be seen, the cut shown by ``…``."""
    line = printable(text)
    return line if len(line) <= width else line[:width].rstrip() + TRUNCATED


def quoted(text: object, width: int = 80) -> str:
    """What another system sent, shortened, between « »."""
    return f"« {shortened(text, width)} »"


def _kept(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in UNSEEN else character
