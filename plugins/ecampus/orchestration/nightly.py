"""What the DAGs share: their settings, and, of the five of the night, the end of the page that the operator reads."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import Param

from ecampus.calendar import PARIS
from ecampus.orchestration import mailing
from ecampus.orchestration.ending import WorthIt
from ecampus.orchestration.outcome import record_crash

ANY: dict[str, Any] = {
    "start_date": datetime(2025, 9, 1, tzinfo=PARIS),
    "catchup": False,
    "max_active_runs": 1,
    "default_args": {
        "owner": "pôle plateforme",
        "retries": 2,
        "retry_policy": WorthIt(),
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": 2,
        "max_retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(hours=1),
    },
}
"""Of every DAG of ours."""
SHARED: dict[str, Any] = ANY | {
    "on_failure_callback": [record_crash, mailing.failed],
    "params": {
        "night": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Nuit",
            description="Date de la nuit, par exemple 2026-11-20. Vide : cette nuit. Une nuit passée est rejouée en"
            " lecture seule depuis son archive.",
        ),
        "approved": Param(
            False,
            type="boolean",
            title="Seulement ce qui a été approuvé",
            description="Ne fait que ce que quelqu'un a approuvé parmi les changements retenus, et rien d'autre.",
        ),
    },
}

END_OF_PAGE = """
**Variables.** `ecampus_annee` (obligatoire, par exemple 2026) ; `ecampus_freeze` : vide ou `false`, `true`, ou une
période `2026-06-20/2026-09-01`, bornes incluses. *Ouvrir la nuit* les lit une fois, toute l'exécution s'y tient ; seul
le gel est regardé encore avant chaque écriture. Pendant un gel, *Écrire dans ecampus* et la relecture sont ignorées
(*skipped*) et le rapport montre ce que le dégel ferait, chaque traitement prévu sur ce que laisseraient les précédents
; un gel qui commence pendant l'écriture l'arrête, et le rapport dit ce qui reste à faire. Une valeur illisible gèle
aussi.

**Première nuit, dégel, nouvelle année, autres systèmes.** Rien n'est écrit avant qu'une personne approuve tout ce que
la nuit ferait, que chaque rapport montre (question dans *Décisions (06h15)*) ; la nuit suivante le fait. Comptes et
cohortes n'attendent ni un dégel ni une nouvelle année.

**Relancer, rejouer.** Relancer cette nuit : *Trigger*, sans paramètre ; ce qui est déjà fait n'est pas refait. Rejouer
une nuit passée : *Trigger* avec `night` = 2026-11-20 ; lecture seule, depuis l'archive. Un *backfill* n'écrit jamais.
L'échec d'un rejeu ou d'un *backfill* se voit dans l'exécution, sur la tâche en échec : il ne compte pas pour la nuit.
Voir ce que la nuit prochaine ferait, sans rien écrire : *Répétition, à toute heure*.
"""


def page(of_the_phase: str | None) -> str:
    """The page of a DAG in Airflow: what its file says of the phase, then what holds for all five."""
    return f"{of_the_phase or ''}{END_OF_PAGE}"
