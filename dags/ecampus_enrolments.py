"""# Inscriptions, 04h15

Publie les inscriptions dans la table que Moodle lit («méthode par base de données»), puis attend que Moodle les ait
prises.

**Règles.** Étudiants : être dans un groupe d'Apogée, c'est être inscrit dans l'espace de cours ; l'espace FOAD demande
un élément à distance, une inscription en télé-enseignement et un groupe CEMU. Enseignants : avoir des séances
planifiées dans ADE, sur une feuille issue d'Apogée («associer ne suffit pas»). Seules les lignes de ce traitement sont
retirées ; les enseignants des espaces FOAD restent manuels.

**Ce qui peut échouer, et que faire.**
- *« Offre de formation » en échec cette nuit* : ce traitement s'arrête et dit pourquoi ; la relancer, puis celui-ci.
- *Table absente ou verrouillée* : rien n'est publié (une seule transaction) ; voir la base, puis relancer.
- *Lignes non prises par Moodle* : elles figurent au rapport ; vérifier la tâche planifiée `enrol_database` de Moodle.

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

PHASE = "enrolments"

with DAG(
    "ecampus_enrolments",
    description="Inscriptions (04h15)",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("15 4 * * *", timezone="Europe/Paris"),
    start_date=datetime(2025, 9, 1, tzinfo=PARIS),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    on_failure_callback=record_crash,
    tags=["ecampus", "inscriptions"],
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
