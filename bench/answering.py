"""«Pourquoi ?» at the size of a university: seconds of each question, as the page asks it.

``python -m bench.answering STORE`` says JSON: by question, its seconds; the peak in MB. ``… STORE judge`` keeps the
verdicts of the archived runs first.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from bench.archived import CHANGED, run
from bench.clock import peak
from ecampus.calendar import PHASES
from ecampus.history import answers, duck
from ecampus.history.answers import Desk
from ecampus.history.duck import place
from ecampus.night import reconcile
from ecampus.store.files import Store

TIMES = 9


def judge(root: Path) -> None:
    """The verdicts of each phase, where they are not yet; reported, else no answer believes them."""
    for phase in PHASES:
        there = run(root, phase, CHANGED)
        if not there.files.exists("verdicts.parquet"):
            reconcile.diff(there)
        there.files.write_json("report.json", {"state": "success", "reason": None})


class Named(NamedTuple):
    """A student who is seated, where; and the course that has most students."""

    student: str
    element: str
    group: str
    largest: str


def named(root: Path) -> Named:
    """Of the last night."""
    path = place(run(root, "enrolments", CHANGED).files, "verdicts.parquet")
    with duck.reading(Store(root)) as base:
        seat = base.execute(
            "SELECT code_etudiant, code_element, code_groupe FROM read_parquet(?) WHERE ladder = 'seats' AND verdict ="
            " 'INSCRIT' ORDER BY ALL DESC LIMIT 1", [path],
        ).fetchone()  # fmt: skip
        large = base.execute(
            "SELECT code_element FROM read_parquet(?) WHERE ladder = 'seats' GROUP BY ALL ORDER BY count(*) DESC, 1"
            " LIMIT 1", [path],
        ).fetchone()  # fmt: skip
    assert seat
    assert large
    return Named(*seat, *large)


def asked(root: Path) -> dict[str, Callable[[Desk], Any]]:
    """What the page is asked, of somebody who is seated and of a large course."""
    student, element, group, course = named(root)
    return {
        "a person and a course": lambda desk: desk.seat(desk.persons(student)[0], element),
        "a person": lambda desk: desk.portrait(desk.persons(student)[0]),
        "a name": lambda desk: desk.persons("camille nom"),
        "a course": lambda desk: desk.life(element),
        "the largest course": lambda desk: desk.life(course),
        "a group": lambda desk: desk.group(group),
        "a code that nobody has": lambda desk: desk.persons("99999999"),
    }


def measured(root: Path) -> dict[str, Any]:
    """``questions``: seconds of each, the store opened each time as the page does it."""
    found = {name: [_took(root, question) for _ in range(TIMES)] for name, question in asked(root).items()}
    return {"questions": found, "peak": peak()}


def _took(root: Path, question: Callable[[Desk], Any]) -> float:
    began = time.perf_counter()
    with answers.desk(Store(root)) as desk:
        question(desk)
    return time.perf_counter() - began


if __name__ == "__main__":
    if sys.argv[2:]:
        judge(Path(sys.argv[1]))
    else:
        print(json.dumps(measured(Path(sys.argv[1]))))
