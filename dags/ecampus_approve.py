"""# Décisions, 06h15

Ce que la nuit a retenu, une question par sorte de changement et par composante, dans *Actions requises*. Rien de ce qui
est retenu ne se fait sans réponse ; le reste de la nuit est fait depuis longtemps.

**Répondre.** Ouvrir la question, lire ce qui a déclenché la limite et les premiers changements, choisir, dire pourquoi.
La réponse est écrite dans le registre : qui, quand, pourquoi. Seul un compte qui a le droit d'agir sur les DAG peut
répondre ; les autres voient la question, et Airflow refuse leur réponse.

**Un code a changé.** Un cours ou une personne dont le code semble avoir changé est une question à part. « C'est le même
cours » lui donne le nouveau code, avec ses inscrits et ses groupes ; « Ce sont deux cours » archive l'ancien et crée
le nouveau la nuit suivante, sans être redemandé. Dans le doute, « Plus tard » : rien ne bouge.

**Ensuite.** Les traitements concernés sont relancés aussitôt, dans l'ordre de la nuit, pour ce qui est approuvé et rien
d'autre : REFER, LDAP et ecampus sont relus, ce qui a changé depuis la question n'est pas fait. Pendant un gel, ou tant
qu'une nuit entière attend sa réponse, rien n'est fait : la première nuit ouverte ensuite fait ce qui est approuvé.

**Si quelque chose ne va pas.**

- *Personne ne répond avant 20h00* : rien n'est fait, la question revient demain.
- *La question a changé* (une nuit est passée) : la réponse est refusée, la nouvelle question est à lire.
- *Refusé* : ces changements restent retenus et ne sont plus demandés pendant trente nuits, sauf s'ils changent.
- *Sans Airflow* : `make approve` montre et répond de même.
"""

from datetime import datetime

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, TriggerRule
from airflow.timetables.trigger import CronTriggerTimetable

from ecampus.calendar import PARIS
from ecampus.orchestration.approval import Ask, approved, questions
from ecampus.words.names import DAGS, DO, TASKS

with DAG(
    "ecampus_approve",
    dag_display_name=DAGS["ecampus_approve"],
    description="Décisions sur ce qui est retenu (06h15)",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("15 6 * * *", timezone="Europe/Paris"),
    start_date=datetime(2025, 9, 1, tzinfo=PARIS),
    catchup=False,
    max_active_runs=1,
    tags=["ecampus", "chaque matin"],
    default_args={"owner": "pôle plateforme", "retries": 0},
):
    phases = approved()
    Ask.partial(task_id="ask", task_display_name=TASKS["ask"]).expand(question=questions()) >> phases
    TriggerDagRunOperator.partial(
        task_id="apply",
        task_display_name=DO,
        conf={"approved": True},
        wait_for_completion=True,
        poke_interval=5,
        max_active_tis_per_dagrun=1,
        trigger_rule=TriggerRule.NONE_FAILED,
    ).expand(trigger_dag_id=phases)
