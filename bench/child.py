"""A process of its own for each figure, on one thread: what it said, its CPU seconds, its peak of memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PATHS = [ROOT / name for name in ("", "plugins", "include", "bench/.work/libraries", "tests", "tests/nights")]
THREADS = ("OMP_NUM_THREADS", "ARROW_IO_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS")


@dataclass(frozen=True)
class Child:
    """``cpu``: user and system seconds, the interpreter's start included. ``peak``: MB. ``said``: its JSON."""

    cpu: float
    peak: float
    said: Any


def run(module: str, *arguments: object) -> Child:
    """``python -m module``, which says JSON or nothing.

    Whoever calls must be small: Linux counts the memory of the parent in the peak of the child.
    Raises RuntimeError when it fails.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)],
        stdout=subprocess.PIPE,
        env=os.environ | dict.fromkeys(THREADS, "1") | {"PYTHONPATH": os.pathsep.join(map(str, PATHS))},
    )
    assert process.stdout
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{module} {' '.join(map(str, arguments))}: {process.returncode}")
    return Child(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, json.loads(said or b"null"))
