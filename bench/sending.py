"""The writer against a Moodle that answers at once, then a bare loop of the same calls.

``python -m bench.sending STORE FOLDER``: the first night of the archive, with a register of its own on SQLite.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import requests

from bench import archived, at_once
from bench.clock import cpu
from ecampus.apply.steps import step_of
from ecampus.apply.writer import write, writer_for
from ecampus.changes import plan
from ecampus.changes.draft import Inputs
from ecampus.moodle.client import MoodleClient
from ecampus.night import writing
from ecampus.night.phases import PHASES
from ecampus.register.enrolment_table import EnrolmentTable
from ecampus.register.lease import Lease
from ecampus.register.register import Register
from ecampus.sources import sql
from ecampus.store import archive
from ecampus.store.files import Run, Store
from ecampus.store.journal import Journal

Calls = list[tuple[str, dict[str, Any]]]
NOTHING = {"items": 0, "writer": 0.0, "writer_wall": 0.0, "bare": 0.0, "bare_wall": 0.0}
SPENT: defaultdict[str, dict[str, float]] = defaultdict(lambda: dict(NOTHING))
"""By kind of object: items, CPU and wall seconds of the writer and of the bare loop."""


@dataclass(frozen=True)
class Hook:
    """A file of SQLite with an empty enrolment table, as Airflow's hook."""

    path: Path
    conn_type = "sqlite"

    def get_conn(self) -> sqlite3.Connection:
        new = not self.path.exists()
        connection = sqlite3.connect(self.path)
        if new:
            connection.executescript(sql.statement("enrolment/sqlite.sql"))
        return connection


class Client(MoodleClient):
    """Keeps its calls in ``kept``, so that a bare loop can make them again."""

    kept: Calls = []  # noqa: RUF012

    def call(self, function: str, **params: Any) -> Any:
        self.kept.append((function, params))
        return super().call(function, **params)


def main(root: Path, folder: Path) -> None:
    """The five plans of the first night, one after the other."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    register = Register(Hook(folder / "register.db"))
    register.prepare()
    with at_once.running() as url, register.lease("bench") as lease:
        for phase in PHASES:
            run, inputs = (
                Run(Store(folder), phase, archived.NIGHT, "first"),
                archive.inputs(archived.run(root, phase, archived.FIRST)),
            )
            changes = PHASES[phase].draft(inputs).changes
            _by_the_writer(run, inputs, changes, lease, lambda: Client(requests.Session(), url, "token"))
            _bare(MoodleClient(requests.Session(), url, "token"))
            if phase == "enrolments":
                _bare_rows(folder, plan.rows(changes))


def _by_the_writer(run: Run, inputs: Inputs, changes: pd.DataFrame, lease: Lease, client: Callable[[], Client]) -> None:
    def step(object_: str, verb: str) -> Any:
        return _counting(object_, "writer")(step_of(object_, verb))

    journal = Journal(run.files)
    write(changes, writer_for(inputs, client, lease, writing.about(run), journal, _go_on), step)
    with _counting(str(changes["object"].iloc[-1]), "writer"):
        journal.flush()
        lease.commit()
    for object_, number in changes.groupby("object").size().items():
        SPENT[str(object_)]["items"] += int(number)
    done = journal.entries()
    if len(done) != len(changes) or not done["outcome"].eq("done").all():
        raise RuntimeError(f"{run.phase}: {len(changes)} changes, {done['outcome'].value_counts().to_dict()}")


def _bare(client: MoodleClient) -> None:
    """The same calls in a loop, and nothing else."""
    for function, params in Client.kept:
        with _counting(OBJECTS[function], "bare"):
            client.call(function, **params)
    Client.kept.clear()


def _bare_rows(folder: Path, rows: pd.DataFrame) -> None:
    """The rows of the enrolment table, inserted by one statement."""
    with closing(Hook(folder / "bare.db").get_conn()) as connection, _counting("enrolment", "bare"):
        connection.executemany(f"INSERT INTO {EnrolmentTable.name} VALUES (?, ?, ?)", rows.to_numpy().tolist())
        connection.commit()


@contextmanager
def _counting(object_: str, what: str) -> Iterator[None]:
    used, since = cpu(), time.monotonic()
    yield
    SPENT[object_][what] += cpu() - used
    SPENT[object_][f"{what}_wall"] += time.monotonic() - since


def _go_on() -> None:
    """Nothing is frozen."""


OBJECTS = {
    "core_user_create_users": "account",
    "core_user_update_users": "account",
    "core_cohort_create_cohorts": "cohort",
    "core_cohort_add_cohort_members": "cohort_member",
    "core_course_create_categories": "category",
    "core_course_create_courses": "course",
    "core_course_get_courses": "course",
    "core_group_create_groups": "group",
    "core_group_add_group_members": "group_member",
}

if __name__ == "__main__":
    with open(os.devnull, "w") as nowhere:
        logging.basicConfig(stream=nowhere, level=logging.INFO)
        logging.getLogger("urllib3").setLevel(logging.WARNING)
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    print(json.dumps(SPENT))
