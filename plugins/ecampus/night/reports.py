"""The report of a run: ``report.json`` and ``report.html``, from what its steps left in its folder."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.draft import Settings
from ecampus.errors import StoreUnusable
from ecampus.night import holding, undone
from ecampus.night.taking import Taken
from ecampus.safety import holds, sources
from ecampus.shapes import cast
from ecampus.store import journal, memory, opening
from ecampus.store.files import Run
from ecampus.words import anomalies, reporting, undoing
from ecampus.words import holding as words
from ecampus.words import written as account

LOG = logging.getLogger("ecampus")

TOLD = {
    "not_taken": "NON_PRIS",
    "not_removed": "RETRAIT_NON_FAIT",
    "unseen": "NON_VU",
    "doubtful": "APPARTENANCE_DOUTEUSE",
}
"""What the writes of a run leave to be told, by file."""
FORECAST = "forecast.json"
"""What was foreseen of the rest of the night when the run began (``night.forecast``), a sentence each."""
State = Literal["success", "stopped", "failed"]
"""``stopped``: a freeze began while the run was writing."""


def write(run: Run, state: State, reason: str | None, notes: pd.DataFrame) -> dict[str, Any]:
    """Write both; returns the former. When the store refuses them, the summary is told in the log before it raises.

    ``notes``: ``told``.
    """
    entries = journal.latest(journal.read(run.files))
    known = run.files.read_json("plan.json") if run.files.exists("plan.json") else None
    changes = run.files.read_frame("plan.parquet") if known else plan.empty()
    held = changes[changes["held"].notna()]
    remaining = plan.empty() if state == "success" else left(changes.drop(held.index), entries)
    made = document(run, state, reason, known, entries, remaining, notes) | waits(run, held)
    waiting = run.files.read_frame("waiting.parquet") if known else pd.DataFrame()
    try:
        shown = changes if run.replay or entries.empty else _with(entries, left=remaining, held=held)
        memory.tell(run, notes)
        run.files.write("report.html", reporting.page(made, shown, notes, waiting).encode())
        run.files.write_json("report.json", made)
    except StoreUnusable:
        LOG.info("%s", reporting.summary(made | {"report": None}))
        raise
    return made


def waits(run: Run, held: pd.DataFrame) -> dict[str, Any]:
    """``held``: how many changes wait for a decision; ``questions`` and ``fallen``: why, a sentence each.

    ``forecast``: what the rest of the night would come to.
    """
    found: dict[str, Any] = {"held": len(held), "questions": [], "fallen": [], "undoes": None, "lost": []}
    found["forecast"] = run.files.read_json(FORECAST) if run.files.exists(FORECAST) else []
    if run.files.exists(undone.NOT_BACK):
        found["undoes"] = str(opening.read(run).undoes)
        found["lost"] = undoing.lost(undone.lost(run))
    if run.files.exists(holding.QUESTIONS):
        questions = cast(run.files.read_frame(holding.QUESTIONS), holds.QUESTIONS)
        fell = cast(run.files.read_frame(holding.FALLEN), sources.FALLEN)
        found["questions"] = holding.sentences(run, questions)
        rests = questions["view"].notna().any()
        found["fallen"] = [words.told_of(row) for row in fell.itertuples()] if rests else []
    return found


def document(
    run: Run,
    state: State,
    reason: str | None,
    known: dict[str, Any] | None,
    entries: pd.DataFrame,
    remaining: pd.DataFrame,
    notes: pd.DataFrame,
) -> dict[str, Any]:
    """``report.json``. ``known``: ``plan.json``, null when the phase did not get that far: its figures are null too.

    ``remaining``: the planned changes that nothing was done about. ``ours``: how much was ours when the run read it.
    """
    contact, link = whom_to_ask(run)
    return {
        "phase": run.phase,
        "night": run.night.isoformat(),
        "state": state,
        "reason": reason,
        "replay": run.replay,
        "read": sum(known["read"].values()) if known else None,
        "unchanged": sum(known["unchanged"].values()) if known else None,
        "planned": known["counts"] if known else None,
        "counts": plan.counts(entries[entries["outcome"] == "done"]),
        "failed": int((entries["outcome"] == "failed").sum()),
        "put_off": int((entries["outcome"] == "put_off").sum()),
        "left": plan.counts(remaining),
        "waiting": known["waiting"] if known else None,
        "anomalies": {str(code): int(n) for code, n in notes["code"].value_counts().items()} if known else None,
        "ours": run.files.read_json("owned.json") if run.files.exists("owned.json") else None,
        "ended": datetime.now(UTC).isoformat(),
        "contact": contact,
        "contact_link": link,
        "report": str(run.folder / "report.html"),
    }


def told(run: Run) -> pd.DataFrame:
    """Tonight's anomalies, those of the writes included, with the first night each was seen; none without a plan."""
    if not run.files.exists("plan.json"):
        return anomalies.none().assign(first_night="")
    parts = [run.files.read_frame("anomalies.parquet"), reporting.refusals(journal.latest(journal.read(run.files)))]
    for name, code in TOLD.items():
        if run.files.exists(f"{name}.parquet"):
            parts.append(reporting.told_of(code, run.files.read_frame(f"{name}.parquet")))
    until = (run.night - timedelta(days=anomalies.EVENT_NIGHTS - 1)).isoformat()
    return anomalies.dated(anomalies.gather(parts), memory.anomalies_before(run), run.night.isoformat(), until)


def tell(entries: pd.DataFrame) -> None:
    """Leave in the log what became of the changes, once they were sent or had to stop."""
    last = journal.latest(entries)
    for line in [*account.account(journal.accomplished(last)), *account.put_off(last[last["outcome"] == "put_off"])]:
        LOG.info("%s", line)
    for line in account.refused(last[last["outcome"] == "failed"]):
        LOG.error("%s", line)


def written(entries: pd.DataFrame) -> str:
    """The log's last line of ``apply``."""
    failed, put_off = (int((entries["outcome"] == outcome).sum()) for outcome in ("failed", "put_off"))
    return reporting.written(plan.counts(entries[entries["outcome"] == "done"]), failed, put_off)


def stopped(run: Run, word: str, reason: str) -> str | None:
    """What to say of an ``apply`` that had to stop for ``reason``; None when it had not begun, or had ended."""
    entries = journal.latest(journal.read(run.files))
    done = int((entries["outcome"] == "done").sum())
    if not done:
        return None
    changes = run.files.read_frame("plan.parquet")
    if left(changes[changes["held"].isna()], entries).empty:
        return None
    return reporting.stopped(word, done, reason)


def taken(found: Taken) -> str:
    """What Moodle took of the enrolment table."""
    return reporting.taken(found.taken, len(found.not_taken), len(found.not_removed), found.unverifiable)


def left(changes: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """The planned changes of which the journal says nothing, once it says something; else none."""
    return changes.iloc[:0] if entries.empty else changes[~plan.change_ids(changes).isin(plan.change_ids(entries))]


def whom_to_ask(run: Run) -> tuple[str, str | None]:
    """Whom staff are told to ask, and where."""
    try:
        known = opening.read(run).settings
    except StoreUnusable:
        known = None
    return (known.contact, known.contact_link) if known else (Settings.contact, None)


def _with(entries: pd.DataFrame, **others: pd.DataFrame) -> pd.DataFrame:
    more = [rows.assign(outcome=outcome, message="") for outcome, rows in others.items() if len(rows)]
    return pd.concat([entries, *more], ignore_index=True) if more else entries
