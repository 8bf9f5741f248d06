"""The changes of a night, of somebody, of a course, a group, an étape, a composante: what takes away first.

Rows that only moved with their key are folded into the change that moved it: nobody lost anything by them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from ecampus.history.opened import opened
from ecampus.kinds import DESTRUCTIVE
from ecampus.store.files import Store

IN_A_COURSE = "('course', 'enrolment', 'group', 'group_member')"
OF_A_GROUP = "object IN ('group', 'group_member') AND contains(upper(key) || ' / ', ?)"


@dataclass(frozen=True)
class Asked:
    """What the changes must be of; all of it, and what is not given is not asked.

    ``first``, ``last``: nights (ISO dates). ``people``: logins and codes of one person. ``course``: its code;
    ``course_id``: Moodle's id of it. ``group``: the code of one of its groups. ``cohort``: an étape. ``scope``: a
    composante; ``within``: those that may be seen, null for all, and for what is of none. ``words``: to be found in
    what staff call the object, or in its name.
    """

    first: str = ""
    last: str = "~"
    phase: str = ""
    outcome: str = ""
    people: tuple[str, ...] = ()
    course: str = ""
    course_id: int | None = None
    group: str = ""
    cohort: str = ""
    scope: str = ""
    within: frozenset[str] | None = None
    words: str = ""

    @classmethod
    def of_night(cls, night: str, **more: Any) -> Asked:
        """Those of one night."""
        return cls(first=night, last=night, **more)


@dataclass(frozen=True)
class Change:
    """One line: as a row of ``tables.CHANGES``; ``takes``: it takes something away."""

    night: str
    phase: str
    run: str
    at: str | None
    object: str
    verb: str
    outcome: str
    key: str
    name: str | None
    scope: str | None
    place: str | None
    username: str | None
    role: str | None
    before: str | None
    after: str | None
    message: str | None
    question: str | None
    moodle_id: int | None
    kept: int | None
    takes: bool


@dataclass(frozen=True)
class Total:
    """So many lines of a kind with this outcome; ``kept``: whom or what they kept."""

    object: str
    verb: str
    outcome: str
    number: int
    kept: int


@dataclass(frozen=True)
class Page:
    """``total``: how many lines there are in all; ``totals``: of each kind and outcome, what takes away first."""

    total: int
    lines: list[Change]
    totals: list[Total]


COLUMNS = ", ".join(f'"{field.name}"' for field in fields(Change))
SUMMED = "object, verb, outcome, count(*), coalesce(sum(kept), 0)::BIGINT"
ORDER = "night DESC, takes DESC, file, line"
"""Files are opened in the order of the phases, and each run is in this order in its file (``changes.ORDER``)."""


def page(store: Store, asked: Asked, number: int = 1, size: int = 50) -> Page:
    """The lines of a page, the newest night first; pages are counted from 1. Raises StoreUnusable."""
    lines, values = _lines(asked)
    with opened(store, "changes", asked.first, asked.last) as base:
        base.execute(
            f"CREATE TEMP TABLE found AS SELECT file, line, night, takes, object, verb, outcome, kept FROM ({lines})",
            values,
        )
        summed = _summed(base.execute(f"SELECT {SUMMED} FROM found GROUP BY ALL").fetchall())
        part = f"ORDER BY {ORDER} LIMIT {size} OFFSET {(number - 1) * size}"
        base.execute(f"CREATE TEMP TABLE shown AS FROM found {part}")
        rows = base.execute(f"SELECT {COLUMNS} FROM changes SEMI JOIN shown USING (file, line) ORDER BY {ORDER}")
        return Page(sum(one.number for one in summed), [Change(*row) for row in rows.fetchall()], summed)


def totals(store: Store, asked: Asked) -> list[Total]:
    """How many lines of each kind and outcome, what takes away first. Raises StoreUnusable."""
    lines, values = _lines(asked)
    with opened(store, "changes", asked.first, asked.last) as base:
        return _summed(base.execute(f"SELECT {SUMMED} FROM ({lines}) GROUP BY ALL", values).fetchall())


def _summed(rows: Iterable[tuple[Any, ...]]) -> list[Total]:
    found = {row[:3]: Total(*row) for row in rows}
    return [found[kind] for kind in _taking_first(found)]


def compared(store: Store, one: str, other: str, **more: Any) -> list[tuple[Total | None, Total | None]]:
    """Two nights side by side, a pair for each kind and outcome that one of them has. Raises StoreUnusable."""
    left, right = ({_of(total): total for total in totals(store, Asked.of_night(n, **more))} for n in (one, other))
    return [(left.get(kind), right.get(kind)) for kind in _taking_first({*left, *right})]


def _of(total: Total) -> tuple[str, str, str]:
    return total.object, total.verb, total.outcome


def _taking_first(kinds: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return sorted(kinds, key=lambda kind: (f"{kind[0]}|{kind[1]}" not in DESTRUCTIVE, kind))


def _lines(asked: Asked) -> tuple[str, list[Any]]:
    """The lines that are asked for, and the values of this statement.

    Who is looked up by a login or a word is found among the rows that follow too: then the change of their key is told.
    """
    where, values = _where(asked)
    nights, bounds = "night BETWEEN ? AND ?", [asked.first, asked.last]
    if not (asked.people or asked.words):
        return f"SELECT * FROM changes WHERE NOT follows AND {nights} AND {where}", [*bounds, *values]
    units = f"SELECT night, phase, run, unit FROM changes WHERE follows AND {nights} AND {where}"
    return (
        f"SELECT * FROM changes WHERE NOT follows AND {nights}"
        f" AND (({where}) OR (kept IS NOT NULL AND (night, phase, run, unit) IN ({units})))",
        [*bounds, *values, *bounds, *values],
    )


def _where(asked: Asked) -> tuple[str, list[Any]]:
    found: list[tuple[str, list[Any]]] = [("true", [])]
    found += [(f"{name} = ?", [value]) for name in ("phase", "outcome", "scope") if (value := getattr(asked, name))]
    if asked.within is not None:
        found.append((f"scope IN ({', '.join('?' * len(asked.within))})", [*asked.within]))
    if asked.people:
        found.append(_person([word.lower() for word in asked.people]))
    if asked.group:
        found.append((OF_A_GROUP, [f" / {asked.group} / ".upper()]))
    if asked.course or asked.course_id is not None:
        found.append(_course(asked.course.upper(), asked.course_id))
    if asked.cohort:
        found.append(("thing = ? AND object IN ('cohort', 'cohort_member')", [asked.cohort.upper()]))
    for word in _plain(asked.words).split():
        found.append(("(contains(lower(key), ?) OR contains(strip_accents(lower(name)), ?))", [word, word]))
    return " AND ".join(f"({sql})" for sql, _ in found), [value for _, values in found for value in values]


def _person(words: list[str]) -> tuple[str, list[Any]]:
    """Whatever names them by a login or a code; of their account, the login that it had too."""
    among = f"IN ({', '.join('?' * len(words))})"
    had = " OR ".join("contains(lower(before), ?)" for _ in words)
    return (
        f"who {among} OR (object = 'account' AND (lower(place) {among} OR {had}))",
        [*words, *words, *(f'"{word}"' for word in words)],
    )


def _course(code: str, id_: int | None) -> tuple[str, list[Any]]:
    """The course itself, under this code, its idnumber or the code that it had; its rows and its groups."""
    return (
        f"(thing = ? AND object IN {IN_A_COURSE}) OR course_id = ?"
        " OR (object = 'course' AND (upper(place) = ? OR contains(upper(before), ?) OR moodle_id = ?))",
        [code, id_, code, f'"{code}"', id_],
    )


def _plain(text: str) -> str:
    """Lower case, without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(sign))
