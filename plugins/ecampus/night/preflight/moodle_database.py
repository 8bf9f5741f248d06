"""Moodle's own database where there is one: every frame, and the settings that no web service shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeVar

import pandas as pd

from ecampus.changes.draft import Settings
from ecampus.changes.enrolments import TEACHER
from ecampus.errors import ContractBroken, SourceRefused
from ecampus.moodle import capabilities, plugins
from ecampus.moodle.capabilities import CAPABILITIES, LESSER, ONLY_WRITTEN, SILENT
from ecampus.moodle.database import MoodleDatabase
from ecampus.night.intake import Systems
from ecampus.night.preflight.inspection import Inspection, Part
from ecampus.night.preflight.moodle import Site
from ecampus.register.enrolment_table import EnrolmentTable

T = TypeVar("T")
PART = "Base de Moodle"
ROLES = ("student", TEACHER)
FRAMES = (
    "users", "site_admins", "categories", "courses", "cohorts", "foreign_cohorts", "cohort_members", "groups",
    "group_members", "held_members", "groupings", "enrolled", "enrolment_methods", "known_accounts",
)  # fmt: skip
UNSHOWN = (
    "on ne peut pas les voir : le compte de la connexion « moodle_db » ne lit pas leur table ; lui donner les droits de"
    " include/sql/moodle/preflight_grants.sql, ou les regarder à la main (docs/moodle.md)"
)


def opened(found: Inspection, systems: Systems) -> MoodleDatabase | None:
    """The database, null without a connection to it: what cannot be known before a night writes is told then."""

    def none_or_one() -> list[MoodleDatabase]:
        database = systems.moodle_database()
        return [database] if database else []

    there = found.part(PART).tried("connexion", none_or_one)
    if there == []:
        found.notes.append(_without_database())
    return there[0] if there else None


def look(found: Inspection, database: MoodleDatabase | None, settings: Settings | None, site: Site | None) -> None:
    """Everything that is only seen there."""
    if database is None:
        return
    at = found.part(PART)
    if site is None or not at.held("connexion", lambda: database.require_same_site(site.says), "du même site"):
        at.unseen("lectures", "méthode", "rôles", "capacités", "enrol_database", "tâche", "cron")
        return
    _frames(at, database)
    if settings is not None:
        url = site.client.url
        at.held(f"méthode {settings.auth}", lambda: database.require_method(settings.auth, url), "activée")
    _roles(at, database)
    _capabilities(at, database, site)
    _plugins(at, database, settings.auth if settings else Settings.auth)
    _task(at, database)


def _without_database() -> str:
    unseen = [name.partition("/")[2] for name in (*ONLY_WRITTEN, *SILENT)]
    return (
        "Sans la connexion « moodle_db » on ne voit pas, avant que la nuit écrive : les capacités"
        f" {', '.join(unseen)} ; les réglages d'enrol_database, sa tâche et le cron de Moodle (docs/moodle.md)."
    )


def _frames(at: Part, database: MoodleDatabase) -> None:
    read = [at.tried(name, partial(database.counted, name)) for name in FRAMES]
    if all(rows is not None for rows in read):
        at.good("lectures", f"les {len(FRAMES)} lectures d'une nuit sont permises")


def _roles(at: Part, database: MoodleDatabase) -> None:
    if (found := at.tried("rôles", lambda: database.looked_at("roles"))) is None:
        return
    missing = [role for role in ROLES if role not in set(found["shortname"])]
    if missing:
        at.bad(
            "rôles",
            f"aucun rôle n'a le nom abrégé {' ni '.join(missing)}, que la table des inscriptions donne : le rendre au"
            " rôle qui l'avait.",
        )
    else:
        at.good("rôles", f"{' et '.join(ROLES)} y sont")


def _capabilities(at: Part, database: MoodleDatabase, site: Site) -> None:
    if site.says.get("userissiteadmin"):
        return
    said = _optional(at, "capacités", lambda: _said(database, site.says["userid"]))
    if said is None:
        return
    lacking = capabilities.lacking(said)
    for name in lacking:
        told = f"manque au rôle du compte du jeton, au niveau du site : sans elle, {CAPABILITIES[name]}"
        (at.warning if name in LESSER else at.bad)(name, f"{told} ; un administrateur l'ajoute.")
    if not lacking:
        at.good("capacités", f"le rôle du compte du jeton a les {len(CAPABILITIES)} nécessaires")


def _said(database: MoodleDatabase, account: int) -> pd.DataFrame:
    everybody = database.looked_at("default_role")["role"]
    role = int(everybody.iloc[0]) if len(everybody) and str(everybody.iloc[0]).isdigit() else 0
    return database.looked_at("capabilities", id=account, everybody=role)


def _plugins(at: Part, database: MoodleDatabase, auth: str) -> None:
    enabled = at.tried("enrol_database", lambda: database.looked_at("enrolment_plugins"))
    if enabled is not None and len(enabled) and "database" not in str(enabled["enabled"].iloc[0]).split(","):
        at.bad(
            "enrol_database",
            "méthode d'inscription désactivée : l'activer dans Administration du site › Plugins › Inscriptions.",
        )
    known = _optional(at, "réglages", lambda: plugins.read(database, auth))
    if known is None:
        return
    if plugins.ENROL in known:
        _told(at, "enrol_database", plugins.wrong_enrolment(known[plugins.ENROL], EnrolmentTable.name))
    else:
        at.bad("enrol_database", f"aucun de ses réglages n'a été enregistré : les choisir dans {plugins.PAGE}.")
    _told(at, f"auth_{auth}", plugins.wrong_authentication(auth, known.get(f"auth_{auth}", {})))
    wrong = plugins.wrong_cron(known.get(plugins.CRON, {}).get("lastcronstart"), time.time())
    if wrong:
        at.bad("cron", wrong)
    else:
        at.good("cron", "il tourne")


def _optional(at: Part, subject: str, look: Callable[[], T]) -> T | None:
    """As ``Part.tried``, but for a right that the nights do without."""

    def allowed() -> T | None:
        try:
            return look()
        except (SourceRefused, ContractBroken):
            at.warning(subject, UNSHOWN)
            return None

    return at.tried(subject, allowed)


def _told(at: Part, subject: str, wrong: Iterable[plugins.Wrong]) -> None:
    met = list(wrong)
    for one in met:
        (at.warning if one.lesser else at.bad)(f"{subject}.{one.setting}", one.sentence)
    if not met:
        at.good(subject, "réglages conformes")


def _task(at: Part, database: MoodleDatabase) -> None:
    found = _optional(at, "tâche", lambda: database.looked_at("scheduled_task", classname=plugins.TASK))
    if found is None:
        return
    task: Mapping[str, str] = dict(found.iloc[0]) if len(found) else {"disabled": "1"}
    if task["disabled"] != "0":
        at.bad(
            "tâche",
            "« Synchroniser les inscriptions externes » (enrol_database) n'est pas activée : l'activer dans"
            " Administration du site › Serveur › Tâches planifiées, toutes les quelques minutes de 04h15 à 05h00.",
        )
    elif task["faildelay"] != "0":
        at.warning("tâche", "sa dernière exécution a échoué : lire son journal dans Moodle (Tâches planifiées)")
    else:
        at.good("tâche", "« Synchroniser les inscriptions externes » est activée")
