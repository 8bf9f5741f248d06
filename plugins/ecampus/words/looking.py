"""What the pages «Changements» and «Historique» say around their lines and their figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from ecampus.calendar import MONTHS, in_french
from ecampus.words.history import summed
from ecampus.words.progress import figure

NEVER = "L'historique n'a encore aucune nuit ; il s'écrit à la fin de chaque traitement, et « make history » le refait."
NEVER_MADE = "L'historique n'a pas été calculé : « make history » le fait, depuis les dossiers des nuits."
CHOOSE_TWO = "Choisir deux nuits, comme 2026-11-24."
OUTCOMES = {
    "done": "fait", "failed": "refusé", "put_off": "remis", "held": "retenu", "adopted": "adopté", "released": "rendu",
}  # fmt: skip
TONES = {"done": "good", "failed": "bad", "put_off": "held", "held": "held", "adopted": "idle", "released": "idle"}
STATES = {
    "success": ("réussie", "good"),
    "held": ("réussie, des changements retenus", "held"),
    "frozen": ("gelée, rien écrit", "idle"),
    "shown": ("à approuver, rien écrit", "held"),
    "stopped": ("arrêtée en route", "held"),
    "partial": ("incomplète : un traitement au moins n'a pas commencé", "bad"),
    "failed": ("en échec", "bad"),
    "unreadable": ("illisible : ce qu'une exécution a laissé ne peut pas être lu", "bad"),
    "missing": ("absente, au moins en partie, de l'historique : « make history » la lit", "bad"),
}
"""Of a night: what it was, and its tone."""
SUMMED = {
    "success": "réussie", "failed": "en échec", "stopped": "arrêtée en route", "partial": "incomplète",
    "shown": "à approuver", "frozen": "gelée", "unreadable": "illisible", "missing": "absente de l'historique",
}  # fmt: skip
"""How a summary counts the nights, in its order; one that held changes went well."""
SIGNS = {
    "success": "✓", "held": "r", "frozen": "g", "shown": "?", "stopped": "!", "partial": "–", "failed": "✗",
    "unreadable": "✗", "missing": "·",
}  # fmt: skip
LIMITS = {
    "archive_course": "cours archivés",
    "rename_course": "cours renommés ou déplacés",
    "drop_group": "groupes supprimés ou archivés",
    "remove_row": "inscriptions retirées",
    "remove_group_member": "membres de groupes retirés",
    "remove_cohort_member": "membres de cohortes retirés",
    "suspend_account": "comptes suspendus",
    "rename_account": "comptes renommés",
    "delete_category": "catégories supprimées",
    "create_course": "cours créés",
    "create_group": "groupes créés",
}
"""The breakers that a plot shows."""
NO_LIMIT = "La limite des créations ne compte que ce que REFER avait déjà avant : elle n'est pas tracée ici."


def lacking(untold: Sequence[str], known: bool) -> str:
    """What the history has not, nights of the store in their order; nothing when it has all.

    ``known``: whether it has anything at all.
    """
    if not untold:
        return ""
    if not known:
        return NEVER_MADE
    first, last = (in_french(date.fromisoformat(night)) for night in (untold[0], untold[-1]))
    if len(untold) == 1:
        return f"L'historique n'a pas tout de la nuit du {first} : « make history » la lit."
    return f"L'historique n'a pas tout de {figure(len(untold))} nuits, du {first} au {last} : « make history » les lit."


def title(night: str, of: str) -> str:
    """«Changements de la nuit du 24 novembre 2026», «Changements de L1CAS101, toutes les nuits»."""
    when = f"la nuit du {in_french(date.fromisoformat(night))}" if night else "toutes les nuits"
    if not of:
        return f"Changements de {when}"
    return f"Changements de {of}, {when}"


def under(total: int, totals: Sequence[Any]) -> str:
    """«2 lignes. Fait : 3 cours archivés, 92 personnes gardées.»"""
    if not total:
        return "Aucun changement."
    return f"{figure(total)} {'lignes' if total > 1 else 'ligne'}. Fait : {summed(totals)}."


def compared(one: str, other: str) -> str:
    """«Nuits du 24 et du 25 novembre 2026», whatever their months."""
    return f"Nuits du {in_french(date.fromisoformat(one))} et du {in_french(date.fromisoformat(other))}"


def nothing(night: str) -> str:
    """Nothing is known of this night."""
    which = in_french(date.fromisoformat(night))
    return f"Rien n'est gardé de la nuit du {which} : elle n'a pas tourné, ou aucun de ses traitements n'a encore fini."


def night(told: Any) -> str:
    """«24 novembre 2026 : réussie, 227 changements, finie à 05h12»."""
    said = [STATES[told.state][0]]
    if told.done:
        said.append(f"{figure(told.done)} {'changements' if told.done > 1 else 'changement'}")
    if told.minutes is not None:
        said.append(f"finie à {hour(told.minutes)}")
    return f"{in_french(date.fromisoformat(told.night))} : {', '.join(said)}"


def hour(minutes: int) -> str:
    """«05h12»; «02h00 le lendemain» after midnight."""
    days, rest = divmod(minutes, 24 * 60)
    later = {0: "", 1: " le lendemain"}.get(days, f" {days} jours après")
    return f"{rest // 60:02}h{rest % 60:02}{later}"


def more(number: int | None) -> str:
    """«+3», «-2»; «–» where there is nothing to compare with."""
    return "–" if number is None else f"{'+' if number > 0 else ''}{figure(number)}"


def month(text: str) -> str:
    """«novembre 2026» of «2026-11»."""
    return f"{MONTHS[int(text[5:]) - 1]} {text[:4]}"


def summary(nights: Sequence[Any]) -> str:
    """«400 nuits : 391 réussies, 6 en échec, 3 gelées ; 4 finies après 06h00.»; each night is counted."""
    told = f"{figure(len(nights))} {'nuits' if len(nights) > 1 else 'nuit'}"
    found = Counter("success" if n.state == "held" else n.state for n in nights)
    parts = [_agreed(found["success"], SUMMED["success"])]
    parts += [_agreed(found[state], word) for state, word in SUMMED.items() if state != "success" and found[state]]
    late = sum(n.late for n in nights)
    after = f" ; {figure(late)} {'finies' if late > 1 else 'finie'} après 06h00" if late else ""
    return f"{told} : {', '.join(parts)}{after}."


def _agreed(number: int, word: str) -> str:
    """«3 arrêtées en route», «6 en échec»."""
    first, _, rest = word.partition(" ")
    agrees = number > 1 and first.endswith("e")
    return f"{figure(number)} {first}{'s' if agrees else ''}{f' {rest}' if rest else ''}"
