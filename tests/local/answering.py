"""Run in a copy of the project: asks what is held in a real Airflow, answers as two accounts, waits for what follows."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import requests

from ecampus.local import box, services
from ecampus.local.services import LocalAirflow

DAG = "ecampus_approve"
APPROVE, REFUSE = 0, 1
"""Places of the options."""


def main(refused: str) -> dict[str, Any]:
    """As ``admin``, every question is approved, but for those whose subject speaks of ``refused``."""
    environment = services.settings(services.free_port()) | {"AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False"}
    with services.alone(environment), box.systems() as sandbox, LocalAirflow(environment | sandbox) as airflow:
        airflow.wait_for_dag(DAG)
        run = airflow.trigger(DAG, {})
        asked = _asked(airflow, run)
        staff = _as_staff(airflow, _path(run, asked[0]), asked[0]["options"][APPROVE])
        for detail in asked:
            option = REFUSE if refused and refused in detail["subject"] else APPROVE
            said = {"chosen_options": [detail["options"][option]], "params_input": {"why": "vu"}}
            airflow.call("PATCH", _path(run, detail), said).raise_for_status()
        state = airflow.wait_for_run(DAG, run)
        tasks = airflow.call("GET", f"/dags/{DAG}/dagRuns/{run}/taskInstances").json()["task_instances"]
    return {
        "questions": [{name: detail[name] for name in ("subject", "body", "options")} for detail in asked],
        "staff": staff,
        "state": state,
        "tasks": sorted((task["task_id"], task["state"]) for task in tasks),
    }


def _asked(airflow: LocalAirflow, run: str) -> list[dict[str, Any]]:
    """The questions, once all are there: a task asks each."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        tasks = airflow.call("GET", f"/dags/{DAG}/dagRuns/{run}/taskInstances").json()["task_instances"]
        asking = [task for task in tasks if task["task_id"] == "ask" and task["map_index"] >= 0]
        found = airflow.call("GET", f"/dags/{DAG}/dagRuns/{run}/hitlDetails").json().get("hitl_details", [])
        if found and len(found) == len(asking):
            return list(found)
        time.sleep(0.5)
    raise TimeoutError("no question")


def _path(run: str, detail: dict[str, Any]) -> str:
    index = detail["task_instance"]["map_index"]
    return f"/dags/{DAG}/dagRuns/{run}/taskInstances/ask/{index}/hitlDetails"


def _as_staff(airflow: LocalAirflow, path: str, option: str) -> int:
    account = {"username": "staff", "password": airflow.passwords()["staff"]}
    token = requests.post(f"{airflow.url}/auth/token", json=account, timeout=30).json()["access_token"]
    answer = requests.patch(
        f"{airflow.url}/api/v2{path}",
        json={"chosen_options": [option], "params_input": {"why": ""}},
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    return answer.status_code


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
