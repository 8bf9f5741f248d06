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
"""

from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

from ecampus.orchestration.nightly import SHARED, page
from ecampus.orchestration.sensor import PreviousPhase
from ecampus.orchestration.tasks import apply, check, diff, extract_moodle, extract_source, open_night, report, verify
from ecampus.words.names import DAGS, TASKS

PHASE = "enrolments"

with DAG(
    "ecampus_enrolments",
    dag_display_name=DAGS["ecampus_enrolments"],
    description="Inscriptions (04h15)",
    doc_md=page(__doc__),
    schedule=CronTriggerTimetable("15 4 * * *", timezone="Europe/Paris"),
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
