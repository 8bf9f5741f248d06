"""The alert when the night is not done by 06h00, Paris time."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

from ecampus.calendar import is_past, night_of, today
from ecampus.orchestration import mailing
from ecampus.words.names import DAGS

log = logging.getLogger("ecampus")

AFTER_FIVE = timedelta(hours=1)


async def late(context: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """Called by Airflow when the groups are not done at 06h00; silent for a run that is not tonight's."""
    if context and not _tonights(context["dag_run"]):
        return
    log.error(
        "La nuit n'est pas finie à 06h00 : les groupes d'ecampus ne sont pas à jour. Regarder dans Airflow quelle"
        " tâche de « %s » est en cours ou attend, et ce que dit son journal.",
        DAGS["ecampus_groups"],
    )
    await mailing.late()


def done_by_six() -> DeadlineAlert:
    """One hour after the logical date of the 05h00 run; a run started by hand has none, hence no deadline."""
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_LOGICAL_DATE,
        interval=AFTER_FIVE,
        callback=AsyncCallback(late),
        name="groupes faits à 06h00",
    )


def _tonights(dag_run: dict[str, Any]) -> bool:
    """``dag_run``: as Airflow's API tells it, its moments as ISO texts."""
    planned, triggered = dag_run["logical_date"], datetime.fromisoformat(dag_run["run_after"])
    scheduled = datetime.fromisoformat(planned) if planned else None
    night = night_of((dag_run["conf"] or {}).get("night"), scheduled, triggered)
    return dag_run["run_type"] != "backfill" and not is_past(night, today())
