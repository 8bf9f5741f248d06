"""What a run was and how it ended: its line in the history, from the documents that it left in its folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ecampus.errors import StoreUnusable
from ecampus.history.tables import RUNS, UNDONE
from ecampus.store import journal, opening
from ecampus.store.files import REPLAY, Run, Store
from ecampus.store.opening import Opening

ADOPTION = "adoption-"
UNREADABLE = "unreadable"
FIGURES = ("read", "unchanged", "failed", "put_off", "held", "waiting")
Line = dict[str, Any]


def told(store: Store, series: str, nights: list[date]) -> Iterator[tuple[Run, Line]]:
    """The runs of these nights that have ended and are of this series, each with its line."""
    phase = series.removesuffix(UNDONE)
    for night in nights:
        for name in store.names(f"{night.isoformat()}/{phase}"):
            run = Run(store, phase, night, name)
            found = None if name.endswith(REPLAY) else line(run)
            if found and series_of(found) == series:
                yield run, found


def line(run: Run) -> Line | None:
    """The run's line (columns of ``tables.RUNS``); none while it is at work, and none of one beside the night."""
    try:
        return _adoption(run) if run.run_id.startswith(ADOPTION) else _line(run)
    except StoreUnusable as error:
        return unreadable(_whole(run, {"kind": "night"}), error)


def unreadable(known: Line, error: StoreUnusable) -> Line:
    """The line of a run that left something which cannot be read: what became of it is not known."""
    return known | {"state": UNREADABLE, "reason": str(error)}


def series_of(known: Mapping[str, Any]) -> str:
    """The series that a line belongs to."""
    return f"{known['phase']}{UNDONE if known['kind'] == 'undo' else ''}"


def kind(known: Opening | None) -> str:
    """What a run is for. ``known``: null when it could not even be opened."""
    if known is None:
        return "night"
    if known.undoes:
        return "undo"
    if known.only_approved:
        return "approved"
    if known.mode == "frozen":
        return "shown" if known.shows else "frozen"
    return "night"


def tells(known: Mapping[str, Any]) -> bool:
    """Whether the anomalies of a run are those of its night, as in ``reconcile.report``."""
    return known["state"] in ("success", "stopped") and known["kind"] not in ("undo", "adoption")


def _line(run: Run) -> Line | None:
    known = opening.read(run) if run.files.exists(opening.RUN) else None
    record = run.files.read_json("record.json") if run.files.exists("record.json") else None
    if (known is None and record is None) or (known and known.mode in ("backfill", "replay")):
        return None
    found = {"kind": kind(known)} | (_opened(known) if known else {}) | (_worked(record) if record else {})
    if run.files.exists("report.json"):
        return _whole(run, found | _reported(run.files.read_json("report.json")))
    if record and record["finished_at"]:
        ended = {"ended": record["finished_at"], "state": record["state"], "reason": record["reason"]}
        return _whole(run, found | ended)
    return None


def _opened(known: Opening) -> Line:
    site = {name: figures["site"] for name, figures in known.limits.as_json().items() if "site" in figures}
    return {"opened": known.opened_at.isoformat(), "limits": _json(site)}


def _worked(record: Mapping[str, Any]) -> Line:
    """Since when it works: it may have waited for the phase before since it was opened."""
    return {"opened": record.get("waited_until") or record["started_at"]}


def _reported(made: Mapping[str, Any]) -> Line:
    """What the report of an older version had not is a figure that was not computed."""
    anomalies = made.get("anomalies")
    return {
        **{name: made.get(name) for name in (*FIGURES, "state", "reason", "ended")},
        **{name: _json(made.get(name)) for name in ("counts", "planned", "ours")},
        "done": _sum(made.get("counts")),
        "left": _sum(made.get("left")),
        "anomalies": None if anomalies is None else sum(anomalies.values()),
    }


def _adoption(run: Run) -> Line | None:
    """What somebody adopted or gave up by hand leaves a journal and nothing else (``store.journals``)."""
    moments = journal.read(run.files)["at"]
    if moments.empty:
        return None
    times = {"opened": moments.min(), "ended": moments.max()}
    return _whole(run, {"kind": "adoption", "state": "success", "done": len(moments)} | times)


def _whole(run: Run, found: Line) -> Line:
    named = {"night": run.night.isoformat(), "phase": run.phase, "run": run.run_id}
    return dict.fromkeys(RUNS.names) | found | named


def _sum(counts: Mapping[str, Mapping[str, int]] | None) -> int | None:
    return None if counts is None else sum(number for verbs in counts.values() for number in verbs.values())


def _json(document: Any) -> str | None:
    return None if document is None else json.dumps(document, ensure_ascii=False)
