"""The alert when the night is not done by 06h00, Paris time."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

log = logging.getLogger("ecampus")

AFTER_FIVE = timedelta(hours=1)


async def late(**kwargs: Any) -> None:
    """Called by Airflow when the groups are not done at 06h00."""
    log.error(
        "La nuit n'est pas finie à 06h00 : les groupes d'ecampus ne sont pas à jour. Regarder dans Airflow quelle"
        " tâche de ecampus_groups est en cours ou attend, et ce que dit son journal."
    )


def done_by_six() -> DeadlineAlert:
    """One hour after the logical date of the 05h00 run; a run started by hand has none, hence no deadline."""
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_LOGICAL_DATE,
        interval=AFTER_FIVE,
        callback=AsyncCallback(late),
        name="groupes faits à 06h00",
    )
