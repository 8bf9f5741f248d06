"""The settings of Moodle on which a night hangs: enrol_database, the authentication method, the cron.

Read in its own database (``moodle_db``): no web service shows them. A value that was never saved is the one that the
plugin's page would show.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ecampus.errors import ContractBroken, SourceRefused
from ecampus.moodle.database import MoodleDatabase
from ecampus.words.clean import printable
from ecampus.words.progress import duration

LOG = logging.getLogger("ecampus")
ENROL = "enrol_database"
CRON = "tool_task"
TASK = r"\enrol_database\task\sync_enrolments"
PAGE = "Administration du site › Plugins › Inscriptions › Base de données externe"
CRON_SECONDS = 900
"""Since the cron last began: it runs every minute, and waits for what it began."""
UNENROL, SUSPEND_WITHOUT_ROLES = "0", "3"
ACTIONS = {"0": "désinscrire", "1": "garder", "2": "suspendre"}
FIELDS = {
    "localcoursefield": ("idnumber", "idnumber"),
    "localuserfield": ("username", "idnumber"),
    "localrolefield": ("shortname", "shortname"),
    "remotecoursefield": ("course_idnumber", ""),
    "remoteuserfield": ("username", ""),
    "remoterolefield": ("role", ""),
    "remoteotheruserfield": ("", ""),
    "newcoursetable": ("", ""),
}
"""What each must be, and what it is until it is saved."""

Settings = Mapping[str, str]


class Wrong(NamedTuple):
    """A setting that is not what it must be, and what to do. ``destroys``: a night would lose people's work.

    ``lesser``: a night is whole all the same.
    """

    setting: str
    sentence: str
    destroys: bool = False
    lesser: bool = False


def read(database: MoodleDatabase, auth: str) -> dict[str, dict[str, str]]:
    """By plugin, its settings; those of the method ``auth`` among them. Raises as ``MoodleDatabase.read``."""
    rows = database.looked_at("plugin_settings", auth=f"auth_{auth}").fillna("")
    known: dict[str, dict[str, str]] = {}
    for plugin, name, value in rows[["plugin", "name", "value"]].itertuples(index=False):
        known.setdefault(plugin, {})[name] = value
    return known


def wrong_enrolment(settings: Settings, table: str) -> Iterator[Wrong]:
    """What is wrong with enrol_database, whose external table must be ``table``; all values as texts."""
    yield from _removal(settings)
    yield from _default_role(settings)
    if settings.get("ignorehiddencourses", "0") not in ("0", ""):
        yield Wrong(
            "ignorehiddencourses",
            f"les cours cachés sont ignorés, et les nouveaux le sont : décocher « ignorehiddencourses » dans {PAGE}.",
        )
    if settings.get("remoteenroltable", "").rpartition(".")[2].lower() != table.rpartition(".")[2].lower():
        yield _other("remoteenroltable", settings.get("remoteenroltable", ""), table)
    for name, (right, unsaved) in FIELDS.items():
        if (found := settings.get(name, unsaved)).lower() != right:
            yield _other(name, found, right)
    driver = settings.get("dbtype", "")
    if driver in ("", "mariadb"):
        said = "aucun pilote n'est choisi" if not driver else "le pilote « mariadb » casse chaque réponse de Moodle"
        yield Wrong("dbtype", f"{said} : choisir « mysqli » (ou celui de la base de la table) dans {PAGE}.")
    if settings.get("debugdb", "0") not in ("0", ""):
        yield Wrong("debugdb", f"des messages se mêlent aux réponses de Moodle : décocher « debugdb » dans {PAGE}.")


def wrong_authentication(auth: str, settings: Settings) -> Iterator[Wrong]:
    """What is wrong with the plugin of the managed method."""
    method = printable(auth)
    page = f"Administration du site › Plugins › Authentification › {method}"
    if settings.get("removeuser", "0") == "2":
        yield Wrong(
            "removeuser",
            f"la méthode « {method} » supprime les comptes qu'elle ne trouve plus, avec leurs travaux : choisir de les"
            f" garder dans {page}.",
        )
    if settings.get("removeuser", "0") == "1":
        yield Wrong(
            "removeuser",
            f"la méthode « {method} » suspend elle-même les comptes qu'elle ne trouve plus, et ecampus ne réactive que"
            f" ceux qu'il a suspendus : choisir de les garder dans {page}.",
            lesser=True,
        )
    attribute = settings.get("field_map_idnumber", "")
    if attribute and settings.get("field_updatelocal_idnumber") == "onlogin":
        yield Wrong(
            "field_map_idnumber",
            f"à chaque connexion le numéro d'identification devient {printable(attribute)} : vérifier que c'est le"
            f" même code que celui d'ecampus, ou choisir « à la création » dans {page}.",
            lesser=True,
        )


def wrong_cron(started: str | None, now: float) -> str | None:
    """Why the table would not be taken, null while Moodle's cron runs. ``started``: seconds since 1970, as text."""
    if started is None or not re.fullmatch(r"\d{1,18}", started) or int(started) == 0:
        return "le cron de Moodle n'a jamais tourné : l'installer, chaque minute (php admin/cli/cron.php)."
    if (since := now - int(started)) > CRON_SECONDS:
        return (
            f"le cron de Moodle n'a pas tourné depuis {duration(since)} : le relancer, chaque minute"
            " (php admin/cli/cron.php)."
        )
    return None


def require_harmless(database: MoodleDatabase, auth: str, table: str, url: str) -> None:
    """What Moodle does with rows that are removed; where the account may not read that, nothing is known.

    Raises SourceRefused for a setting by which a night would destroy what people did; the others are told.
    """
    try:
        settings = read(database, auth).get(ENROL)
    except (ContractBroken, SourceRefused):
        return
    wrong = list(wrong_enrolment(settings, table)) if settings else []
    refuse(wrong, url)
    for one in wrong:
        LOG.warning("enrol_database : %s", one.sentence)


def refuse(wrong: Iterable[Wrong], url: str) -> None:
    """Raise SourceRefused for the first that destroys."""
    for one in wrong:
        if one.destroys:
            raise SourceRefused(f"Sur Moodle ({url}), enrol_database : {one.sentence} Rien n'est écrit d'ici là.")


def _removal(settings: Settings) -> Iterator[Wrong]:
    action = settings.get("unenrolaction", UNENROL)
    if action == SUSPEND_WITHOUT_ROLES:
        return
    choose = f"choisir « suspendre et retirer les rôles » (unenrolaction) dans {PAGE}"
    named = ACTIONS.get(action, printable(action))
    if action == UNENROL:
        yield Wrong(
            "unenrolaction",
            f"l'action de désinscription est « {named} », qui détruit les notes et les groupes de chaque personne"
            f" retirée : {choose} ; cette page la propose à chaque enregistrement.",
            destroys=True,
        )
    else:
        yield Wrong(
            "unenrolaction",
            f"l'action de désinscription est « {named} » : qui est retiré garderait son rôle ; {choose}.",
        )


def _default_role(settings: Settings) -> Iterator[Wrong]:
    if settings.get("defaultrole", "") not in ("", "0"):
        yield Wrong(
            "defaultrole",
            "un rôle par défaut est choisi, que recevrait sans un mot toute ligne au rôle inconnu ; la page ne sait pas"
            f" le vider et le remet à chaque enregistrement : php admin/cli/cfg.php --component={ENROL}"
            " --name=defaultrole --set=",
        )


def _other(name: str, found: str, right: str) -> Wrong:
    return Wrong(name, f"« {name} » vaut {_shown(found)} au lieu de {_shown(right)} : le corriger dans {PAGE}.")


def _shown(value: str) -> str:
    return f"« {printable(value)} »" if value else "rien"
