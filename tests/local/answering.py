"""Run in a copy of the project: plays steps in one real Airflow, and answers as two accounts what is held."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing, redirect_stdout
from typing import Any

import requests

from ecampus.calendar import today
from ecampus.local import approve_command, box, night_command, services
from ecampus.local.local_airflow import LocalAirflow

DAG = "ecampus_approve"
APPROVE, REFUSE = 0, 1
"""Places of the options."""
PARKED = "event with state success for task instance TaskInstanceKey(dag_id='ecampus_approve', task_id='ask', "
"""What the scheduler notes of a task that asks, once it has left its process."""
CHANGED = {
    "archived": "SELECT COUNT(*) FROM mdl_course WHERE idnumber LIKE 'ex!_L1CAS10%' ESCAPE '!'",
    "renamed": "SELECT COUNT(*) FROM mdl_course WHERE fullname LIKE '%autre nom%'",
}


def main(*steps: tuple[str, str]) -> list[dict[str, Any]]:
    """What each step gives: ``phase`` and its name, with what ``make night`` would say of it; ``approve`` and what is
    answered to ``make approve``; ``morning`` and a word, the questions of Airflow that speak of it are refused (of no
    word: all of them) and the others approved; or a database of the sandbox and a statement.
    """
    environment = services.settings(services.free_port()) | services.AS_TOLD
    with services.alone(environment), box.systems() as sandbox, LocalAirflow(environment | sandbox) as airflow:
        os.environ |= sandbox
        airflow.wait_for_dag(DAG)
        return [STEPS.get(what, _changed)(airflow, what, which) for what, which in steps]


def _played(airflow: LocalAirflow, _: str, phase: str) -> dict[str, Any]:
    airflow.wait_for_dag(f"ecampus_{phase}")
    report = night_command._phase(airflow, phase, today()) or {}
    told = night_command.summary(today(), {phase: report}, {})
    return {name: report.get(name) for name in ("state", "reason", "counts", "questions")} | _moodle() | {"told": told}


def _approve(_: LocalAirflow, __: str, answers: str) -> dict[str, Any]:
    options = approve_command.parser().parse_args(["--answer", answers, "--who", "camille"])
    with redirect_stdout(io.StringIO()) as shown:
        left = approve_command.answered(options, None)
    return {"shown": shown.getvalue(), "left": left} | _moodle()


def _morning(airflow: LocalAirflow, _: str, refused: str) -> dict[str, Any]:
    run = airflow.trigger(DAG, {})
    questions = asked(airflow, run)
    staff = _as_staff(airflow, _path(run, questions[0]), questions[0]["options"][APPROVE])
    for detail in questions:
        option = REFUSE if refused in detail["subject"] else APPROVE
        said = {"chosen_options": [detail["options"][option]], "params_input": {"why": "vu"}}
        airflow.call("PATCH", _path(run, detail), said).raise_for_status()
    state = airflow.wait_for_run(DAG, run)
    tasks = airflow.call("GET", f"/dags/{DAG}/dagRuns/{run}/taskInstances").json()["task_instances"]
    return {
        "questions": [{name: detail[name] for name in ("subject", "body", "options")} for detail in questions],
        "staff": staff,
        "state": state,
        "tasks": sorted((task["task_id"], task["state"]) for task in tasks),
    } | _moodle()


def _changed(_: LocalAirflow, base: str, sql: str) -> dict[str, Any]:
    with closing(sqlite3.connect(f".ecampus/sandbox/{base}.db")) as db:
        db.execute(sql)
        db.commit()
    return {}


def _moodle() -> dict[str, int]:
    """How many courses are archived, and have another name."""
    with closing(sqlite3.connect(".ecampus/sandbox/moodle.db")) as db:
        return {name: db.execute(sql).fetchone()[0] for name, sql in CHANGED.items()}


STEPS: dict[str, Callable[[LocalAirflow, str, str], dict[str, Any]]] = {
    "phase": _played,
    "approve": _approve,
    "morning": _morning,
}


def asked(airflow: LocalAirflow, run: str) -> list[dict[str, Any]]:
    """The questions, once all are there and the scheduler has heard that the tasks that ask them wait.

    To who answers sooner than that, Airflow fails the task; a person is never so quick.
    """
    until = time.monotonic() + 120
    while time.monotonic() < until:
        tasks = airflow.call("GET", f"/dags/{DAG}/dagRuns/{run}/taskInstances").json()["task_instances"]
        asking = [task for task in tasks if task["task_id"] == "ask" and task["map_index"] >= 0]
        found = airflow.call("GET", f"/dags/{DAG}/dagRuns/{run}/hitlDetails").json().get("hitl_details", [])
        heard = (airflow.logs / "scheduler.log").read_text().count(f"{PARKED}run_id='{run}'")
        if found and len(found) == len(asking) == heard:
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
    print(json.dumps(main(*json.loads(sys.argv[1]))))
