"""# Cohortes, 03h45

Une cohorte par étape d'Apogée, nommée « CODE - libellé » : créée, renommée, et ses membres mis à jour.

**Règles.** Les membres sont les étudiants qui ont une inscription administrative à l'étape et un compte. Seuls les
membres ajoutés par ce traitement sont retirés. Une étape disparue laisse sa cohorte telle quelle
(`COHORTE_SANS_ETAPE`).

**Ce qui peut échouer, et que faire.**
- *« Utilisateurs » en échec cette nuit* : ce traitement s'arrête et dit pourquoi ; relancer l'autre, puis celui-ci.
- *REFER injoignable, vue vide ou incomplète* : rien n'est écrit ; voir avec l'équipe de REFER, puis relancer.
- *Trop d'étudiants inconnus de l'annuaire* : rien n'est écrit ; vérifier le format des codes et l'annuaire.

**Variables.** `ecampus_annee` (obligatoire, par exemple 2026) ; `ecampus_freeze` : vide ou `false`, `true`, ou une
période `2026-06-20/2026-09-01`, bornes incluses. Pendant un gel, `apply` et `verify` sont *ignorées* (skipped) et le
rapport montre ce qui changerait. Une valeur illisible gèle aussi.

**Relancer, rejouer.** Relancer cette nuit : *Trigger*, sans paramètre ; ce qui est déjà fait n'est pas refait. Rejouer
une nuit passée : *Trigger* avec `night` = 2026-11-20 ; lecture seule, depuis l'archive. Un *backfill* n'écrit jamais.
"""

from datetime import datetime

from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

from ecampus.calendar import PARIS
from ecampus.orchestration.outcome import record_crash
from ecampus.orchestration.sensor import PreviousPhase
from ecampus.orchestration.tasks import (
    DEFAULTS,
    PARAMS,
    apply,
    check,
    diff,
    extract_moodle,
    extract_source,
    open_night,
    report,
    verify,
)

PHASE = "cohorts"

with DAG(
    "ecampus_cohorts",
    description="Cohortes (03h45)",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("45 3 * * *", timezone="Europe/Paris"),
    start_date=datetime(2025, 9, 1, tzinfo=PARIS),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    on_failure_callback=record_crash,
    tags=["ecampus", "cohortes"],
):
    (
        open_night(PHASE)
        >> PreviousPhase(task_id="wait", phase=PHASE)
        >> [extract_source(PHASE), extract_moodle(PHASE)]
        >> diff(PHASE)
        >> check(PHASE)
        >> apply(PHASE)
        >> verify(PHASE)
        >> report(PHASE)
    )
