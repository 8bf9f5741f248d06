"""What staff read of a phase: the summary of its log, ``report.json`` and ``report.html``."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from ecampus.calendar import PHASES, in_french
from ecampus.changes import plan
from ecampus.kinds import OBJECTS
from ecampus.night.taking import Taken
from ecampus.store.files import Run
from ecampus.words import anomalies
from ecampus.words.progress import figure
from ecampus.words.speech import counted, sentence

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


def written(entries: pd.DataFrame) -> str:
    """The log's last line of ``apply``."""
    done = entries[entries["outcome"] == "done"]
    failed, put_off = ((entries["outcome"] == outcome).sum() for outcome in ("failed", "put_off"))
    parts = [f"Écrit : {counted(plan.counts(done))}."]
    if failed:
        parts.append(f"Refusés par ecampus : {figure(int(failed))}.")
    if put_off:
        parts.append(f"Remis à une autre nuit : {figure(int(put_off))}.")
    return " ".join(parts)


def verified(done: int, missing: int) -> str:
    """The log's last line of ``verify``."""
    if not missing:
        return f"Vérifié : les {figure(done)} changements se voient sur ecampus."
    return (
        f"Vérifié : {figure(done - missing)} changements se voient sur ecampus ; ne se voient pas, listés dans le"
        f" rapport : {figure(missing)}."
    )


def taken(found: Taken) -> str:
    """What Moodle took of the enrolment table."""
    told = f"Inscriptions prises par ecampus : {figure(found.taken)}"
    if len(found.not_taken):
        told += f" ; pas encore prises, gardées et revérifiées la nuit prochaine : {figure(len(found.not_taken))}"
    if len(found.not_removed):
        told += f" ; retraits pas encore faits, revérifiés la nuit prochaine : {figure(len(found.not_removed))}"
    if found.unverifiable:
        told += f" ; retraits invérifiables, cachés par une autre inscription : {figure(found.unverifiable)}"
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


def document(
    run: Run,
    state: str,
    reason: str | None,
    known: dict[str, Any],
    entries: pd.DataFrame,
    notes: pd.DataFrame,
    contact: tuple[str, str | None],
) -> dict[str, Any]:
    """``report.json``. ``known``: ``plan.json``, empty when the phase did not get that far."""
    return {
        "phase": run.phase,
        "night": run.night.isoformat(),
        "state": state,
        "reason": reason,
        "replay": run.replay,
        "read": sum(known.get("read", {}).values()),
        "unchanged": sum(known.get("unchanged", {}).values()),
        "planned": known.get("counts", {}),
        "counts": plan.counts(entries[entries["outcome"] == "done"]),
        "failed": int((entries["outcome"] == "failed").sum()),
        "put_off": int((entries["outcome"] == "put_off").sum()),
        "waiting": known.get("waiting", 0),
        "anomalies": {str(code): int(n) for code, n in notes["code"].value_counts().items()},
        "contact": contact[0],
        "contact_link": contact[1],
        "report": str(run.folder / "report.html"),
    }


def summary(made: dict[str, Any]) -> str:
    """The last lines of the phase's log."""
    title = PHASES[made["phase"]]
    night = in_french(pd.Timestamp(made["night"]).date())
    lines = [f"{title}, nuit du {night} : {'réussi' if made['state'] == 'success' else 'échec'}."]
    if made["reason"]:
        lines.append(made["reason"])
    lines.append(f"Lus : {figure(made['read'])}. Inchangés : {figure(made['unchanged'])}.")
    if made["counts"] or not made["planned"]:
        lines.append(f"Écrit : {counted(made['counts'])}.")
    else:
        lines.append(f"Rien n'a été écrit ; à faire : {counted(made['planned'], planned=True)}.")
    if made["failed"]:
        lines.append(f"Refusés par ecampus : {figure(made['failed'])}.")
    if made["waiting"]:
        lines.append(f"En attente d'inscription avant d'entrer dans leur groupe : {figure(made['waiting'])}.")
    told = ", ".join(f"{code} {figure(n)}" for code, n in made["anomalies"].items())
    lines += [f"Anomalies : {told or 'aucune'}.", f"Rapport complet : {made['report']}"]
    return "\n".join(lines)


def page(made: dict[str, Any], changes: pd.DataFrame, notes: pd.DataFrame, waiting: pd.DataFrame) -> str:
    """``report.html``: what was done or would be, the anomalies by trap, who waits. Codes, no names of people."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        made=SimpleNamespace(**made),
        title=PHASES[made["phase"]],
        night=in_french(pd.Timestamp(made["night"]).date()),
        written=counted(made["counts"]),
        planned=counted(made["planned"], planned=True),
        lines=lines(changes.head(SHOWN)),
        more=max(0, len(changes) - SHOWN),
        notes=[note | kind for note, kind in zip(notes.to_dict("records"), _kinds(notes), strict=True)],
        waiting=waiting.to_dict("records"),
        figure=figure,
    )


def lines(changes: pd.DataFrame) -> list[dict[str, str]]:
    """Each change as a sentence, with what became of it."""
    words = {"done": "fait", "failed": "refusé", "put_off": "remis"}
    outcomes = changes["outcome"].map(words) if "outcome" in changes else pd.Series("prévu", index=changes.index)
    messages = changes["message"] if "message" in changes else pd.Series("", index=changes.index)
    return [
        {"outcome": outcome, "text": sentence(row, planned=outcome != "fait"), "message": message or ""}
        for outcome, message, row in zip(outcomes, messages, changes.itertuples(), strict=True)
    ]


def _kinds(notes: pd.DataFrame) -> list[dict[str, Any]]:
    kinds = [anomalies.CATALOGUE[code] for code in notes["code"]]
    return [{"traps": ", ".join(map(str, kind.traps)), "where": kind.where} for kind in kinds]
