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
"""

from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

from ecampus.orchestration.nightly import SHARED, page
from ecampus.orchestration.sensor import PreviousPhase
from ecampus.orchestration.tasks import apply, check, diff, extract_moodle, extract_source, open_night, report, verify
from ecampus.words.names import DAGS, TASKS

PHASE = "offer"

with DAG(
    "ecampus_offer",
    dag_display_name=DAGS["ecampus_offer"],
    description="Offre de formation (04h00)",
    doc_md=page(__doc__),
    schedule=CronTriggerTimetable("0 4 * * *", timezone="Europe/Paris"),
    tags=["ecampus", "nuit"],
    **SHARED,
):
    (
        open_night(PHASE)
        >> PreviousPhase(task_id="wait", task_display_name=TASKS["wait"], phase=PHASE)
        >> [extract_source(PHASE), extract_moodle(PHASE)]
        >> diff(PHASE)
        >> check(PHASE)
        >> apply(PHASE)
        >> verify(PHASE)
        >> report(PHASE)
    )
