"""A local Airflow of four processes (API, scheduler, DAG processor, triggerer), started and stopped by a command."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

from ecampus.local import accounts
from ecampus.local.place import DATA, ROOT, CommandImpossible

START_SECONDS = 180
STOP_SECONDS = 30


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

AS_TOLD = {"AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False", "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "3600"}
"""Of an Airflow that plays what a command tells it, and then ends: nothing at its hour, no DAG file read twice."""


def settings(port: int) -> dict[str, str]:
    """The environment of the local Airflow; but for the port, what the caller's environment says wins."""
    home = os.environ.get("AIRFLOW_HOME") or str(DATA / "airflow")
    ours = {
        "AIRFLOW_HOME": home,
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin,staff:viewer",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": f"{home}/passwords.json",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
        "ECAMPUS_STORE": f"file://{DATA / 'store'}",
    }
    given = {name: value for name, value in os.environ.items() if name in ours}
    return (
        ours
        | given
        | {
            "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o700",
            "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o600",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        }
    )


@contextmanager
def alone(environment: dict[str, str]) -> Iterator[None]:
    """Take the environment for this process too, and keep a second command off the same Airflow: its files are ours."""
    os.umask(0o077)
    home = Path(environment["AIRFLOW_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    os.environ |= environment | {"AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR"}
    with (home / "command.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandImpossible(
                f"Une autre commande utilise déjà {home} : attendre sa fin, ou l'arrêter."
            ) from None
        yield


def free_port() -> int:
    """A port of this machine that nobody uses, below those that the system lends: it is still free when it is taken."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def chosen_port() -> int:
    """The port of the pages: ``AIRFLOW__API__PORT``, else 8080. Raises ``CommandImpossible`` when it is taken."""
    port = int(os.environ.get("AIRFLOW__API__PORT") or 8080)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CommandImpossible(f"Le port {port} est pris : en choisir un autre par AIRFLOW__API__PORT.") from None
    return port


def stop_on_signals() -> None:
    """Make SIGTERM and Ctrl-C leave the same way: through every ``with`` still open."""

    def leave(signum: int, _frame: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        raise SystemExit(128 + signum)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)


def stop(processes: list[subprocess.Popen[Any]]) -> None:
    """End these processes and whatever they started; none is left behind."""
    for process in processes:
        process.terminate()
    until = time.monotonic() + STOP_SECONDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, until - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


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
