"""``record.json``: what each run of a phase says of itself in the store, for the phase after it and the reports."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

from ecampus.calendar import PHASES, at, in_french
from ecampus.errors import StoreUnusable
from ecampus.store.files import REPLAY, Run, Store
from ecampus.words.standing import Standing

log = logging.getLogger("ecampus")

RECORD = "record.json"
MOMENTS = ("started_at", "finished_at", "waited_until")


@dataclass(frozen=True)
class RunRecord:
    """What one run of a phase left in its folder of the store (``record.json``); moments are UTC.

    ``passed_on``: it failed only because an earlier phase did, and its reason already says which.
    ``waited_until``: when the phase before let it go on, null when it waited for none.
    """

    run_id: str
    started_at: datetime
    finished_at: datetime | None = None
    state: Literal["running", "success", "failed"] = "running"
    reason: str | None = None
    passed_on: bool = False
    waited_until: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """The document kept."""
        return asdict(self) | {name: _iso(getattr(self, name)) for name in MOMENTS}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> RunRecord:
        """Read it back. Raises KeyError, TypeError, ValueError when the document is something else."""
        if not isinstance(document, dict):
            raise TypeError(f"{type(document).__name__} is no record")
        moments = {name: _moment(document.get(name)) for name in MOMENTS}
        return cls(**(document | moments | {"started_at": datetime.fromisoformat(document["started_at"])}))


@dataclass(frozen=True)
class Verdict:
    """What the phase before allows this one to do, and the sentence that says so."""

    state: Literal["pass", "wait", "fail"]
    sentence: str


def verdict(phase: str, night: date, records: Sequence[RunRecord]) -> Verdict:
    """Whether the phase after ``phase`` may start: the latest finished run of that night decides.

    A failure is not final while a newer run of the same night is at work.
    """
    subject = f"« {PHASES[phase]} », nuit du {in_french(night)}"
    finished = [(record.finished_at, record) for record in records if record.finished_at]
    running = max((r for r in records if not r.finished_at), key=lambda r: r.started_at, default=None)
    if not finished:
        if running:
            return Verdict("wait", f"En attente de {subject} : en cours depuis {at(running.started_at)}.")
        return Verdict("wait", f"En attente de {subject} : aucune exécution n'a commencé.")
    ended, latest = max(finished, key=lambda pair: pair[0])
    if latest.state == "success":
        return Verdict("pass", f"{subject} : terminé à {at(ended)}.")
    if running and running.started_at > latest.started_at:
        return Verdict(
            "wait",
            f"En attente de {subject} : en échec à {at(ended)}, une nouvelle exécution est en cours depuis"
            f" {at(running.started_at)}.",
        )
    if latest.passed_on and latest.reason:
        return Verdict("fail", latest.reason)
    return Verdict(
        "fail",
        f"{subject} : en échec à {at(ended)}, donc rien n'est fait ici. Raison : {latest.reason or 'inconnue.'}"
        " Corriger, relancer ce traitement, puis les suivants.",
    )


def begin(run: Run) -> None:
    """Say that this run is at work; one that had ended and is cleared starts again."""
    found = read(run.files)
    if found is None or found.finished_at:
        run.files.write_json(RECORD, RunRecord(run.run_id, datetime.now(UTC)).as_json())


def go_on(run: Run) -> None:
    """Say that the phase before has ended: from here on this run is at work."""
    if found := read(run.files):
        run.files.write_json(RECORD, replace(found, waited_until=datetime.now(UTC)).as_json())


def finish(run: Run, state: Literal["success", "failed"], reason: str | None, *, passed_on: bool = False) -> None:
    """Say how this run ended; from here on the phase after it may go. ``passed_on``: as in ``RunRecord``."""
    now = datetime.now(UTC)
    found = read(run.files) or RunRecord(run.run_id, now)
    ended = replace(found, finished_at=now, state=state, reason=reason, passed_on=passed_on)
    run.files.write_json(RECORD, ended.as_json())


def read(folder: Store) -> RunRecord | None:
    """The record of the run whose folder this is; one that nobody can read is as none: the run writes another."""
    try:
        return _read(folder, RECORD) if folder.exists(RECORD) else None
    except StoreUnusable as unreadable:
        log.warning("%s", unreadable)
        return None


def judge(store: Store, phase: str, night: date) -> Verdict:
    """What the runs of ``phase`` in this night allow the next phase to do; replays do not count.

    A record that nobody can read stops the next phase unless another run of that night has ended since.
    """
    found, unreadable = _of_night(store, phase, night)
    if unreadable and not found:
        return Verdict("fail", unreadable)
    return verdict(phase, night, list(found.values()))


def standing(store: Store, night: date) -> list[Standing]:
    """How each of the five phases stands in this night, in their order; as ``judge`` goes by it."""
    return [_standing(phase, *_of_night(store, phase, night)) for phase in PHASES]


def _standing(phase: str, found: dict[str, RunRecord], unreadable: str | None) -> Standing:
    ended = {run: record.finished_at for run, record in found.items() if record.finished_at}
    going = [run for run, record in found.items() if not record.finished_at]
    last = max(ended, key=lambda run: ended[run], default=None)
    running = max(going, key=lambda run: found[run].started_at, default=None)
    if last is None and running is None:
        return Standing(phase, "failed", reason=unreadable) if unreadable else Standing(phase)
    again = running and last and found[last].state == "failed" and found[running].started_at > found[last].started_at
    if running and (last is None or again):
        return Standing(phase, "running", found[running].started_at, run=running)
    assert last is not None
    record = found[last]
    state: Literal["success", "failed"] = "success" if record.state == "success" else "failed"
    return Standing(phase, state, record.finished_at, record.reason, record.passed_on, last)


def _of_night(store: Store, phase: str, night: date) -> tuple[dict[str, RunRecord], str | None]:
    """The records of the runs of a night by their folder, replays left out; what is said of one that is unreadable."""
    runs = f"{night.isoformat()}/{phase}"
    found: dict[str, RunRecord] = {}
    unreadable = None
    for run in store.names(runs):
        name = f"{runs}/{run}/{RECORD}"
        if run.endswith(REPLAY) or not store.exists(name):
            continue
        try:
            found[f"{runs}/{run}"] = _read(store, name)
        except StoreUnusable as error:
            unreadable = str(error)
    return found, unreadable


def _read(store: Store, name: str) -> RunRecord:
    try:
        return RunRecord.from_json(store.read_json(name))
    except (KeyError, TypeError, ValueError, StoreUnusable) as error:
        if isinstance(error, StoreUnusable) and not isinstance(error.__cause__, ValueError):
            raise
        raise StoreUnusable(
            f"Le fichier « {name} », où une exécution dit comment elle a fini, est illisible : relancer cette"
            " exécution depuis la tâche « Ouvrir la nuit », puis les traitements suivants."
        ) from None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
