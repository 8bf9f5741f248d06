"""What staff read of a phase: the summary of its log, ``report.json`` and ``report.html``."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from ecampus.calendar import NOTHING_WRITTEN, PHASES, in_french
from ecampus.kinds import OBJECTS
from ecampus.words import anomalies
from ecampus.words.holding import part
from ecampus.words.progress import figure
from ecampus.words.speech import capital, counted, sentence
from ecampus.words.states import state_of

SHOWN = 2000
"""Changes listed in a report; the plan and the journal of the run hold them all."""
TEMPLATE = Path(__file__).parent / "templates" / "report.html"


def planned(counts: dict[str, dict[str, int]], unchanged: dict[str, int]) -> str:
    """The log's last line of ``diff``."""
    same = ", ".join(
        f"{figure(number)} {OBJECTS[kind].nouns if number > 1 else OBJECTS[kind].noun}"
        for kind, number in unchanged.items()
    )
    return f"Plan : {counted(counts, planned=True)}. Inchangés : {same or 'rien'}."


def written(counts: dict[str, dict[str, int]], failed: int, put_off: int) -> str:
    """The log's last line of ``apply``."""
    parts = [f"Écrit : {counted(counts)}."]
    if failed:
        parts.append(f"Refusés par ecampus : {figure(failed)}.")
    if put_off:
        parts.append(f"Remis à une autre nuit : {figure(put_off)}.")
    return " ".join(parts)


def stopped(word: str, done: int, reason: str) -> str:
    """«Gelé après 50 changements. Gel … : plus rien n'est écrit…», for an ``apply`` that had begun to write."""
    changes = f"{figure(done)} {'changements' if done > 1 else 'changement'}"
    return f"{word} après {changes}. {reason.replace(NOTHING_WRITTEN, f'plus {NOTHING_WRITTEN}')}"


def verified(done: int, missing: int) -> str:
    """The log's last line of ``verify``."""
    if not missing:
        return f"Vérifié : les {figure(done)} changements se voient sur ecampus."
    return (
        f"Vérifié : {figure(done - missing)} changements se voient sur ecampus ; ne se voient pas, listés dans le"
        f" rapport : {figure(missing)}."
    )


def taken(taken: int, not_taken: int, not_removed: int, unverifiable: int) -> str:
    """What Moodle took of the enrolment table."""
    told = f"Inscriptions prises par ecampus : {figure(taken)}"
    if not_taken:
        told += f" ; pas encore prises, gardées et revérifiées la nuit prochaine : {figure(not_taken)}"
    if not_removed:
        told += f" ; retraits pas encore faits, revérifiés la nuit prochaine : {figure(not_removed)}"
    if unverifiable:
        told += f" ; retraits invérifiables, cachés par une autre inscription : {figure(unverifiable)}"
    return told + "."


def refusals(entries: pd.DataFrame) -> pd.DataFrame:
    """REFUS_MOODLE: each change that Moodle refused, with its words."""
    failed = entries[entries["outcome"] == "failed"]
    actions = [sentence(row, planned=True) for row in failed.itertuples()]
    rows = failed.assign(action=actions, composante=failed["scope"])
    return anomalies.notes("REFUS_MOODLE", rows, ["object", "verb", "key"])


def told_of(code: str, rows: pd.DataFrame) -> pd.DataFrame:
    """NON_PRIS and RETRAIT_NON_FAIT of rows of the enrolment table, NON_VU and APPARTENANCE_DOUTEUSE of changes."""
    if "course_idnumber" in rows:
        return anomalies.notes(code, rows.assign(key=rows["course_idnumber"]), list(rows.columns))
    actions = [sentence(row) for row in rows.itertuples()]
    return anomalies.notes(code, rows.assign(action=actions, composante=rows["scope"]), ["object", "verb", "key"])


def computed(number: int | None, otherwise: str = "non calculés") -> str:
    """The figure, or that the phase did not get as far as computing it; never 0 for that."""
    return otherwise if number is None else figure(number)


def summary(made: dict[str, Any]) -> str:
    """The last lines of the phase's log. ``made``: ``report.json``; null stands for what was not computed."""
    lines = [f"{_title(made)}, nuit du {_night(made)} : {state_of(made)}."]
    if made["reason"]:
        lines.append(made["reason"])
    lines.append(f"Lus : {computed(made['read'])}. Inchangés : {computed(made['unchanged'])}.")
    if made["counts"] or not made["planned"]:
        lines.append(f"Écrit : {counted(made['counts'])}.")
    else:
        lines.append(f"Rien n'a été écrit ; à faire : {counted(made['planned'], planned=True)}{part(made['held'])}.")
    if made["left"]:
        lines.append(f"Reste à faire : {counted(made['left'], planned=True)}.")
    if made["failed"]:
        lines.append(f"Refusés par ecampus : {figure(made['failed'])}.")
    lines += [*made["fallen"], *made["questions"], *made.get("lost", []), *made.get("forecast", [])]
    if made["waiting"]:
        lines.append(f"En attente d'inscription avant d'entrer dans leur groupe : {figure(made['waiting'])}.")
    lines += [f"Anomalies : {_told(made['anomalies'])}.", f"Rapport complet : {made['report'] or 'non écrit'}"]
    return "\n".join(lines)


def page(made: dict[str, Any], changes: pd.DataFrame, notes: pd.DataFrame, waiting: pd.DataFrame) -> str:
    """``report.html``: what was done or would be, the anomalies by trap, who waits. Codes, no names of people."""
    shown = changes[~_followed(changes)]
    return _template().render(
        made=SimpleNamespace(**({"lost": [], "forecast": []} | made)),
        state=capital(state_of(made)),
        title=_title(made),
        night=_night(made),
        written=counted(made["counts"]),
        planned="non calculé" if made["planned"] is None else counted(made["planned"], planned=True),
        left=counted(made["left"], planned=True) if made["left"] else "",
        lines=lines(shown.head(SHOWN)),
        more=max(0, len(shown) - SHOWN),
        notes=[note | kind for note, kind in zip(notes.to_dict("records"), _kinds(notes), strict=True)],
        waiting=waiting.to_dict("records"),
        computed=computed,
        figure=figure,
    )


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8"))


def lines(changes: pd.DataFrame) -> list[dict[str, str]]:
    """Each change as a sentence, with what became of it."""
    words = {"done": "fait", "failed": "refusé", "put_off": "remis", "left": "reste à faire", "held": "retenu"}
    planned = changes["held"].notna().map({True: "retenu", False: "prévu"})
    outcomes = changes["outcome"].map(words) if "outcome" in changes else planned
    messages = changes["message"] if "message" in changes else pd.Series("", index=changes.index)
    return [
        {"outcome": outcome, "text": sentence(row, planned=outcome != "fait"), "message": message or ""}
        for outcome, message, row in zip(outcomes, messages, changes.itertuples(), strict=True)
    ]


def _followed(changes: pd.DataFrame) -> pd.Series:
    """Rows of an old code or login whose copies are told as kept."""
    kept = changes.loc[changes["verb"] == "copy_key", "unit"]
    return (changes["verb"] == "drop_key") & changes["unit"].isin(kept)


def _kinds(notes: pd.DataFrame) -> list[dict[str, Any]]:
    kinds = [anomalies.CATALOGUE[code] for code in notes["code"]]
    return [{"traps": ", ".join(map(str, kind.traps)), "where": kind.where} for kind in kinds]


def _title(made: dict[str, Any]) -> str:
    """«Offre de formation», «Offre de formation, annulation de la nuit du 24 novembre 2026»."""
    undoes = made.get("undoes")
    of_night = f", annulation de la nuit du {in_french(date.fromisoformat(undoes))}" if undoes else ""
    return f"{PHASES[made['phase']]}{of_night}"


def _night(made: dict[str, Any]) -> str:
    return in_french(date.fromisoformat(made["night"]))


def _told(anomalies: dict[str, int] | None) -> str:
    if anomalies is None:
        return "non calculées"
    return ", ".join(f"{code} {figure(n)}" for code, n in anomalies.items()) or "aucune"
