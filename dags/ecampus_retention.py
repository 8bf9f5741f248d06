"""# Rétention, 06h30

Ce que les nuits laissent n'est pas gardé sans fin : il y a des noms de personnes dedans.

**Règles.** Les extraits (REFER, annuaire, ecampus) et les verdicts sont gardés 40 nuits ; les plans, les journaux, les
anomalies et les rapports 400, ce que le registre a noté de ses écritures aussi. Ce qui est à ecampus (identifiants et
codes) reste dans le registre. Une nuit que quelqu'un vient de rejouer attend le lendemain.

**Variables.** `ecampus_keep_extracts` (40) et `ecampus_keep_reports` (400), en nuits, 7 au moins. Un gel n'y change
rien : rien n'est écrit dans ecampus.

**Ce qui peut échouer, et que faire.**
- *Une autre exécution écrit* : la tâche réessaie, puis le lendemain efface le reste ; rien d'autre ne l'attend.
- *Le magasin ne permet pas d'effacer* : rendre à Airflow les droits du dossier nommé par ECAMPUS_STORE.
"""

from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

from ecampus.orchestration.nightly import ANY
from ecampus.orchestration.tasks import prune
from ecampus.words.names import DAGS

with DAG(
    "ecampus_retention",
    dag_display_name=DAGS["ecampus_retention"],
    description="Rétention (06h30)",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("30 6 * * *", timezone="Europe/Paris"),
    tags=["ecampus", "chaque matin"],
    **ANY,
):
    prune()
