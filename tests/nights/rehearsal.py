"""A phase cut in two, before its writes and from them on; and the night of every verb, rehearsed without a mishap."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campus import Campus, Cron, copied, night_after, opened
from deaths import in_a_process

from ecampus.night import reconcile

NIGHT = night_after(2)
"""The night that shows every verb."""
KILLED, AFTER = "tuee", "after"


def live() -> None:
    """Nothing forbids to write."""


def finish(campus: Campus, run: Any) -> None:
    """The writes and all that comes after."""
    reconcile.apply(run, campus.systems, live)
    reconcile.verify(run, campus.systems)
    reconcile.report(run, "success", None)


@dataclass(frozen=True)
class Rehearsed:
    """One phase played without a death: its moments, and its end state.

    ``free``: of its moments, those in which the database is kept from nobody.
    """

    phase: str
    moments: int
    free: int
    state: dict[str, Any]
    owned: dict[str, Any]
    folder: Path

    @property
    def before(self) -> Path:
        """The campus just before the writes of the phase."""
        return self.folder / f"before_{self.phase}"

    @property
    def after(self) -> Path:
        """The campus once the night is over."""
        return self.folder / AFTER


def rehearse(work: Path, phase: str, folder: Path, cron: Cron) -> Rehearsed:
    with opened(work, cron) as campus:
        campus.prepared(phase, KILLED, NIGHT)
    copied(work, folder / f"before_{phase}")
    with opened(work, cron) as campus:
        run, told = campus.run(phase, KILLED, NIGHT), folder / f"moments_{phase}"
        assert not in_a_process(lambda: reconcile.apply(run, campus.systems, live), None, told, flush_at_once=True)
        reconcile.verify(run, campus.systems)
        reconcile.report(run, "success", None)
        return Rehearsed(phase, *map(int, told.read_text().split()), *ended(campus), folder)


def ended(campus: Campus) -> tuple[dict[str, Any], dict[str, Any]]:
    """The state once Moodle's task has run, and the register, but for rows under a key that nothing carries any more.

    Those 04h15 takes away.
    """
    campus.box.moodle.sync()
    keys = {idnumber for idnumber, *_ in campus.state()["courses"]}
    names = {username for username, *_ in campus.state()["accounts"]}

    def alive(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return [row for row in rows if row[0] in keys and row[1] in names]

    state, owned = campus.state(), campus.owned()
    return state | {"rows": alive(state["rows"])}, owned | {"enrolment": alive(owned["enrolment"])}
