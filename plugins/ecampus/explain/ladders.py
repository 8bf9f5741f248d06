"""The ladders of seats and of teachers (``rules/teaching``), from the ground: which of several rows tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ecampus.explain.facts import Seat, Sheet
from ecampus.rules.teaching import SEATED

SEATS = (
    "ELEMENT_GELE", "CHEZ_LE_PORTEUR", "PORTE", "CEMU_SUR_PRESENTIEL", "CODE_DOUBLE", "SANS_GROUPE", "ILLISIBLE",
    "CEMU_SANS_TELE", "COMPTE_ABSENT", "COMPTE_GELE", "COURS_EN_ATTENTE", "COURS_ABSENT", SEATED,
)  # fmt: skip
SHEETS = (
    "NON_PLANIFIE", "HORS_APOGEE", "OBSOLETE", "PORTEUR_INCONNU", "ELEMENT_GELE", "CODE_DOUBLE", "COMPTE_ABSENT",
    "COMPTE_GELE", "COURS_EN_ATTENTE", "COURS_ABSENT", SEATED,
)  # fmt: skip


def nearest(rows: Iterable[Seat | Sheet], ladder: Sequence[str]) -> Seat | Sheet | None:
    """The row that got furthest on its ladder, null of none."""
    return max(rows, key=lambda row: ladder.index(row.verdict), default=None)


def each_nearest(rows: Iterable[Seat | Sheet], ladder: Sequence[str]) -> list[tuple[str, Seat | Sheet]]:
    """The same person by person: their code, their row; in the order of the codes."""
    mine: dict[str, list[Seat | Sheet]] = {}
    for row in rows:
        mine.setdefault(row.code_etudiant if isinstance(row, Seat) else row.code_enseignant, []).append(row)
    return [(code, max(some, key=lambda row: ladder.index(row.verdict))) for code, some in sorted(mine.items())]
