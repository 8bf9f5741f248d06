"""Which real run a replay of a past night reads, without any connection."""

from __future__ import annotations

from datetime import date

from ecampus.calendar import in_french
from ecampus.errors import NightRefused, StoreUnusable
from ecampus.store import opening
from ecampus.store.files import REPLAY, Run


def archives(run: Run, undoes: date | None = None) -> list[Run]:
    """The real runs of this phase and night that read everything, the last opened last.

    ``undoes``: those that undo this night, and no other; else those that undo none.
    """
    folder = f"{run.night.isoformat()}/{run.phase}"
    runs = [Run(run.store, run.phase, run.night, n) for n in run.store.names(folder) if not n.endswith(REPLAY)]
    whole = [found for found in runs if found.files.exists("source.json") and found.files.exists("existing.json")]
    opened = {found.name: _opened(found, undoes) for found in whole}
    return sorted((found for found in whole if opened[found.name]), key=lambda found: opened[found.name])


def archived(run: Run) -> Run:
    """The real run that this replay replays. Raises NightRefused without one."""
    found = archives(run)
    if not found:
        raise NightRefused(
            f"La nuit du {in_french(run.night)} ne peut pas être rejouée : le magasin n'a pas d'archive de cette nuit"
            " pour cette phase ; choisir une nuit archivée, ou laisser la date vide pour cette nuit."
        )
    return found[-1]


def find(run: Run, part: str) -> str:
    """Say which archive a replay reads."""
    origin = archived(run)
    counted = origin.files.read_json(f"{part}.json")
    return f"Rejeu depuis l'archive {origin.name} : " + ", ".join(f"{name} {n}" for name, n in counted.items())


def _opened(run: Run, undoes: date | None) -> str:
    """When a run was opened; nothing when nobody can read what it was, for then it has no settings either."""
    try:
        known = opening.read(run)
    except StoreUnusable:
        return ""
    return known.opened_at.isoformat() if known.undoes == undoes else ""
