"""Nights that fail in the production shape: a token that Moodle does not know, a password that the directory refuses."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from production import Production

SYSTEMS = {"cohorts": "moodle", "users": "ldap"}
"""By phase, the system whose secret is wrong. The second follows the first: a phase does not begin after one that failed."""


@contextmanager
def wrong(running: Production, connection: str) -> Iterator[str]:
    """While the block runs, the secret of that connection is this one."""
    path, given = running.site.place / "secrets" / "connections.json", secrets.token_hex(16)
    right = path.read_text()
    known: dict[str, dict[str, Any]] = json.loads(right)
    path.write_text(json.dumps(known | {connection: known[connection] | {"password": given}}))
    try:
        yield given
    finally:
        path.write_text(right)


def played(running: Production) -> dict[str, tuple[str, str]]:
    """By phase: how it ended, and the wrong secret that it was given."""
    ended = {}
    for phase, connection in SYSTEMS.items():
        with wrong(running, connection) as secret:
            ended[phase] = (running.airflow.wait_for_run(f"ecampus_{phase}", running.start(phase)), secret)
    return ended


def dumped(running: Production) -> bytes:
    """All that Airflow's database holds, as text."""
    tables = running.database.run("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
    rows = [row for (table,) in tables for (row,) in running.database.run(f"SELECT t::text FROM {table} t")]
    return "\n".join(rows).encode()


def pages(running: Production) -> Iterator[str]:
    """Every page of the API about our DAGs, their runs, tasks, logs and XComs, and the lists that may tell a secret."""
    for page in ("connections", "variables", "config", "providers", "plugins", "eventLogs", "importErrors", "jobs"):
        yield f"/{page}"
    for dag in ("users", "cohorts"):
        here = f"/dags/ecampus_{dag}"
        yield from (here, f"{here}/details", f"{here}/tasks", f"{here}/dagRuns")
        for run in running.airflow.call("GET", f"{here}/dagRuns?order_by=-run_after&limit=2").json()["dag_runs"]:
            tasks = f"{here}/dagRuns/{run['dag_run_id']}/taskInstances"
            yield tasks
            for task in running.airflow.call("GET", tasks).json()["task_instances"]:
                one = f"{tasks}/{task['task_id']}"
                yield from (one, f"{one}/xcomEntries", f"{one}/tries", f"{one}/xcomEntries/return_value")
                yield from (f"{one}/xcomEntries/reason", *(f"{one}/logs/{n}" for n in range(1, task["try_number"] + 1)))
