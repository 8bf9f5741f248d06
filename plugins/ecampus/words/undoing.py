"""What staff read of a night that is undone: what will be, what does not come back, what stays undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from ecampus.calendar import PHASES, in_french
from ecampus.words import holding
from ecampus.words.progress import figure
from ecampus.words.reporting import computed
from ecampus.words.speech import capital, counted, sentence

SHOWN = 20
WHY = {
    "DELETED": "ce qui est supprimé ne revient pas ; une nuit le créera de nouveau, vide, si REFER le demande",
    "KEPT": "elle reste, vidée de ceux que cette nuit y a mis : des espaces faits à la main peuvent s'en servir",
    "OCCUPIED": "elle reste, car elle n'est pas vide",
    "GONE": "il n'est plus à ecampus, n'est plus là, ou son espace de cours est archivé",
    "CHANGED": "quelqu'un l'a changé depuis : il reste tel quel",
    "TAKEN": "son ancien nom est pris par un autre : il garde le nouveau",
    "ADDRESS": "son ancienne adresse est celle d'un autre compte : il garde la nouvelle",
    "EMPTY": "ce qu'il portait avant était vide : il garde ce qu'il a",
    "PLACE": "la catégorie d'où il vient n'est plus là, ou n'a pas de code : il reste où il est",
    "HIDDEN": "la catégorie d'où il vient est cachée et le cacherait pour de bon : il reste où il est",
    "NOBODY": "son compte ou son espace de cours n'est plus là sous ce nom",
    "RECODED": "une personne a dit que c'était le même : il garde son nouveau code",
    "NOT_ENROLLED": "il n'est pas inscrit dans l'espace de cours, Moodle ne le prendrait pas",
}
"""Why a change that was done is not turned round."""


def lost(rows: pd.DataFrame) -> list[str]:
    """«Ne revient pas : groupe supprimé : L1MAT101 / TD2 (…).» ``rows``: as ``changes.since.LOST``."""
    return [f"Ne revient pas : {_small(sentence(row))} ({WHY[row.why]})." for row in rows.itertuples()]


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def title(night: date, phases: Sequence[str]) -> str:
    """«Annuler la nuit du 24 novembre 2026 (offre de formation, groupes)»."""
    return f"Annuler la nuit du {in_french(night)} ({named(phases)})"


def named(phases: Sequence[str]) -> str:
    """«offre de formation, groupes», in the order of the night; «les cinq traitements»."""
    told = [name.lower() for phase, name in PHASES.items() if phase in phases]
    return "les cinq traitements" if len(told) == len(PHASES) else ", ".join(told)


def preview(night: date, reports: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What the undoing would do, a line a phase, then what it holds back, then what does not come back.

    ``reports``: ``report.json`` of each phase, in the order in which they are undone.
    """
    lines = [f"{title(night, list(reports))} :"]
    for phase, made in reports.items():
        if made["planned"] is None:
            lines.append(f"- {PHASES[phase]} : non calculé. {made['reason'] or ''}".rstrip())
        else:
            lines.append(f"- {PHASES[phase]} : {counted(made['planned'], planned=True)}{holding.part(made['held'])}.")
    lines += [told for made in reports.values() for told in made["questions"]]
    gone = [told for made in reports.values() for told in made["lost"]]
    lines += [*gone[:SHOWN], *([f"… et {figure(len(gone) - SHOWN)} de plus."] if len(gone) > SHOWN else [])]
    if not gone:
        lines.append("Tout ce que cette nuit a fait revient.")
    return lines


def subject(night: date, phases: Sequence[str], changes: int) -> str:
    """The question's title: «Annuler la nuit du 24 novembre 2026 (groupes) : 12 changements»."""
    return f"{title(night, phases)} : {figure(changes)} {'changements' if changes > 1 else 'changement'}"


OPTIONS = ["Annuler cette nuit", "Ne rien faire"]


def body(lines: Sequence[str], reason: str) -> str:
    """The question in Markdown."""
    who = "Seul un compte qui a le droit d'agir sur les DAG peut répondre."
    why = [f"Raison donnée : {reason}", ""] if reason else []
    return "\n".join([*why, lines[0], "", *(line if line.startswith("- ") else f"- {line}" for line in lines[1:]),
                      "", f"{STAYS} {who}"])  # fmt: skip


NOTHING_LEFT = "Il n'y a rien à défaire : plus rien n'est comme cette nuit l'avait laissé."
STAYS = "Ce qui est annulé reste annulé tant que les sources ne changent pas ou que personne ne le libère."


def done(night: date, reports: Mapping[str, Mapping[str, Any]]) -> str:
    """What was undone, a line a phase, and the way back."""
    lines = [f"Nuit du {in_french(night)} annulée ({named(list(reports))})."]
    for phase, made in reports.items():
        waits = f" Retenus : {figure(made['held'])}." if made["held"] else ""
        failed = f" En échec : {computed(made['failed'])}." if made["failed"] else ""
        lines.append(f"- {PHASES[phase]} : {counted(made['counts'])}.{failed}{waits}")
    if any(made["held"] for made in reports.values()):
        lines.append(
            f"{capital('ce qui est retenu')} attend une décision ({holding.WAY_OUT}) ; puis annuler à nouveau."
        )
    return "\n".join([*lines, f"{STAYS} Le libérer : {holding.released(night.isoformat())}."])


def nothing(night: date, phases: Sequence[str]) -> str:
    """That night did nothing, or nobody knows any more."""
    return (
        f"La nuit du {in_french(night)} n'a rien écrit ({named(phases)}), ou ses journaux ne sont plus gardés :"
        " il n'y a rien à annuler."
    )


def unknown_phases(text: str) -> str:
    """A phase that is none."""
    known = ", ".join(f"{phase} ({name.lower()})" for phase, name in PHASES.items())
    return f"« {text} » n'est pas un traitement : écrire un ou plusieurs de {known}, ou rien pour les cinq."


def not_a_night(text: str) -> str:
    """A night that is none."""
    return f"« {text} » n'est pas une nuit : l'écrire comme 2026-11-20."


def not_approved(night: date) -> str:
    """Nobody approved it, or something was done that night since."""
    return f"Personne n'a approuvé l'annulation de la nuit du {in_french(night)} telle qu'elle est : rien n'est fait."


def asked(approved: bool, night: date, who: str) -> str:
    """«Annulation de la nuit du 24 novembre 2026 approuvée par camille.»"""
    return f"Annulation de la nuit du {in_french(night)} {'approuvée' if approved else 'refusée'} par {who}."


def released(night: date, units: int, who: str) -> str:
    """«12 changements libérés par camille : …»"""
    if not units:
        return f"Rien de la nuit du {in_french(night)} n'est annulé : il n'y a rien à libérer."
    many, them = ("changements libérés", "les") if units > 1 else ("changement libéré", "le")
    return (
        f"{figure(units)} {many} par {who} : la nuit prochaine {them} refait si les sources {them} demandent encore, ou"
        " tout de suite si l'on relance les traitements."
    )


def stays(night: str, phases: Mapping[str, int]) -> str:
    """«La nuit du 24 novembre 2026 : offre de formation 3, groupes 12. Pour le refaire : …»"""
    told = ", ".join(f"{PHASES[phase].lower()} {figure(phases[phase])}" for phase in PHASES if phase in phases)
    return f"Nuit du {in_french(date.fromisoformat(night))} : {told}. Pour les refaire : {holding.released(night)}."
