"""The nights one by one: how each ended, when, how much it changed, how much is ours; pure but ``lines``, ``units``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Literal

from ecampus.calendar import PARIS, PHASES
from ecampus.history.opened import opened
from ecampus.kinds import DESTRUCTIVE, KINDS
from ecampus.limits import BREAKERS, FEWEST, NIGHTS
from ecampus.store.files import Store

Line = dict[str, Any]
State = Literal["failed", "unreadable", "missing", "partial", "stopped", "shown", "frozen", "held", "success"]
"""The worst that may be said of a night; ``missing``: the store has it, and the history nothing, or not all;
``partial``: some phase has no run."""
OF_THE_NIGHT = ("night", "frozen", "shown")
DUE = 6 * 60
"""06h00, in minutes."""
FOLLOWING = {("enrolment", "copy_key"), ("enrolment", "drop_key")}


@dataclass(frozen=True)
class Night:
    """One night. ``phases``: the state of each, a line each. ``minutes``: from its midnight in Paris to its end."""

    night: str
    state: State
    ended: str | None = None
    minutes: int | None = None
    done: int = 0
    taken: int = 0
    held: int = 0
    failed: int = 0
    phases: Mapping[str, str] = field(default_factory=dict)
    durations: Mapping[str, int] = field(default_factory=dict)

    @property
    def late(self) -> bool:
        """Whether it ended after 06h00."""
        return self.minutes is not None and self.minutes > DUE


@dataclass(frozen=True)
class Units:
    """How many units of one breaker a night made, and the seven nights that end with it; ``limit``: of these, site."""

    night: str
    units: int
    week: int
    limit: int | None


def lines(store: Store, first: str = "", last: str = "~") -> list[Line]:
    """The runs of these nights (rows of ``tables.RUNS``), in their order. Raises StoreUnusable."""
    with opened(store, "runs", first, last) as base:
        found = base.execute(
            "SELECT * FROM runs WHERE night BETWEEN ? AND ? ORDER BY night, ended NULLS FIRST, run", [first, last]
        )
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def calendar(found: Iterable[Line], untold: Iterable[str]) -> list[Night]:
    """Every night of these runs, and those that the store has and the history has not (``untold.among``), in order."""
    known = {night.night: night for night in nights(found)}
    missing = {night: replace(known.get(night, Night(night, "missing")), state="missing") for night in untold}
    return sorted((known | missing).values(), key=lambda night: night.night)


def nights(found: Iterable[Line]) -> list[Night]:
    """The nights of these runs; ``found`` is in their order."""
    return [_night(name, list(some)) for name, some in groupby(found, key=lambda line: line["night"])]


def _night(name: str, found: list[Line]) -> Night:
    last = {line["phase"]: line for line in found if line["kind"] in OF_THE_NIGHT}
    ended = max((line["ended"] for line in last.values() if line["ended"]), default=None)
    changed = [line for line in found if line["kind"] != "adoption"]
    return Night(
        night=name,
        state=_state(last),
        ended=ended,
        minutes=_minutes(name, ended),
        done=sum(_done(line) for line in changed),
        taken=sum(_done(line, DESTRUCTIVE) for line in changed),
        held=sum(line["held"] or 0 for line in last.values()),
        failed=sum(line["failed"] or 0 for line in last.values()),
        phases={phase: _of_phase(last[phase]) for phase in PHASES if phase in last},
        durations={phase: took for phase in PHASES if phase in last and (took := _took(last[phase])) is not None},
    )


def _state(last: Mapping[str, Line]) -> State:
    found = {_of_phase(line) for line in last.values()} | ({"partial"} if len(last) < len(PHASES) else set())
    order: tuple[State, ...] = ("failed", "unreadable", "partial", "stopped", "shown", "frozen", "held")
    return next((state for state in order if state in found), "success")


def _of_phase(line: Line) -> str:
    if line["state"] != "success":
        return str(line["state"])
    if line["kind"] != "night":
        return str(line["kind"])
    return "held" if line["held"] else "success"


def _done(line: Line, kinds: Iterable[str] | None = None) -> int:
    """How many changes a run made, those aside that only followed a key."""
    counts = json.loads(line["counts"] or "{}")
    return sum(
        number
        for object_, verbs in counts.items()
        for verb, number in verbs.items()
        if (object_, verb) not in FOLLOWING and (kinds is None or KINDS[object_, verb].id in kinds)
    )


def _minutes(night: str, ended: str | None) -> int | None:
    if ended is None:
        return None
    midnight = datetime.combine(date.fromisoformat(night), datetime.min.time(), PARIS)
    there = datetime.fromisoformat(ended).astimezone(PARIS)
    return int((there.replace(tzinfo=None) - midnight.replace(tzinfo=None)).total_seconds() // 60)


def _took(line: Line) -> int | None:
    if not (line["opened"] and line["ended"]):
        return None
    return round((datetime.fromisoformat(line["ended"]) - datetime.fromisoformat(line["opened"])).total_seconds())


def growth(found: Iterable[Line]) -> list[tuple[str, dict[str, int]]]:
    """Night by night, how much was ours by kind of object, as the last run that wrote read it."""
    wrote = [line for line in found if line["ours"] and line["kind"] in ("night", "undo")]
    return sorted({line["night"]: json.loads(line["ours"]) for line in wrote}.items())


def units(store: Store, breaker: str, first: str = "", last: str = "~") -> list[Units]:
    """What a breaker of ``limits.BREAKERS`` counts, night by night, beside its limit. Raises StoreUnusable."""
    kinds = ", ".join(repr(kind) for kind in BREAKERS[breaker].kinds)
    week = "" if not first else (date.fromisoformat(first) - timedelta(days=NIGHTS - 1)).isoformat()
    with opened(store, "changes", week, last) as base:
        rows = base.execute(
            f"""SELECT night, count(*) FILTER (unit IS NULL) + count(DISTINCT unit) FROM changes
            WHERE NOT follows AND outcome = 'done' AND (object || '|' || verb) IN ({kinds}) AND night BETWEEN ? AND ?
            GROUP BY night""",
            [week, last],
        ).fetchall()
    known = [line for line in lines(store, week, last) if line["kind"] in OF_THE_NIGHT]
    return [row for row in counted(breaker, dict(rows), known) if row.night >= first]


def counted(breaker: str, done: Mapping[str, int], found: Iterable[Line]) -> list[Units]:
    """``done``: units by night. ``found``: the runs of the nights, which tell what was ours and the limits."""
    limits = {line["night"]: limit for line in found if (limit := _limit(breaker, line)) is not None}
    told = {line["night"] for line in found} | set(done)
    return [Units(night, done.get(night, 0), _week(done, night), limits.get(night)) for night in sorted(told)]


def _week(done: Mapping[str, int], night: str) -> int:
    day = date.fromisoformat(night)
    return sum(done.get((day - timedelta(days=back)).isoformat(), 0) for back in range(NIGHTS))


def _limit(breaker: str, line: Line) -> int | None:
    """The most units that trip nothing over the site (``safety.breakers.beyond``).

    Null for creations: their limit counts only the codes that REFER had before, which no history tells.
    """
    if BREAKERS[breaker].known:
        return None
    figures = json.loads(line["limits"] or "{}").get(breaker)
    if figures is None:
        return None
    ours = json.loads(line["ours"] or "{}").get(BREAKERS[breaker].of, 0)
    share = max(int(ours * figures["percent"] / 100), FEWEST - 1) if ours else figures["most"]
    return int(min(figures["most"], share))
