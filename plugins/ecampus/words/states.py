"""How a phase ended, in a word or two: the one place that names it, for every page, report, log and mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecampus.calendar import TOO_LATE
from ecampus.words.passages import TITLES
from ecampus.words.progress import figure

NOT_COMPUTED = "non calculé"
FAILED = "échec"
SUCCESS = "réussi"
NOTHING = "rien écrit"
BEGINNINGS = {
    "Gel": "gelé",
    "Répétition": "répétition",
    "Une exécution de rattrapage": "à blanc",
    **dict.fromkeys(TITLES.values(), "à approuver"),
}
"""How the sentences begin that say why nothing was written, and what such a phase is."""


def state_of(report: Mapping[str, Any] | None) -> str:
    """«réussi», «réussi, 12 retenus», «gelé», «gelé en route», «à approuver», «rejoué», «échec», «non calculé»…

    ``report``: ``report.json`` of the phase (``state``, ``reason``, ``replay``, ``held``), null when there is none: the
    night did not get that far. A task that ends well says nothing of that: a frozen phase is not «réussi».
    """
    if report is None:
        return NOT_COMPUTED
    reason = report["reason"] or ""
    match report["state"]:
        case "failed":
            return FAILED
        case "stopped":
            return f"{_nothing(reason)} en route" if reason.startswith("Gel") else "arrêté en route"
    if report.get("replay"):
        return "rejoué"
    if reason:
        return _nothing(reason)
    return f"{SUCCESS}, {held(report['held'])}" if report["held"] else SUCCESS


def held(number: int) -> str:
    """«1 retenu», «12 retenus»."""
    return f"{figure(number)} {'retenus' if number > 1 else 'retenu'}"


def _nothing(reason: str) -> str:
    if TOO_LATE in reason:
        return "trop tard"
    return next((state for beginning, state in BEGINNINGS.items() if reason.startswith(beginning)), NOTHING)
