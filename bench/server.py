"""A real API server of Airflow, alone, with our pages or without, over a store and a register of the bench.

``python -m bench.server STORE`` says JSON: how long it takes to answer (s), and its memory then (MB), with and without.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from bench.child import ROOT, THREADS
from bench.joined import REGISTER
from ecampus.local.local_airflow import COMPONENTS, LocalAirflow
from ecampus.local.services import free_port

ONLY = {"api-server": COMPONENTS["api-server"]}
CLERK = "staff"


@dataclass(frozen=True)
class Served:
    """``seconds``: until it answered. ``url``: of our pages."""

    url: str
    seconds: float
    pid: int
    password: str

    def clerk(self) -> requests.Session:
        """Somebody who may see, signed in as a browser is."""
        session = requests.Session()
        session.trust_env = False
        account = {"username": CLERK, "password": self.password}
        answer = session.post(f"{self.url.removesuffix('/ecampus')}/auth/token", json=account, timeout=30)
        session.cookies.set("_token", answer.json()["access_token"])
        return session

    def memory(self) -> dict[str, float]:
        """MB: ``now``, and ``most`` since it began."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        known = dict(line.split(":", 1) for line in lines)
        return {name: int(known[field].split()[0]) / 1024 for name, field in (("now", "VmRSS"), ("most", "VmHWM"))}

    def cpu(self) -> float:
        """Seconds of the processor since it began, its threads together, to a hundredth."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(root: Path, *, pages: bool = True) -> Iterator[Served]:
    """The store ``root``, its register beside it, to an Airflow of its own."""
    environment = _environment(root, pages)
    with _its_alone(environment):
        if not (root.parent / "airflow" / "airflow.db").exists():
            subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=True, stdout=subprocess.DEVNULL)
        began = time.perf_counter()
        with LocalAirflow(environment, ONLY) as airflow:
            took = time.perf_counter() - began
            process = airflow.processes["api-server"]
            yield Served(f"{airflow.url}/ecampus", took, process.pid, airflow.passwords()[CLERK])


def _environment(root: Path, pages: bool) -> dict[str, str]:
    home, port = root.parent / "airflow", free_port()
    (home / "nothing").mkdir(parents=True, exist_ok=True)
    register = {"conn_type": "sqlite", "host": str(root.parent / REGISTER)}
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "nothing"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins" if pages else home / "nothing"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"admin:admin,{CLERK}:viewer",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW_CONN_ENROLMENT_DB": json.dumps(register),
        "ECAMPUS_STORE": f"file://{root}",
        "PYTHONPATH": os.pathsep.join(str(ROOT / name) for name in ("plugins", "include")),
    }


@contextmanager
def _its_alone(environment: dict[str, str]) -> Iterator[None]:
    """This process with that environment, and as many threads as anywhere."""
    before = dict(os.environ)
    os.environ |= environment
    for name in THREADS:
        os.environ.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= before


def starts(root: Path) -> dict[str, tuple[float, float]]:
    """``ours``, ``bare``: seconds and MB."""
    found = {}
    for name, pages in (("ours", True), ("bare", False)):
        with serving(root, pages=pages) as there:
            found[name] = (there.seconds, there.memory()["now"])
    return found


if __name__ == "__main__":
    print(json.dumps(starts(Path(sys.argv[1]))))
