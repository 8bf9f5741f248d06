"""A copy of the project in which the commands run, so that the data of this one are left alone."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from watch import Seen, watched

ROOT = Path(__file__).parents[1]
CHECKOUT, ENDED, SEEN = "checkout", "ended", "seen"
SIZE = 3
"""Of the university that the tests of whole nights play."""


def copy(here: Path) -> Path:
    """The folders that the commands need."""
    for folder in ("dags", "plugins", "include"):
        shutil.copytree(ROOT / folder, here / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return here


def night_command(checkout: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """``make night`` in the copy."""
    return command(checkout, "night_command", *arguments, **more)


def command(checkout: Path, name: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command of ``ecampus.local`` in the copy."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ECAMPUS"))}
    environment = clean | {"PYTHONPATH": "plugins:include"} | more
    return subprocess.run(
        [sys.executable, "-m", f"ecampus.local.{name}", *arguments],
        cwd=checkout,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )


@dataclass(frozen=True)
class Night:
    """``make night`` in a copy, on a new university of ``SIZE``: how it ended, where, what was seen meanwhile."""

    checkout: Path
    command: subprocess.CompletedProcess[str]
    seen: Seen

    @staticmethod
    def play(here: Path) -> None:
        checkout = copy(here / CHECKOUT)
        with watched(checkout) as seen:
            ended = night_command(checkout, "--size", str(SIZE))
        (here / ENDED).write_bytes(pickle.dumps(ended))
        (here / SEEN).write_bytes(pickle.dumps(seen))

    @classmethod
    def kept(cls, here: Path) -> Night:
        ended, seen = (pickle.loads((here / name).read_bytes()) for name in (ENDED, SEEN))
        return cls(here / CHECKOUT, ended, seen)
