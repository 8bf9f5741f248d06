"""# Cohortes, 03h45

Une cohorte par étape d'Apogée, nommée « CODE - libellé » : créée, renommée, et ses membres mis à jour.

**Règles.** Les membres sont les étudiants qui ont une inscription administrative à l'étape et un compte. Seuls les
membres ajoutés par ce traitement sont retirés. Une étape disparue laisse sa cohorte telle quelle
(`COHORTE_SANS_ETAPE`).

**Ce qui peut échouer, et que faire.**
- *« Utilisateurs » en échec cette nuit* : ce traitement s'arrête et dit pourquoi ; relancer l'autre, puis celui-ci.
- *REFER injoignable, vue vide ou incomplète* : rien n'est écrit ; voir avec l'équipe de REFER, puis relancer.
- *Trop d'étudiants inconnus de l'annuaire* : rien n'est écrit ; vérifier le format des codes et l'annuaire.
"""

from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

from ecampus.orchestration.nightly import SHARED, page
from ecampus.orchestration.sensor import PreviousPhase
from ecampus.orchestration.tasks import apply, check, diff, extract_moodle, extract_source, open_night, report, verify
from ecampus.words.names import DAGS, TASKS

PHASE = "cohorts"

with DAG(
    "ecampus_cohorts",
    dag_display_name=DAGS["ecampus_cohorts"],
    description="Cohortes (03h45)",
    doc_md=page(__doc__),
    schedule=CronTriggerTimetable("45 3 * * *", timezone="Europe/Paris"),
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
