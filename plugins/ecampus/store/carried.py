"""The accounts of Moodle as the users phase left them, kept for the phases after it of the same night.

Reading them all takes minutes; nobody but that phase writes them.
"""

from __future__ import annotations

import logging

import pandas as pd

from ecampus import contract
from ecampus.errors import StoreUnusable
from ecampus.store.files import Run

LOG = logging.getLogger("ecampus")
FRAME, NOTE = "accounts.parquet", "accounts.json"


def keep(run: Run, accounts: pd.DataFrame, register: str, number: int) -> None:
    """Keep what this run read last. ``register``, ``number``: those of the register, and of the mark in Moodle."""
    forget(run)
    run.store.write_frame(_path(run, FRAME), accounts)
    run.store.write_json(_path(run, NOTE), {"register": register, "number": number, "run": run.name})


def forget(run: Run) -> None:
    """Before the accounts change, or are read anew."""
    run.store.remove(_path(run, NOTE))


def find(run: Run, register: str, number: int) -> pd.DataFrame | None:
    """The accounts of this night; none when nobody kept them, or beside another register or a later state of this.

    A file that nobody can read keeps none: Moodle is read instead.
    """
    if not run.store.exists(_path(run, NOTE)):
        return None
    try:
        note = run.store.read_json(_path(run, NOTE))
        if note["register"] != register or note["number"] > number:
            return None
        return run.store.read_frame(_path(run, FRAME)).astype(contract.MOODLE["users"].types())
    except StoreUnusable as unreadable:
        LOG.warning("%s", unreadable)
        return None


def _path(run: Run, name: str) -> str:
    return f"{run.night.isoformat()}/{name}"
