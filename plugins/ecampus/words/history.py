"""A change of the history as a person would tell it, with those that followed folded into it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ecampus.kinds import KINDS, OBJECTS
from ecampus.words.clean import printable
from ecampus.words.progress import figure
from ecampus.words.speech import agreed, capital, detail, fields, numbered, sentence, subject

DECIDED = {"adopted": "adopté", "released": "rendu"}
"""What a person decided of an object that is none of what a night does."""


def told(change: Any) -> str:
    """«Cours archivé : L3INF202 - réseaux (devient ex_L3INF202), 92 personnes gardées»."""
    if change.outcome in DECIDED:
        what = OBJECTS[change.object]
        verb = agreed(DECIDED[change.outcome], what.feminine)
        return printable(f"{capital(what.noun)} {verb} : {subject(change)}")
    return sentence(change, planned=change.outcome != "done") + kept(change.object, change.kept)


def lived(change: Any) -> str:
    """One moment of the life of a course: «archivé (devient ex_L3INF202), 92 personnes gardées»."""
    words = DECIDED.get(change.outcome) or {"restore": "revenu"}.get(change.verb) or KINDS["course", change.verb].done
    more = "" if change.outcome in DECIDED else detail(change, fields(change.before), fields(change.after))
    return printable(f"{words}{more}{kept('course', change.kept)}")


def kept(object_: str, number: int | None) -> str:
    """What followed the key: people in a course, courses of an account."""
    if not number:
        return ""
    if object_ == "account":
        return f", {figure(number)} {'inscriptions gardées' if number > 1 else 'inscription gardée'}"
    return f", {figure(number)} {'personnes gardées' if number > 1 else 'personne gardée'}"


def of_total(total: Any) -> str:
    """«3 cours archivés, 92 personnes gardées», «12 cours à archiver»."""
    planned = total.outcome in ("failed", "put_off", "held")
    return numbered(total.object, total.verb, total.number, planned) + kept(total.object, total.kept)


def summed(totals: Iterable[Any]) -> str:
    """«3 cours archivés, 92 personnes gardées ; 12 groupes créés» of what was done; «aucun changement» without any."""
    return " ; ".join(of_total(total) for total in totals if total.outcome == "done") or "aucun changement"


def made_anew(runs: int) -> str:
    """What ``make history`` did."""
    if not runs:
        return "Historique refait : le magasin n'a aucune exécution terminée."
    return f"Historique refait : {figure(runs)} {'exécutions' if runs > 1 else 'exécution'}."


def at_work(phase: str, run: str) -> str:
    """Why the history is not made anew while a run may write it."""
    return (
        f"L'historique n'est pas refait : « {phase} » est en cours (exécution {run}) ; attendre sa fin, puis relancer."
    )
