"""Run in a copy of the project after a good night: what one real Airflow mails, once and at once, and how its runs end."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import postbox
from ecampus.calendar import today
from ecampus.local import box, services
from ecampus.local.local_airflow import LocalAirflow

ADDRESSES = {"plateforme": ["exploitation@univ.example"], "SCIENCES": ["sciences@univ.example"]}
BASE = "https://airflow.univ.example"
AT_ONCE = 3
"""Mails of a run whose freeze is unreadable, that fails, and whose deadline has passed."""


def main() -> dict[str, Any]:
    with postbox.opened() as (found, connection):
        told = {
            postbox.CONNECTION: connection,
            "AIRFLOW_VAR_ECAMPUS_MAIL": json.dumps(ADDRESSES),
            "AIRFLOW_VAR_ECAMPUS_FREEZE": "du 20 juin",
            "AIRFLOW__API__BASE_URL": BASE,
        }
        environment = services.settings(services.free_port()) | services.AS_TOLD | told
        with services.alone(environment), box.systems() as sandbox, LocalAirflow(environment | sandbox) as airflow:
            os.environ |= sandbox
            states = [_once(airflow)]
            quiet = len(found.mails)
            states.append(_late_and_failed(airflow))
            until = time.monotonic() + 60
            while len(found.mails) < quiet + AT_ONCE and time.monotonic() < until:
                time.sleep(0.2)
        mails = [
            {"to": to, "subject": str(mail["subject"]), "html": found.html(number)}
            for number, (mail, to) in enumerate(zip(found.mails, found.to, strict=True))
        ]
        return {"states": states, "once": mails[:quiet], "at_once": mails[quiet:]}


def _once(airflow: LocalAirflow) -> str:
    airflow.wait_for_dag("ecampus_mail")
    return airflow.wait_for_run("ecampus_mail", airflow.trigger("ecampus_mail", {}))


def _late_and_failed(airflow: LocalAirflow) -> str:
    """A run of the groups planned two hours ago, the first of the night, whose source lost a view."""
    shutil.rmtree(f".ecampus/store/{today()}/groups")
    with closing(sqlite3.connect(".ecampus/sandbox/refer.db")) as db:
        db.execute("ALTER TABLE refer_groupe RENAME TO refer_autre")
    airflow.wait_for_dag("ecampus_groups")
    airflow.call("PATCH", "/dags/ecampus_groups", {"is_paused": False}).raise_for_status()
    planned = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    answer = airflow.call("POST", "/dags/ecampus_groups/dagRuns", {"logical_date": planned, "conf": {}})
    answer.raise_for_status()
    return airflow.wait_for_run("ecampus_groups", answer.json()["dag_run_id"])


if __name__ == "__main__":
    print(json.dumps(main()))
