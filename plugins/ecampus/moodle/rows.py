"""Rows that Moodle answers, as frames with fixed columns and types.

A field that Moodle hides from the token is refused (courses without idnumber): taken for an empty value,
it would make each of our objects look like a stranger's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from ecampus.errors import SourceRefused

CHUNK = 500
"""Ids asked for in one call."""
CREATED = "created"
"""Unix seconds; null where no web service shows it (all but courses, in Moodle 4.5)."""
ADDED = "added"
"""When somebody became a member: unix seconds; no web service of Moodle 4.5 shows it."""

Row = dict[str, Any]


def chunks(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """The ids, ``size`` at a time."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def require_shown(rows: list[Row], fields: list[str], whose: str, capability: str) -> None:
    """Raise SourceRefused when a row lacks one of ``fields``: the token needs ``capability`` to see it."""
    hidden = [field for field in fields if any(field not in row for row in rows)]
    if hidden:
        raise SourceRefused(
            f"Le compte du jeton Moodle ne voit pas « {', '.join(hidden)} » de {whose} : un "
            f"administrateur ajoute la capacité {capability} à son rôle, au niveau du site."
        )


def frame(rows: list[Row], columns: list[str], text: Sequence[str] = (), flags: Sequence[str] = ()) -> pd.DataFrame:
    """``columns`` of ``rows``: text ('' is null), flags as booleans, moments as Int64, the others as int64."""
    kinds = dict.fromkeys(text, "str") | dict.fromkeys(flags, "bool") | {CREATED: "Int64", ADDED: "Int64"}
    data = {column: [row.get(column) for row in rows] for column in columns}
    for column in text:
        data[column] = [value or None for value in data[column]]
    return pd.DataFrame({column: pd.Series(data[column], dtype=kinds.get(column, "int64")) for column in columns})
