"""A run that must be approved as a whole: what it is once opened, what it leaves to approve, what was answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from ecampus.errors import AnswerRefused, StoreUnusable
from ecampus.moodle import reads
from ecampus.night.holding import COUNTED
from ecampus.night.intake import Systems
from ecampus.night.question import Question
from ecampus.register.register import Register
from ecampus.safety import breakers, decisions, passage
from ecampus.store import opening
from ecampus.store.files import Run, Store
from ecampus.store.opening import Opening
from ecampus.words import holding, passages


def opened(known: Opening, phase: str, systems: Systems) -> Opening:
    """``known`` as the register lets it be: frozen while it must be approved as a whole, with what was approved else.

    ``known``: live, or frozen by the Variable.
    """
    if known.mode not in ("live", "frozen") or known.settings is None:
        return known
    register = Register(systems.enrolment_hook())
    register.prepare()
    memory, settings = register.passages(), known.settings
    site = {"annee": settings.annee, "managed_root": settings.managed_root} | systems.addresses()
    frozen = known.mode == "frozen"

    def is_sandbox() -> bool:
        return reads.is_sandbox(reads.site(systems.moodle()))

    found = passage.look(phase, known.night, site, memory, frozen, is_sandbox)
    known = replace(known, site=site)
    if found.reason is None or frozen:
        return replace(known, passage=found.reason)
    if found.approved:
        return replace(known, allowed=_allowed(memory, phase))
    other = (*found.other, site[found.other[0]]) if found.other else None
    why = passages.ELSEWHERE if found.reason == passage.ELSEWHERE else passages.waits(found.reason, other)
    return replace(known, mode="frozen", reason=why, passage=found.reason)


def show(run: Run, systems: Systems) -> None:
    """Leave in the register what this run would have done, or the rest of it, for people to approve.

    A freeze is noted for every phase, so that another Airflow on the same register sees it. A run that does only what
    was approved leaves nothing: its plan is not the night's.
    """
    known = opening.read(run)
    reason = known.passage or passage.THAW
    beside = run.replay or known.mode == "backfill" or known.only_approved
    if beside or reason == passage.ELSEWHERE or not run.files.exists(COUNTED):
        return
    units = breakers.counted(run.files.read_frame(COUNTED).astype("str"))
    register = Register(systems.enrolment_hook())
    with register.lease(run.name) as lease:
        lease.wait(*passage.shown(run.phase, reason, run.night, run.name, known.site, register.passages(), units))


def question(register: Register, store: Store) -> Question | None:
    """The phases that wait to be approved as a whole, as one question."""
    memory = register.passages()
    rows = passage.asked(memory["passages"])
    if rows.empty:
        return None
    reason, night = str(rows["reason"].iloc[0]), str(rows["night"].max())
    lines = [
        passages.line(row.phase, _counts(store, row.run), _units(memory, row.phase), _held(store, row.run))
        for row in rows.itertuples()
    ]  # of the runs that the register names, whatever ran since
    taken = sum((_of_report(store, run, "anomalies") or {}).get("CODE_PRIS", 0) for run in rows["run"])
    lines += [passages.taken(taken)] if taken else []
    title = passages.TITLES[reason]
    told, since = passages.told(reason, night), str(rows["night"].min())
    return Question(
        passages.NIGHT, reason, len(rows), since, passage.digest(rows), told, title, lines, passages.options()
    )


def answer(register: Register, asked: Question, approved: bool, night: date, who: str, why: str) -> int:
    """Write the answer to the register; how many phases it is about. Raises as ``approving.answer``."""
    with register.lease(f"décision de {who}") as lease:
        rows = passage.asked(register.passages()["passages"])
        if rows.empty or passage.digest(rows) != asked.digest:
            raise AnswerRefused(holding.changed(asked.subject))
        state = decisions.APPROVED if approved else decisions.REFUSED
        lease.answer_passage(rows.assign(state=state, decided=night.isoformat(), who=who, why=why[:1000]))
    return len(rows)


def _allowed(memory: dict[str, pd.DataFrame], phase: str) -> list[dict[str, Any]]:
    figures = memory["figures"]
    rows = passage.as_rows(figures[figures["phase"] == phase])
    return [{"breaker": name, "scope": scope, "units": units} for name, scope, units in rows]


def _units(memory: dict[str, pd.DataFrame], phase: str) -> int:
    return sum(row["units"] for row in _allowed(memory, phase))


def _counts(store: Store, name: str) -> dict[str, dict[str, int]] | None:
    found = _document(store, f"{name}/plan.json")
    return dict(found["counts"]) if found else None


def _held(store: Store, name: str) -> int:
    return int(_of_report(store, name, "held") or 0)


def _of_report(store: Store, name: str, what: str) -> Any:
    return (_document(store, f"{name}/report.json") or {}).get(what)


def _document(store: Store, path: str) -> dict[str, Any] | None:
    try:
        return dict(store.read_json(path)) if store.exists(path) else None
    except StoreUnusable:
        return None
