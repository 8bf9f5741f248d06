"""What the commands say of one person: what is kept, what is erased, what stays and why. Codes and logins, no names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ecampus.words.progress import figure

IN_MOODLE = (
    "Reste dans Moodle : son compte et ce qu'il y a fait. Seul un administrateur de Moodle l'efface (Administration du"
    " site › Utilisateurs › Vie privée et réglementations › Demandes de données) ; tant qu'il y est, chaque nuit le"
    " relit et le garde le temps d'un extrait : relancer cette commande ensuite."
)
ELSEWHERE = (
    "Hors d'ecampus : Apogée, l'annuaire, ADE, les sauvegardes de la base des inscriptions et du magasin, et les"
    " journaux des tâches d'Airflow, où un refus peut citer un code."
)


def known_as(codes: Collection[str], logins: Collection[str]) -> str:
    """«22100123 (e2100123)»."""
    names, others = ", ".join(sorted(codes)), ", ".join(sorted(logins))
    return f"{names} ({others})" if names and others else names or others


def nothing(asked: str) -> str:
    """Of somebody of whom nothing is kept."""
    return f"Rien n'est gardé sur « {asked} » : ni dans le magasin, ni dans le registre."


def still_enrolled(rows: int) -> str:
    """Why somebody whom we enrol is not erased."""
    return (
        f"Rien n'est effacé : ecampus inscrit encore cette personne ({_number(rows, 'ligne')} de la table des"
        " inscriptions) ; la retirer de ses groupes dans Apogée ou de ses séances dans ADE, laisser passer une nuit,"
        " puis relancer."
    )


def still_there(night: str) -> str:
    """Why somebody whom the directory has is not erased."""
    return (
        f"Rien n'est effacé : cette personne est encore dans l'annuaire (nuit du {night}), la nuit prochaine la"
        " relirait ; l'en retirer, laisser passer une nuit, puis relancer."
    )


def in_flight() -> str:
    """Why somebody whom a killed run was writing about is not erased."""
    return (
        "Rien n'est effacé : une écriture interrompue concerne cette personne, et personne ne sait encore si elle a eu"
        " lieu ; laisser passer une nuit, puis relancer."
    )


def at_work(phase: str, run: str) -> str:
    """Why nothing is erased while a run reads and writes the store."""
    return (
        f"Rien n'est effacé : « {phase} » est en cours (exécution {run}) ; attendre sa fin, puis relancer. Une"
        " exécution interrompue se relance ou se clôt dans Airflow."
    )


def question(person: str) -> str:
    """What is asked before anything is erased."""
    return f"Effacer {person} du magasin et du registre, sans retour ? [oui/non] "


def exported(person: str, document: Mapping[str, Any], path: str) -> str:
    """What the export holds, and where it is."""
    tables = ", ".join(f"{name} {figure(len(rows))}" for name, rows in document["registre"].items()) or "rien"
    return "\n".join(
        [
            f"{person} : tout ce qui est gardé est dans {path} (lisible par vous seul ; des noms sont dedans).",
            f"  Registre : {tables} ; {_number(len(document['écritures']), 'lot')} d'écritures",
            f"  Magasin : {_number(len(document['magasin']), 'fichier')}",
            ELSEWHERE,
        ]
    )


def erased(person: str, files: int, batches: int, ids: Sequence[int], memberships: int, by_hand: int) -> str:
    """What was erased, what stays and why."""
    lines = [
        f"Effacé : {person}.",
        f"  Réécrits sans elle : {_number(files, 'fichier')} du magasin, {_number(batches, 'lot')} d'écritures.",
    ]
    if ids:
        lines.append(
            f"Reste dans le registre, sans nom : le numéro de compte {', '.join(map(str, ids))}, et"
            f" {_number(memberships, 'appartenance')} par ce numéro, pour savoir ce qui est à ecampus."
        )
    if by_hand:
        lines.append(
            f"Reste dans la table des inscriptions, fait à la main : {_number(by_hand, 'ligne')}, à retirer par qui l'a"
            " mise."
        )
    return "\n".join([*lines, IN_MOODLE, ELSEWHERE])


def left(logins: Collection[str]) -> str:
    """Of logins that were somebody else's too."""
    return (
        f"Laissé : ce que seul nomme l'identifiant {', '.join(sorted(logins))}, qui a aussi été celui d'une autre"
        " personne ; la rétention l'effacera."
    )


def _number(number: int, noun: str) -> str:
    return f"{figure(number)} {noun}{'s' if number > 1 else ''}"
