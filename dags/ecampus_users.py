"""# Utilisateurs, 00h00

Met les comptes d'ecampus en accord avec l'annuaire LDAP : comptes créés, noms, adresses, codes et identifiants
corrigés, comptes des personnes parties suspendus.

**Règles.** Une personne est reconnue par sa population (étudiant, personnel) et son code, porté par le champ
« numéro d'identification » du compte. Seuls les comptes de la méthode d'authentification gérée (`cas`) sont touchés ;
jamais ceux que nomme l'option `exclude` de la connexion `moodle` : y mettre les administrateurs et les comptes de
service. Une personne absente de l'annuaire est suspendue, jamais supprimée, et garde ses inscriptions ; à son retour,
elle n'est réactivée que si c'est ce traitement qui l'avait suspendue.

**Prévision.** Avant la première écriture, la tâche *Prévoir la nuit* imagine toute la nuit ; le journal et le rapport
disent ce que les traitements suivants retiendraient ou refuseraient : il reste trois heures pour corriger. Elle
n'arrête jamais la nuit ; si elle échoue, une phrase le dit. Gel, rejeu et *backfill* n'en ont pas.

**Ce qui peut échouer, et que faire.**
- *LDAP injoignable, ou réponse tronquée* : rien n'est écrit ; voir avec l'équipe de l'annuaire, puis relancer.
- *Jeton refusé par Moodle* : échec immédiat ; corriger la connexion `moodle`, puis relancer.
- *Compte ambigu, adresse absente ou en double* : la ligne est laissée et figure au rapport ; corriger dans LDAP.
"""

from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable

from ecampus.orchestration.nightly import SHARED, page
from ecampus.orchestration.tasks import (
    apply,
    check,
    diff,
    extract_moodle,
    extract_source,
    forecast,
    open_night,
    report,
    verify,
)
from ecampus.words.names import DAGS

PHASE = "users"

with DAG(
    "ecampus_users",
    dag_display_name=DAGS["ecampus_users"],
    description="Utilisateurs (00h00)",
    doc_md=page(__doc__),
    schedule=CronTriggerTimetable("0 0 * * *", timezone="Europe/Paris"),
    tags=["ecampus", "nuit"],
    **SHARED,
):
    (
        forecast(PHASE)
        >> open_night(PHASE)
        >> [extract_source(PHASE), extract_moodle(PHASE)]
        >> diff(PHASE)
        >> check(PHASE)
        >> apply(PHASE)
        >> verify(PHASE)
        >> report(PHASE)
    )
