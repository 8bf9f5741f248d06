"""A copy of the project in which the commands run, so that the data of this one are left alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAM = [sys.executable, "-m", "ecampus.local.night_command"]
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
