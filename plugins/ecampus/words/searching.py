"""The words of the page «Pourquoi ?» around an answer: what to type, the symptoms, who is meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ecampus.calendar import PHASES
from ecampus.words import names, why
from ecampus.words.visiting import composantes, listed


class Symptom(NamedTuple):
    """What people say, the question it is, an example of what to type, and its section of the guide."""

    said: str
    question: str
    example: str
    guide: str


SYMPTOMS = (
    Symptom(
        "Je ne vois pas mon cours",
        "Pourquoi cette personne est-elle, ou n'est-elle pas, dans ce cours ?",
        "22100123 L1CAS101", "je-ne-vois-pas-mon-cours",
    ),
    Symptom(
        "Il me manque des cours", "Dans quels cours cette personne devrait-elle être ?", "22100123",
        "je-ne-vois-pas-mon-cours",
    ),
    Symptom(
        "Mon espace a disparu", "Qu'est devenu ce cours ?", "L1CAS101", "mon-espace-a-disparu",
    ),
    Symptom(
        "Des étudiants ont disparu", "Qui est dans ce cours, par quoi, et qui n'y est pas ?", "L1CAS101",
        "des-etudiants-ont-disparu",
    ),
    Symptom(
        "L'enseignant ne voit pas son espace", "Pourquoi cet enseignant est-il, ou n'est-il pas, dans ce cours ?",
        "00041028 L3CAS202", "enseignant",
    ),
    Symptom(
        "Le groupe est vide", "Où ce groupe est-il attaché, et que deviennent ses étudiants ?", "L1CAS101-TD1",
        "groupes",
    ),
    Symptom(
        "Mon nom ou mon adresse est faux", "Que dit l'annuaire de cette personne ?", "e2100123", "mon-nom-est-faux",
    ),
)  # fmt: skip
"""As the public help of a university lists them; each leads to the question that it is."""
NO_REHEARSAL = (
    f"Aucune répétition de la nuit prochaine n'a été faite : lancer {names.dag('ecampus_rehearsal')} dans Airflow, puis"
    " redemander avec les données de maintenant."
)
NOW_LINK = "Avec les données de maintenant"
NIGHT_LINK = "Avec les données de la nuit"
OF_A_REHEARSAL = "Selon la dernière répétition, qui n'a rien écrit : ce que ferait la nuit prochaine."
ROLES = {"student": "étudiant", "editingteacher": "enseignant"}
STATES = {True: "dans l'espace", False: "absent", None: "pas encore vu"}


def unknown(q: str, never: Sequence[str]) -> str:
    """Nothing is known of what was typed. ``never``: titles of the phases that were never computed."""
    if len(never) == len(PHASES):
        return why.nothing()
    if never:
        return f"Rien n'est connu encore sous « {q} ». {why.never(never)}"
    return (
        f"Ni personne, ni cours, ni groupe, ni étape n'est connu sous « {q} » cette nuit. Écrire un code (étudiant,"
        " enseignant, élément, groupe, étape), un identifiant ou un nom ; ou une personne puis le code d'un cours."
    )


def unknown_here(q: str, mine: Sequence[str], contact: str) -> str:
    """The same, to an account that sees some composantes: what is of others is told as what nobody knows."""
    return (
        f"Rien n'est connu sous « {q} » cette nuit dans {composantes(mine)} : ni cours, ni groupe, ni étape, ni"
        " personne qui y ait une étape, une inscription pédagogique, un groupe ou une séance. Vérifier ce qui est"
        f" écrit. Pour le reste : {contact}."
    )


def elsewhere(code: str, of: Iterable[str], contact: str) -> str:
    """A course that the account that asks does not see. ``of``: its composantes, none where nobody knows."""
    known = sorted(of)
    where = f"relève de {listed(known)}" if known else "n'est d'aucune composante connue"
    return f"Le cours {code} {where} : votre compte ne le voit pas. À qui demander : {contact}."


def several(number: int, most: int) -> str:
    """Several people have this name, or this code; of more than ``most`` the first are listed."""
    if number > most:
        return f"Plus de {most} personnes répondent à cela, en voici {most}. Préciser le nom, ou écrire un code."
    return f"{number} personnes répondent à cela. De laquelle s'agit-il ?"


def places(number: int, most: int) -> str:
    """Several courses, groups or étapes have this name; of more than ``most`` the first are listed."""
    if number > most:
        return (
            f"Plus de {most} cours, groupes ou étapes portent ce nom, en voici {most}. Le préciser, ou écrire un code."
        )
    return f"{number} cours, groupes ou étapes portent ce nom. Duquel s'agit-il ?"


def place(kind: str, code: str, name: str) -> str:
    """«L1CAS101 « mécanique du point » (cours)»."""
    return f"{code} « {name} » ({kind})"


def choice(name: str, student: str | None, staff: str | None, login: str | None) -> str:
    """«NOM Prénom, étudiant 22100123, e2100123»."""
    parts = [
        name,
        f"étudiant {student}" if student else "",
        f"enseignant ou personnel {staff}" if staff else "",
        login or "sans identifiant",
    ]
    return ", ".join(part for part in parts if part)
