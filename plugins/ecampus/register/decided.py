"""What waits for people and what they said, as rows of the register: units, passages, every answer for good."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from ecampus.register import tables


def held(connection: Any, phase: str, decisions: pd.DataFrame) -> None:
    """What the phase holds (``tables.DECISIONS``), in place of what it held."""
    tables.delete(connection, "ecampus_decision", ["phase"], [{"phase": phase}])
    records = tables.records(decisions, tables.DECISIONS)
    tables.insert(connection, "ecampus_decision", list(tables.DECISIONS), records)


def waiting(passages: pd.DataFrame) -> list[Callable[[Any], Any]]:
    """These phases of an installation wait (``tables.PASSAGES``), in place of what they did: acts, in their order."""
    records = tables.records(passages, tables.PASSAGES)
    identity, columns = ["phase", "made_by"], list(tables.PASSAGES)
    named = [{name: record[name] for name in identity} for record in records]
    return [
        partial(tables.delete, table="ecampus_passage", identity=identity, records=named),
        partial(tables.insert, table="ecampus_passage", columns=columns, records=records),
    ]


def units(connection: Any, decisions: pd.DataFrame) -> None:
    """These units (``tables.DECISIONS``), in place of what was known of them."""
    records = tables.records(decisions, tables.DECISIONS)
    named = [{"phase": record["phase"], "unit": record["unit"]} for record in records]
    tables.delete(connection, "ecampus_decision", ["phase", "unit"], named)
    tables.insert(connection, "ecampus_decision", list(tables.DECISIONS), records)


def told_of(answered: pd.DataFrame, shape: tables.Shape) -> tables.Record:
    """One answer to all these rows of ``shape``, which have a question: the row of ``ecampus_answer``."""
    first = tables.records(answered.head(1), shape)[0]
    told = {name: first[name] for name in ("phase", "question", "state", "who", "why")}
    return told | {"night": first["decided"], "units": len(answered)}


def answered(connection: Any, told: tables.Record) -> None:
    """Add a row of ``ecampus_answer``, at the database's time."""
    tables.execute(connection, tables.timed(connection, "answered"), told)
