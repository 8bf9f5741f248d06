"""The spaces of French at which no line breaks, in a page that is made; pure."""

from __future__ import annotations

import re

NO_BREAK = "\u00a0"
AS_TYPED = r"(?P<as_typed><(pre|code|textarea)\b.*?</\2>)"
"""A command, or a text to copy: whoever pastes it wants the spaces of the keyboard."""
SPACE = re.compile(rf"{AS_TYPED}|(?<=«) | (?=[»:;?!])|(?<=\d) (?=%|\d{{3}}(?!\d))", re.DOTALL)


def spaced(html: str) -> str:
    """The same page, with U+00A0 before high punctuation, within «», in figures and before their per cent."""
    return SPACE.sub(lambda found: found["as_typed"] or NO_BREAK, html)
