"""The servers that these tests start themselves: on loopback, on a free port, with a data folder of their own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from programs import Server

H2 = Path("/usr/share/java/h2.jar")
Fields = dict[str, Any]


@pytest.fixture(scope="session")
def h2(request) -> list[str]:
    """The command that runs a script in a fresh H2 that speaks Oracle's dialect."""
    java = _program(request, "java", "default-jre-headless")
    if not H2.exists():
        _missing(request, "h2.jar", "libh2-java")
    return [java, "-cp", str(H2), "org.h2.tools.RunScript", "-url", "jdbc:h2:mem:apogee;MODE=Oracle", "-script"]


@pytest.fixture
def free_port() -> int:
    """A port on which nothing listens."""
    return _free_port()


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """Short enough for a socket, and open to the account that PostgreSQL runs under."""
    folder = Path(tempfile.mkdtemp(prefix="ecampus-sql-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql(request, folder) -> Iterator[Fields]:
    """An empty PostgreSQL, as the fields of an Airflow connection; it refuses to run as root."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [Path(_missing(request, "postgres", "postgresql"))]
    programs = found[-1]
    data, port, user = folder / "postgresql", _free_port(), []
    data.mkdir()
    if os.geteuid() == 0:
        shutil.chown(data, "postgres", "postgres")
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    initdb = [*user, programs / "initdb", "-D", data, "-U", "ecampus", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run([*initdb, "--no-sync"], check=True, capture_output=True)
    server = [*user, programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", port, "-k", data, "-F"]
    with _running(server, port, [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", port]):
        yield {"conn_type": "postgres", "host": "127.0.0.1", "port": port, "login": "ecampus", "schema": "postgres"}


@pytest.fixture(scope="session")
def mariadb(request, folder) -> Iterator[Fields]:
    """A MariaDB with an empty base ``ecampus``, as the fields of an Airflow connection."""
    program = _program(request, "mariadbd", "mariadb-server")
    install = _program(request, "mariadb-install-db", "mariadb-server")
    data, port, user = folder / "mariadb", _free_port(), []
    if os.geteuid() == 0:
        user = ["--user=root"]
    options = ["--no-defaults", f"--datadir={data}", f"--tmpdir={folder}", *user]
    subprocess.run([install, *options, "--auth-root-authentication-method=normal"], check=True, capture_output=True)
    (data / "ecampus").mkdir()
    server = [program, *options, f"--port={port}", "--bind-address=127.0.0.1", f"--socket={data / 'socket'}"]
    with _running([*server, f"--pid-file={data / 'pid'}", "--character-set-server=utf8mb4"], port):
        yield {"conn_type": "mysql", "host": "127.0.0.1", "port": port, "login": "root", "schema": "ecampus"}


def _running(command: list[Any], port: int, ready: list[Any] | None = None) -> Server:
    server = Server([str(part) for part in command], host="127.0.0.1", port=port, timeout=30)
    server.ready = [str(part) for part in ready] if ready else None
    return server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _program(request, name: str, package: str) -> str:
    return shutil.which(name) or shutil.which(f"/usr/sbin/{name}") or _missing(request, name, package)


def _missing(request, name: str, package: str) -> str:
    words = f"Il manque {name} : apt-get install -y {package}"
    if request.config.getoption("--require-real", default=False):
        pytest.fail(words, pytrace=False)
    pytest.skip(words)
