"""# Courriels, 06h05

Prévient ceux qui peuvent corriger. À chaque composante, ce qui est nouveau et ce qui reste à corriger, avec des liens
vers les pages ; à la plateforme, une ligne sur la nuit. Des codes, jamais un nom.

**Règles.** Un courriel par nuit et par composante au plus, même si l'exécution est relancée ; rien s'il n'y a rien de
nouveau, sauf un rappel après sept nuits s'il reste quelque chose à corriger. Tant qu'un traitement de la nuit
travaille, l'envoi attend, jusqu'à 10h05 ; ce qui finit ensuite est nouveau le lendemain.

**Aussitôt.** Sans attendre cette heure, la plateforme est prévenue quand un traitement échoue, quand quelque chose est
retenu, quand le gel est illisible, et à 06h00 si la nuit n'est pas finie. Un courriel qui ne part pas n'arrête ni ne
retarde aucun traitement.

**Réglages.** Variable `ecampus_mail` : les adresses de la plateforme et de chaque composante, par son code,
`{"plateforme": ["exploitation@univ.fr"], "SCI": ["scolarite.sciences@univ.fr"]}`. Connexion `smtp_default` : le serveur
de courriel. Variable `ecampus_notifier` : un autre moyen que le courriel (docs/exploitation.md, « Être prévenu »).

**Ce qui peut échouer, et que faire.**
- *Le serveur de courriel refuse ou ne répond pas* : la tâche réessaie, puis échoue en disant pourquoi ; corriger la
  connexion, puis relancer : ce qui est parti ne repart pas.
- *Composante sans adresse* : le journal la nomme ; compléter `ecampus_mail`.
"""

from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

from ecampus.orchestration.mailing import mail, night_over
from ecampus.orchestration.nightly import ANY
from ecampus.words.names import DAGS

with DAG(
    "ecampus_mail",
    dag_display_name=DAGS["ecampus_mail"],
    description="Courriels (06h05)",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("5 6 * * *", timezone="Europe/Paris"),
    tags=["ecampus", "chaque matin"],
    **ANY,
):
    night_over() >> mail()
