"""Random universities, small and full of accidents, and people who meddle by hand in Moodle (hypothesis).

Each example is several universities side by side in one REFER and one Moodle: a night of five costs little more than
a night of one, and what is wrong in one shows all the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

import tables
from model_writes import hide
from world import World, university

bounded = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)
settings.register_profile("ecampus", bounded, max_examples=9)
settings.register_profile("ecampus-long", bounded, max_examples=125, derandomize=False)
settings.register_profile("ecampus-shrink", bounded, max_examples=50, phases=list(Phase))
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ecampus")
settings.load_profile(PROFILE)

SIDE_BY_SIDE = ["", *"2345678"]

CATEGORIES = ["C0", "C1", "C2", "C3"]
ELEMENTS = [*(f"E{n}" for n in range(6)), "E0-FOAD"]
UNKNOWN = ["AILLEURS", "X1"]
GROUPS = [*(f"G{n}" for n in range(4)), "7", "007"]
STUDENTS = [f"{n}" for n in range(6)]
TEACHERS = ["0", "1", "9"]
ETAPES = ["V0", "V1"]
LABELS = ["algèbre", "Algèbre", "analyse & <calcul>", "x" * 300]
GROUP_LABELS = ["TD1", "td1", "TDÉ", "tde", "TD1 (G0)", "Groupe CEMU", "cemu"]

NAMED = {
    "categorie": {"category": "code"},
    "element": {"element": "code"},
    "porte": {"element": "code_porte"},
    "groupe": {"group": "code"},
    "groupe_element": {"group": "code_groupe", "element": "code_element"},
    "groupe_etudiant": {"group": "code_groupe", "student": "code_etudiant"},
    "etape": {"etape": "code"},
    "inscription_administrative": {"student": "code_etudiant", "etape": "code_etape"},
    "seance_ade": {"element": "code_element", "teacher": "code_enseignant"},
}

Row = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]


def often(value: Any, *others: Any) -> st.SearchStrategy[Any]:
    """Mostly ``value``."""
    return st.sampled_from([value] * 6 + list(others))


def some(values: list[Any], least: int = 0) -> st.SearchStrategy[list[Any]]:
    """A subset, in order."""
    return st.lists(st.sampled_from(values), unique=True, min_size=least, max_size=len(values)).map(sorted)


def pairs(left: list[str], right: list[str], least: int) -> st.SearchStrategy[list[tuple[str, str]]]:
    """A relation between the two, of at least so many rows."""
    both = st.tuples(st.sampled_from(left), st.sampled_from(right))
    return st.lists(both, unique=True, min_size=least, max_size=2 * least)


@st.composite
def days(draw: Draw) -> dict[str, pd.DataFrame]:
    """REFER and LDAP as they are on one day: every trap may occur."""
    each = [marked(offer(draw) | groups(draw) | people(draw), mark) for mark in SIDE_BY_SIDE]
    rows = {name: [row for rows in each for row in rows[name]] for name in each[0]}
    unread = set_aside(draw, rows)
    known = {name: tables.typed(name, [tables.completed(name, row) for row in found]) for name, found in rows.items()}
    return known | {"illisible": tables.unread(unread)}


def marked(rows: dict[str, list[Row]], mark: str) -> dict[str, list[Row]]:
    """The same university under codes of its own: each begins with ``mark``."""

    def value(column: str, text: Any) -> Any:
        if text is None or not (column.startswith("code") or column in ("uid", "mail")):
            return text
        return text[0] + mark + text[1:] if column in ("uid", "mail") else mark + text

    return {name: [{column: value(column, text) for column, text in row.items()} for row in found]
            for name, found in rows.items()}  # fmt: skip


def set_aside(draw: Draw, rows: dict[str, list[Row]]) -> list[Row]:
    """Some rows, on some days, cannot be read: taken out of their view, with the codes that they still name."""
    unread = []
    for view in draw(often([], *([view] for view in NAMED), sorted(NAMED))):
        if rows[view]:
            row = rows[view].pop(draw(st.integers(0, len(rows[view]) - 1)))
            named = {
                name: draw(st.sampled_from([row[column], row[column], None])) for name, column in NAMED[view].items()
            }
            unread.append({"view": view, **named})
    return unread


def offer(draw: Draw) -> dict[str, list[Row]]:
    """Categories (some lead nowhere), elements, porteurs (chains, loops, unknown)."""
    categories = draw(some(CATEGORIES, least=2))
    elements = draw(some(ELEMENTS, least=4))
    carried = draw(some([*elements, *UNKNOWN]))[:4]
    return {
        "categorie": [
            {
                "code": code,
                "libelle": draw(st.sampled_from(LABELS)),
                "code_parent": draw(often(None, *CATEGORIES, "NULLE")),
            }
            for code in categories
        ],
        "element": [
            {
                "code": code,
                "libelle": draw(st.sampled_from(LABELS)),
                "code_categorie": draw(st.sampled_from(categories * 3 + ["NULLE"])),
                "a_distance": draw(st.sampled_from("ON")),
            }
            for code in elements
        ],
        "porte": [
            {"code_porte": code, "code_porteur": draw(st.sampled_from([*elements, *UNKNOWN]))} for code in carried
        ],
    }


def groups(draw: Draw) -> dict[str, list[Row]]:
    """Groups, attached to known and unknown elements, and their students."""
    codes = draw(some(GROUPS, least=3))
    attached = draw(pairs(GROUPS, ELEMENTS, least=7))
    members = draw(pairs(GROUPS, STUDENTS, least=10))
    return {
        "groupe": [{"code": code, "libelle": draw(st.sampled_from(GROUP_LABELS))} for code in codes],
        "groupe_element": [{"code_groupe": group, "code_element": element} for group, element in attached],
        "groupe_etudiant": [{"code_groupe": group, "code_etudiant": student} for group, student in members],
    }


def people(draw: Draw) -> dict[str, list[Row]]:
    """Étapes, IA, IP, sheets of ADE, and the directory; an IA or a sheet names known people (90 % rule).

    Two directories never differ by half of their students, which would be a failed read.
    """
    students, teachers = draw(some(STUDENTS, least=4)), draw(some(TEACHERS, least=2))
    ia = [(student, etape) for student in students for etape in draw(some(ETAPES))]
    ip = draw(pairs(STUDENTS, ELEMENTS, least=4))
    taught = [(teacher, element) for teacher in teachers for element in draw(some(ELEMENTS))[:3]]
    return {
        "etape": [{"code": code, "libelle": draw(st.sampled_from(LABELS))} for code in draw(some(ETAPES, least=1))],
        "inscription_administrative": [
            {"code_etudiant": student, "code_etape": etape, "tele_enseignement": draw(st.sampled_from("ON"))}
            for student, etape in ia
        ],
        "inscription_pedagogique": [{"code_etudiant": student, "code_element": element} for student, element in ip],
        "seance_ade": [
            {
                "code_element": element,
                "code_enseignant": teacher,
                "origine": draw(often("APOGEE", "LOCAL")),
                "obsolete": draw(often("N", "O")),
                "seances": draw(often(2, 0, None)),
                "premiere_seance": draw(st.sampled_from([None, "2026-09-07", "2027-09-07"])),
            }
            for teacher, element in taught
        ],
        "people": [
            *(person(draw, "student", code, "e") for code in students),
            *(person(draw, "staff", code, "p") for code in teachers),
        ],
    }


def person(draw: Draw, population: str, code: str, letter: str) -> Row:
    """Somebody whose login, name and e-mail may change."""
    return {
        "population": population,
        "code": code,
        "uid": draw(often(f"{letter}{code}", f"{letter}{code}.bis")),
        "sn": draw(often("Nom", "Autre", None)),
        "given_name": "Camille",
        "mail": draw(often(f"{letter}{code}@univ.fr", None, "partage@univ.fr")),
    }


@st.composite
def worlds(draw: Draw) -> World:
    """A university before its first night, some of whose codes somebody has already taken in Moodle.

    Somebody says yes to every change of code that is proposed.
    """
    world = university()
    world.agrees = True
    world.source = draw(days())
    if draw(st.booleans()):
        world.by_hand("courses", "idnumber | shortname | fullname ; E0 | à moi | Mon E0 ;  | E1 | E1 et moi")
        world.by_hand("categories", "idnumber | name ; c0 | la leur")
        world.by_hand("cohorts", "idnumber | name ; V0 | la leur")
        world.by_hand(
            "users", "username | idnumber | auth ; e0 |  | cas ; e1 | 1 | manual ; p0 | AUTRE | cas ; autre | 2 | cas"
        )
    return world


def meddle(world: World) -> None:
    """What people do by hand between two nights: spaces, groups, members, enrolments, rows; and drift of ours."""
    moodle = world.moodle
    guests = [id_ for id_, user in moodle.users.items() if user["username"] == "invite"]
    (guest,) = guests or world.by_hand("users", "username | auth ; invite | manual")
    ours = [id_ for id_ in world.owned["course"]["id"] if id_ in moodle.courses]
    for course in (course for place, course in enumerate(ours) if place % 5 < 2):
        moodle.courses[course]["visible"] = True
        moodle.manual[course, guest] = "editingteacher"
        if not any(group["course_id"] == course and group["name"].lower() == "td1" for group in moodle.groups.values()):
            (group,) = world.by_hand("groups", f"course_id | name ; {course} | td1")
            moodle.group_members.add((group, guest))
        moodle.table.add((moodle.courses[course]["idnumber"], "invite", "student"))
    for course in ours[2::5]:
        moodle.courses[course].update(fullname="à moi", category_id=1)
    for group in list(world.owned["group"]["id"])[::3]:
        moodle.group_members.add((group, guest))
    for cohort in list(world.owned["cohort"]["id"])[::2]:
        moodle.cohort_members.add((cohort, guest))
        moodle.cohorts[cohort]["name"] = "à moi"
    for category in [id_ for id_ in world.owned["category"]["id"] if id_ in moodle.categories][-1::-3]:
        world.by_hand("courses", f"shortname | category_id ; espace{moodle.last_id} | {category}")
        world.by_hand("categories", f"idnumber | parent_id ;  | {category}")
        hide(moodle, category)


def next_day(world: World, source: dict[str, pd.DataFrame]) -> World:
    """The same world one day later, with another REFER and LDAP."""
    world.change()
    world.source = source
    return world
