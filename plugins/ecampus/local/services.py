"""What a command needs to run the processes of a local Airflow: their environment, ports, signals, their end."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ecampus.local.place import DATA, ROOT, CommandImpossible

STOP_SECONDS = 30

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
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.5",
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
