"""# Groupes, 05h00

Les groupes des espaces de cours suivent Apogée, avec leurs membres.

**Règles.** Un groupe va dans l'espace de chaque élément non porté auquel il est attaché ; un groupe dont le libellé
contient « CEMU » va dans l'espace FOAD et seulement là. Ses membres sont ses étudiants que Moodle montre inscrits. Les
groupes et les membres mis à la main ne sont jamais touchés.

**Ce qui peut échouer, et que faire.**
- *« Inscriptions » en échec cette nuit* : ce traitement s'arrête et dit pourquoi ; les relancer, puis celui-ci.
- *Étudiants en attente* : pas encore inscrits aux yeux de Moodle ; ils seront ajoutés la nuit suivante.
- *Pas fini à 06h00* : une alerte le signale ; regarder quelle tâche attend ou travaille.

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
from ecampus.orchestration.deadline import done_by_six
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

PHASE = "groups"

with DAG(
    "ecampus_groups",
    description="Groupes (05h00)",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 5 * * *", timezone="Europe/Paris"),
    start_date=datetime(2025, 9, 1, tzinfo=PARIS),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    on_failure_callback=record_crash,
    deadline=done_by_six(),
    tags=["ecampus", "groupes"],
):
    (
        open_night(PHASE)
        >> PreviousPhase(task_id="wait", phase=PHASE)
        >> extract_source(PHASE)
        >> extract_moodle(PHASE)
        >> diff(PHASE)
        >> check(PHASE)
        >> apply(PHASE)
        >> verify(PHASE)
        >> report(PHASE)
    )
