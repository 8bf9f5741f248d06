"""What staff read of a rehearsal: «voilà ce que la nuit prochaine ferait avec les données de 16h00»."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ecampus.calendar import NOTHING_WRITTEN, PHASES, at, in_french, today
from ecampus.words.holding import part
from ecampus.words.progress import figure
from ecampus.words.reporting import SHOWN, computed, lines
from ecampus.words.speech import capital, counted

NOTHING = f"Répétition : {NOTHING_WRITTEN}."
INTERRUPTED = (
    "La prévision de la nuit s'est interrompue, la nuit se fait sans elle : voir le journal de « Prévoir la nuit »."
)
TEMPLATE = Path(__file__).parent / "templates" / "rehearsal.html"


def document(
    night: date,
    moment: datetime,
    frozen: str | None,
    waits: str | None,
    reports: Mapping[str, Mapping[str, Any]],
    place: str,
) -> dict[str, Any]:
    """``report.json`` of a rehearsal: night, moment, state, frozen, waits, reason, phases, report.

    ``frozen``: why the night would write nothing; ``waits``: why it would wait to be approved as a whole. ``reports``:
    ``report.json`` of each phase that was rehearsed. ``place``: where its page is.
    """
    failed = next((phase for phase, made in reports.items() if made["state"] == "failed"), None)
    return {
        "night": night.isoformat(),
        "moment": moment.isoformat(),
        "state": "failed" if failed else "success",
        "frozen": frozen,
        "waits": waits,
        "reason": f"La nuit s'arrêterait à « {PHASES[failed]} ». {reports[failed]['reason']}" if failed else None,
        "phases": dict(reports),
        "report": place,
    }


def title(made: Mapping[str, Any]) -> str:
    """«Voilà ce que la nuit du 24 novembre 2026 ferait avec les données du 23 novembre 2026 à 16h00.»"""
    night, moment = in_french(date.fromisoformat(made["night"])), datetime.fromisoformat(made["moment"])
    read = f"les données du {in_french(today(moment))} à {at(moment)}"
    if made["frozen"]:
        return f"Voilà ce que le dégel ferait avec {read} ; la nuit du {night} n'écrirait rien. {made['frozen']}"
    if made["waits"]:
        return f"Voilà ce que la nuit du {night} ferait avec {read}, une fois approuvée. {made['waits']}"
    return f"Voilà ce que la nuit du {night} ferait avec {read}."


def summary(made: Mapping[str, Any]) -> str:
    """The last lines of the log, and what ``make rehearsal`` prints. ``made``: ``report.json`` of a rehearsal."""
    found: Counter[str] = Counter()
    for report in made["phases"].values():
        found.update(report["anomalies"] or {})
    told = ", ".join(f"{code} {figure(number)}" for code, number in sorted(found.items())) or "aucune"
    phases = ([f"{name} : {line(phase, made['phases'])}", *held(phase, made)] for phase, name in PHASES.items())
    return "\n".join(
        [
            title(made),
            *([made["reason"]] if made["reason"] else []),
            *(one for lines in phases for one in lines),
            f"Anomalies : {told}.",
            f"{capital(NOTHING_WRITTEN)}.",
            f"Rapport complet : {made['report']}",
        ]
    )


def page(made: Mapping[str, Any], plans: Mapping[str, pd.DataFrame], pages: Mapping[str, str]) -> str:
    """``report.html`` of a rehearsal. ``plans``, ``pages``: by phase, its changes and where its own report is."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    sections = [
        {
            "title": PHASES[phase],
            "told": capital(line(phase, made["phases"])),
            "held": held(phase, made),
            "page": pages[phase],
            "lines": lines(plans[phase].head(SHOWN)),
            "more": max(0, len(plans[phase]) - SHOWN),
        }
        for phase in made["phases"]
    ]
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        title=title(made),
        reason=made["reason"],
        nothing=f"{capital(NOTHING_WRITTEN)}.",
        sections=sections,
        figure=figure,
    )


def line(phase: str, reports: Mapping[str, Mapping[str, Any]]) -> str:
    """What that phase would do, in one line."""
    made = reports.get(phase)
    if made is None:
        return "pas atteint."
    if made["planned"] is None:
        return "non calculé."
    waiting = f" En attente d'inscription : {figure(made['waiting'])}." if made["waiting"] else ""
    planned = f"{counted(made['planned'], planned=True)}{part(made['held'])}"
    return f"{planned}. Inchangés : {computed(made['unchanged'])}.{waiting}"


def held(phase: str, made: Mapping[str, Any]) -> list[str]:
    """What that phase would hold: the views that fell, then its questions, a sentence each."""
    report = made["phases"].get(phase, {"fallen": [], "questions": []})
    return [*report["fallen"], *report["questions"]]


def unforeseen(why: str) -> str:
    """There is no forecast of this night."""
    return f"La nuit n'a pas pu être prévue, elle se fait sans prévision. {why}"


def forecast(made: Mapping[str, Any], phase: str) -> list[str]:
    """What the phases but ``phase`` would hold tonight, what waits for an approval, what would stop the night."""
    found = [
        f"Prévision, {PHASES[other].lower()}. {told}"
        for other in made["phases"]
        if other != phase
        for told in held(other, made)
    ]
    return found + [f"Prévision. {made[why]}" for why in ("waits", "reason") if made[why]]


def forecast_made(sentences: int) -> str:
    """The log's last line."""
    if not sentences:
        return "Prévision : à cette heure, la suite de la nuit ne retiendrait rien."
    return "Prévision : ce qui précède, à cette heure ; chaque traitement le dira de nouveau à la sienne."
