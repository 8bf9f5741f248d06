"""``owned.owning`` and ``owned.disowning`` on the register's tables: the same states, tried against each other."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ecampus.register import tables
from ecampus.register.owned import IDENTITY, SHAPES, Owned


def read(connection: Any) -> Owned:
    """What is ours."""
    return {kind: tables.frame(connection, f"ecampus_{kind}", shape) for kind, shape in SHAPES.items()}


def own(connection: Any, kind: str, gained: pd.DataFrame) -> None:
    """Add or replace these rows; a column they do not have keeps its value."""
    shape, identity, table = SHAPES[kind], IDENTITY[kind], f"ecampus_{kind}"
    gained = _whole(connection, kind, gained)
    rows = {_identity(kind, row): row for row in tables.records(gained, shape)}
    missing = [name for name in shape if name not in gained]
    if missing:
        known = _known(connection, kind, rows)
        for key, row in rows.items():
            row.update({name: known.get(key, {}).get(name, _nothing(shape[name])) for name in missing})
    tables.delete(connection, table, identity, [{name: row[name] for name in identity} for row in rows.values()])
    tables.insert(connection, table, list(shape), rows.values())


def disown(connection: Any, kind: str, lost: pd.DataFrame) -> None:
    """Forget the rows of these identities."""
    identity = {name: SHAPES[kind][name] for name in IDENTITY[kind] if name in lost}
    tables.delete(connection, f"ecampus_{kind}", list(identity), tables.records(lost, identity))


def _whole(connection: Any, kind: str, gained: pd.DataFrame) -> pd.DataFrame:
    """Rows that name only a part of the identity, as one for each of those that share it."""
    identity = IDENTITY[kind]
    named = [column for column in identity if column in gained]
    if named == identity:
        return gained
    found = tables.listed(connection, f"ecampus_{kind}", identity, named[0], gained[named[0]].tolist())
    known = pd.DataFrame(found, columns=identity).astype({name: SHAPES[kind][name] for name in identity})
    return gained.astype({name: SHAPES[kind][name] for name in named}).merge(known, on=named)


def _known(connection: Any, kind: str, rows: dict[tuple[Any, ...], tables.Record]) -> dict[tuple[Any, ...], Any]:
    first = IDENTITY[kind][0]
    values = list(dict.fromkeys(row[first] for row in rows.values()))
    found = tables.listed(connection, f"ecampus_{kind}", list(SHAPES[kind]), first, values)
    return {_identity(kind, row): row for row in found}


def _identity(kind: str, row: tables.Record) -> tuple[Any, ...]:
    return tuple(row[name] for name in IDENTITY[kind])


def _nothing(type_: str) -> int | None:
    return 0 if type_ == "bool" else None
