"""«Pourquoi ?» in plain text: somebody, a course, a group, as ``make why`` prints them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ecampus.words import searching
from ecampus.words.why import MARKS, done
from ecampus.words.why_courses import moved

STATES = {True: MARKS["oui"], False: MARKS["non"], None: MARKS["attente"]}
SHOWN = 20
"""Lines of a list; the page has them all."""


def unknown(who: str, never: Sequence[str]) -> str:
    """Neither LDAP, nor REFER, nor the register knows this code, login or name. ``never``: as in ``searching``."""
    if never:
        return searching.unknown(who, never)
    return (
        f"Personne n'a le code, l'identifiant ou le nom « {who} » : ni l'annuaire, ni REFER, ni ecampus ne le connaît"
        " cette nuit. Vérifier le code."
    )


def several(choices: Sequence[str], most: int) -> str:
    """Those of one name, or of one code, ``most`` of them. ``choices``: as ``searching.choice``, without the name."""
    return "\n".join([searching.several(len(choices), most), *(f"  {choice}" for choice in sorted(choices[:most]))])


def portrait(made: Any) -> str:
    """Somebody: the account, then the courses, the missing ones first. ``made``: ``explain.person.Portrait``."""
    lines = [made.sentence, f"Compte ecampus : {made.account}.", *(done(item) for item in made.todos), *made.read, ""]
    return "\n".join([*lines, *(f"{STATES[one.present]} {one.space} : {one.reason}" for one in made.courses)]).rstrip()


def life(made: Any) -> str:
    """A course. ``made``: ``explain.course.Life``."""
    lines = [made.sentence, *[made.kept] * bool(made.kept), *(done(item) for item in made.todos), *made.read]
    lines += _part("Sa vie", made.events)
    lines += _part("Où sont passées les personnes", [
        moved(one.role, len(one.usernames), one.where, one.how) for one in made.moved
    ])  # fmt: skip
    lines += _part("Ses groupes", [f"{one.code} « {one.label} » : {one.state}" for one in made.groups])
    lines += _part("Portés", made.portes)
    lines += _part("Dans l'espace", [f"{one.username} ({_role(one.role)}), {one.by}" for one in made.present])
    lines += _part("Pas dans l'espace", [f"{one.code} : {one.reason}" for one in made.missing])
    return "\n".join(lines)


def group(made: Any) -> str:
    """A group. ``made``: ``explain.course.OneGroup``."""
    lines = [made.sentence, *made.read]
    lines += _part("Attaché à", [f"{element} : {state}" for element, state in made.places])
    lines += _part("Ses étudiants", [f"{code}, {element} : {state}" for code, element, state in made.students])
    return "\n".join(lines)


def cohort(made: Any) -> str:
    """An étape. ``made``: ``explain.cohort.Cohort``."""
    students = [f"{code} : {state}" for code, state in made.students]
    return "\n".join([made.sentence, *made.read, *_part("Ses étudiants", students)])


def _role(name: str) -> str:
    """«étudiant»; a role that only Moodle has a name for, as it is."""
    return searching.ROLES.get(name, name)


def _part(title: str, items: Any) -> list[str]:
    """A titled list, cut with how many more there are."""
    if not items:
        return []
    more = [f"  … et {len(items) - SHOWN} de plus"] if len(items) > SHOWN else []
    return ["", title, *(f"  {item}" for item in items[:SHOWN]), *more]
