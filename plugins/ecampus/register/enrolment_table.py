"""The external table that Moodle's enrol_database reads: ``enrolments(course_idnumber, username, role)``.

Moodle applies it to one person at each login too, without any guard: a table that is emptied and filled
again unenrols whoever logs in meanwhile. Hence differences only, in one transaction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pandas as pd

from ecampus.errors import SettingUnreadable
from ecampus.joins import has, once
from ecampus.register import dialect
from ecampus.sources import sql

COLUMNS = ["course_idnumber", "username", "role"]
CHUNK = 5000
SYSTEM = "la base des inscriptions"


@dataclass(frozen=True)
class EnrolmentTable:
    """The table ``name`` of the database that ``hook`` reaches; its rows are frames of COLUMNS."""

    hook: sql.Hook
    name: str = "enrolments"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\w+(\.\w+)?", self.name):
            raise SettingUnreadable(f"« {self.name} » n'est pas un nom de table : corriger le réglage.")

    def rows(self) -> pd.DataFrame:
        """Every row once, ours or not; a table that holds a row twice is tolerated.

        Raises SourceUnreachable (away), SourceLocked, SourceRefused (rights), ContractBroken (no such table).
        """
        with sql.connected(self.hook, SYSTEM, f"la table {self.name}") as connection:
            return self._rows(connection)

    def count(self) -> int:
        """How many rows there are, its columns met as by ``rows``. Raises as ``rows``."""
        with sql.connected(self.hook, SYSTEM, f"la table {self.name}") as connection:
            found = sql.read(connection, f"SELECT COUNT(*) AS n FROM ({self._statement('rows')}) r")
        return int(found["n"].iloc[0])

    def change(self, connection: Any, add: pd.DataFrame, remove: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Add and remove rows in the transaction of whoever calls; the rows that were really added, and removed.

        A row to add that is already there, or to remove that is gone, is no error. Raises what the driver raises.
        """
        present = self._rows(connection)
        added = once(add.loc[~has(add, present, COLUMNS), COLUMNS], COLUMNS)
        removed = once(remove.loc[has(remove, present, COLUMNS), COLUMNS], COLUMNS)
        self._execute(connection, "insert", added)
        self._execute(connection, "delete", removed)
        return added, removed

    def _rows(self, connection: Any) -> pd.DataFrame:
        return once(sql.read(connection, self._statement("rows")), COLUMNS).reset_index(drop=True)

    def _execute(self, connection: Any, statement: str, rows: pd.DataFrame) -> None:
        text = sql.bound(self._statement(statement), connection)
        with closing(connection.cursor()) as cursor:
            for chunk in _chunks(rows):
                dialect.executemany(connection, cursor, text, chunk)

    def _statement(self, name: str) -> str:
        return sql.statement(f"enrolment/{name}.sql").format(table=self.name)


def _chunks(rows: pd.DataFrame) -> Iterator[list[dict[str, str]]]:
    values = zip(*(rows[name].tolist() for name in COLUMNS), strict=True)
    while chunk := [dict(zip(COLUMNS, row, strict=True)) for row in islice(values, CHUNK)]:
        yield chunk
