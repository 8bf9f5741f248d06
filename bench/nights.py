"""400 nights of a university in a store, as their runs leave them: what the history is made of.

The first night makes all of it; forty nights of a beginning year change thousands of things each, the others hundreds.
Twelve thousand anomalies are told every night at one Caen, one in a hundred of them new.

``python -m bench.nights STORE FACTOR NIGHTS``
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.archived import NIGHT
from ecampus.calendar import PHASES
from ecampus.changes import plan
from ecampus.store import journal, memory, opening
from ecampus.store.files import Run, Store

FIRST = NIGHT - timedelta(days=400)
HOURS = {"users": "00:30", "cohorts": "01:50", "offer": "02:08", "enrolments": "02:40", "groups": "03:20"}
"""When each phase ends, UTC."""
MANY = {
    "account|create": 36_000, "cohort|create": 900, "cohort_member|add": 36_000, "category|create": 1_200,
    "course|create": 15_000, "enrolment|enrol": 450_000, "group|create": 25_000, "group_member|add": 500_000,
}  # fmt: skip
BUSY = {
    "account|create": 120, "account|suspend": 20, "account|update": 60, "cohort_member|add": 120,
    "cohort_member|remove": 40, "course|create": 20, "course|rename": 30, "course|archive": 6, "enrolment|enrol": 2_400,
    "enrolment|unenrol": 800, "group|create": 40, "group|delete": 20, "group_member|add": 2_600,
    "group_member|remove": 900,
}  # fmt: skip
QUIET = {kind: max(1, number // 12) for kind, number in BUSY.items()}
IN_PHASE = {
    "account": "users", "cohort": "cohorts", "cohort_member": "cohorts", "category": "offer", "course": "offer",
    "enrolment": "enrolments", "group": "groups", "group_member": "groups",
}  # fmt: skip
TOLD = {"users": 200, "cohorts": 50, "offer": 700, "enrolments": 10_500, "groups": 550}
FOLLOWERS = 40
SCOPES = np.array([f"COMPOSANTE{number:02}" for number in range(24)], dtype="object")


def made(root: Path, factor: float, nights: int) -> None:
    """So many nights of ``factor`` Caen, under ``root``."""
    store, rng = Store(root), np.random.default_rng(5)
    for number in range(nights):
        rates = MANY if number == 0 else BUSY if number <= 40 else QUIET
        for phase in PHASES:
            mine = {kind: n for kind, n in rates.items() if IN_PHASE[kind.partition("|")[0]] == phase}
            entries = [_changes(kind, max(1, round(n * factor)), factor, rng) for kind, n in mine.items()]
            _reported(Run(store, phase, FIRST + timedelta(days=number), "scheduled__1"), entries, number, factor)


def _reported(run: Run, entries: list[pd.DataFrame], number: int, factor: float) -> None:
    """Only what the history and the page of a report read of a run."""
    ended = datetime.combine(run.night, time.fromisoformat(HOURS[run.phase]), UTC)
    done = plan.in_order(entries)
    notes = _notes(run, max(1, round(TOLD[run.phase] * factor)), number)
    opening.keep(run, opening.Opening(run.night, "live", opened_at=ended - timedelta(minutes=8)))
    run.files.write_frame(
        f"{journal.FOLDER}/000000-bench.parquet", done.assign(outcome="done", message="", at=ended.isoformat())
    )
    memory.tell(run, notes)
    ours = {name.partition("|")[0]: round(n * factor) for name, n in MANY.items()}
    figures: dict[str, Any] = dict.fromkeys(("failed", "put_off", "held", "waiting"), 0)
    figures |= {"read": sum(ours.values()), "unchanged": sum(ours.values()) - len(done), "left": {}, "reason": None}
    counts = plan.counts(done)
    run.files.write("report.json", json.dumps(figures | {
        "state": "success", "ended": ended.isoformat(), "counts": counts, "planned": counts, "ours": ours,
        "anomalies": {"IP_SANS_GROUPE": len(notes)}, "phase": run.phase, "night": run.night.isoformat(),
        "replay": False, "fallen": [], "questions": [], "report": "",
    }).encode())  # fmt: skip


def _changes(kind: str, number: int, factor: float, rng: np.random.Generator) -> pd.DataFrame:
    object_, verb = kind.split("|")
    course = rng.integers(0, max(1, int(15_000 * factor)), number)
    person = rng.integers(0, max(1, int(36_000 * factor)), number)
    code = _named("L1UE", course)
    login = _named("e21", person)
    rows = pd.DataFrame({"object": object_, "verb": verb, "key": code, "place": code, "moodle_id": course + 2})
    rows["scope"] = SCOPES[course % len(SCOPES)]
    if object_ == "account":
        rows = rows.assign(key=login, place=_named("221", person), moodle_id=person + 2, scope=None)
        rows["after"] = '{"lastname": "Nom", "email": "adresse@univ.fr"}'
    elif object_ in ("enrolment", "group_member", "cohort_member"):
        place = code + " / TD" + pd.Series(person % 9).astype("str") if object_ == "group_member" else code
        rows = rows.assign(key=place + " / " + login, username=login, place=place, user_id=person + 2, moodle_id=None)
    elif object_ == "course":
        rows["name"] = code + " - analyse et géométrie de l'unité " + code
        rows["after"] = '{"idnumber": "ex_' + code + '", "category_code": "CAT"}'
        rows["before"] = '{"fullname": "autre nom", "idnumber": "' + code + '"}'
    elif object_ == "group":
        rows = rows.assign(key=code + " / TD" + pd.Series(person % 9).astype("str"), course_id=course + 2)
    typed = plan.typed(rows.drop_duplicates("key").assign(name=rows.get("name", "")))
    typed = typed.assign(unit=plan.change_ids(typed)).reset_index(drop=True)
    return pd.concat([typed, _following(typed)], ignore_index=True) if kind == "course|archive" else typed


def _following(archived: pd.DataFrame) -> pd.DataFrame:
    """The rows that move with the code of an archived course."""
    rows = archived.loc[archived.index.repeat(FOLLOWERS), ["place", "scope", "unit"]].reset_index(drop=True)
    login = "e21" + pd.Series(np.arange(len(rows)) % FOLLOWERS).astype("str").str.zfill(5)
    rows = rows.assign(object="enrolment", verb="drop_key", key=rows["place"] + " / " + login, username=login)
    return plan.typed(rows.assign(name="", role="student"))


def _notes(run: Run, number: int, night: int) -> pd.DataFrame:
    """One in a hundred is new each night, in place of the oldest."""
    rank = pd.Series(np.arange(number) + night * max(1, number // 100))
    key = "221" + rank.astype("str").str.zfill(6) + " / L1UE" + (rank % 15_000).astype("str").str.zfill(6)
    sentence = "L'étudiant " + key + " a une inscription pédagogique et n'est dans aucun groupe : l'affecter."
    scope = pd.Series(SCOPES[rank.to_numpy() % len(SCOPES)])
    entered = np.maximum(0, (rank.to_numpy() - number) // max(1, number // 100) + 1)
    first = [(FIRST + timedelta(days=int(day))).isoformat() for day in np.minimum(entered, night)]
    found = {"code": "IP_SANS_GROUPE", "key": key, "composante": scope, "sentence": sentence, "first_night": first}
    return pd.DataFrame(found)[memory.COLUMNS].astype("str")


def _named(stem: str, numbers: np.ndarray) -> pd.Series:
    return stem + pd.Series(numbers).astype("str").str.zfill(5)


if __name__ == "__main__":
    made(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
