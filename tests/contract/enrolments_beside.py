"""The external table as the contract fills it, by the project's own code."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

import pandas as pd
import pytest
from corner import Corner, ours
from hosts import Host

from ecampus.register.enrolment_table import COLUMNS, EnrolmentTable


class Beside:
    """The table and its task. Only rows of the contract are ever written or removed."""

    def __init__(self, host: Host, moodle: Corner) -> None:
        self.host, self.moodle = host, moodle
        self.table = EnrolmentTable(host.enrolment_hook())

    def rows(self, *rows: tuple[str, str, str]) -> None:
        """Make these all the rows of ours, in one transaction."""
        held = self.table.rows()[COLUMNS].itertuples(index=False, name=None)
        gone = [row for row in held if any(map(ours, row)) and row not in rows]
        self.change(add=_frame(rows), remove=_frame(gone))

    def change(self, add: pd.DataFrame, remove: pd.DataFrame) -> None:
        """Add and remove these rows in one transaction."""
        with closing(self.table.hook.get_conn()) as connection:
            self.table.change(connection, add, remove)
            connection.commit()

    def empty(self) -> None:
        """Leave nothing in the table; skips where others have rows in it."""
        self.rows()
        if len(self.table.rows()):
            pytest.skip("the enrolment table holds rows that are not the contract's")

    def sync(self, *rows: tuple[str, str, str]) -> str:
        """Make these the rows of ours and run the task; what it says."""
        self.rows(*rows)
        return self.host.sync()


def _frame(rows: Iterable[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")
