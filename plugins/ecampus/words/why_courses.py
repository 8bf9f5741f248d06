"""A course, in words: what it is, its life, who is in it, who is not; and a group."""

from __future__ import annotations

from datetime import date
from typing import Any

from ecampus.calendar import in_french
from ecampus.words.progress import figure
from ecampus.words.speech import fields
from ecampus.words.why import space as named
from ecampus.words.why_accounts import Reason

VERDICTS = {
    "INSCRIT": "inscrit",
    "ELEMENT_GELE": "l'élément est laissé tel quel",
    "CHEZ_LE_PORTEUR": "dans l'espace du porteur",
    "PORTE": "groupe qui n'est pas attaché au porteur",
    "CEMU_SUR_PRESENTIEL": "groupe CEMU d'un élément qui n'est pas à distance",
    "CODE_DOUBLE": "code déjà pris par un autre espace",
    "SANS_GROUPE": "inscription pédagogique, mais dans aucun groupe",
    "ILLISIBLE": "ligne illisible dans REFER",
    "CEMU_SANS_TELE": "groupe CEMU sans télé-enseignement",
    "COMPTE_ABSENT": "pas de compte reconnu",
    "COMPTE_GELE": "compte laissé tel quel",
    "COURS_EN_ATTENTE": "l'espace attend une décision",
    "COURS_ABSENT": "l'espace n'existe pas encore",
    "NON_PLANIFIE": "associé sans séance planifiée",
    "HORS_APOGEE": "fiche d'ADE qui ne vient pas d'Apogée",
    "OBSOLETE": "fiche d'ADE obsolète",
    "PORTEUR_INCONNU": "porteur inconnu",
    "GROUPE": "inscrit ses étudiants",
}
"""The rungs of the ladders of groups, seats and teachers, in a few words."""

PENDING = {"rename": "son nouveau nom", "move": "sa nouvelle place", "archive": "son archivage"}
"""What the rules want of a course that is there, by verb."""

MEMBER = "MEMBRE"
COHORTS = {
    "MEMBRE": "membre de la cohorte",
    "ETAPE_INCONNUE": "REFER n'a pas cette étape, ou sa ligne ne peut pas être lue",
    "COMPTE_ABSENT": "pas de compte reconnu",
    "COMPTE_GELE": "compte laissé tel quel",
    "CODE_PRIS": "une cohorte faite à la main a déjà ce code",
}
"""The rungs of the ladder of cohorts."""
TO_COME = "à inscrire"
"""The rules want this person there, who is not there yet."""


def living(key: str, label: str | None, visible: bool, students: int, teachers: int) -> str:
    """«L1CAS101 « algèbre linéaire » a son espace, avec 14 étudiants et 2 enseignants ; il est caché aux étudiants.»"""
    hidden = "" if visible else " ; il est caché aux étudiants"
    who = f"avec {people(students, teachers)}" if students + teachers else "où il n'y a personne"
    return f"{named(key, label)} a son espace, {who}{hidden}."


def people(students: int, teachers: int) -> str:
    """«14 étudiants et 2 enseignants»."""
    told = [f"{figure(number)} {noun}{'s' if number > 1 else ''}" for number, noun in
            ((students, "étudiant"), (teachers, "enseignant")) if number]  # fmt: skip
    return " et ".join(told)


def porte(code: str, label: str | None, porteur: str, had: bool) -> str:
    """«L2CAS204 « probabilités » n'a plus d'espace à son nom : il est porté par L1CAS101.»; ``had``: it had one."""
    has = "n'a plus" if had else "n'a pas"
    return f"{named(code, label)} {has} d'espace à son nom : il est porté par {porteur}."


def archived(code: str, label: str | None, annee: str) -> str:
    """«L1MAT101 n'a plus d'espace à son nom : REFER n'a plus cet élément pour 2026.»"""
    return f"{named(code, label)} n'a plus d'espace à son nom : REFER n'a plus cet élément pour {annee}."


def without(code: str, label: str | None, why: str) -> str:
    """«L1CAS309 « cristallographie » n'a pas d'espace : L1CAS309 est porté en boucle…»"""
    return f"{named(code, label)} n'a pas d'espace : {why}."


def recoded(change: Any) -> str:
    """«L1MAT101 est devenu L1MAT201, la nuit du 25 novembre 2026 : le même espace, …»"""
    when, old = in_french(date.fromisoformat(change.night)), fields(change.before)["code"]
    return f"{old} est devenu {change.key}, la nuit du {when} : le même espace, avec ses personnes, a changé de code."


def kept(archive: str, left: int) -> str:
    """«L'ancien espace existe toujours, archivé depuis …, avec son contenu et ses 17 personnes.»"""
    people = f" et {'sa personne' if left == 1 else f'ses {figure(left)} personnes'}" if left else ""
    return f"L'ancien espace existe toujours, archivé{archive}, avec son contenu{people}."


def separated(code: str, porteur: str) -> str:
    """What to do if an element should not be porté."""
    return (
        f"si ce n'est pas voulu, supprimer le lien porteur / porté entre {porteur} et {code} : l'espace archivé"
        " reviendra tel qu'il était"
    )


NOWHERE = "nulle part ailleurs"
"""Of who is in the archive of a course and in no course where it is taught now."""


def not_attached(group: str, porteur: str) -> str:
    """Why somebody did not follow to the course of the porteur."""
    return f"le groupe {group} n'est pas attaché au porteur {porteur}"


NOT_IN_REFER = "REFER n'a plus cet élément"
BY_HAND = "inscription faite à la main, que rien ne déplace"
NO_GROUP = "dans aucun groupe de {code}"
NO_SHEET = "aucune séance dans ADE pour {code}"
BY_SHEETS = "par des séances dans ADE"
BY_A_ROW = "par une ligne de la table que la synchronisation n'a pas posée"
KEPT = "inscription laissée telle quelle"
OTHERWISE = "autrement que par la synchronisation (à la main, par une cohorte…)"
NOT_TAKEN = "inscription publiée, pas encore prise par ecampus"


def by_group(code: str) -> str:
    """By what a student is in the course."""
    return f"par le groupe {code}"


def moved(role: str, number: int, where: str, how: str) -> str:
    """«14 étudiants : dans L1CAS101, par le groupe L1CAS101-TD1», «2 étudiants : nulle part ailleurs, …»."""
    return f"{who(role, number)} : {f'dans {where}' if where else NOWHERE}, {how}"


def who(role: str, number: int) -> str:
    """«14 étudiants», «1 enseignant»."""
    return people(number, 0) if role == "student" else people(0, number)


def not_seen(code: str, label: str | None, why: str) -> str:
    """«L1CAS101 « algèbre linéaire » n'a pas encore été vu : l'espace L1CAS101 vient d'être créé…»"""
    return f"{named(code, label)} n'a pas encore été vu : {why}."


def made(night: str) -> str:
    """«la nuit du 3 septembre 2026 : créé, ou reconnu, par ecampus»."""
    return f"la nuit du {in_french(date.fromisoformat(night))} : créé, ou reconnu, par la synchronisation"


def group(code: str, label: str | None, spaces: list[str], members: int) -> str:
    """«Le groupe L1CAS101-TD1 « TD1 » inscrit ses 12 étudiants dans L1CAS101.»"""
    whole = named(code, label)
    if not spaces:
        return f"Le groupe {whole} n'inscrit personne."
    who = "son étudiant" if members == 1 else f"ses {figure(members)} étudiants"
    if not members:
        return f"Le groupe {whole} n'a aucun étudiant."
    return f"Le groupe {whole} inscrit {who} dans {' et '.join(spaces)}."


def unattached(code: str, label: str | None, students: int) -> str:
    """«Le groupe L1HIS201-TD2 « TD2 » (12 étudiants) n'est attaché à aucun élément…»"""
    who = people(students, 0) or "aucun étudiant"
    return (
        f"Le groupe {named(code, label)} ({who}) n'est attaché à aucun élément : il n'inscrit personne."
        " L'attacher, dans Apogée, à l'élément dont il est un groupe."
    )


def cohort(name: str, members: int, students: int) -> str:
    """«L'étape LMATH1_1 - licence 1 a 22 inscrits, tous membres de sa cohorte.»"""
    who = f"{figure(students)} inscrit{'s' if students > 1 else ''}"
    if members == students:
        return f"L'étape {name} a {who}, {'tous membres' if students > 1 else 'membre'} de sa cohorte."
    return f"L'étape {name} a {who}, dont {figure(members)} dans sa cohorte."


def unknown_group(code: str) -> str:
    """REFER has no such group."""
    return f"REFER n'a pas de groupe {code} cette année."


def waiting(verb: str, state: str, words: dict[str, str], contact: str) -> Reason | None:
    """What keeps the name, the place or the archive that the rules want for a course; nothing when nothing does."""
    what = PENDING[verb]
    if state == "held":
        told = f"attendre une réponse ({contact}) pour {what}. {words['retenue']}".rstrip(". ")
        return Reason(what, told, "", "RETENU")
    if state == "refused":
        told = f"signaler le refus s'il dure ({contact}) : ecampus a refusé {what} ({words['message']})"
        return Reason(what, told, "ecampus", "REFUS_MOODLE")
    return None
