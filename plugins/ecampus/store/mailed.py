"""What was mailed already, so that a retry or a run that is cleared sends nothing twice; no person is in it.

    mail/night.json        the platform: the night, and a digest of each mail it was sent for it
    mail/composantes.json  by composante: the night of its last mail, and of the anomalies that it told of each phase

It is in the store and not in the register: that the register cannot be reached is one of the things to mail.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from ecampus.errors import StoreUnusable
from ecampus.store.files import Store

LOG = logging.getLogger("ecampus")
FOLDER = "mail"
NIGHT, COMPOSANTES = f"{FOLDER}/night.json", f"{FOLDER}/composantes.json"


def is_told(store: Store, night: date, told: str) -> bool:
    """Whether the platform was sent ``told`` for this night; a store that cannot be read says no: rather twice."""
    return _digest(told) in _of_night(store, night)


def tell(store: Store, night: date, told: str) -> None:
    """The platform was sent ``told``. Raises StoreUnusable."""
    known = _of_night(store, night)
    store.write_json(NIGHT, {"night": night.isoformat(), "told": sorted({*known, _digest(told)})})


def composantes(store: Store) -> dict[str, dict[str, Any]]:
    """By composante ``night`` and ``phases``, as ``told_to`` left them."""
    found = _read(store, COMPOSANTES)
    return found if isinstance(found, dict) else {}


def told_to(store: Store, composante: str, night: date, phases: Mapping[str, str]) -> None:
    """This composante was sent its mail. ``phases``: of which night the anomalies are that it tells, by phase."""
    known = composantes(store) | {composante: {"night": night.isoformat(), "phases": dict(phases)}}
    store.write_json(COMPOSANTES, known)


def _of_night(store: Store, night: date) -> list[str]:
    found = _read(store, NIGHT)
    return list(found["told"]) if isinstance(found, dict) and found.get("night") == night.isoformat() else []


def _read(store: Store, name: str) -> Any:
    try:
        return store.read_json(name) if store.exists(name) else None
    except StoreUnusable as unreadable:
        LOG.warning("%s", unreadable)
        return None


def _digest(told: str) -> str:
    return hashlib.sha256(told.encode()).hexdigest()[:16]
