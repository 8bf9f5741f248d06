"""The archived runs of each size: made once, kept as long as what makes them is the same."""

from __future__ import annotations

import hashlib
import shutil
from fractions import Fraction
from pathlib import Path

from bench import child

MAKERS = ("offer", "people", "traps", "university", "by_hand", "day", "takes", "state", "archived", "runs")


def ready(work: Path, size: str) -> Path:
    """The store of a university of ``size`` Caen («1/3»)."""
    store = work / size.replace("/", "-")
    mark = store / f"made-by-{_version()}"
    if not mark.exists():
        shutil.rmtree(store, ignore_errors=True)
        store.mkdir(parents=True)
        child.run("bench.runs", store, float(Fraction(size)))
        mark.touch()
    return store


def _version() -> str:
    texts = [(Path(__file__).parent / f"{name}.py").read_bytes() for name in MAKERS]
    return hashlib.sha256(b"".join(texts)).hexdigest()[:12]
