"""What a task sees of its run, without Airflow behind it."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ecampus import calendar
from ecampus.calendar import decide, today
from ecampus.changes.draft import Settings
from ecampus.orchestration import connections
from ecampus.orchestration.step import run_of
from ecampus.store.opening import Opening, keep

RUN_ID = "manual__2026-11-23T04:15:00+00:00"


class TaskInstance:
    """Keeps what is pushed; says the states it is given."""

    def __init__(self, task_id: str = "apply", states: dict[str, str | None] | None = None) -> None:
        self.task_id = task_id
        self.dag_id = "ecampus_offer"
        self.pushed: dict[str, Any] = {}
        self.states = states or {}

    def xcom_push(self, key: str, value: Any) -> None:
        self.pushed[key] = value

    def xcom_pull(self, task_ids: str, key: str) -> Any:
        return self.pushed.get(task_ids)

    def get_task_states(self, dag_id: str, run_ids: list[str]) -> dict[str, dict[str, str | None]]:
        return {run_ids[0]: self.states}


def midnight_passes(patch: pytest.MonkeyPatch) -> date:
    """From here on it is the next day in Paris; that day."""
    real, tomorrow = calendar.today, calendar.today() + timedelta(days=1)
    patch.setattr(calendar, "today", lambda now=None: real(now) if now else tomorrow)
    return tomorrow


def context(night: str | None = None, run_type: str = "manual", ti: TaskInstance | None = None) -> Any:
    """The context of a task of a run started now, for ``night`` or for tonight."""
    now = datetime.now(UTC)
    run = SimpleNamespace(run_id=RUN_ID, logical_date=None, run_after=now, run_type=run_type, conf={"night": night})
    return {
        "ti": ti or TaskInstance(),
        "dag_run": run,
        "params": {"night": night},
        "dag": SimpleNamespace(dag_id="ecampus_offer"),
    }


def opened(
    night: str | None = None, run_type: str = "manual", ti: TaskInstance | None = None, phase: str = "offer"
) -> Any:
    """The same, of a run that ``open_night`` has opened."""
    found = context(night, run_type, ti)
    known = date.fromisoformat(night) if night else today()
    run = run_of(phase, known, RUN_ID)
    mode, reason = decide(known, today(), run_type, connections.freeze())
    keep(run, Opening(known, mode, reason, settings=Settings(annee="2026", night=known)))
    return found
