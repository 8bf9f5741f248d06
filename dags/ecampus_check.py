"""# Vérifier l'installation

Regarde tout ce dont une nuit a besoin, et n'écrit rien, nulle part : variables, connexions, vues et colonnes de REFER,
fiches de l'annuaire, fonctions et droits du jeton de Moodle, réglages d'`enrol_database` et cron de Moodle (avec la
connexion `moodle_db`), table des inscriptions, registre, horloges, magasin.

**Quand.** Avant la première nuit, après un changement de mot de passe, de droits, de version de Moodle ou d'Apogée, et
chaque fois qu'une nuit s'arrête sans qu'on sache pourquoi : *Trigger*. Il n'a pas d'horaire et ne gêne aucune nuit.

**Lire le résultat.** Le journal de la tâche *Regarder l'installation* est le tableau : `✓` en place ; `✗` à corriger,
avec ce qu'il faut faire ; `!` à savoir, la nuit se fait quand même ; `–` non regardé, à cause d'un `✗` plus haut. Un
seul `✗` met l'exécution au rouge. Ce qui ne se voit pas sans écrire est dit à la fin.

**Corriger.** Les phrases disent où. Relancer jusqu'à ce que tout soit vert : `docs/deployment.md`, «Checking the
installation».
"""

from datetime import datetime, timedelta

from airflow.sdk import DAG

from ecampus.calendar import PARIS
from ecampus.orchestration.preflight import inspect
from ecampus.words.names import DAGS

with DAG(
    "ecampus_check",
    dag_display_name=DAGS["ecampus_check"],
    description="Vérifier l'installation (n'écrit rien)",
    doc_md=__doc__,
    schedule=None,
    start_date=datetime(2025, 9, 1, tzinfo=PARIS),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "pôle plateforme", "retries": 0, "execution_timeout": timedelta(hours=1)},
    tags=["ecampus", "à la demande"],
):
    inspect()
