"""A local Airflow of four processes (API, scheduler, DAG processor, triggerer), and its API to whoever started it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

from ecampus.local import accounts
from ecampus.local.place import CommandImpossible
from ecampus.local.services import stop

START_SECONDS = 180


@dataclass(frozen=True)
class Component:
    """One process of Airflow: its command, what its environment has that the others' have not, the module it runs."""

    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    module: str = "airflow"


SILENT = "--skip-serve-logs"
"""Nothing listens but the pages, on loopback: the servers of logs would serve every network what lies here."""
COMPONENTS = {
    name: Component([name, *more], module="ecampus.local.scheduler" if name == "scheduler" else "airflow")
    for name, *more in (["api-server"], ["scheduler", SILENT], ["dag-processor"], ["triggerer", SILENT])
}


class LocalAirflow:
    """``with LocalAirflow(environment) as airflow: …``: running inside, stopped outside, whatever happens.

    ``account``: the name and the password it is spoken to with, by default the ``admin`` that Airflow makes.
    """

    def __init__(
        self,
        environment: dict[str, str],
        components: Mapping[str, Component] = COMPONENTS,
        account: tuple[str, str] | None = None,
    ) -> None:
        self.environment = os.environ | environment | {"AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO"}
        self.logs = Path(environment["AIRFLOW_HOME"]) / "services"
        self.url = f"http://127.0.0.1:{environment['AIRFLOW__API__PORT']}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._components = components
        self._account = account or ("admin", self.passwords()["admin"])
        self._session = requests.Session()
        self._session.trust_env = False

    def __enter__(self) -> Self:
        try:
            for name, component in self._components.items():
                self._start(name, component)
            self._wait_for_api()
            self._log_in()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop every process."""
        stop(list(self.processes.values()))

    def passwords(self) -> dict[str, str]:
        """The password of each account."""
        return accounts.passwords(self.environment)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> requests.Response:
        """Ask Airflow's own API, under ``/api/v2``."""
        return self._session.request(method, f"{self.url}/api/v2{path}", json=body, timeout=60)

    def wait_for_dag(self, dag_id: str) -> None:
        """Return once Airflow knows the DAG. Raises ``CommandImpossible`` if it never does."""
        until = time.monotonic() + START_SECONDS
        while self.call("GET", f"/dags/{dag_id}").status_code != 200:
            self._check_alive()
            if time.monotonic() > until or self._import_errors():
                raise CommandImpossible(
                    f"Airflow ne connaît pas {dag_id} : {self._import_errors() or 'délai dépassé'}."
                )
            time.sleep(0.3)

    def trigger(self, dag_id: str, conf: dict[str, Any]) -> str:
        """Start a run by hand, even if the DAG is paused; its id."""
        self.call("PATCH", f"/dags/{dag_id}", {"is_paused": False}).raise_for_status()
        answer = self.call("POST", f"/dags/{dag_id}/dagRuns", {"logical_date": None, "conf": conf})
        answer.raise_for_status()
        return str(answer.json()["dag_run_id"])

    def wait_for_run(self, dag_id: str, run_id: str) -> str:
        """``success`` or ``failed``, once the run has ended."""
        while (state := self.call("GET", f"/dags/{dag_id}/dagRuns/{run_id}").json()["state"]) not in (
            "success",
            "failed",
        ):
            self._check_alive()
            time.sleep(0.5)
        return str(state)

    def end_unfinished_runs(self, dag_id: str) -> list[str]:
        """Fail the runs that a killed command left behind, so that a new one may start; their ids."""
        found = self.call("GET", f"/dags/{dag_id}/dagRuns?state=running&state=queued").json()["dag_runs"]
        for run in found:
            self.call("PATCH", f"/dags/{dag_id}/dagRuns/{run['dag_run_id']}", {"state": "failed"}).raise_for_status()
        return [run["dag_run_id"] for run in found]

    def _start(self, name: str, component: Component) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("wb") as output:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", component.module, *component.command],
                env=self.environment | component.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _wait_for_api(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            self._check_alive()
            with contextlib.suppress(requests.RequestException):
                if self._session.get(f"{self.url}/api/v2/version", timeout=5).ok:
                    return
            time.sleep(0.2)
        raise CommandImpossible(f"Airflow ne répond pas après {START_SECONDS} s : voir {self.logs}.")

    def _log_in(self) -> None:
        name, password = self._account
        account = {"username": name, "password": password}
        answer = self._session.post(f"{self.url}/auth/token", json=account, timeout=30)
        answer.raise_for_status()
        self._session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def _import_errors(self) -> str:
        found = self.call("GET", "/importErrors").json()["import_errors"]
        return " ; ".join(error["stack_trace"].strip().splitlines()[-1] for error in found)

    def _check_alive(self) -> None:
        for name, process in self.processes.items():
            if process.poll() is not None:
                raise CommandImpossible(f"Airflow ({name}) s'est arrêté tout seul : voir {self.logs / name}.log.")
