"""Where the archived run of a phase and a case is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ecampus.store.files import Run, Store

NIGHT = date(2026, 11, 20)
FIRST, SAME, CHANGED = CASES = ("first", "same", "changed")


def run(root: Path, phase: str, case: str) -> Run:
    """The archived run of a phase and a case."""
    return Run(Store(root), phase, NIGHT, case)
