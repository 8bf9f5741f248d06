"""A copy of the project in which the commands run, so that the data of this one are left alone."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAM = [sys.executable, "-m", "ecampus.local.night_command"]
CHECKOUT, ENDED = "checkout", "ended"
SIZE = 3
"""Of the university that the tests of whole nights play."""


def copy(here: Path) -> Path:
    """The folders that the commands need."""
    for folder in ("dags", "plugins", "include"):
        shutil.copytree(ROOT / folder, here / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return here


def night_command(checkout: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """``make night`` in the copy."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ECAMPUS"))}
    environment = clean | {"PYTHONPATH": "plugins:include"} | more
    return subprocess.run(
        [*PROGRAM, *arguments], cwd=checkout, env=environment, capture_output=True, text=True, check=False, timeout=400
    )


@dataclass(frozen=True)
class Night:
    """``make night`` in a copy, on a new university of ``SIZE``: how it ended, and where."""

    checkout: Path
    command: subprocess.CompletedProcess[str]

    @staticmethod
    def play(here: Path) -> None:
        ended = night_command(copy(here / CHECKOUT), "--size", str(SIZE))
        (here / ENDED).write_bytes(pickle.dumps(ended))

    @classmethod
    def kept(cls, here: Path) -> Night:
        return cls(here / CHECKOUT, pickle.loads((here / ENDED).read_bytes()))
