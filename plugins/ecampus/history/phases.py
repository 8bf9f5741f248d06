"""What the last runs say of themselves: when they read, what kept them from writing, what they hold."""

from __future__ import annotations

from ecampus.changes.draft import Settings
from ecampus.explain import facts
from ecampus.history.lately import Lately, Told
from ecampus.safety import holds
from ecampus.shapes import cast
from ecampus.words import holding

QUESTIONS = "questions.parquet"
REPORT = "report.json"
LOOKED = "not_taken.parquet"
"""What ``verify`` leaves of the enrolments once it has looked at Moodle."""


def night(lately: Lately) -> facts.Night:
    """The phases of which something is known. Raises StoreUnusable when a report cannot be read."""
    runs = {phase: told for phase in lately.runs if (told := lately.judged(phase))}
    phases = {name: _phase(told, lately.since(name)) for name, told in runs.items()}
    known = [(told.opening.opened_at, told.opening.settings) for told in runs.values() if told.opening.settings]
    if not known:
        return facts.Night(phases, "", Settings.contact, None)
    _, settings = max(known, key=lambda one: one[0])
    return facts.Night(phases, settings.annee, settings.contact, settings.contact_link)


def _phase(told: Told, wrote: list[Told]) -> facts.Phase:
    """``wrote``: the runs that may have written since what is there was read; the last one looked at Moodle, or not."""
    files = told.run.files
    found = files.read_json(REPORT) if files.exists(REPORT) else {}
    report = found if isinstance(found, dict) else {}
    frozen = told.opening.mode == "frozen"
    failed = report.get("state") == "failed"
    return facts.Phase(
        night=told.run.night,
        opened_at=told.opening.opened_at,
        state=report.get("state"),
        reason=(told.opening.reason or report.get("reason")) if frozen or not failed else None,
        failure=report.get("reason") if failed else None,
        held=_held(told),
        verified=bool(wrote) and wrote[-1].run.files.exists(LOOKED),
    )


def _held(told: Told) -> dict[str, str]:
    """Each question of the run, with its sentence."""
    if not told.run.files.exists(QUESTIONS):
        return {}
    asked = cast(told.run.files.read_frame(QUESTIONS), holds.QUESTIONS)
    imagined = told.run.night.isoformat() if told.opening.mode == "frozen" else None
    return {
        str(question): holding.sentence(rows, told.opening.limits, imagined)
        for question, rows in asked.groupby("question", sort=False)
    }
