"""What the history lacks of the nights that a page speaks of: an empty list is not «nothing happened»."""

from __future__ import annotations

from ecampus.history import tables
from ecampus.history.untold import untold
from ecampus.store.files import Store
from ecampus.words import looking


def gap(store: Store, first: str = "", last: str = "~") -> str:
    """Nothing when the history has all of these nights that the store has."""
    return said(store, untold(store, first, last))


def said(store: Store, missing: list[str]) -> str:
    """The same, of nights that are known to be missing."""
    return looking.lacking(missing, bool(tables.months(store, "runs")))
