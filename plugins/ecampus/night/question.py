"""What a person is asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """``digest`` names exactly what is asked; ``told``: the sentence; ``lines``: the first changes, those that
    destroy before the others, and how many more there are.

    ``phase``: of the changes, or ``passages.NIGHT``. ``options``: that which approves, that which refuses, none.
    """

    phase: str
    name: str
    units: int
    since: str
    digest: str
    told: str
    subject: str
    lines: list[str]
    options: list[str]
