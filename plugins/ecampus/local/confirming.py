"""The last question before a command does what it showed."""

from __future__ import annotations

from ecampus.local.place import CommandImpossible

YES = ("oui", "o")
NOBODY = "Personne n'est là pour répondre : lancer la commande dans un terminal, ou confirmer par CONFIRM=1."


def agreed(question: str) -> bool:
    """Whether «oui» is answered. Raises CommandImpossible when nobody can answer: no terminal, no line to read."""
    try:
        return input(question).strip().lower() in YES
    except EOFError:
        raise CommandImpossible(f"\n{NOBODY}") from None
