"""``owned.owning`` and ``owned.disowning`` on the register's tables: the same states, tried against each other."""

from __future__ import annotations

from typing import Any

from ecampus.register import tables
from ecampus.register.owned import IDENTITY, SHAPES, Owned


def read(connection: Any) -> Owned:
    """What is ours."""
    return {kind: tables.frame(connection, f"ecampus_{kind}", shape) for kind, shape in SHAPES.items()}


def own(connection: Any, kind: str, gained: list[tables.Record]) -> None:
    """Add or replace these rows, all of the same columns; a column they do not have keeps its value."""
    shape, identity, table = SHAPES[kind], IDENTITY[kind], f"ecampus_{kind}"
    rows = {_identity(kind, row): tables.plain(row, shape) for row in _whole(connection, kind, gained)}
    missing = [name for name in shape if name not in gained[0]]
    if missing:
        known = _known(connection, kind, rows)
        for key, row in rows.items():
            row.update({name: known.get(key, {}).get(name, _nothing(shape[name])) for name in missing})
    tables.delete(connection, table, identity, [{name: row[name] for name in identity} for row in rows.values()])
    tables.insert(connection, table, list(shape), rows.values())


def disown(connection: Any, kind: str, lost: list[tables.Record]) -> None:
    """Forget the rows of these identities."""
    identity = [name for name in IDENTITY[kind] if name in lost[0]]
    tables.delete(connection, f"ecampus_{kind}", identity, [{name: row[name] for name in identity} for row in lost])


def _whole(connection: Any, kind: str, gained: list[tables.Record]) -> list[tables.Record]:
    """Rows that name only a part of the identity (its first column), as one for each of those that share it."""
    identity = IDENTITY[kind]
    first, *others = identity
    if all(name in gained[0] for name in others):
        return gained
    sharing: dict[Any, list[tables.Record]] = {}
    for known in tables.listed(connection, f"ecampus_{kind}", identity, first, [row[first] for row in gained]):
        sharing.setdefault(known[first], []).append(known)
    return [row | known for row in gained for known in sharing.get(row[first], [])]


def _known(connection: Any, kind: str, rows: dict[tuple[Any, ...], tables.Record]) -> dict[tuple[Any, ...], Any]:
    first = IDENTITY[kind][0]
    values = list(dict.fromkeys(row[first] for row in rows.values()))
    found = tables.listed(connection, f"ecampus_{kind}", list(SHAPES[kind]), first, values)
    return {_identity(kind, row): row for row in found}


def _identity(kind: str, row: tables.Record) -> tuple[Any, ...]:
    return tuple(row[name] for name in IDENTITY[kind])


def _nothing(type_: str) -> int | None:
    return 0 if type_ == "bool" else None
