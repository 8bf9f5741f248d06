"""REFER, view by view, and the directory, attribute by attribute, read as a night reads them."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from ecampus import contract
from ecampus.changes.draft import Inputs, Settings
from ecampus.contract import REFER
from ecampus.night.intake import Frames, Systems
from ecampus.night.preflight.inspection import LOOPBACK, Inspection, Part
from ecampus.safety import unknown
from ecampus.sources import directory, refer, sql
from ecampus.sources.entries import NAMES, DirectorySettings
from ecampus.words.findings import counted
from ecampus.words.progress import figure

DIRECTORY = "Annuaire LDAP"
POPULATIONS = {"student": "étudiants", "staff": "personnels"}


MAY_BE_EMPTY = ("porte", "seance_ade")
"""Views that a university may do without; of the others a night without rows holds what rests on them."""


def refer_views(found: Inspection, systems: Systems, annee: str | None) -> Frames:
    """The views that could be read, for the year."""
    at, read = found.part("REFER"), {}
    hook = at.tried("connexion", systems.refer_hook)
    if hook is None or not at.held("connexion", lambda: _answers(hook), "ouverte") or annee is None:
        at.unseen(*(f"refer_{view}" for view in REFER))
        return {}
    for view in REFER:
        if (admitted := at.tried(f"refer_{view}", partial(_admitted, hook, view, annee))) is None:
            continue
        read[view], wrong = admitted
        rows = f"{counted(len(read[view]), 'ligne')} pour {annee}"
        if unreadable := wrong["key"].nunique():
            told = f"{rows}, {counted(unreadable, 'mise', 'mises')} de côté (LIGNE_ILLISIBLE)"
            at.warning(f"refer_{view}", f"{told}, par exemple {wrong['key'].iloc[0]} : {wrong['defect'].iloc[0]}")
        elif read[view].empty and view not in MAY_BE_EMPTY:
            at.bad(f"refer_{view}", f"{REFER[view].place} est vide pour l'année {annee} : vérifier son alimentation.")
        else:
            at.good(f"refer_{view}", rows)
    return read


def people(found: Inspection, systems: Systems) -> pd.DataFrame | None:
    """Everybody in LDAP, null when that cannot be read."""
    at = found.part(DIRECTORY)
    subjects = ["personnes", *POPULATIONS.values()]
    connection = at.tried("connexion", systems.directory)
    settings = at.tried("options", lambda: DirectorySettings.of(connection.extra_dejson)) if connection else None
    opened = at.tried("connexion", lambda: _bound(connection), lambda _: "ouverte") if settings else None
    if opened is None or settings is None:
        at.unseen(*subjects)
        return None
    _tell_of_the_line(at, connection)
    try:
        read = at.tried("personnes", lambda: contract.validate("people", directory.people(opened, settings)))
    finally:
        opened.unbind()
    if read is None:
        at.unseen(*subjects[1:])
        return None
    at.good("personnes", f"{counted(read['entry'].nunique(), 'fiche lue', 'fiches lues')} sous {settings.base}")
    for population in POPULATIONS:
        _attributes(at, read, settings, population)
    return read


def together(
    found: Inspection, systems: Systems, settings: Settings | None, views: Frames, read: pd.DataFrame | None
) -> None:
    """Whether LDAP knows the people of REFER, by their codes."""
    at, wanted = found.part(DIRECTORY), ("inscription_administrative", "seance_ade")
    if settings is None or read is None or any(view not in views for view in wanted):
        at.unseen("codes de REFER")
        return
    inputs = Inputs(settings, {**views, "people": read}, {}, {})
    at.held(
        "codes de REFER", lambda: unknown.require_known(inputs, systems.limits.unknown), "les personnes de REFER y sont"
    )


def _answers(hook: sql.Hook) -> None:
    with sql.connected(hook, "REFER", "ses vues"):
        pass


def _admitted(hook: sql.Hook, view: str, annee: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    return contract.admit(view, refer.read(hook, view, annee), annee)


def _bound(connection: Any) -> Any:
    extra = connection.extra_dejson
    return directory.connect(connection.host, connection.port, connection.login, connection.password, extra)


def _tell_of_the_line(at: Part, connection: Any) -> None:
    if not directory.encrypted(connection.extra_dejson) and connection.host not in LOOPBACK:
        at.warning(
            "chiffrement",
            "mot de passe et personnes passent en clair sur le réseau : mettre « use_ssl » ou « start_tls » à true dans"
            " les options de la connexion « ldap »",
        )


def _attributes(at: Part, read: pd.DataFrame, settings: DirectorySettings, population: str) -> None:
    """An attribute that no entry shows is one that the account may not read, or that has another name."""
    subject, query = POPULATIONS[population], settings.students if population == "student" else settings.staff
    mine = read[(read["population"] == population) & read["sought"]]
    if mine.empty:
        at.bad(subject, f"aucune fiche ne répond au filtre {query} sous {settings.base} : corriger le filtre, la base.")
        return
    option = f"{population}_code"
    named = {settings.attribute(population): (option, mine["code"])}
    named |= {getattr(settings, column): (column, mine[column]) for column in NAMES}
    hidden = [(attribute, option) for attribute, (option, values) in named.items() if values.isna().all()]
    for attribute, option in hidden:
        at.bad(
            subject,
            f"aucune des {figure(len(mine))} fiches ne montre l'attribut {attribute} : donner au compte le droit de le"
            f" lire, ou corriger « {option} » dans les options de la connexion « ldap ».",
        )
    if not hidden:
        at.good(subject, f"{counted(len(mine), 'fiche')} par le filtre {query}")
