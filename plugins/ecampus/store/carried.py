"""The accounts of Moodle as the users phase read them, kept for the phases after it of the same night.

Reading them all takes minutes; nobody but that phase writes them. Each reading is a file of its own, whose name says
beside which register, at which number of its and when it began. None replaces another, and the latest is found: what a
process that was frozen brings when it wakes serves nobody.
"""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass

import pandas as pd

from ecampus import contract
from ecampus.errors import StoreUnusable
from ecampus.store.files import Run

LOG = logging.getLogger("ecampus")
NAME = re.compile(r"accounts-(?P<number>\d+)-(?P<began>\d+)-(?P<register>.+)\.parquet")


@dataclass(frozen=True)
class Reading:
    """``register``, ``number``: those of the register, and of the mark in Moodle, when it ``began`` (milliseconds)."""

    register: str
    number: int
    began: int

    @classmethod
    def begins(cls, register: str, number: int) -> Reading:
        """A reading that begins now."""
        return cls(register, number, time.time_ns() // 1_000_000)


def keep(run: Run, accounts: pd.DataFrame, reading: Reading) -> None:
    """Keep what was read."""
    name = f"accounts-{reading.number}-{reading.began}-{reading.register}.parquet"
    run.store.write_frame(f"{run.night.isoformat()}/{name}", accounts)


def forget(run: Run) -> None:
    """Before the accounts change."""
    for name in _kept(run):
        run.store.remove(name)


def find(run: Run, register: str, number: int) -> pd.DataFrame | None:
    """The accounts of this night; none when nobody kept them, or beside another register or a later state of this.

    A file that nobody can read keeps none: Moodle is read instead.
    """
    kept = _kept(run)
    latest = max(kept, key=lambda name: (kept[name].number, kept[name].began), default=None)
    if latest is None or kept[latest].register != register or kept[latest].number > number:
        return None
    try:
        return run.store.read_frame(latest).astype(contract.MOODLE["users"].types())
    except StoreUnusable as unreadable:
        LOG.warning("%s", unreadable)
        return None


def _kept(run: Run) -> dict[str, Reading]:
    """The readings of this night, by the names of their files."""
    night = run.night.isoformat()
    found = {name: NAME.fullmatch(name) for name in run.store.names(night)}
    return {
        f"{night}/{name}": Reading(told["register"], int(told["number"]), int(told["began"]))
        for name, told in found.items()
        if told
    }
