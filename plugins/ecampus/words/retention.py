"""What the log says of the nights that are kept no longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ecampus.calendar import in_french
from ecampus.words.progress import figure


def pruned(files: int, batches: int, extracts: date, reports: date, waiting: Sequence[date]) -> str:
    """``extracts``, ``reports``: the oldest night of which they are kept. ``waiting``: nights left to another day."""
    gone = [
        f"{figure(files)} {'fichiers effacés' if files > 1 else 'fichier effacé'} du magasin" if files else "",
        f"{figure(batches)} {'écritures oubliées' if batches > 1 else 'écriture oubliée'} par le registre"
        if batches
        else "",
    ]
    told = ", ".join(part for part in gone if part) or "rien à effacer"
    later = f" Laissé à demain, car quelqu'un vient de le rejouer : {', '.join(map(in_french, waiting))}."
    return (
        f"Rétention : {told}. Sont gardés les extraits et les verdicts depuis le {in_french(extracts)}, les plans, les"
        f" journaux et les rapports depuis le {in_french(reports)}.{later if waiting else ''}"
    )
