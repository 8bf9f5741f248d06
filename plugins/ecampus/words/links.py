"""Addresses of the pages, for who reads elsewhere than in Airflow; codes, never a name."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

UNDER = "/plugin/ecampus"
"""Where Airflow shows the pages, under its own address."""
SEPARATOR = " / "
"""Between the codes of the key of an anomaly (``joins.slashed``)."""
COURSE_THEN_PERSON = (
    "IP_SANS_GROUPE", "PORTE_HORS_GROUPE", "TELE_SANS_CEMU", "CEMU_SANS_TELE",
    "ADE_NON_PLANIFIE", "ADE_OBSOLETE", "ADE_HORS_APOGEE",
)  # fmt: skip
COURSE = (
    "ELEMENT_SANS_GROUPE", "DISTANCE_SANS_CEMU", "DISTANCE_PORTE_SEUL", "PORTE_DISPARU", "PORTEUR_CHANGE",
    "PORTEUR_INCONNU", "PORTAGE_EN_BOUCLE", "COURS_CACHE", "CATEGORIE_INCONNUE",
)  # fmt: skip
"""Anomalies by what their key begins with."""


def page(base: str | None, name: str = "", **asked: str) -> str | None:
    """``https://airflow.univ.fr/plugin/ecampus/anomalies?composante=SCI``; null where nobody said where Airflow is."""
    if not base:
        return None
    path = f"/{quote(name)}" if name else ""
    return f"{base.rstrip('/')}{UNDER}{path}{'?' if asked else ''}{urlencode(asked)}"


def why(base: str | None, anomaly: Mapping[str, str]) -> str | None:
    """The page that explains this anomaly (``code``, ``key``); null for those that no person or course is of."""
    codes = anomaly["key"].split(SEPARATOR)
    if anomaly["code"] in COURSE_THEN_PERSON:
        return page(base, "pourquoi", qui=codes[1], ou=codes[0])
    return page(base, "pourquoi", ou=codes[0]) if anomaly["code"] in COURSE else None
