"""# Annuler une nuit

Ce qu'une nuit a fait est défait : noms, places, inscriptions, appartenances, suspensions, archives. *Trigger*, avec
`night` (la nuit à annuler), `phases` (les traitements ; vide : les cinq) et `reason` (pourquoi).

**Ce qui se passe.** *Montrer ce qui serait défait* dit d'abord ce qui ne revient pas, puis ce qui serait fait ; rien
n'est écrit. Une question dans *Actions requises* demande d'approuver le tout ; sans réponse avant 20h00 (une heure au
moins), rien n'est fait. Chaque traitement est ensuite défait, relu et rapporté comme dans une nuit : mêmes limites,
même gel.

**Ce qui est laissé.** Ce que quelqu'un a changé depuis reste comme il l'a laissé. Un espace créé est archivé, un compte
créé est suspendu, un groupe créé est vidé et prend `ex_`, une catégorie créée est supprimée si elle est vide, une
cohorte créée reste. Ce qui a été supprimé ne revient pas.

**Ce qui est annulé reste annulé** : les nuits suivantes ne le refont pas tant que les sources ne changent pas. Pour le
leur laisser refaire : *Trigger* avec `release` (la nuit annulée), sans `night`.

**Ce qui peut échouer, et que faire.**
- *Retenu* : une limite est dépassée ; décider dans *Décisions (06h15)*, puis annuler à nouveau.
- *« Personne n'a approuvé… »* : la nuit a été relancée depuis la question, ou la réponse était non ; relancer.
- *Une tâche échoue* : la relancer ; ce qui est déjà défait ne l'est pas deux fois.
- *Sans Airflow* : `make undo NIGHT=2026-11-25 WHY=…`, `make undo RELEASE=2026-11-25`.
"""

from airflow.sdk import DAG, Param, chain

from ecampus.orchestration.nightly import ANY
from ecampus.orchestration.undoing import AskUndo, preview, release, undo
from ecampus.words.names import DAGS, TASKS

NIGHT = {"type": ["null", "string"], "format": "date"}
TEXT = {"type": ["null", "string"]}

with DAG(
    "ecampus_undo",
    dag_display_name=DAGS["ecampus_undo"],
    description="Annuler ce qu'une nuit a fait",
    doc_md=__doc__,
    schedule=None,
    tags=["ecampus", "à la demande"],
    params={
        "night": Param(None, **NIGHT, title="Nuit à annuler", description="Par exemple 2026-11-25."),
        "phases": Param(
            None, **TEXT, title="Traitements", description="users cohorts offer enrolments groups ; vide : les cinq."
        ),
        "reason": Param(None, **TEXT, title="Pourquoi", description="Ce qui sera relu plus tard avec la décision."),
        "release": Param(
            None, **NIGHT, title="Nuit à libérer", description="Laisse les nuits suivantes refaire ce qui est annulé."
        ),
    },
    **ANY,
):
    release()
    ask = AskUndo(task_id="ask", task_display_name=TASKS["ask"], question=preview(), retries=0)
    chain(
        ask,
        *(
            undo.override(task_id=f"undo_{phase}", task_display_name=TASKS[f"undo_{phase}"])(phase)
            for phase in ("users", "enrolments", "groups", "offer", "cohorts")
        ),
    )
