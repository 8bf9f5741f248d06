"""# Reprendre le registre

Quand la base des inscriptions ou Moodle a été restaurée d'une sauvegarde, perdue ou échangée, chaque traitement
s'arrête en le disant, et rien n'est écrit. Ce DAG dit ce qu'il en est et, une fois confirmé, met le registre d'accord
avec Moodle.

**D'abord.** *Trigger*, sans rien remplir : le journal de sa tâche dit ce qui serait fait. Vérifier que les
connexions `moodle` et `enrolment_db` mènent aux bonnes bases : c'est le plus souvent cela.

**Confirmer.** *Trigger* avec `confirm`, et pourquoi. Rien n'est écrit dans Moodle, que la marque du registre. Un gel
vaut ici aussi.

- *La base des inscriptions est revenue en arrière* : ce que les journaux disent avoir fait depuis, et que Moodle
  montre, redevient à ecampus ; les inscriptions publiées depuis sont remises dans la table.
- *Moodle est revenu en arrière* : ce qui n'y est plus, ou y est autre chose, n'est plus à ecampus ; ce qui y revient le
  redevient.
- *La cohorte « ecampus » a été supprimée* : elle est refaite, si neuf objets sur dix au moins sont là, tels quels.
- *Le registre est vide* : il est refait d'après les journaux ; le reste s'adopte (*Ce qui est à ecampus*).
- *Moodle est tenu par un autre registre* : refusé, la connexion à corriger est dite.

**Ensuite.** *Répétition, à toute heure* montre ce que la nuit ferait ; les réponses données depuis la sauvegarde se
redonnent.
"""

from airflow.sdk import DAG

from ecampus.orchestration.nightly import ANY
from ecampus.orchestration.whose import RECOVER, recover
from ecampus.words.names import DAGS

with DAG(
    "ecampus_recover",
    dag_display_name=DAGS["ecampus_recover"],
    description="Reprendre le registre, restauré, perdu ou échangé",
    doc_md=__doc__,
    schedule=None,
    params=RECOVER,
    tags=["ecampus", "à la demande"],
    **(ANY | {"default_args": ANY["default_args"] | {"retries": 0}}),
):
    recover()
