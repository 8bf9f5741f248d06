"""The summary that ``make night`` prints: French, from the ``report.json`` of each phase; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ecampus.calendar import PHASES, in_french
from ecampus.kinds import KINDS
from ecampus.words import names
from ecampus.words.progress import figure
from ecampus.words.reporting import computed
from ecampus.words.speech import folded
from ecampus.words.states import SUCCESS, held, state_of

TRAPS = {
    1: "Piège 1 (Apogée, groupe)",
    2: "Piège 2 (Apogée, statut à distance)",
    3: "Piège 3 (Apogée, porteur / porté)",
    4: "Piège 4 (ADE)",
    5: "Piège 5 (ecampus, cours caché)",
    0: "Autres",
}
TALLIES = list(dict.fromkeys(kind.tally for kind in KINDS.values()))
WIDTH = max(len(label) for label in PHASES.values())


def summary(night: date, reports: Mapping[str, Mapping[str, Any]], traps: Mapping[str, Sequence[int]]) -> str:
    """What the night did, phase by phase, then the anomalies by trap, then where the full reports are.

    ``reports``: ``report.json`` by phase (state, reason, read, unchanged, failed, counts, planned, anomalies, report);
    a phase without one did not get that far; null stands for what was not computed. ``traps``: the traps each code of
    anomaly belongs to.
    """
    states = {name: state_of(reports.get(name)) for name in PHASES}
    wide = max(len(state) for state in (*states.values(), SUCCESS))
    lines = [_phase(name, f"{states[name]:<{wide}}", reports.get(name)) for name in PHASES]
    parts = [_title(night, reports, states), "", *lines]
    found: Counter[str] = Counter()
    for phase in reports.values():
        found.update(phase["anomalies"] or {})
    unknown = [name for name in PHASES if reports.get(name, {}).get("anomalies") is None]
    if waiting := [told for report in reports.values() for told in (*report["fallen"], *report["questions"])]:
        parts += ["", "En attente d'une décision", *(f"  {told}" for told in waiting)]
    parts += ["", "Anomalies", *_anomalies(found, traps, unknown)]
    parts += [
        "",
        "Rapports complets",
        *(f"  {PHASES[n]:<{WIDTH}}  {r['report']}" for n, r in reports.items()),
    ]
    return "\n".join(parts)


def succeeded(reports: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether none of the five phases failed; one that a freeze stopped on its way did not."""
    return all(reports.get(name, {}).get("state", "failed") != "failed" for name in PHASES)


def _title(night: date, reports: Mapping[str, Mapping[str, Any]], states: Mapping[str, str]) -> str:
    subject = f"Nuit du {in_french(night)}"
    failed = [name for name in PHASES if reports.get(name, {}).get("state", "failed") == "failed"]
    if failed:
        return f"{subject} : en échec : {_named(failed)}."
    kinds = {state: [name for name in PHASES if states[name] == state] for state in states.values()}
    others = {state: names for state, names in kinds.items() if not state.startswith(SUCCESS)}
    if not others:
        return f"{subject} : les cinq traitements ont réussi."
    if len(kinds) == 1:
        return f"{subject} : {states['users']}, pour les cinq traitements."
    return f"{subject} : aucun échec ; {' ; '.join(f'{state} : {_named(names)}' for state, names in others.items())}."


def _named(phases: Sequence[str]) -> str:
    return ", ".join(f"« {PHASES[name]} »" for name in phases)


def _phase(name: str, state: str, report: Mapping[str, Any] | None) -> str:
    label = f"  {PHASES[name]:<{WIDTH}}  "
    if report is None:
        return f"{label}{state}    aucun rapport : voir les journaux de {names.dag(f'ecampus_{name}')} dans Airflow"
    figures = [
        f"lus {computed(report['read'])}",
        f"inchangés {computed(report['unchanged'])}",
        _written(report),
        f"en échec {figure(report['failed'])}",
    ]
    if left := _verbs(report["left"]):
        figures.append(f"reste à faire : {left}")
    if report["held"] and held(report["held"]) not in state:
        figures.append(f"retenus {figure(report['held'])}")
    line = f"{label}{state}    {', '.join(figures)}"
    return f"{line}\n{' ' * len(label)}{report['reason']}" if report["reason"] else line


def _written(report: Mapping[str, Any]) -> str:
    done, planned = _verbs(report["counts"]), _verbs(report["planned"] or {})
    if done or not planned:
        return done or "aucune écriture"
    return f"aucune écriture (prévu : {planned})"


def _verbs(counts: Mapping[str, Mapping[str, int]]) -> str:
    total: Counter[str] = Counter()
    for object_, verbs in folded(counts).items():
        total.update({KINDS[object_, verb].tally: count for verb, count in verbs.items()})
    return ", ".join(f"{word} {figure(total[word])}" for word in TALLIES if total[word])


def _anomalies(found: Mapping[str, int], traps: Mapping[str, Sequence[int]], unknown: Sequence[str]) -> list[str]:
    """``unknown``: the phases that did not get as far as their anomalies: «aucune» would not be true without them."""
    none = "non calculées" if len(unknown) == len(PHASES) else "aucune connue" if unknown else "aucune"
    lines = []
    for trap, label in TRAPS.items():
        codes = {code: n for code, n in found.items() if (min(traps.get(code) or [0])) == trap and n}
        shown = ", ".join(f"{code} {figure(n)}" for code, n in sorted(codes.items()))
        lines.append(f"  {label} : {shown or none}")
    if unknown:
        lines.append(f"  Non calculées : {_named(unknown)}")
    return lines
