"""``docker-compose.yaml`` without Docker: its commands, its environment and its secrets, each service on loopback."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import staff
from cryptography.fernet import Fernet
from openldap import BASE, PASSWORD, READER, OpenLdap, slapd

import compose
import copies
import databases
from databases import Database, postgresql
from ecampus.calendar import today
from ecampus.local.local_airflow import Component, LocalAirflow
from ecampus.local.services import AS_TOLD, free_port
from programs import HOST, driver, folder, found, running
from sandbox.box import Box, open_box
from watch import Seen

WORKERS = ("airflow-worker-1", "airflow-worker-2")
PROVIDERS = (
    "apt-get install -y libldap-dev libsasl2-dev gcc python3-dev"
    " && .venv/bin/pip install -r requirements-real.txt -c constraints.txt"
)
QUICKER = {
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.4",
    **AS_TOLD,
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "1",
    "AIRFLOW__FAB__CACHE_TTL": "1",
}
"""What waits less than in production, and no night of its own beside the tests'."""


@dataclass(frozen=True)
class Site:
    """Where the set runs: its volumes, its servers, its ports."""

    place: Path
    directory: OpenLdap
    api: int = field(default_factory=free_port)
    health: int = field(default_factory=free_port)
    triggerer: int = field(default_factory=free_port)

    @property
    def home(self) -> Path:
        """What the containers call ``/opt/airflow``."""
        return self.place / "airflow"

    def environment(self, service: compose.Compose) -> dict[str, str]:
        """What the file gives to a service, with the addresses of here."""
        variables = {
            "ECAMPUS_LDAP_SERVER": f"ldaps://{HOST}:{self.directory.tls_port}",
            "ECAMPUS_LDAP_CA_FILE": str(self.directory.ca_file),
            "ECAMPUS_LDAP_BASE": BASE,
            "ECAMPUS_LDAP_ENGINEERS": staff.ENGINEERS,
            "ECAMPUS_LDAP_STAFF": staff.STAFF,
        }
        given = {name: self.here(value) for name, value in compose.environment(service, variables).items()}
        return given | {
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.home / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(self.home / "plugins"),
            "AIRFLOW__API__HOST": HOST,
            "AIRFLOW__API__PORT": str(self.api),
            "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT": str(self.health),
            "AIRFLOW__CORE__HOSTNAME_CALLABLE": "machine.name",
            "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(self.triggerer),
            "PYTHONPATH": str(compose.ROOT / "tests"),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            **QUICKER,
        }

    def here(self, words: str) -> str:
        """An address or a path of the containers, as it is here."""
        for theirs, ours in {
            "http://airflow-apiserver:8080": f"http://{HOST}:{self.api}",
            "http://localhost:8080": f"http://{HOST}:{self.api}",
            "http://localhost:8974": f"http://{HOST}:{self.health}",
            "/opt/airflow": str(self.home),
            "/run/secrets": str(self.place / "secrets"),
        }.items():
            words = words.replace(theirs, ours)
        return words

    def component(self, name: str, service: compose.Compose) -> Component:
        """The process of a service, on a machine that bears its name."""
        named = ["--celery-hostname", f"celery@{name}"] if name in WORKERS else []
        own = {"HOSTNAME": name, "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(free_port())}
        return Component([*shlex.split(service["command"]), *named], self.environment(service) | own)


@dataclass
class Production:
    """All that runs; ``seen``: what anybody on the machine saw of it."""

    airflow: LocalAirflow
    site: Site
    box: Box
    database: Database
    seen: Seen | None = None

    def start(self, phase: str) -> str:
        """Start a phase of tonight; the id of its run."""
        return self.airflow.trigger(f"ecampus_{phase}", {"night": today().isoformat()})

    def tasks(self, phase: str, run_id: str) -> dict[str, dict[str, Any]]:
        """What Airflow says of the tasks of a run, by task."""
        answer = self.airflow.call("GET", f"/dags/ecampus_{phase}/dagRuns/{run_id}/taskInstances")
        return {task["task_id"]: task for task in answer.json()["task_instances"]}

    def healthy(self, name: str) -> bool:
        """Whether the health check of this service is content, run as Docker would run it."""
        service = compose.read()["services"][name]
        kind, *words = service["healthcheck"]["test"]
        command = [self.site.here(compose.interpolated(word, {})) for word in words]
        done = subprocess.run(
            ["sh", "-c", *command] if kind == "CMD-SHELL" else command,
            env=os.environ | self.site.environment(service) | {"HOSTNAME": name},
            capture_output=True,
            check=False,
        )
        return done.returncode == 0


@contextmanager
def production(setenv: Callable[[str, str], None]) -> Iterator[Production]:
    """The whole set, started in the order of the file, with the sandbox for its four systems."""
    for module in ("celery", "flask_appbuilder", "redis", "ldap"):
        driver(module, PROVIDERS)
    found("curl", "curl")
    with ExitStack() as stack:
        place = stack.enter_context(folder())
        directory = stack.enter_context(slapd(staff.entries()))
        staff.gather(directory)
        box = stack.enter_context(open_box(place / "box", size=copies.SIZE))
        database = stack.enter_context(postgresql(setenv))
        site = Site(place, directory)
        _write_secrets(place / "secrets", box, database, stack.enter_context(redis(place)))
        services = compose.ours(compose.read())
        _mount(services["airflow-init"]["volumes"], site)
        environment = site.environment(services["airflow-init"])
        _initialise(services.pop("airflow-init"), environment)
        components = {name: site.component(name, service) for name, service in services.items()}
        account = (staff.ENGINEER, staff.password(staff.ENGINEER))
        yield Production(stack.enter_context(LocalAirflow(environment, components, account)), site, box, database)


@contextmanager
def redis(place: Path) -> Iterator[str]:
    """A Redis, configured by a file as in the compose file; its address."""
    port, configuration = free_port(), place / "redis.conf"
    configuration.write_text(f'requirepass "{PASSWORD}"\nsave ""\nport {port}\nbind {HOST}\ndir {place}\n')
    with running([found("redis-server", "redis-server"), str(configuration)], port, place / "redis.log"):
        yield f"redis://:{PASSWORD}@{HOST}:{port}/0"


def _write_secrets(there: Path, box: Box, database: Database, broker: str) -> None:
    login = f"postgres:{databases.PASSWORD}@{HOST}:{database.connection['port']}/postgres"
    connections = {name.removeprefix("AIRFLOW_CONN_").lower(): json.loads(c) for name, c in box.connections.items()}
    there.mkdir()
    for name, secret in {
        "fernet_key": Fernet.generate_key().decode(),
        "api_secret_key": secrets.token_urlsafe(64),
        "jwt_secret": secrets.token_urlsafe(64),
        "metadata_url": f"postgresql+psycopg2://{login}",
        "result_backend_url": f"db+postgresql://{login}",
        "broker_url": broker,
        "connections.json": json.dumps(connections),
        "ldap_bind_dn": READER,
        "ldap_bind_password": PASSWORD,
    }.items():
        (there / name).write_text(f"{secret}\n")


def _mount(volumes: list[str], site: Site) -> None:
    """Folders of the project where the file mounts them, empty folders for the volumes."""
    site.home.mkdir()
    for volume in volumes:
        source, target, *_ = volume.split(":")
        if source.startswith("./"):
            Path(site.here(target)).symlink_to(compose.ROOT / source)
        else:
            Path(site.here(target)).mkdir()


def _initialise(service: compose.Compose, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "airflow", *shlex.split(service["command"])]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
