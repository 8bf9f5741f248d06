"""# Répétition, à toute heure

Voilà ce que la nuit prochaine ferait avec les données de maintenant. **Rien n'est écrit**, ni dans ecampus, ni dans la
table des inscriptions.

**Quand.** Après une correction dans Apogée (dès que REFER l'a reçue), pour voir ce qu'elle donnera ; avant la fin d'un
gel, pour voir tout ce que le dégel ferait. *Trigger*, sans paramètre.

**Ce qu'on lit.** Les cinq traitements dans leur ordre, chacun prévu sur l'état que laisseraient les précédents : un
compte qui serait créé à 00h00 est inscrit dans un cours qui serait créé à 04h00. Le rapport complet est nommé à la fin
du journal de la tâche.

**Ce qu'elle ne sait pas.** Ce qui changera d'ici la nuit dans REFER, dans LDAP ou dans ecampus, et ce qu'ecampus
refuserait. Elle ne compte pas pour la nuit : aucun traitement ne l'attend, ni ne part grâce à elle.

**Ce qui peut échouer, et que faire.** Ce qui arrêterait la nuit arrête la répétition, avec la même phrase : corriger,
puis relancer.
"""

from airflow.sdk import DAG

from ecampus.orchestration.nightly import SHARED
from ecampus.orchestration.rehearsal import rehearse
from ecampus.words.names import DAGS

with DAG(
    "ecampus_rehearsal",
    dag_display_name=DAGS["ecampus_rehearsal"],
    description="Ce que la nuit prochaine ferait",
    doc_md=__doc__,
    schedule=None,
    tags=["ecampus", "à la demande"],
    **{name: SHARED[name] for name in ("start_date", "catchup", "max_active_runs", "default_args")},
):
    rehearse()
