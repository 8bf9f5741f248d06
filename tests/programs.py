"""Programs of Debian that the tests run: where they are, under which account, and how they start and stop.

``mirakuru`` starts and stops the three servers. ``pytest-postgresql`` refuses to run as root and ``pytest-mysql``
wants a compiled driver before the first test: neither would bring anything more than the process.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from importlib.util import find_spec
from pathlib import Path

import pytest
from mirakuru import TCPExecutor

HOST = "127.0.0.1"
START_SECONDS = 30
PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *sorted(glob("/usr/lib/postgresql/*/bin"))])


class Missing(Exception):
    """A program or a driver is not installed; its text names it and the line that installs it."""


def found(name: str, package: str) -> str:
    """The path of the program ``name``. Raises ``Missing``."""
    path = shutil.which(name, path=PLACES)
    if path is None:
        raise Missing(f"{name} is missing: apt-get install -y {package}")
    return path


def driver(module: str, installed_by: str) -> None:
    """Raises ``Missing`` unless the Python module is there."""
    if find_spec(module) is None:
        raise Missing(f"{module} is missing: {installed_by}")


def skip(why: Missing, config: pytest.Config) -> None:
    """Skip the tests, or fail them under ``--require-real``."""
    (pytest.fail if config.getoption("--require-real") else pytest.skip)(str(why))


def quietly(command: list[str]) -> None:
    """Run a command that ends; what it says is shown only if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, f"{command[0]}: {done.stdout[-2000:]}"


def under(account: str, command: list[str]) -> list[str]:
    """The command under an account without rights when we are root, as we are otherwise."""
    if os.getuid() != 0:
        return command
    return ["setpriv", f"--reuid={account}", f"--regid={account}", "--clear-groups", *command]


@contextmanager
def folder(account: str | None = None) -> Iterator[Path]:
    """A temporary folder, removed at the end; it belongs to ``account`` when we are root.

    Not pytest's: the account could not walk through it, and a socket's path must stay under 108 characters.
    """
    with tempfile.TemporaryDirectory(prefix="ecampus-real-") as name:
        if account and os.getuid() == 0:
            owner = pwd.getpwnam(account)
            os.chown(name, owner.pw_uid, owner.pw_gid)
        yield Path(name)


class Server(TCPExecutor):
    """Started once it listens and the command ``ready`` succeeds."""

    ready: list[str] | None = None

    def after_start_check(self) -> bool:
        """As TCPExecutor, then ``ready``: a PostgreSQL listens before it lets anybody in."""
        return super().after_start_check() and (
            self.ready is None or subprocess.run(self.ready, stdout=subprocess.DEVNULL, check=False).returncode == 0
        )


@contextmanager
def running(
    command: list[str], port: int, log: Path, ready: list[str] | None = None, stop: int = signal.SIGTERM
) -> Iterator[Server]:
    """The server, from the moment it is ready on ``port`` until the end of the block."""
    with log.open("wb") as output:
        streams = {"stdout": output, "stderr": output}
        server = Server(command, HOST, port, timeout=START_SECONDS, sleep=0.02, stop_signal=stop, **streams)
        server.ready = ready
        with server:
            yield server
