"""Addresses of the pages, for who reads elsewhere than in Airflow, and the question that explains an anomaly.

Codes, never a name.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

UNDER = "/plugin/ecampus"
"""Where Airflow shows the pages, under its own address."""
SEPARATOR = " / "
"""Between the codes of the key of an anomaly (``joins.slashed``)."""
MISSING = "vide"
"""What the key of an entry has in place of a login or a code that it has not (``changes.users``)."""
_PERSON_AND_COURSE, _FOAD, _FIRST, _SECOND, _THIRD = "{1} {0}", "{1} {0}-FOAD", "{0}", "{1}", "{2}"
ASKED = {
    **dict.fromkeys(
        ("IP_SANS_GROUPE", "PORTE_HORS_GROUPE", "ADE_NON_PLANIFIE", "ADE_OBSOLETE", "ADE_HORS_APOGEE", "LIGNE_HERITEE",
         "NON_PRIS", "RETRAIT_NON_FAIT"),
        _PERSON_AND_COURSE,
    ),
    **dict.fromkeys(("TELE_SANS_CEMU", "CEMU_SANS_TELE"), _FOAD),
    **dict.fromkeys(
        ("ELEMENT_SANS_GROUPE", "DISTANCE_SANS_CEMU", "DISTANCE_PORTE_SEUL", "PORTE_DISPARU", "PORTEUR_CHANGE",
         "PORTEUR_INCONNU", "PORTAGE_EN_BOUCLE", "COURS_CACHE", "CATEGORIE_INCONNUE", "CODE_CHANGE", "CODE_PRIS",
         "CEMU_SUR_PRESENTIEL", "GROUPE_NON_COMMUN"),
        _FIRST,
    ),
    **dict.fromkeys(("COMPTE_ABSENT", "ESPACE_SUSPECT"), _SECOND),
    "CODE_DOUBLE / refer_element": _SECOND,
    "CODE_DOUBLE / refer_groupe": _SECOND,
    "LIBELLE_TRONQUE / de l'élément": _SECOND,
    **{f"{code} / {kind}": asked
       for code in ("REFUS_MOODLE", "NON_VU", "APPARTENANCE_DOUTEUSE")
       for kind, asked in (("account", _THIRD), ("course", _THIRD), ("group", "{3}"), ("enrolment", "{3} {2}"),
                           ("group_member", "{4} {2}"), ("cohort_member", "{3}"))},
}  # fmt: skip
"""The question by the kind of the anomaly, or by its kind and the first part of its key, in the parts of its key."""
ACCOUNTS = (
    "COMPTE_AMBIGU", "COMPTE_AUTRE_AUTH", "EMAIL_ABSENT", "EMAIL_DOUBLE", "NOM_ABSENT", "IDENTIFIANT_REFUSE",
    "FICHE_ILLISIBLE",
)  # fmt: skip
"""Anomalies of an entry of the directory: its login, else its code, is the question."""


def page(base: str | None, name: str = "", **asked: str) -> str | None:
    """``https://airflow.univ.fr/plugin/ecampus/anomalies?composante=SCI``; null where nobody said where Airflow is."""
    if not base:
        return None
    path = f"/{quote(name)}" if name else ""
    return f"{base.rstrip('/')}{UNDER}{path}{'?' if asked else ''}{urlencode(asked)}"


def question(code: str, key: str) -> str:
    """What to ask «Pourquoi ?» of an anomaly: «22100123 L1CAS101», «L1CAS101»; '' when it names none of these."""
    parts = key.split(SEPARATOR)
    if code in ACCOUNTS:
        return next((part for part in parts if part != MISSING), "")
    asked = ASKED.get(code) or ASKED.get(f"{code}{SEPARATOR}{parts[0]}")
    return asked.format(*parts) if asked else ""


def why(base: str | None, code: str, key: str) -> str | None:
    """The page that explains this anomaly; null for those that are of no person, course or group."""
    asked = question(code, key)
    return page(base, "pourquoi", q=asked) if asked else None
