"""The one task of ``ecampus_rehearsal``: what the next night would do. It waits for nothing, nothing waits for it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from airflow.sdk import get_current_context, task

from ecampus import calendar
from ecampus.orchestration import connections
from ecampus.orchestration.ending import Failed
from ecampus.orchestration.step import told
from ecampus.words.names import TASKS

log = logging.getLogger("ecampus")


@task(task_display_name=TASKS["rehearse"], execution_timeout=timedelta(hours=3))
def rehearse() -> None:
    """Plan the five phases of the next night, each on what those before it would leave; write only the report."""
    context = get_current_context()
    with told(context["ti"]):
        from ecampus.night import rehearsal
        from ecampus.words import rehearsing

        now = datetime.now(UTC)
        night = calendar.today(now) + timedelta(days=1)
        frozen = connections.freeze().reason(night)
        systems, name = connections.Systems(), context["dag_run"].run_id
        made = rehearsal.rehearse(connections.store(), systems, night, name, now, frozen)
        log.info("%s", rehearsing.summary(made))
        if made["state"] == "failed":
            raise Failed(made["reason"])
