"""Which systems a command runs against: those that Airflow knows, or the sandbox when it knows none."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ecampus.local import place
from ecampus.local.place import CONNECTIONS, OPTIONAL, ROOT, CommandImpossible
from ecampus.local.services import stop

YEAR = "2026"
DATA = place.DATA / "sandbox"
POSTPONED = "pas encore :"
AWAKE = "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION"
SANDBOX = [sys.executable, "-m", "sandbox"]


def all_or_none(found: Sequence[str]) -> bool:
    """Whether the four connections are there; invented data must never be mixed with a real system.

    Raises ``CommandImpossible`` when only some are, or only an optional one.
    """
    missing = [name for name in CONNECTIONS if name not in found]
    if missing and found:
        names = ", ".join(f"« {name} » (AIRFLOW_CONN_{name.upper()})" for name in missing)
        raise CommandImpossible(
            f"Connexions manquantes : {names}. Les définir toutes pour des systèmes réels, aucune pour le bac à sable."
        )
    return not missing


@contextmanager
def systems(size: int | None = None, moodle: str | None = None, partly: bool = False) -> Iterator[dict[str, str]]:
    """Make Airflow's database ready, then see which systems it knows; what the sandbox adds, if it is used.

    New DAGs are paused, but for the sandbox, where nights run at once.
    ``partly``: one connection is enough to look at real systems, for who writes nothing.
    """
    from ecampus.local import preparation

    preparation.prepare_database()
    known = preparation.known_connections((*CONNECTIONS, *OPTIONAL))
    if (partly and known) or all_or_none(known):
        yield {}
        return
    year = {} if preparation.known_year() else {"AIRFLOW_VAR_ECAMPUS_ANNEE": YEAR}
    with sandbox(size, moodle) as found:
        yield found | year | {AWAKE: "False"}


@contextmanager
def sandbox(size: int | None, moodle: str | None) -> Iterator[dict[str, str]]:
    """Run the sandbox meanwhile; the environment that leads Airflow to it."""
    made = [*(["--size", str(size)] if size else []), *(["--moodle", moodle] if moodle else [])]
    process = subprocess.Popen(
        [*SANDBOX, "serve", "--data", str(DATA), *made],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield _connections(process)
    finally:
        stop([process])


def play_changes() -> str:
    """Play a believable day of changes in the running sandbox; what happened, one line each."""
    played = subprocess.run(
        [*SANDBOX, "changes", "--data", str(DATA)],
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if played.returncode:
        raise CommandImpossible(played.stderr.strip().splitlines()[-1])
    return played.stdout.strip()


def _connections(process: subprocess.Popen[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    assert process.stdout is not None
    while len(found) < len(CONNECTIONS):
        line = process.stdout.readline()
        if not line:
            raise CommandImpossible("Le bac à sable ne démarre pas : voir le message ci-dessus, ou « make sandbox ».")
        name, equals, value = line.partition("=")
        if equals and name.startswith("AIRFLOW_CONN_"):
            found[name] = shlex.split(value)[0]
    return found


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": f"{ROOT / 'include'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
