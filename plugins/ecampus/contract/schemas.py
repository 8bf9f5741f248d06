"""What is declared, as schemas of pandera; imported only by the tasks that let a frame in."""

from __future__ import annotations

from collections.abc import Mapping

import pandera.pandas as pa

from ecampus.contract.kinds import DEFECTS, Column

CHECKS = {defect: pa.Check(holds, error=defect) for defect, holds in DEFECTS.items()}


def schema(declared: Mapping[str, Column], key: tuple[str, ...]) -> pa.DataFrameSchema:
    """These columns and no other; ``key`` (possibly nothing) is unique."""
    columns = {name: _column(column) for name, column in declared.items()}
    return pa.DataFrameSchema(columns, strict=True, unique=list(key) or None)


def _column(column: Column) -> pa.Column:
    checks = [CHECKS[defect] for defect in column.checks]
    if column.values:
        checks.append(pa.Check.isin(list(column.values)))
    return pa.Column(column.dtype, checks, nullable=column.nullable, description=column.description)
