"""Write-ahead: a batch is noted as intended before the call to Moodle, and settled after it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ecampus.register import tables

Item = dict[str, Any]


@dataclass(frozen=True)
class About:
    """Which run intends a batch."""

    run: str
    phase: str
    night: str


@dataclass(frozen=True)
class Batch:
    """What was about to be sent; ``outcomes`` says what became of each item, and is null while nobody knows.

    ``intended``: when it was noted, in Unix seconds, by the clock of the register's database.
    ``looked``: the run that asked Moodle since and did not see it: a process that was frozen may still send it.
    """

    number: int
    about: About
    intended: int
    items: list[Item]
    outcomes: list[Item] | None
    looked: str | None = None


def intended(connection: Any, number: int, items: list[Item], about: About) -> None:
    """Note a batch before its call."""
    record = {"batch": number, "run": about.run, "phase": about.phase, "night": about.night, "items": _json(items)}
    tables.execute(connection, tables.timed(connection, "batch_intended"), record)


def settled(connection: Any, number: int, outcomes: list[Item]) -> None:
    """Note what became of it; what was intended stays, for whoever undoes it."""
    tables.execute(connection, tables.text("batch_settled"), {"batch": number, "outcomes": _json(outcomes)})


def looked(connection: Any, number: int, by: str) -> None:
    """Note that a run looked for it in Moodle in vain."""
    tables.execute(connection, tables.text("batch_looked"), {"batch": number, "looked": by})


def rewritten(connection: Any, number: int, items: list[Item], outcomes: list[Item]) -> None:
    """Replace what a settled batch said: somebody whom it named is erased."""
    record = {"batch": number, "items": _json(items), "outcomes": _json(outcomes)}
    tables.execute(connection, tables.text("batch_rewritten"), record)


def between(connection: Any, after: int, until: int) -> list[Batch]:
    """Those of these numbers, oldest first."""
    return _batches(connection, "batches_between", {"after": after, "until": until})


def forgotten(connection: Any, night: str) -> int:
    """Forget those of the nights before ``night``, less those still open and the last one: its number counts on."""
    return tables.execute(connection, tables.text("batches_forgotten"), {"night": night, "last": last(connection)})


def last(connection: Any) -> int:
    """The number of the last batch ever, or 0."""
    ((number,),) = tables.select(connection, tables.text("last_batch"))
    return int(number)


def still_open(connection: Any) -> list[Batch]:
    """Those intended and not settled, oldest first."""
    return _batches(connection, "batches_open")


def of_a_run(connection: Any, run: str) -> list[Batch]:
    """All those of a run, oldest first."""
    return _batches(connection, "batches_of_a_run", {"run": run})


def _batches(connection: Any, statement: str, parameters: tables.Record | None = None) -> list[Batch]:
    return [
        Batch(
            int(number),
            About(run, phase, night),
            int(intended) // 1000,
            json.loads(_whole(items)),
            json.loads(_whole(outcomes) or "null"),
            looked,
        )
        for number, run, phase, night, intended, items, outcomes, looked in tables.select(
            connection, tables.text(statement), parameters
        )
    ]


def _whole(words: Any) -> Any:
    """Oracle gives a CLOB as a locator to read."""
    return words.read() if hasattr(words, "read") else words


def _json(items: list[Item]) -> str:
    return json.dumps(items, separators=(",", ":"))
