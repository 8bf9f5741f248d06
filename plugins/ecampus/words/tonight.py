"""«Cette nuit»: one sentence of a night, one line a phase, three figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from ecampus.calendar import MONTHS, PHASES, at, today
from ecampus.kinds import KINDS
from ecampus.words import states
from ecampus.words.progress import duration, figure
from ecampus.words.speech import folded
from ecampus.words.standing import AT, first_failed

State = Literal["waiting", "running", "success", "stopped", "failed"]
SHOWN = 3
"""Figures of a line."""
ENDED_BY = 6
"""The hour in Paris at which a night should have ended."""
LONG = timedelta(minutes=1)
"""A wait for the phase before that is worth a word."""
UNDONE = {
    "held": "ce qui attend une décision",
    "refused": "ce qu'ecampus a refusé",
    "put_off": "ce qui est remis à une autre nuit",
}
"""What is not up to date of a phase that went to its end, by field of ``Phase``."""
NEVER = "Aucune nuit n'a encore tourné : rien n'est gardé."
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Phase:
    """What became of a phase: ``waiting`` when nothing began.

    ``writes``: whether it was to write. ``asks``: it waits to be approved as a whole. ``counts``: what was done, or,
    when nothing was to be written, what would be. ``passed_on``: it failed only because an earlier one did.
    ``waited_until``: when the phase before let it go on, null when it waited for none.
    ``held``, ``refused``, ``put_off``: changes that were not done.
    """

    name: str
    state: State = "waiting"
    began: datetime | None = None
    ended: datetime | None = None
    reason: str = ""
    writes: bool = True
    asks: bool = False
    passed_on: bool = False
    held: int = 0
    refused: int = 0
    put_off: int = 0
    counts: Counts | None = None
    waited_until: datetime | None = None

    @property
    def label(self) -> str:
        """«Offre de formation»."""
        return PHASES[self.name]


def day(night: date) -> str:
    """«1er septembre», «25 novembre»."""
    return f"{'1er' if night.day == 1 else night.day} {MONTHS[night.month - 1]}"


def headline(night: date, phases: Sequence[Phase]) -> str:
    """«La nuit du 25 novembre s'est bien terminée à 05h12.» ``phases``: the five, in their order."""
    subject = f"La nuit du {day(night)}"
    if failed := first_failed(phases):
        return f"{subject} s'est arrêtée {AT[failed.name]}{_hour(failed.ended)}."
    if running := next((phase for phase in phases if phase.state == "running"), None):
        since = f" depuis {at(running.began)}" if running.began else ""
        return f"{subject} est en cours : {running.label}{since}."
    missing = [phase.label for phase in phases if phase.state == "waiting"]
    if missing:
        return f"{subject} n'est pas finie, il reste : {', '.join(missing)}."
    if stopped := next((phase for phase in phases if phase.state == "stopped"), None):
        return f"{subject} a été arrêtée en route {AT[stopped.name]}{_hour(stopped.ended)}."
    return f"{subject} {_ended(phases)}."


def trouble(night: date, phases: Sequence[Phase]) -> str:
    """The banner of a night in which something failed; nothing of any other."""
    return headline(night, phases) if first_failed(phases) else ""


def under(phases: Sequence[Phase]) -> str:
    """What is under the headline: why it stopped and what is not up to date, or how much was done."""
    if failed := first_failed(phases):
        stale = _stale([phase for phase in phases if phase.state != "success"])
        return " ".join(part for part in (failed.reason, stale) if part)
    if stopped := next((phase for phase in phases if phase.state == "stopped"), None):
        return stopped.reason
    if not any(phase.state == "success" for phase in phases):
        return ""
    if not any(phase.state == "success" and phase.writes for phase in phases):
        return f"Rien n'a été écrit ; à faire : {_changes(_total(phases))}."
    return _written(phases)


def late(night: date, now: datetime) -> str:
    """«Rien n'a tourné depuis la nuit du 25 novembre.», once the next one should have ended; else nothing."""
    expected = today(now - timedelta(hours=ENDED_BY))
    return f"Rien n'a tourné depuis la nuit du {day(night)}." if night < expected else ""


def state(phase: Phase) -> str:
    """«réussi», «12 retenus», «gelé», «en cours», «pas commencé»…"""
    if phase.state in ("waiting", "running"):
        return "pas commencé" if phase.state == "waiting" else "en cours"
    if phase.state != "success":
        return states.FAILED if phase.state == "failed" else "arrêté"
    if not phase.writes:
        return "à approuver" if phase.asks else "gelé"
    return states.held(phase.held) if phase.held else states.SUCCESS


def tone(phase: Phase) -> str:
    """The colour that goes with the word: «good», «held», «bad», «idle»."""
    if phase.state in ("failed", "stopped"):
        return "bad"
    if phase.state != "success" or not phase.writes:
        return "held" if phase.asks else "idle"
    return "held" if phase.held else "good"


def hour(phase: Phase) -> str:
    """When it began: «04h02»; nothing before."""
    return at(phase.began) if phase.began else ""


def lasted(phase: Phase) -> str:
    """«4 min», «4 min, après 25 min d'attente»: its time at work, a long wait apart; nothing before its end."""
    if not (phase.began and phase.ended):
        return ""
    if phase.passed_on:
        return f"{_between(phase.began, phase.ended)} d'attente"
    woken = phase.waited_until or phase.began
    waited = f", après {_between(phase.began, woken)} d'attente" if woken - phase.began >= LONG else ""
    return f"{_between(woken, phase.ended)}{waited}"


def figures(phase: Phase) -> str:
    """«18 créés · 3 mis à jour · 2 suspendus», what takes away first, then the largest, then how many more."""
    if phase.counts is None:
        return "" if phase.state in ("waiting", "running") else "non calculé"
    tallies: dict[str, list[int]] = {}
    for kind, number in ((KINDS[o, v], n) for o, verbs in phase.counts.items() for v, n in verbs.items()):
        found = tallies.setdefault(kind.tally, [0, 0])
        found[0], found[1] = found[0] + number, found[1] or int(kind.destructive)
    order = sorted(tallies, key=lambda word: (-tallies[word][1], -tallies[word][0]))
    shown = [_tally(tallies[word][0], word) for word in order[:SHOWN]]
    if rest := sum(tallies[word][0] for word in order[SHOWN:]):
        shown.append(f"{figure(rest)} autre{'s' if rest > 1 else ''} changement{'s' if rest > 1 else ''}")
    told = " · ".join(shown) or "aucun changement"
    return told if phase.writes or not shown else f"prévu : {told}"


BESIDE = {"replay": "Rejouée", "undo": "Annulation", "approved": "Ce qui était approuvé", "backfill": "Rattrapage"}


def beside(what: str, phase: str, moment: datetime) -> str:
    """«Annulation, Groupes, à 09h12»: a run that is not the night's own."""
    return f"{BESIDE[what]}, {PHASES[phase]}, à {at(moment)}"


def rehearsed(name: str, moment: datetime) -> str:
    """«Prévision de la nuit, à 00h00», «Répétition, à 15h30»."""
    return f"{'Prévision de la nuit' if name.startswith('prevision-') else 'Répétition'}, à {at(moment)}"


def counted(report: Mapping[str, Any], writes: bool) -> Counts | None:
    """What the line tells of ``report.json``: what was done, or what would be where nothing was to be written."""
    found = report["counts"] if writes else report["planned"]
    return folded(found) if found is not None else None


def _between(first: datetime, last: datetime) -> str:
    return duration((last - first).total_seconds())


def _ended(phases: Sequence[Phase]) -> str:
    when = _hour(max((phase.ended for phase in phases if phase.ended), default=None))
    idle = [phase for phase in phases if not phase.writes]
    if not idle:
        return f"s'est bien terminée{when}"
    why = "elle attend d'être approuvée" if any(phase.asks for phase in idle) else "elle est gelée"
    if len(idle) == len(phases):
        return f"s'est terminée{when} sans rien écrire : {why}"
    return f"s'est terminée{when} ; sans rien écrire : {', '.join(phase.label for phase in idle)}"


def _written(phases: Sequence[Phase]) -> str:
    """«316 changements, 12 retenus. Tout est à jour sauf ce qui attend une décision.»"""
    wrote = [phase for phase in phases if phase.writes]
    undone = {name: total for name in UNDONE if (total := sum(getattr(phase, name) for phase in wrote))}
    told = [_changes(_total(wrote)).capitalize(), *(_undone(name, total) for name, total in undone.items())]
    done = f"{', '.join(told)}."
    if any(phase.state != "success" for phase in phases):
        return done
    if idle := [phase for phase in phases if not phase.writes]:
        return f"{done} {_stale(idle)}"
    return f"{done} Tout est à jour{_but([UNDONE[name] for name in undone])}."


def _stale(phases: Sequence[Phase]) -> str:
    names = [phase.label for phase in phases]
    return f"N'est pas à jour : {names[0]}." if len(names) == 1 else f"Ne sont pas à jour : {', '.join(names)}."


def _hour(moment: datetime | None) -> str:
    return f" à {at(moment)}" if moment else ""


def _tally(number: int, word: str) -> str:
    """«12 archivés», «1 archivé», «1 mis à jour»."""
    return f"{figure(number)} {word if number > 1 else word.removesuffix('s')}"


def _total(phases: Sequence[Phase]) -> int:
    """Without the rows that follow a code or a login: they are kept."""
    known = [verbs for phase in phases for verbs in (phase.counts or {}).values()]
    return sum(number for verbs in known for verb, number in verbs.items() if verb != "copy_key")


def _changes(number: int) -> str:
    return "aucun changement" if not number else f"{figure(number)} changement{'s' if number > 1 else ''}"


def _undone(name: str, number: int) -> str:
    """«12 retenus», «3 refusés», «2 remis»."""
    word = {"held": "retenu", "refused": "refusé", "put_off": "remis"}[name]
    return f"{figure(number)} {word}{'s' if number > 1 and word != 'remis' else ''}"


def _but(parts: Sequence[str]) -> str:
    """« sauf ce qui attend une décision et ce qu'ecampus a refusé»; nothing without any."""
    if not parts:
        return ""
    *first, last = parts
    return f" sauf {', '.join(first)} et {last}" if first else f" sauf {last}"
