"""Waiting for the phase before, of the same night.

Airflow's own ExternalTaskSensor matches logical dates: a run started by hand has none. What decides here is the
record that each run leaves in the store: scheduled, hand-triggered and cleared runs look the same.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseSensorOperator
from airflow.triggers.base import BaseTrigger, TriggerEvent

from ecampus.calendar import previous
from ecampus.errors import PreviousPhaseFailed
from ecampus.orchestration import connections, records
from ecampus.orchestration.records import Verdict
from ecampus.orchestration.step import Step, told

if TYPE_CHECKING:
    from airflow.sdk.definitions.context import Context

log = logging.getLogger("ecampus")

TIMEOUT = timedelta(hours=3)
REPEAT_EVERY = timedelta(minutes=5)


class PreviousPhase(BaseSensorOperator):
    """Wait, without holding a worker, until the phase before ``phase`` has ended in the night of this run.

    It fails at once when that phase failed, with its reason, and after ``timeout``; a past night does not wait.
    """

    def __init__(self, *, phase: str, poke_interval: float = 15, timeout: timedelta = TIMEOUT, **kwargs: Any) -> None:
        super().__init__(poke_interval=poke_interval, timeout=timeout, **kwargs)
        self.phase = phase
        self.awaited = previous(phase)

    def execute(self, context: Context) -> None:
        """Decide at once when possible, else leave the wait to the triggerer."""
        with told(context["ti"]):
            at = Step(self.phase, context)
            night = at.opening.night
            if self.awaited is None or at.opening.mode == "replay":
                log.info("Rien à attendre : la nuit est passée, elle est rejouée.")
                return
            url = connections.store_url()
            found = records.judge(connections.store(url), self.awaited, night)
            if found.state != "wait":
                _conclude(found, at)
                return
            log.info("%s", found.sentence)
        until = datetime.now(UTC) + timedelta(seconds=self.timeout)
        trigger = PhaseEnded(url, self.awaited, night.isoformat(), until.isoformat(), self.poke_interval)
        self.defer(trigger=trigger, method_name="resume", timeout=timedelta(seconds=self.timeout + 600))

    def resume(self, context: Context, event: dict[str, str]) -> None:
        """Conclude with what the trigger saw."""
        with told(context["ti"]):
            _conclude(Verdict(**event), Step(self.phase, context))  # type: ignore[arg-type]


class PhaseEnded(BaseTrigger):
    """Fires when the phase ``awaited`` of ``night`` has ended, or at ``until``; says what it waits for meanwhile."""

    def __init__(self, store_url: str, awaited: str, night: str, until: str, poll: float) -> None:
        super().__init__()
        self.store_url = store_url
        self.awaited = awaited
        self.night = night
        self.until = until
        self.poll = poll

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """What Airflow needs to start it again elsewhere."""
        names = ("store_url", "awaited", "night", "until", "poll")
        return f"{__name__}.PhaseEnded", {name: getattr(self, name) for name in names}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look every ``poll`` seconds; the store is read in a thread, other triggers go on."""
        until, said, said_at = datetime.fromisoformat(self.until), "", datetime.min.replace(tzinfo=UTC)
        while (found := await asyncio.to_thread(self._look)).state == "wait":
            now = datetime.now(UTC)
            if now >= until:
                found = Verdict("fail", f"Délai d'attente dépassé. {found.sentence}")
                break
            if found.sentence != said or now - said_at >= REPEAT_EVERY:
                self.log.info("%s", found.sentence)
                said, said_at = found.sentence, now
            await asyncio.sleep(self.poll)
        yield TriggerEvent({"state": found.state, "sentence": found.sentence})

    def _look(self) -> Verdict:
        store = connections.store(self.store_url)
        return records.judge(store, self.awaited, date.fromisoformat(self.night))


def _conclude(found: Verdict, at: Step) -> None:
    if found.state == "fail":
        raise PreviousPhaseFailed(found.sentence)
    log.info("%s", found.sentence)
    if at.recorded:
        records.go_on(at.run)
