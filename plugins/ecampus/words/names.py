"""What Airflow's pages call the DAGs and the tasks: the night's in its order, then the others, which begin by a letter.

Ids stay what they are in addresses, in the API and in commands.
"""

from __future__ import annotations

from ecampus.calendar import PHASES

HOURS = {"users": "00h00", "cohorts": "03h45", "offer": "04h00", "enrolments": "04h15", "groups": "05h00"}
NIGHT = {
    f"ecampus_{phase}": f"{place}. {label} ({HOURS[phase]})" for place, (phase, label) in enumerate(PHASES.items(), 1)
}
DAGS = NIGHT | {
    "ecampus_undo": "Annuler une nuit",
    "ecampus_owned": "Ce qui est à ecampus",
    "ecampus_mail": "Courriels (06h05)",
    "ecampus_approve": "Décisions (06h15)",
    "ecampus_recover": "Reprendre le registre",
    "ecampus_rehearsal": "Répétition, à toute heure",
    "ecampus_retention": "Rétention (06h30)",
    "ecampus_check": "Vérifier l'installation",
}
TASKS = {
    "forecast": "Prévoir la nuit",
    "open_night": "Ouvrir la nuit",
    "wait": "Attendre le traitement d'avant",
    "extract_source": "Lire les sources",
    "extract_moodle": "Lire ecampus",
    "diff": "Comparer",
    "check": "Contrôler le plan",
    "apply": "Écrire dans ecampus",
    "verify": "Relire ce qui est écrit",
    "report": "Rendre compte",
    "preview": "Montrer ce qui serait défait",
    "ask": "Demander",
    **{f"undo_{phase}": f"Défaire : {label}" for phase, label in PHASES.items()},
    "release": "Laisser refaire",
    "own": "Montrer, adopter, rendre",
    "questions": "Lister ce qui attend",
    "approved": "Relever les réponses",
    "recover": "Accorder le registre et Moodle",
    "rehearse": "Répéter la nuit prochaine",
    "prune": "Effacer ce qui n'est plus gardé",
    "night_over": "Attendre la fin de la nuit",
    "mail": "Envoyer les courriels",
    "inspect": "Regarder l'installation",
}
DO = "Faire ce qui est approuvé"
"""The task ``apply`` of ``ecampus_approve``, which starts the phases."""


def dag(dag_id: str) -> str:
    """«« Décisions (06h15) »», as a sentence names a DAG."""
    return f"« {DAGS[dag_id]} »"


def task(task_id: str) -> str:
    """«« Écrire dans ecampus »», as a sentence names a task."""
    return f"« {TASKS.get(task_id, task_id)} »"
