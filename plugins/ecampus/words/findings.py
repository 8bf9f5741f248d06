"""What the preflight found, as the table that staff read: ✓, or ✗ and what to do; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ecampus.words.progress import figure

GOOD, WARNING, BAD, UNSEEN = "✓", "!", "✗", "–"
NOT_LOOKED_AT = "non regardé : corriger d'abord ce qui précède"
TELL = "À savoir"


class Finding(NamedTuple):
    """``part`` of the installation and ``subject`` in it, one of the four signs, what was seen or what to do."""

    part: str
    subject: str
    sign: str
    sentence: str


def table(findings: Sequence[Finding], notes: Sequence[str] = ()) -> str:
    """A block a part, a line a subject, in the order in which they were looked at; then what is good to know."""
    width = max((len(one.subject) for one in findings), default=0)
    lines: dict[str, list[str]] = {}
    for one in findings:
        lines.setdefault(one.part, []).append(f"  {one.sign} {one.subject:<{width}}  {one.sentence}")
    blocks = ["\n".join([part, *found]) for part, found in lines.items()]
    if notes:
        blocks.append("\n".join([TELL, *(f"  {note}" for note in notes)]))
    return "\n\n".join(blocks)


def ready(findings: Sequence[Finding]) -> bool:
    """Whether nothing was found that would stop or spoil a night."""
    return not any(one.sign in (BAD, UNSEEN) for one in findings)


def verdict(findings: Sequence[Finding]) -> str:
    """One sentence: «Tout est en place : 52 points vérifiés.»"""
    bad, unseen, warnings = (_those(findings, sign) for sign in (BAD, UNSEEN, WARNING))
    more = f", {counted(warnings, 'avertissement')}" if warnings else ""
    if ready(findings):
        begin = "Rien n'empêche la nuit" if warnings else "Tout est en place"
        return f"{begin} : {counted(_those(findings, GOOD), 'point vérifié', 'points vérifiés')}{more}."
    left = f", {counted(unseen, 'point non regardé', 'points non regardés')}" if unseen else ""
    return f"{counted(bad, 'point')} à corriger avant la nuit{left}{more} : {_named(findings)}."


def _those(findings: Sequence[Finding], sign: str) -> int:
    return sum(one.sign == sign for one in findings)


def _named(findings: Sequence[Finding]) -> str:
    bad = [f"{one.part}, {one.subject}" for one in findings if one.sign == BAD]
    return " ; ".join([*bad[:5], "et d'autres"] if len(bad) > 5 else bad)


def counted(number: int, one: str, several: str | None = None) -> str:
    """«1 point», «52 points»; ``several`` where it takes more than an s."""
    return f"{figure(number)} {one if number < 2 else several or f'{one}s'}"
