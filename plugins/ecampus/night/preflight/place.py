"""The Variables, the options of the connections, the store."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from ecampus.calendar import Freeze
from ecampus.changes.draft import Settings
from ecampus.errors import SettingUnreadable, StoreUnusable
from ecampus.explain.reach import Reach, Reaches
from ecampus.night.addressees import Addressees
from ecampus.night.intake import Systems
from ecampus.night.preflight.inspection import Inspection
from ecampus.store.files import Store
from ecampus.store.retention import Keeping
from ecampus.words.findings import counted

SETTINGS = "Réglages"
GIB = 2**30
SMALL = 1.0
"""GiB below which a store is told to be nearly full."""


def variables(found: Inspection, annee: Callable[[], str], freeze: Callable[[], Freeze], night: date) -> str | None:
    """The year in force, null when nobody can read it."""
    at = found.part(SETTINGS)
    year = at.tried("ecampus_annee", annee, lambda year: f"année {year}")
    frozen = at.tried("ecampus_freeze", freeze)
    if frozen is not None:
        if reason := frozen.reason(night):
            at.warning("ecampus_freeze", reason)
        else:
            at.good("ecampus_freeze", "aucun gel aujourd'hui")
    return year


def settings(found: Inspection, systems: Systems, night: date) -> Settings | None:
    """The site's choices, null when one of them cannot be read."""
    return found.part(SETTINGS).tried("options des connexions", lambda: systems.settings(night), _chosen)


def limits(found: Inspection, systems: Systems) -> None:
    """Whether the site's breakers can be read, without which no night opens."""
    found.part(SETTINGS).tried(
        "include/limits.toml",
        lambda: systems.limits,
        lambda read: f"{counted(len(read.breakers), 'limite')} en vigueur",
    )


def keeping(found: Inspection, read: Callable[[], Keeping]) -> None:
    """How long the nights are kept, where that can be read: else they are kept for ever."""
    found.part(SETTINGS).tried(
        "ecampus_keep_*", read, lambda kept: f"extraits {kept.extracts} nuits, tout le reste {kept.reports}"
    )


def mail(found: Inspection, read: Callable[[], Addressees]) -> None:
    """Whom mails go to; what is wrong there spoils no night."""
    at = found.part(SETTINGS)
    try:
        known = read()
    except SettingUnreadable as unreadable:
        at.warning("ecampus_mail", str(unreadable))
    else:
        at.good("ecampus_mail", _reached(known))


def reaches(found: Inspection, read: Callable[[], Reaches]) -> None:
    """What the pages show to whom; what is wrong there closes the pages, and spoils no night."""
    at = found.part(SETTINGS)
    try:
        known = read().by_role
    except SettingUnreadable as unreadable:
        at.warning("ecampus_composantes", str(unreadable))
    else:
        at.good("ecampus_composantes", _opened_to(known))


def store(found: Inspection, opened: Callable[[], Store]) -> None:
    """Whether the store can be read, and written where that shows without writing."""
    at = found.part("Magasin")
    kept = at.tried("lecture", opened)
    if kept is None:
        return
    if at.tried("lecture", lambda: kept.names(""), lambda names: f"{kept.root}") is None:
        at.unseen("écriture")
    elif isinstance(kept.root, Path):
        free = at.tried("écriture", lambda: _free(kept.root))
        if free is not None and free < SMALL:
            at.warning("écriture", f"il reste {_gib(free)} : faire de la place avant que les nuits n'échouent")
        elif free is not None:
            at.good("écriture", f"permise, {_gib(free)} libres")
    else:
        found.notes.append(f"Le droit d'écrire dans le magasin {kept.root} ne se voit pas sans écrire.")


def _chosen(settings: Settings) -> str:
    root = f"sous « {settings.managed_root} »" if settings.managed_root else "à la racine"
    return f"comptes « {settings.auth} », catégories {root}, jamais touchés : {', '.join(sorted(settings.exclude))}"


def _reached(known: Addressees) -> str:
    if known.nobody:
        return "aucune adresse : personne n'est prévenu par courriel"
    platform = counted(len(known.platform), "adresse")
    return f"plateforme : {platform} ; composantes : {', '.join(sorted(known.composantes)) or 'aucune'}"


def _opened_to(roles: Mapping[str, Reach] | None) -> str:
    if roles is None:
        return "les pages montrent toutes les composantes"
    return f"les pages sont ouvertes aux rôles : {', '.join(sorted(roles)) or 'aucun'}"


def _free(root: Path) -> float:
    """GiB that are left where the store is or will be made. Raises StoreUnusable where nothing may be written."""
    there = next(folder for folder in (root, *root.absolute().parents) if folder.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        raise StoreUnusable(
            f"Le dossier {there} du magasin ne peut pas être écrit : en donner le droit au compte sous lequel tournent"
            " les tâches d'Airflow, ou corriger ECAMPUS_STORE."
        )
    disk = os.statvfs(there)
    return disk.f_bavail * disk.f_frsize / GIB


def _gib(size: float) -> str:
    return f"{size:.1f} Gio".replace(".", ",")
