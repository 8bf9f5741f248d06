"""Rows of the enrolment table, which of them are ours, and which Moodle must still take: one transaction."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ecampus.joins import has, once
from ecampus.register import tables
from ecampus.register.enrolment_table import COLUMNS, SYSTEM, EnrolmentTable
from ecampus.register.owned import SHAPES
from ecampus.sources import sql


def publish(
    connection: Any,
    table: EnrolmentTable,
    add: pd.DataFrame,
    remove: pd.DataFrame,
    own: pd.DataFrame,
    disown: pd.DataFrame,
    night: str,
) -> tuple[int, int]:
    """``EnrolmentTable.change``, ownership with it; what is added or removed is followed until Moodle takes it.

    A row that somebody put there meanwhile is not ours, though we meant to.
    """
    with sql.telling(SYSTEM, f"la table {table.name}"):
        added, removed = table.change(connection, add, remove)
    held = tables.frame(connection, "ecampus_enrolment", SHAPES["enrolment"])
    _delete(connection, "ecampus_enrolment", _among(disown, held))
    _insert(connection, "ecampus_enrolment", _beside(_among(own, added), held), SHAPES["enrolment"])
    rows = pd.concat([add[COLUMNS].assign(verb="enrol"), remove[COLUMNS].assign(verb="unenrol")]).assign(night=night)
    rows = once(rows, COLUMNS)
    followed = tables.frame(connection, "ecampus_following", tables.FOLLOWING)
    _delete(connection, "ecampus_following", _among(rows, followed))
    _insert(connection, "ecampus_following", rows, tables.FOLLOWING)
    return len(added), len(removed)


def _among(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    return rows[has(rows, others, COLUMNS)]


def _beside(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    rows = once(rows, COLUMNS)
    return rows[~has(rows, others, COLUMNS)]


def _delete(connection: Any, table: str, rows: pd.DataFrame) -> None:
    tables.delete(connection, table, COLUMNS, tables.records(rows, SHAPES["enrolment"]))


def _insert(connection: Any, table: str, rows: pd.DataFrame, shape: tables.Shape) -> None:
    tables.insert(connection, table, list(shape), tables.records(rows, shape))
