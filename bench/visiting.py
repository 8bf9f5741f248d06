"""The pages over HTTP, from a real API server, as one reader and then two ask for them: seconds, and its memory.

``python -m bench.visiting STORE TIMES REQUESTS`` says JSON.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests

from bench import answering
from bench.archived import CHANGED, NIGHT, run
from bench.nights import FIRST
from bench.server import Served, serving
from ecampus.store import archive, journals
from ecampus.store.files import Store

Seconds = dict[str, list[float]]
"""By page, of each time."""


def paths(root: Path) -> dict[str, str]:
    """Every page, by what is asked of it."""
    known, users, cohorts = answering.named(root), run(root, "users", CHANGED), run(root, "cohorts", CHANGED)
    entry = archive.frames(users, "source")["people"].set_index("code").loc[known.student]
    read = archive.frames(cohorts, "source")
    etape, scope = read["inscription_administrative"]["code_etape"].iloc[0], read["etape"]["code_composante"].iloc[0]
    days = [night.isoformat() for night in journals.nights(Store(root))]
    busy, last = days[min(20, len(days) - 2)], NIGHT.isoformat()
    return {
        "tonight": "nuit",
        "the line of Airflow's home": "accueil",
        "anomalies of all": "anomalies",
        "anomalies of all, in their middle": _with("anomalies", p=30),
        "anomalies of a composante": _with("anomalies", composante=scope),
        "anomalies of all, the spreadsheet": "anomalies.csv",
        "anomalies of a composante, the spreadsheet": _with("anomalies.csv", composante=scope),
        "what is held": "retenus",
        "changes of the last night": "changements",
        "changes of the first night": _with("changements", nuit=FIRST.isoformat()),
        "changes of the first night, its middle": _with("changements", nuit=FIRST.isoformat(), p=5_000),
        "changes of a busy night": _with("changements", nuit=busy),
        "changes of a composante in a busy night": _with("changements", nuit=busy, composante=scope),
        "changes of a person": _with("changements", qui=known.student),
        "changes of a course": _with("changements", cours=known.element),
        "changes of a group": _with("changements", cours=known.element, groupe=known.group),
        "changes of an étape": _with("changements", etape=etape),
        "changes by two words": _with("changements", mots="geometrie analyse"),
        "two nights compared": _with("changements/comparer", une=busy, autre=last),
        "history": "historique",
        "history, with rows removed": _with("historique", limite="remove_row"),
        "help": "aide",
        "a guide": "aide/guide-scolarite",
        "report of a run": _with("rapport", dag="ecampus_enrolments", run=CHANGED),
        "report of an old run": _with("rapport", dag="ecampus_enrolments", run="scheduled__1"),
        "whole report of a run": _with("rapport/complet", dag="ecampus_enrolments", run=CHANGED),
        "why: nothing asked": "pourquoi",
        "why: a person and a course": _with("pourquoi", q=f"{known.student} {known.element}"),
        "why: a person": _with("pourquoi", q=known.student),
        "why: a login": _with("pourquoi", q=entry["uid"]),
        "why: a name of several": _with("pourquoi", q=f"{entry['given_name']} {entry['sn']}"),
        "why: a name and a course": _with("pourquoi", q=f"{entry['given_name']} {entry['sn']} {known.element}"),
        "why: a course": _with("pourquoi", q=known.element),
        "why: the largest course": _with("pourquoi", q=known.largest),
        "why: a group": _with("pourquoi", q=known.group),
        "why: an étape": _with("pourquoi", q=etape),
        "why: a code that nobody has": _with("pourquoi", q="99999999"),
        "why: a person and a course, with the data of now": _with(
            "pourquoi", q=f"{known.student} {known.element}", donnees="maintenant"
        ),
    }


def measured(root: Path, times: int, number: int) -> dict[str, Any]:
    """``first``, ``alone``, ``together``: seconds. ``cpu``: of the server, of one answer, by page. ``memory``: after
    how many answers, MB.

    ``times``: of each page, by each reader. ``number``: answers given when the memory is looked at last.
    """
    asked, memory = paths(root), []
    with serving(root) as there:
        memory.append((0, there.memory()))
        reader = Reader(there)
        first = reader.ask("nuit")
        memory.append((1, there.memory()))
        alone, cpu = {}, {}
        for name, path in asked.items():
            before = there.cpu()
            alone[name] = [reader.ask(path) for _ in range(times)]
            cpu[name] = (there.cpu() - before) / times
        memory.append((1 + times * len(asked), there.memory()))
        together = _together(there, asked, times)
        done = 1 + 3 * times * len(asked)
        memory.append((done, there.memory()))
        for path, _ in zip(itertools.cycle(asked.values()), range(number - done), strict=False):
            reader.ask(path)
        memory.append((max(done, number), there.memory()))
    return {"first": first, "alone": alone, "cpu": cpu, "together": together, "memory": memory}


class Reader:
    """Somebody signed in."""

    def __init__(self, there: Served) -> None:
        self._session, self._url = there.clerk(), there.url

    def ask(self, path: str) -> float:
        """Seconds until the whole page is there. Raises RuntimeError when it is no page."""
        began = time.perf_counter()
        answer = self._session.get(f"{self._url}/{path}", timeout=300)
        took = time.perf_counter() - began
        if answer.status_code != requests.codes.ok:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text}")
        return took


def _together(there: Served, asked: Mapping[str, str], times: int) -> Seconds:
    """As two readers had them, the second beginning with the last."""

    def visit(names: list[str]) -> Seconds:
        reader = Reader(there)
        return {name: [reader.ask(asked[name]) for _ in range(times)] for name in names}

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(visit, [[*asked], [*asked][::-1]])
    return {name: one[name] + other[name] for name in asked}


def _with(path: str, **query: Any) -> str:
    return f"{path}?{urlencode(query)}"


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
