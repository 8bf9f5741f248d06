"""# Ce qui est à ecampus

Montre ce qui est à ecampus (il ne touche à rien d'autre), et ce qui y ressemble : catégories, cours, cohortes et
groupes de Moodle qui portent un code voulu par REFER, sans qu'ecampus les ait faits. La nuit les laisse (`CODE_PRIS`)
et n'en fait pas de second.

**Montrer.** *Trigger*, sans rien remplir. Le journal de sa tâche est la liste ; rien n'est écrit nulle part.

**Adopter.** `adopt` = `tout`, ou les codes voulus, `cours:L1CAS101 cohorte:DUFLE_1`, et pourquoi. Seul le registre
change : ces objets sont à ecampus, avec ceux de leurs membres et celles de leurs inscriptions que REFER veut aussi. La
nuit suivante fait le reste : nom, place, membres qui manquent. Les groupes se voient une fois leurs cours adoptés. Ce
qui est douteux (deux objets pour un code) n'est pas adoptable, et la liste dit quoi corriger.

**Rendre.** `release` = des codes. ecampus n'y touche plus, rien ne change dans Moodle ; la liste les montre à nouveau.

**Ce qui peut échouer, et que faire.**
- *Une autre exécution écrit* : attendre sa fin, puis relancer.
- *Un code n'est pas dans la liste* : rien n'est fait, même pour les autres ; corriger, relancer.
- *Le registre et Moodle ne se connaissent pas* : *Reprendre le registre*.
- *Pas encore regardé* : lancer *Répétition, à toute heure*, puis relancer.
"""

from airflow.sdk import DAG

from ecampus.orchestration.nightly import ANY
from ecampus.orchestration.whose import OWNED, own
from ecampus.words.names import DAGS

with DAG(
    "ecampus_owned",
    dag_display_name=DAGS["ecampus_owned"],
    description="Ce qui est à ecampus ; adopter, rendre",
    doc_md=__doc__,
    schedule=None,
    params=OWNED,
    tags=["ecampus", "à la demande"],
    **(ANY | {"default_args": ANY["default_args"] | {"retries": 0}}),
):
    own()
