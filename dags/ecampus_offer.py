"""# Offre de formation, 04h00

Les catégories et les espaces de cours d'ecampus suivent Apogée : création, renommage, déplacement, archivage,
restauration.

**Règles.** Un espace par élément pédagogique qui n'est pas porté, créé caché et vide ; un second, `CODE-FOAD`, quand
l'élément est à distance. Un espace dont l'élément disparaît est archivé (préfixe `ex_`), jamais supprimé ; il revient
si l'élément revient. Ni la visibilité, ni le contenu, ni les espaces complémentaires ne sont jamais touchés.

**Ce qui peut échouer, et que faire.**
- *« Cohortes » en échec cette nuit* : ce traitement s'arrête et dit pourquoi ; relancer l'autre, puis celui-ci.
- *Un espace refusé par Moodle* : les autres sont faits ; le rapport cite ses mots ; nouvel essai la nuit suivante.
- *Catégorie inconnue ou cachée, porteur inutilisable* : l'espace reste tel quel ; corriger dans Apogée ou ecampus.

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

PHASE = "offer"

with DAG(
    "ecampus_offer",
    description="Offre de formation (04h00)",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 4 * * *", timezone="Europe/Paris"),
    start_date=datetime(2025, 9, 1, tzinfo=PARIS),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=PARAMS,
    on_failure_callback=record_crash,
    tags=["ecampus", "offre de formation"],
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
