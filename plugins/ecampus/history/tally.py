"""How many anomalies each month told, by code, and whether they become more; pure but ``tallies``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ecampus.history.nights import Line
from ecampus.history.opened import opened
from ecampus.history.runs import tells
from ecampus.store.files import Store


class Tally(NamedTuple):
    """Of one code in one month: how many were told, how many of them first, how many still were by its last night."""

    month: str
    code: str
    told: int
    new: int
    left: int


class Month(NamedTuple):
    """``more``: how many are left beyond those of the month before, null for the first."""

    month: str
    told: int
    new: int
    left: int
    more: int | None


class Code(NamedTuple):
    """Of the last month, as ``Month``."""

    code: str
    left: int
    more: int | None


def tallies(store: Store, known: Iterable[Line], first: str = "") -> list[Tally]:
    """``known``: the runs of the nights since ``first``; the last of each phase that tells ends its month.

    An anomaly that two phases tell counts once. Raises StoreUnusable.
    """
    ends: dict[tuple[str, str], str] = {}
    for line in known:
        if tells(line):
            end = (line["phase"], line["night"][:7])
            ends[end] = max(ends.get(end, ""), line["night"])
    if not ends:
        return []
    with opened(store, "anomalies", first) as base:
        base.execute("CREATE TEMP TABLE ends (phase VARCHAR, month VARCHAR, day BIGINT)")
        base.executemany("INSERT INTO ends VALUES (?, ?, ?)", [[*end, 1 << int(n[8:]) - 1] for end, n in ends.items()])
        rows = base.execute(
            """SELECT month, code, count(DISTINCT key), count(DISTINCT key) FILTER (starts_with(first_night, month)),
            count(DISTINCT key) FILTER (days & day <> 0)
            FROM anomalies JOIN ends USING (phase, month) GROUP BY ALL ORDER BY month, code"""
        ).fetchall()
    nothing = [Tally(month, "", 0, 0, 0) for month in sorted({month for _, month in ends} - {row[0] for row in rows})]
    return sorted([*(Tally(*row) for row in rows), *nothing])


def by_month(found: Sequence[Tally], code: str = "") -> list[Month]:
    """A line a month, the last first; of this code, or of all."""
    months = sorted({one.month for one in found})
    chosen = [one for one in found if not code or one.code == code]
    lines: list[Month] = []
    for month in months:
        told, new, left = (
            sum(getattr(one, name) for one in chosen if one.month == month) for name in ("told", "new", "left")
        )
        lines.append(Month(month, told, new, left, left - lines[-1].left if lines else None))
    return lines[::-1]


def by_code(found: Sequence[Tally]) -> list[Code]:
    """The codes that any month told, those of which most are left first."""
    codes = {one.code for one in found if one.code}
    lasts = [(code, by_month(found, code)[0]) for code in sorted(codes)]
    return sorted((Code(code, last.left, last.more) for code, last in lasts), key=lambda one: -one.left)
