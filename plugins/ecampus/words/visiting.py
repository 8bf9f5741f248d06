"""The header of the pages: their names, what the banners say, the line of the log about who looked whom up."""

from __future__ import annotations

from ecampus.words.clean import printable
from ecampus.words.progress import figure

TABS = {
    "pourquoi": "Pourquoi ?",
    "anomalies": "Anomalies",
    "nuit": "Cette nuit",
    "retenus": "Retenus",
    "changements": "Changements",
    "historique": "Historique",
    "aide": "Aide",
}
"""By path, in the order of the header."""
SIGN_IN = "Ouvrez une session dans Airflow pour voir cette page."
FORBIDDEN = "Votre compte ne permet pas de voir les traitements d'ecampus : demandez ce droit à qui gère Airflow."
NO_GUIDE = "Les guides ne sont pas installés ici : copier aussi le dossier docs/, à côté de plugins/."
NO_REPORT = "Cette exécution n'a pas laissé de rapport : elle n'est pas finie, ou ce traitement n'en fait pas."
UNKNOWN_PAGE = "Cette page n'existe pas."


def looked_up(who: str, whom: str) -> str:
    """The line of the log: «Consultation par scol1 : 22100123.» ``whom``: a code, never a name."""
    return printable(f"Consultation par {who} : {whom}.")


def waiting(units: int, night: bool = False) -> str:
    """«12 changements attendent une décision.»; nothing without any. ``night``: one waits to be approved as a whole."""
    if night:
        return " ".join(part for part in ("La nuit attend d'être approuvée en entier.", waiting(units)) if part)
    if not units:
        return ""
    return "1 changement attend une décision." if units == 1 else f"{figure(units)} changements attendent une décision."
