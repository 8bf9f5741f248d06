"""The header of the pages: their names, what the banners say, the line of the log about who looked whom up."""

from __future__ import annotations

from collections.abc import Sequence

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
OF_ALL = {"retenus"}
"""The pages, by path, that are not for an account that sees some composantes."""
SIGN_IN = "Ouvrez une session dans Airflow pour voir cette page."
FORBIDDEN = "Votre compte ne permet pas de voir les traitements d'ecampus : demandez ce droit à qui gère Airflow."
NO_COMPOSANTE = "Votre compte n'est rattaché à aucune composante : demandez-le à qui gère Airflow."
NO_GUIDE = "Les guides ne sont pas installés ici : copier aussi le dossier docs/, à côté de plugins/."
NO_REPORT = "Cette exécution n'a pas laissé de rapport : elle n'est pas finie, ou ce traitement n'en fait pas."
OTHER_REPORT = (
    "Le rapport de cette exécution ne peut pas être lu : il est abîmé, ou une autre version d'ecampus l'a écrit ; ses"
    " changements sont dans la page Changements."
)
UNKNOWN_PAGE = "Cette page n'existe pas."
TOO_LONG = "Ce qui est demandé est trop long : écrire 200 caractères au plus."
READ_ONLY = "Les pages d'ecampus se lisent ; rien ne s'y fait."
BROKEN = (
    "Cette page a rencontré une erreur imprévue : la signaler avec son adresse et l'heure ; le journal du serveur d'API"
    " d'Airflow dit laquelle."
)


def looked_up(who: str, whom: str) -> str:
    """The line of the log: «Consultation par scol1 : 22100123.» ``whom``: a code, never a name."""
    return printable(f"Consultation par {who} : {whom}.")


def limited(mine: Sequence[str], contact: str) -> str:
    """Under every page of an account that sees some composantes."""
    return f"Votre compte ne voit que {composantes(mine)}. Pour le reste : {contact}."


def within(mine: Sequence[str], sentence: str) -> str:
    """«Dans la composante DROIT : aucun changement.» What is told of a part only is not told as of the whole."""
    return f"Dans {composantes(mine)} : {sentence[:1].lower()}{sentence[1:]}"


def not_yours(named: str, mine: Sequence[str]) -> str:
    """A composante that the address names, and that this account does not see."""
    return (
        f"Votre compte ne voit pas la composante {named}, il voit {composantes(mine)} : demandez ce droit à qui gère"
        " Airflow."
    )


def of_all(mine: Sequence[str]) -> str:
    """A page that shows every composante, to an account that sees some."""
    return (
        f"Cette page montre toutes les composantes, votre compte ne voit que {composantes(mine)} : demandez ce droit à"
        " qui gère Airflow."
    )


def composantes(codes: Sequence[str]) -> str:
    """«la composante DROIT», «les composantes DROIT et LANGUES»."""
    return f"{'la composante' if len(codes) == 1 else 'les composantes'} {listed(codes)}"


def listed(codes: Sequence[str]) -> str:
    """«DROIT», «DROIT, LANGUES et SANTE»."""
    return " et ".join(part for part in (", ".join(codes[:-1]), codes[-1]) if part)


def waiting(units: int, night: bool = False) -> str:
    """«12 changements attendent une décision.»; nothing without any. ``night``: one waits to be approved as a whole."""
    if night:
        return " ".join(part for part in ("La nuit attend d'être approuvée en entier.", waiting(units)) if part)
    if not units:
        return ""
    return "1 changement attend une décision." if units == 1 else f"{figure(units)} changements attendent une décision."


GUIDES = {
    "guide-scolarite": "par symptôme et par anomalie : pourquoi, que corriger, où, quand cela se verra.",
    "exploitation": "pour qui fait vivre ecampus : geler, approuver, annuler, une mauvaise nuit.",
}
"""What each guide is for."""
