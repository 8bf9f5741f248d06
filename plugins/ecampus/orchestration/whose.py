"""Whose objects are, for those who have no command line: the tasks of ``ecampus_owned`` and ``ecampus_recover``."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import Param, get_current_context, task

from ecampus.calendar import today
from ecampus.orchestration import connections
from ecampus.orchestration.step import told
from ecampus.words.names import TASKS

log = logging.getLogger("ecampus")

TEXT: dict[str, Any] = {"type": ["null", "string"]}
"""May stay empty: Airflow's form starts nothing while a text that may not be null is."""
WHY = Param(None, **TEXT, title="Pourquoi", description="Ce qui sera relu plus tard avec la décision.")
OWNED: dict[str, Any] = {
    "adopt": Param(
        None,
        **TEXT,
        title="Adopter",
        description="« tout », ou des codes : « cours:L1CAS101 DUFLE_1 ». Vide : montrer seulement.",
    ),
    "release": Param(None, **TEXT, title="Rendre", description="Des codes qu'ecampus ne doit plus toucher."),
    "why": WHY,
}
RECOVER: dict[str, Any] = {
    "confirm": Param(
        False,
        type="boolean",
        title="Confirmer",
        description="Le faire. Sans cela, ce qui serait fait est seulement dit.",
    ),
    "why": WHY,
}


@task(task_display_name=TASKS["own"])
def own() -> None:
    """Adopt and give up what the parameters name; then the log shows what is ours and what merely looks so."""
    context = get_current_context()
    with told(context["ti"]):
        from ecampus.night import adopting

        adopt, release, why = (context["params"][name] or "" for name in ("adopt", "release", "why"))
        decision = adopting.Decision(adopt, release, _who(context), why, today())
        _log(adopting.told(decision, connections.store(), connections.Systems(), datetime.now(UTC)))


@task(task_display_name=TASKS["recover"])
def recover() -> None:
    """Say what the register and Moodle lost; mend the register when it is confirmed."""
    context = get_current_context()
    with told(context["ti"]):
        from ecampus.night import recovering

        asked = context["params"]
        frozen = connections.freeze().reason(today())
        decision = recovering.Decision(bool(asked["confirm"]), _who(context), asked["why"] or "", today(), frozen)
        lines, _ = recovering.told(decision, connections.store(), connections.Systems())
        _log(lines)


def _who(context: Any) -> str:
    return str(getattr(context["dag_run"], "triggering_user_name", None) or "inconnu")


def _log(texts: list[str]) -> None:
    for text in texts:
        for line in text.splitlines():
            log.info("%s", line)
