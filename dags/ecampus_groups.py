"""# Groupes, 05h00

Les groupes des espaces de cours suivent Apogée, avec leurs membres.

**Règles.** Un groupe va dans l'espace de chaque élément non porté auquel il est attaché ; un groupe dont le libellé
contient « CEMU » va dans l'espace FOAD et seulement là. Ses membres sont ses étudiants que Moodle montre inscrits. Les
groupes et les membres mis à la main ne sont jamais touchés.

**Ce qui peut échouer, et que faire.**
- *« Inscriptions » en échec cette nuit* : ce traitement s'arrête et dit pourquoi ; les relancer, puis celui-ci.
- *Étudiants en attente* : pas encore inscrits aux yeux de Moodle ; ils seront ajoutés la nuit suivante.
- *Pas fini à 06h00* : un courriel le signale (Variable `ecampus_mail`) ; regarder quelle tâche attend ou travaille.
"""

from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

from ecampus.orchestration.deadline import done_by_six
from ecampus.orchestration.nightly import SHARED, page
from ecampus.orchestration.sensor import PreviousPhase
from ecampus.orchestration.tasks import apply, check, diff, extract_moodle, extract_source, open_night, report, verify
from ecampus.words.names import DAGS, TASKS

PHASE = "groups"

with DAG(
    "ecampus_groups",
    dag_display_name=DAGS["ecampus_groups"],
    description="Groupes (05h00)",
    doc_md=page(__doc__),
    schedule=CronTriggerTimetable("0 5 * * *", timezone="Europe/Paris"),
    deadline=done_by_six(),
    tags=["ecampus", "nuit"],
    **SHARED,
):
    (
        open_night(PHASE)
        >> PreviousPhase(task_id="wait", task_display_name=TASKS["wait"], phase=PHASE)
        >> extract_source(PHASE)
        >> extract_moodle(PHASE)
        >> diff(PHASE)
        >> check(PHASE)
        >> apply(PHASE)
        >> verify(PHASE)
        >> report(PHASE)
    )
