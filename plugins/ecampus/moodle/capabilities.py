"""The capabilities that the role of the token's account needs, and how each is looked at without writing.

``docs/moodle.md`` says what was run. A read shows some; two are shown by a creation that Moodle must refuse, since
nothing bears a blank name; the others are in its own database, or show when something is written.
"""

from __future__ import annotations

import pandas as pd

from ecampus.moodle.client import MoodleClient, MoodleRefusal

CAPABILITIES = {
    "webservice/rest:use": "tout est refusé",
    "moodle/user:viewdetails": "des comptes et des inscrits manquent sans un mot",
    "moodle/user:viewalldetails": "codes et identifiants des comptes sont cachés",
    "moodle/site:viewuseridentity": "les adresses des comptes sont cachées",
    "moodle/user:create": "aucun compte n'est créé",
    "moodle/user:update": "aucun compte n'est modifié ni suspendu",
    "moodle/category:viewhiddencategories": "les catégories cachées, et tout leur contenu, manquent sans un mot",
    "moodle/category:manage": "les codes des catégories sont cachés, aucune n'est créée",
    "moodle/course:view": "la liste des cours est refusée",
    "moodle/course:viewhiddencourses": "la liste des cours est refusée dès que l'un est caché",
    "moodle/course:update": "les codes des cours sont cachés, aucun n'est modifié",
    "moodle/course:create": "aucun cours n'est créé",
    "moodle/course:changefullname": "aucun cours n'est renommé",
    "moodle/course:changeshortname": "aucun cours n'est archivé ni restauré",
    "moodle/course:changeidnumber": "aucun cours n'est archivé ni restauré",
    "moodle/course:changecategory": "aucun cours n'est déplacé",
    "moodle/course:visibility": "les cours naîtraient visibles",
    "moodle/cohort:manage": "aucune cohorte n'est écrite, et aucune phase ne peut commencer à écrire",
    "moodle/course:enrolreview": "les inscrits ne se lisent pas",
    "moodle/site:accessallgroups": "des inscrits des cours à groupes séparés manquent sans un mot",
    "moodle/course:viewhiddengroups": "les groupes que quelqu'un a cachés manquent : un nom qu'ils portent est refusé",
    "moodle/course:managegroups": "les groupes ne se lisent ni ne s'écrivent",
    "moodle/user:viewhiddendetails": "les champs que le site cache manquent, si l'administrateur en a caché",
}
"""What a night is without each."""
LESSER = frozenset({"moodle/course:viewhiddengroups", "moodle/user:viewhiddendetails"})
"""Those without which a night is whole."""
ONLY_WRITTEN = (
    "moodle/course:changefullname",
    "moodle/course:changeshortname",
    "moodle/course:changeidnumber",
    "moodle/course:changecategory",
    "moodle/course:visibility",
    "moodle/cohort:manage",
)
SILENT = ("moodle/site:accessallgroups", "moodle/course:viewhiddengroups", "moodle/user:viewhiddendetails")
ALLOWED, FORBIDDEN = "1", "-1000"


def require_to_create_accounts(client: MoodleClient) -> None:
    """Raise SourceRefused without ``moodle/user:create``; a blank account is refused to who may create others."""
    blank = {"username": "", "firstname": "", "lastname": "", "email": ""}
    _refused(client, "core_user_create_users", "invalidparameter", users=[blank])


def require_to_create_courses(client: MoodleClient, category: int) -> None:
    """Raise SourceRefused without ``moodle/course:create`` in that category; likewise."""
    blank = {"fullname": "", "shortname": "", "categoryid": category}
    _refused(client, "core_course_create_courses", "errorinvalidparam", courses=[blank])


def lacking(said: pd.DataFrame) -> list[str]:
    """The capabilities that an account lacks, whose roles say so; ``said``: capability, permission (texts)."""
    of = said.groupby("capability")["permission"].agg(set).to_dict()
    return [name for name in CAPABILITIES if ALLOWED not in of.get(name, ()) or FORBIDDEN in of[name]]


def _refused(client: MoodleClient, function: str, expected: str, **blank: object) -> None:
    try:
        client.call(function, **blank)
    except MoodleRefusal as refusal:
        if refusal.errorcode != expected:
            raise
