"""Moodle by its web services: the token, its functions, and what its account may see and do."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pandas as pd

from ecampus.calendar import PHASES
from ecampus.changes import categories
from ecampus.changes.draft import Settings
from ecampus.moodle import accounts, capabilities, methods, reads
from ecampus.moodle.client import MoodleClient
from ecampus.moodle.functions import OPTIONAL, needed
from ecampus.night.intake import Systems
from ecampus.night.preflight.inspection import LOOPBACK, Inspection, Part
from ecampus.words.clean import printable
from ecampus.words.findings import counted

MOODLE = "Moodle"
TRIED = ("4.5", "5.1")
KNOWN = ("4.5", "5.")
SUBJECTS = (
    "fonctions", "comptes", "méthode", "création de comptes", "catégories", "cours", "catégories cachées",
    "création de cours", "inscrits", "groupes", "cohortes",
)  # fmt: skip


class Site(NamedTuple):
    """A Moodle that answers: its client, and what it says of itself."""

    client: MoodleClient
    says: dict[str, Any]


def look(found: Inspection, systems: Systems, settings: Settings | None, reading: bool) -> Site | None:
    """The site, null when it does not answer. ``reading``: whether the nights read by its web services."""
    at = found.part(MOODLE)
    client = at.tried("connexion", systems.moodle)
    says = at.tried("connexion", lambda: reads.site(client), lambda says: _answers(client, says)) if client else None
    if client is None or says is None:
        at.unseen(*SUBJECTS)
        return None
    _tell_of_the_site(at, client, says)
    _functions(at, says, reading)
    users = at.tried("comptes", lambda: accounts.users(client), lambda frame: _shown(frame, "compte"))
    _account(at, says, users, settings)
    if settings is None:
        at.unseen("méthode")
    else:
        at.held(f"méthode {settings.auth}", lambda: methods.require(client, settings.auth), "installée")
    at.held("création de comptes", lambda: capabilities.require_to_create_accounts(client), "permise")
    _offer(at, found, client, settings)
    at.tried("cohortes", lambda: reads.cohorts(client), lambda frame: _shown(frame, "cohorte"))
    return Site(client, says)


def _answers(client: MoodleClient, says: dict[str, Any]) -> str:
    return f"{client.url}, Moodle {printable(says.get('release', 'de version inconnue'))}"


def _tell_of_the_site(at: Part, client: MoodleClient, says: dict[str, Any]) -> None:
    release, address = str(says.get("release", "")), urlsplit(client.url)
    if not release.startswith(KNOWN):
        at.warning(
            "version", f"seuls Moodle {' et '.join(TRIED)} ont été essayés : rejouer le contrat (docs/moodle.md)"
        )
    if address.scheme == "http" and address.hostname not in LOOPBACK:
        at.warning("chiffrement", "le jeton passe en clair sur le réseau : mettre https dans la connexion « moodle »")


def _functions(at: Part, says: dict[str, Any], reading: bool) -> None:
    wanted: dict[str, list[str]] = {}
    for phase, title in PHASES.items():
        for function in needed(phase, reading):
            wanted.setdefault(function, []).append(f"« {title} »")
    offered = {function["name"] for function in says["functions"]}
    missing = {function: titles for function, titles in wanted.items() if function not in offered}
    for function, titles in missing.items():
        at.bad(
            function,
            f"absente du service web du jeton ({', '.join(titles)}) : un administrateur l'ajoute dans Administration ›"
            " Serveur › Services web › Services externes › Fonctions.",
        )
    if not missing:
        at.good("fonctions", f"les {len(wanted)} nécessaires sont dans le service web du jeton")
    for phase, costs in OPTIONAL.items() if reading else ():
        for function, cost in costs.items():
            if function not in offered:
                at.warning(function, f"facultative et absente (« {PHASES[phase]} ») : {cost}")


def _account(at: Part, says: dict[str, Any], users: pd.DataFrame | None, settings: Settings | None) -> None:
    name = printable(says["username"])
    if says.get("userissiteadmin"):
        at.warning("compte du jeton", f"{name} est administrateur du site : lui donner un rôle à lui (docs/moodle.md)")
    if users is not None and settings is not None and says["username"] not in settings.exclude:
        auth = users.loc[users["username"] == says["username"], "auth"]
        if auth.eq(settings.auth).any():
            at.warning("compte du jeton", f"{name} serait géré comme une personne : le nommer dans « exclude »")


def _offer(at: Part, found: Inspection, client: MoodleClient, settings: Settings | None) -> None:
    tree = at.tried("catégories", lambda: reads.categories(client))
    if tree is not None and settings is not None:
        root = settings.managed_root
        at.tried("catégories", lambda: categories.root_id(tree, root), lambda _: _shown(tree, "catégorie"))
    elif tree is not None:
        at.unseen("catégories")
    courses = at.tried("cours", lambda: reads.courses(client), lambda frame: _shown(frame, "cours"))
    if tree is None or courses is None:
        at.unseen("catégories cachées")
    else:
        _hidden(at, tree, courses)
    if tree is None or tree.empty:
        at.unseen("création de cours")
    else:
        somewhere = int(tree["id"].iloc[0])
        at.held("création de cours", lambda: capabilities.require_to_create_courses(client, somewhere), "permise")
    _inside(at, found, client, courses)


def _inside(at: Part, found: Inspection, client: MoodleClient, courses: pd.DataFrame | None) -> None:
    """What is in a course: one tells what the account may see in all."""
    if courses is None:
        at.unseen("inscrits", "groupes")
    elif courses.empty:
        found.notes.append("Sans aucun cours, le droit de lire inscrits et groupes ne se voit pas encore.")
    else:
        one = [int(courses["id"].iloc[0])]
        at.tried("inscrits", lambda: reads.enrolled(client, one), lambda _: f"lus, du cours n° {one[0]}")
        at.tried("groupes", lambda: reads.groups(client, one), lambda _: f"lus, du cours n° {one[0]}")


def _hidden(at: Part, tree: pd.DataFrame, courses: pd.DataFrame) -> None:
    """A course or a category that stands in a category which is not shown."""
    known = {0, *tree["id"]}
    lost = {*courses["category_id"], *tree["parent_id"]} - known
    if lost:
        at.bad(
            "catégories cachées",
            f"la catégorie n° {min(lost)} existe et n'est pas montrée : un administrateur ajoute la capacité"
            " moodle/category:viewhiddencategories au rôle du compte du jeton, au niveau du site.",
        )
    else:
        at.good("catégories cachées", "chaque cours est dans une catégorie visible au compte du jeton")


def _shown(frame: pd.DataFrame, what: str) -> str:
    return counted(len(frame), f"{what} visible", f"{what.removesuffix('s')}s visibles")
