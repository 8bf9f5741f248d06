"""«Pourquoi ?», in words: the answer, its rungs, what to do, when it will be seen, and the ticket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from ecampus.calendar import at, in_french

ROLES = {"student": "l'étudiant", "staff": "l'enseignant", "teacher": "l'enseignant", "": "le compte"}
SYSTEMS = {"Apogée": "dans Apogée", "ADE": "dans ADE", "LDAP": "dans l'annuaire", "ecampus": "sur ecampus", "": ""}
READ_AT = {"Apogée": "04h00", "ADE": "04h15", "LDAP": "00h00"}
"""The hour at which the night reads each source first, for what is asked here."""
MARKS = {"oui": "✓", "non": "✗", "attente": "…", "sans objet": "–"}


class Rung(NamedTuple):
    """One condition: ``state`` of ``MARKS``, its title, tonight's data."""

    state: str
    title: str
    detail: str


class Todo(NamedTuple):
    """What somebody can do: where, what, when it will be seen, the section of the guide ('' without one)."""

    where: str
    what: str
    when: str
    guide: str


def question(who: str, code: str, where: str) -> str:
    """«Pourquoi l'étudiant 22100123 est-il, ou n'est-il pas, dans L1CAS101 ?»"""
    return f"Pourquoi {ROLES[who]} {code} est-il, ou n'est-il pas, dans {where} ?"


def answer(present: bool | None, who: str, code: str, space: str, asked: str) -> str:
    """«Non : l'étudiant 22100123 n'est pas dans l'espace L1CAS101 « algèbre linéaire ».»

    ``who``: a key of ``ROLES``. ``space``: the course, ``asked``: the element that was asked about when it is another.
    """
    through = f", où {asked} est enseigné" if asked else ""
    person = f"{ROLES[who]} {code}"
    if present is None:
        return f"Pas encore : {person} n'a pas encore été vu dans l'espace {space}{through}."
    if present:
        return f"Oui : {person} est dans l'espace {space}{through}."
    return f"Non : {person} n'est pas dans l'espace {space}{through}."


def portrait(who: str, code: str, courses: int | None, missing: int) -> str:
    """«L'étudiant 22100123 est dans 9 des 11 espaces qui le concernent.» ``courses``: null when nobody looked."""
    person = f"{ROLES[who]} {code}"
    person = person[:1].upper() + person[1:]
    if courses is None:
        return f"On ne sait pas encore quels espaces concernent {ROLES[who]} {code}."
    if not courses:
        return f"Aucun espace ne concerne {ROLES[who]} {code} cette année."
    if not missing:
        where = "l'espace qui le concerne" if courses == 1 else f"les {courses} espaces qui le concernent"
        return f"{person} est dans {where}."
    if courses == 1:
        return f"{person} n'est pas dans l'espace qui le concerne."
    if missing == courses:
        return f"{person} n'est dans aucun des {courses} espaces qui le concernent."
    return f"{person} est dans {courses - missing} des {courses} espaces qui le concernent."


def but(suspended: bool, hidden: bool) -> str:
    """What keeps somebody who is in the course from seeing it; '' when nothing."""
    found = ["son compte est suspendu"] * suspended + ["l'espace est caché aux étudiants"] * hidden
    return f" Mais {' et '.join(found)}." if found else ""


def space(key: str, label: str | None) -> str:
    """«L1CAS101 « algèbre linéaire »»."""
    return f"{key} « {label} »" if label else key


def since(night: date, moment: datetime, annee: str) -> str:
    """«Selon les données de la nuit du 25 novembre 2026, lues à 04h15 (année 2026).»"""
    return f"Selon les données de la nuit du {in_french(night)}, lues à {at(moment)} (année {annee})."


def older(title: str, night: date) -> str:
    """«Inscriptions : rien n'a été calculé depuis la nuit du 24 novembre 2026.»"""
    return f"{title} : rien n'a été calculé depuis la nuit du {in_french(night)}."


def never(titles: Sequence[str]) -> str:
    """«Jamais calculé encore : Offre de formation, Inscriptions.»"""
    return f"Jamais calculé encore : {', '.join(titles)}."


def nothing() -> str:
    """No night has been played."""
    return "Aucune nuit n'a encore été calculée : il n'y a rien à expliquer."


def todo(where: str, what: str, guide: str) -> Todo:
    """What to do, with the hour before which it counts for the next night."""
    return Todo(where, what, when(where), guide)


def when(where: str) -> str:
    """«Corrigé, et connu de REFER, avant 04h15, cela se verra au matin.»; elsewhere after the next night."""
    if where == "LDAP":
        return f"Corrigé avant {READ_AT[where]}, cela se verra au matin."
    if where in READ_AT:
        return f"Corrigé, et connu de REFER, avant {READ_AT[where]}, cela se verra au matin."
    return "Cela se verra après la nuit suivante." if where else ""


def done(item: Todo) -> str:
    """«À faire dans Apogée : l'affecter à l'un des groupes de L1CAS101. Corrigé avant…»"""
    place = f" {SYSTEMS[item.where]}" if item.where else ""
    told = f"À faire{place} : {item.what}."
    return f"{told} {item.when}" if item.when else told


def archived(night: str, code: str) -> str:
    """« depuis la nuit du 3 septembre 2026, sous le code ex_L2CAS204»."""
    return f" depuis la nuit du {in_french(date.fromisoformat(night))}, sous le code {code}"


def cohorts(etapes: Sequence[str], tele: bool | None) -> str:
    """«LMATH1_1, sans télé-enseignement»; what is said where there is none."""
    if not etapes:
        return "aucune connue de REFER cette année (un groupe suffit pour un espace ordinaire)"
    distance = {True: ", en télé-enseignement", False: ", sans télé-enseignement", None: ""}[tele]
    return f"{', '.join(etapes)}{distance}"


def registered(ip: bool, code: str) -> str:
    """The IP, which is neither required nor enough."""
    if ip:
        return f"à {code} (elle ne suffit pas : c'est le groupe qui inscrit)"
    return f"aucune à {code} (elle n'est pas nécessaire : c'est le groupe qui inscrit)"


def living(visible: bool, category: str | None, porte_by: str | None) -> str:
    """Where the element is taught."""
    where = f"porté par {porte_by}, enseigné dans l'espace {porte_by}" if porte_by else "il a son espace"
    place = f", catégorie {category}" if category and not porte_by else ""
    return f"{where}{place}, {'visible' if visible else 'caché aux étudiants'}"


def elsewhere(key: str, ours: bool) -> str:
    """What there is instead of the course of an element."""
    return (
        f"aucun espace n'a le code {key} sur ecampus" if ours else f"le code {key} est celui d'un espace fait à la main"
    )


def distance(tele: bool) -> str:
    """Whether an IA of the year is in télé-enseignement."""
    told = "une inscription administrative de l'année l'est" if tele else "aucune inscription administrative ne l'est"
    return f"{told} (l'espace à distance le demande)"


def groups(mine: Sequence[str], there: Sequence[str], code: str) -> str:
    """«l'étudiant est dans L1CAS101-TD1»; «dans aucun des 3 groupes de L1CAS101 (…)»."""
    if mine:
        return f"dans {', '.join(mine)}"
    if not there:
        return f"{code} n'a aucun groupe qui inscrive"
    shown = f"{', '.join(there[:6])}{'…' if len(there) > 6 else ''}"
    if len(there) == 1:
        return f"pas dans l'unique groupe de {code} ({shown})"
    return f"dans aucun des {len(there)} groupes de {code} ({shown})"


def sheets(rows: Iterable[tuple[str, int, str]]) -> str:
    """«fiche 1234 : 12 séances planifiées»; ``rows``: the sheet, its sessions, what is amiss ('' when nothing)."""
    told = [f"fiche {sheet} : {_sessions(number)}{f' ({amiss})' if amiss else ''}" for sheet, number, amiss in rows]
    return " ; ".join(told) or "aucune fiche ne l'associe à cet élément"


def _sessions(number: int) -> str:
    if not number:
        return "aucune séance planifiée"
    return "1 séance planifiée" if number == 1 else f"{number} séances planifiées"


def ticket(
    question: str, sentence: str, reason: str, rungs: Iterable[Rung], todos: Iterable[Todo], read: Sequence[str]
) -> str:
    """The facts as a ticket wants them, in plain text."""
    lines = [f"Question : {question}", f"Réponse : {sentence}", f"Raison : {reason}.", "", *read, ""]
    lines += [f"{MARKS[rung.state]} {rung.title} : {rung.detail}" for rung in rungs]
    lines += ["", *(done(item) for item in todos)] if todos else []
    return "\n".join(lines).rstrip()
