"""How a night stands, phase by phase, in one sentence: for a mail and for the watchdog; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol, TypeVar

from ecampus.calendar import PHASES, at, in_french

AT = {
    "users": "aux Utilisateurs",
    "cohorts": "aux Cohortes",
    "offer": "à l'Offre de formation",
    "enrolments": "aux Inscriptions",
    "groups": "aux Groupes",
}


@dataclass(frozen=True)
class Standing:
    """How a phase stands in a night. ``run``: the folder of the run that says it, null when there is none.

    ``at``: when it ended, or began if it runs. ``reason``: why it failed or wrote nothing. ``passed_on``: it failed
    only because an earlier phase did.
    """

    phase: str
    state: Literal["absent", "running", "success", "failed"] = "absent"
    at: datetime | None = None
    reason: str | None = None
    passed_on: bool = False
    run: str | None = None


class Ended(Protocol):
    """What is asked of a phase, whoever tells it."""

    @property
    def state(self) -> str: ...
    @property
    def passed_on(self) -> bool: ...


P = TypeVar("P", bound=Ended)


def first_failed(night: Sequence[P]) -> P | None:
    """The phase that the others failed for, null when none failed."""
    failed = [phase for phase in night if phase.state == "failed"]
    return next((phase for phase in failed if not phase.passed_on), failed[0] if failed else None)


def begun(night: Sequence[Standing]) -> bool:
    """Whether anything ran."""
    return any(phase.state != "absent" for phase in night)


def ended(night: Sequence[Standing]) -> bool:
    """Whether all five succeeded, whatever they wrote."""
    return all(phase.state == "success" for phase in night)


def title(day: date, night: Sequence[Standing]) -> str:
    """«Nuit du 25 novembre 2026 : arrêtée aux Inscriptions»."""
    failed = first_failed(night)
    if failed:
        how = f"arrêtée {AT[failed.phase]}"
    elif not begun(night):
        how = "rien n'a commencé"
    elif not ended(night):
        how = "pas finie"
    else:
        how = "terminée, avec une remarque" if any(phase.reason for phase in night) else "bien terminée"
    return f"Nuit du {in_french(day)} : {how}"


def sentence(day: date, night: Sequence[Standing]) -> str:
    """The same with the hours, and why; what is not up to date."""
    failed, of_night = first_failed(night), f"la nuit du {in_french(day)}"
    if failed:
        return f"L{of_night[1:]} s'est arrêtée {AT[failed.phase]}{_at(failed)} : {_reason(failed)}{_not_done(night)}"
    if not begun(night):
        return (
            f"Rien n'a commencé {of_night} : regarder si l'ordonnanceur d'Airflow tourne, et si les cinq DAG ne sont"
            " pas en pause."
        )
    if not ended(night):
        return f"L{of_night[1:]} n'est pas finie : {', '.join(_unfinished(night))}."
    end = at(max(phase.at for phase in night if phase.at))
    reasons = list(dict.fromkeys(phase.reason for phase in night if phase.reason))
    if reasons:
        return " ".join([f"L{of_night[1:]} s'est terminée à {end}.", *reasons])
    return f"L{of_night[1:]} s'est bien terminée à {end}."


def _at(phase: Standing) -> str:
    return f" à {at(phase.at)}" if phase.at else ""


def _reason(failed: Standing) -> str:
    return failed.reason or "raison inconnue, voir le journal."


def _not_done(night: Sequence[Standing]) -> str:
    names = [PHASES[phase.phase] for phase in night if phase.state != "success"]
    return f" Pas à jour : {', '.join(names)}."


def _unfinished(night: Sequence[Standing]) -> list[str]:
    return [
        f"« {PHASES[phase.phase]} » est en cours depuis {at(phase.at)}"
        if phase.state == "running" and phase.at
        else f"« {PHASES[phase.phase]} » n'a pas commencé"
        for phase in night
        if phase.state != "success"
    ]
