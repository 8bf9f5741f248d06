"""A night undone, phase by phase: the story of a phase with the inverses of that night in place of the rules' plan.

It is shown first (``preview``: imagined whole, as a rehearsal is), approved as a whole in the register, and then done.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from ecampus.calendar import PHASES
from ecampus.changes.undoing import NAMING, ORDER
from ecampus.errors import AnswerRefused, EcampusError, NightRefused, SettingUnreadable
from ecampus.night import reconcile, undone
from ecampus.night.intake import Systems
from ecampus.register import tables
from ecampus.register.register import Register
from ecampus.safety import decisions
from ecampus.store import opening
from ecampus.store.files import REHEARSALS, Run, Store
from ecampus.words import rehearsing
from ecampus.words import undoing as words

LOG = logging.getLogger("ecampus")

Reports = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Undoing:
    """``night``: the one that is undone. ``phases``: in the order in which they are. ``name``: of its runs."""

    night: date
    phases: tuple[str, ...]
    name: str

    @classmethod
    def of(cls, night: str, phases: str, name: str) -> Undoing:
        """Read what was asked: a date, and names of phases, all of them without any. Raises SettingUnreadable."""
        try:
            day = date.fromisoformat(night.strip())
        except ValueError:
            raise SettingUnreadable(words.not_a_night(night)) from None
        asked = phases.replace(",", " ").split() or list(PHASES)
        if unknown := [phase for phase in asked if phase not in PHASES]:
            raise SettingUnreadable(words.unknown_phases(unknown[0]))
        return cls(day, tuple(phase for phase in ORDER if phase in asked), name)


@dataclass(frozen=True)
class Preview:
    """``reports``: by phase. ``changes``: how many it would make. ``digest`` names what was done and is undone."""

    reports: Reports
    changes: int
    digest: str


def preview(store: Store, systems: Systems, undoing: Undoing, today: date) -> Preview:
    """What it would do and what does not come back; nothing is written but a folder beside the rehearsals.

    Raises NightRefused when that night did nothing that is known.
    """
    own = Store(store.root / REHEARSALS / undoing.name)
    found = {phase: undone.done_in(store, undoing.night, (phase, *NAMING)) for phase in undoing.phases}
    if not any(done["phase"].eq(phase).any() for phase, done in found.items()):
        raise NightRefused(words.nothing(undoing.night, undoing.phases))
    reports: Reports = {}
    for phase, done in found.items():
        run = Run(own, phase, today, undoing.name)
        _open(run, systems, undoing, done, rehearsing.NOTHING)
        reports[phase] = _story(run, systems)
        if reports[phase]["state"] == "failed":
            raise NightRefused(reports[phase]["reason"])
    planned = [number for made in reports.values() for verbs in made["planned"].values() for number in verbs.values()]
    return Preview(reports, sum(planned), digest(found))


def decide(register: Register, undoing: Undoing, digest: str, approved: bool, today: date, who: str, why: str) -> None:
    """Write down who approved, or refused, that this night be undone, and why. Raises AlreadyRunning."""
    state = decisions.APPROVED if approved else decisions.REFUSED
    row = {
        "phase": undone.REQUEST, "unit": undoing.name, "digest": digest, "state": state, "who": who, "why": why[:1000],
        "question": f"{decisions.UNDOING}{undoing.night.isoformat()}", "night": today.isoformat(),
        "decided": today.isoformat(),
    }  # fmt: skip
    with register.lease(f"décision de {who}") as lease:
        lease.answer(pd.DataFrame([row]).astype(tables.DECISIONS))


def require_approved(register: Register, store: Store, undoing: Undoing) -> None:
    """Raises AnswerRefused unless exactly this was approved."""
    known = register.decisions()
    mine = known[(known["phase"] == undone.REQUEST) & (known["unit"] == undoing.name)]
    found = {phase: undone.done_in(store, undoing.night, (phase, *NAMING)) for phase in undoing.phases}
    if not (mine["state"].eq(decisions.APPROVED) & mine["digest"].eq(digest(found))).any():
        raise AnswerRefused(words.not_approved(undoing.night))


def undo(
    store: Store, systems: Systems, undoing: Undoing, phase: str, today: date, live: Callable[[], None]
) -> dict[str, Any]:
    """Undo one phase; its ``report.json``. Raises as the steps of a phase; ``live`` as for ``reconcile.apply``."""
    live()
    run = Run(store, phase, today, undoing.name)
    done = undone.done_in(store, undoing.night, (phase, *NAMING))
    _open(run, systems, undoing, done, None)
    return _story(run, systems, live)


def release(register: Register, night: date, today: date, who: str, why: str) -> int:
    """Let the nights to come do again what was undone of this one; of how many units. Raises AlreadyRunning."""
    with register.lease(f"décision de {who}") as lease:
        rows = stays(register.decisions(), night.isoformat())
        for _, mine in rows.groupby("phase", sort=False):
            lease.answer(mine.assign(state=decisions.APPROVED, decided=today.isoformat(), who=who, why=why[:1000]))
    return len(rows)


def stays(known: pd.DataFrame, night: str | None = None) -> pd.DataFrame:
    """The units that stay undone, of this night or of any (``tables.DECISIONS``)."""
    rows = known[known["state"].eq(decisions.UNDONE)]
    return rows if night is None else rows[rows["question"].eq(f"{decisions.OF_UNDONE}{night}")]


def told(register: Register) -> list[str]:
    """What stays undone, a line a night."""
    rows = stays(register.decisions())
    found = rows.groupby(["question", "phase"]).size()
    nights: dict[str, dict[str, int]] = {}
    for (question, phase), number in found.items():
        nights.setdefault(question.partition("/")[2], {})[phase] = int(number)
    return [words.stays(night, phases) for night, phases in sorted(nights.items())]


def digest(found: Mapping[str, pd.DataFrame]) -> str:
    """A short name of exactly what was done and is to be undone."""
    named = "|".join(f"{phase} {_hash(done[done['phase'] == phase])}" for phase, done in sorted(found.items()))
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def _hash(done: pd.DataFrame) -> str:
    return hashlib.sha256(pd.util.hash_pandas_object(done, index=False).to_numpy().tobytes()).hexdigest()


def _open(run: Run, systems: Systems, undoing: Undoing, done: pd.DataFrame, frozen: str | None) -> None:
    opening.forget(run)
    mode: Any = "frozen" if frozen else "live"
    known = opening.Opening(run.night, mode, frozen, settings=systems.settings(run.night), undoes=undoing.night)
    opening.keep(run, replace(known, moodle=systems.moodle().url, limits=systems.limits))
    undone.keep(run, done)


def _story(run: Run, systems: Systems, live: Callable[[], None] | None = None) -> dict[str, Any]:
    """Without ``live`` nothing is written, and what is refused is in the report."""
    try:
        LOG.info("%s", reconcile.extract_source(run, systems))
        LOG.info("%s", reconcile.extract_moodle(run, systems))
        LOG.info("%s", reconcile.diff(run))
        LOG.info("%s", reconcile.check(run))
        if live is not None:
            LOG.info("%s", reconcile.apply(run, systems, live))
            LOG.info("%s", reconcile.verify(run, systems))
    except EcampusError as error:
        LOG.info("%s", reconcile.report(run, "failed", str(error)))
        if live is not None:
            raise
    else:
        LOG.info("%s", reconcile.report(run, "success", opening.read(run).reason))
    return dict(run.files.read_json("report.json"))
