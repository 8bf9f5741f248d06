"""«Retenus»: how many questions wait, who decided what."""

from __future__ import annotations

from datetime import UTC, datetime

from ecampus.calendar import PHASES, at, in_french, today
from ecampus.words import holding, names
from ecampus.words.clean import shortened
from ecampus.words.progress import figure

ANSWERS = {"approved": "Approuvé", "refused": "Refusé", "undone": "Annulé", "asked": "Demandé"}
WHO_MAY = holding.WHO_MAY
UNANSWERED = "Sans réponse à 20h00, la question est posée à nouveau le lendemain matin ; d'ici là, rien n'est fait."
DECIDE = "Décider"
ASKS = names.dag("ecampus_approve")
OPEN = f"Ouvrir {ASKS}"
NOTED = "Quelqu'un a répondu dans Airflow : la réponse est en train d'être notée."
SOON = f"{ASKS} est au travail dans Airflow : recharger la page dans un instant."
AFTERWARDS = f"Airflow ne la pose pas en ce moment : {ASKS} y attend d'autres réponses, et la posera la fois suivante."
AT_ITS_HOUR = f"Airflow ne la pose pas en ce moment : {ASKS} la posera à son heure, ou dès que quelqu'un le lance."
PAUSED = f"Airflow ne la pose pas : {ASKS} y est en pause ; retirer la pause, puis le lancer."


def may_not(contact: str) -> str:
    """To an account that sees the question and may not answer it."""
    return f"Votre compte ne permet pas de répondre : le demander à qui le peut ({contact})."


def waiting(questions: int) -> str:
    """«3 questions attendent une réponse.»"""
    return holding.waiting(questions)


def since(night: str) -> str:
    """«depuis la nuit du 24 novembre 2026»."""
    return holding.dated(night)


def answered(moment: int) -> str:
    """«le 25 novembre 2026 à 08h12». ``moment``: milliseconds since 1970."""
    then = datetime.fromtimestamp(moment / 1000, UTC)
    return f"le {in_french(today(then))} à {at(then)}"


def about(phase: str, question: str, units: int) -> str:
    """«Offre de formation : 12 changements (archive_course/UFR3)»."""
    undoes, _, name = phase.rpartition("/")
    label = PHASES.get(name, name)
    changes = f"{figure(units)} changement{'s' if units > 1 else ''}"
    return f"{'Annulation, ' if undoes else ''}{label} : {changes} ({shortened(question, 80)})"


def word(state: str) -> str:
    """«Approuvé»."""
    return ANSWERS.get(state, state)
