"""Nights made up from small tables: a run's folder as a phase leaves it, and its place in the history."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pandas as pd

import tables
from ecampus.changes import plan
from ecampus.history import keeping
from ecampus.history import tables as shapes
from ecampus.limits import Limits
from ecampus.night import reports
from ecampus.store import journal, memory, opening
from ecampus.store.files import Run, Store

NIGHT = date(2026, 11, 23)
BEFORE = {"rename": '{"fullname": "avant"}', "move": '{"category_code": "CAT1"}', "restore": '{"idnumber": "ex_KEY"}'}
AFTER = {"create": '{"category_code": "CAT"}', "move": '{"category_code": "CAT2"}', "archive": '{"idnumber": "ex_KEY"}'}


def changes(text: str, **same: Any) -> pd.DataFrame:
    """Rows of a plan, with ``outcome`` and ``message`` where the table has them; a unit (``course~archive~L1``) is its own but where told."""
    if not text.strip():
        return plan.empty().assign(outcome="done", message="")
    found = pd.DataFrame(tables.rows(text)).assign(**same)
    for column in ("moodle_id", "course_id", "user_id"):
        if column in found:
            found[column] = pd.to_numeric(found[column]).astype("Int64")
    rows = plan.typed(found.assign(name=found.get("name", pd.Series("", index=found.index)).fillna("")))
    rows = rows.assign(unit=rows["unit"].str.replace("~", "|").fillna(plan.change_ids(rows)))
    for part, fields in (("before", BEFORE), ("after", AFTER)):
        said = [fields.get(row.verb, "{}").replace("KEY", row.key) for row in rows.itertuples()]
        rows[part] = rows[part].fillna(pd.Series(said, index=rows.index, dtype="str"))
    return rows.assign(**{name: _said(found, name, other) for name, other in (("outcome", "done"), ("message", ""))})


def _said(found: pd.DataFrame, column: str, otherwise: str) -> pd.Series:
    said = found.get(column, pd.Series(None, index=found.index)).astype("object")
    return said.where(said.notna(), otherwise).astype("str")


def notes(text: str = "") -> pd.DataFrame:
    """Anomalies told, with the first night of each."""
    found = pd.DataFrame(tables.rows(text)) if text.strip() else pd.DataFrame(columns=memory.COLUMNS)
    return found.reindex(columns=memory.COLUMNS).astype("str")


def reported(
    store: Store,
    night: date = NIGHT,
    phase: str = "offer",
    run_id: str = "r",
    done: str | pd.DataFrame = "",
    held: str = "",
    told: str = "",
    state: Any = "success",
    reason: str | None = None,
    ended: str = "04:30",
    ours: dict[str, int] | None = None,
    **known: Any,
) -> Run:
    """A run as ``reconcile.report`` leaves it, but not in the history. ``ended``: UTC."""
    run = Run(store, phase, night, run_id)
    at = datetime.combine(night, time.fromisoformat(ended), UTC)
    opened = {"mode": "live", "limits": Limits(), "opened_at": at.replace(minute=0)} | known
    opening.forget(run)
    for name in run.files.names(journal.FOLDER):
        run.files.remove(f"{journal.FOLDER}/{name}")
    opening.keep(run, opening.Opening(night, **opened))
    if ours:
        run.files.write_json("owned.json", ours)
    entries = changes(done) if isinstance(done, str) else done
    waiting = changes(held).assign(held="limite")
    planned = pd.concat([entries, waiting], ignore_index=True)[plan.COLUMNS].astype(plan.TYPES)
    run.files.write_frame("plan.parquet", planned)
    figures = {"counts": plan.counts(planned), "read": {"course": 10}, "unchanged": {"course": 9}, "waiting": 0}
    run.files.write_json("plan.json", figures)
    run.files.write_frame("waiting.parquet", pd.DataFrame({"key": [], "code": [], "username": []}))
    writing = journal.Journal(run.files)
    for (outcome, message), rows in entries.groupby(["outcome", "message"], sort=False):
        writing.record(rows[plan.COLUMNS].reset_index(drop=True), str(outcome), str(message))
    writing.flush()
    reports.write(run, state, reason, notes(told))
    run.files.write_json("report.json", run.files.read_json("report.json") | {"ended": at.isoformat()})
    return run


def kept(store: Store, night: date = NIGHT, **how: Any) -> Run:
    """The same, and in the history."""
    run = reported(store, night, **how)
    keeping.keep(run)
    return run


def content(store: Store) -> dict[str, list[str]]:
    """All that the history holds, whatever the order of the rows and the files."""
    return {
        table: sorted(
            repr(row)
            for series, month in shapes.months(store, table)
            for row in shapes.read(store, table, series, month).itertuples(index=False, name=None)
        )
        for table in shapes.SHAPES
    }
