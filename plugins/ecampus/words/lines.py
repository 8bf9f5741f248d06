"""A long sentence, as several lines: what happens, then what to do; the pages of logs do not always wrap."""

from __future__ import annotations

import re

WIDE = 100
ENDS = re.compile(r"(?<=[.!?…]) (?=[A-ZÀÂÇÉÈÊÎÔÛ«])|(?<= ;) ")
"""Where one sentence ends and another begins, or after a semicolon."""


def broken(text: str, wide: int = WIDE) -> str:
    """The same words; what is longer than ``wide`` goes on below, two spaces in, after a full stop, a «;», a «:»."""
    return "\n".join(_lines(line, wide) for line in text.splitlines())


def _lines(text: str, wide: int) -> str:
    if len(text) <= wide:
        return text
    parts = [piece for part in ENDS.split(text) for piece in _pieces(part, wide)]
    return "\n  ".join(parts)


def _pieces(part: str, wide: int) -> list[str]:
    """Before the advice: at the last « : », unless all that precedes it is a short title."""
    before, colon, after = part.rpartition(" : ")
    return [f"{before} :", after] if len(part) > wide and colon and len(before) > wide // 4 else [part]
