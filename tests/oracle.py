"""The rules told once more, one person and one element at a time: what the properties compare the plans with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import pandas as pd

from world import World

Source = dict[str, list[dict[str, Any]]]
Seat = tuple[str, tuple[str, str], str]


def accounts_by_person(world: World) -> dict[tuple[str, str], int]:
    """The account of each (population, code): the register's, else the only one whose idnumber and login say so."""
    people = {}
    for row in world.owned["account"].itertuples():
        if row.user_id in world.moodle.users:
            people[row.population, row.code] = row.user_id
    carried: dict[tuple[str, str], list[int]] = {}
    for id_, user in world.moodle.users.items():
        population = {"e": "student", "p": "staff"}.get(user["username"][0])
        if user["idnumber"] and population and id_ not in set(world.owned["account"]["user_id"]):
            carried.setdefault((population, user["idnumber"].upper()), []).append(id_)
    return {who: ids[0] for who, ids in carried.items() if len(ids) == 1} | people


def left_alone(world: World) -> set[int]:
    """The accounts of those to whom LDAP now gives a login that another account has: they stay exactly as they are."""
    people, named = accounts_by_person(world), {user["username"]: id_ for id_, user in world.moodle.users.items()}
    entries = world.source["people"].to_dict("records")
    mine = ((people.get((row["population"], row["code"])), named.get(row["uid"])) for row in entries)
    return {id_ for id_, other in mine if id_ is not None and other not in (None, id_)}


def wanted_courses(source: Source, remembered: Iterable[str] = ()) -> tuple[dict[str, str], set[str]]:
    """The course keys that REFER wants, each with its element, and the frozen elements.

    ``remembered``: the portés of the nights before, for a link that cannot even be named.
    """
    links, above = links_of(source, remembered), {row["code"]: row["code_parent"] for row in source["categorie"]}
    read = {row["code"]: row for row in source["element"]}
    unread = {row["element"] for row in aside(source, "element") if row["element"]}
    known = set(read) | unread
    frozen = {
        code for code in known
        if code in unread or end(code, links) not in known or not rooted(read[code]["code_categorie"], above)
    }  # fmt: skip
    distant = {code for code in known if code in unread or read[code]["a_distance"] == "O"}
    taken = {f"{code}-FOAD" for code in distant if code in frozen or code not in links}
    own = {code for code in known if code not in links} - frozen
    return {code: code for code in own - taken} | {f"{code}-FOAD": code for code in own & distant}, frozen


def links_of(source: Source, remembered: Iterable[str] = ()) -> dict[str, str]:
    """The link of each porté; one that cannot be read leads nowhere."""
    links = {row["code_porte"]: row["code_porteur"] for row in source["porte"]}
    for row in aside(source, "porte"):
        for code in [row["element"]] if row["element"] else remembered:
            links.setdefault(code, "(illisible)")
    return links


def aside(source: Source, view: str) -> list[dict[str, Any]]:
    """The rows of that view that could not be read; None for a code that they do not name."""
    found = [row for row in source.get("illisible", []) if row["view"] == view]
    return [{name: None if pd.isna(value) else value for name, value in row.items()} for row in found]


def possible_seats(source: Source, remembered: Iterable[str] = ()) -> set[Seat]:
    """The seats that there would be, could one of the unreadable rows be read, whatever it says."""
    owners, _ = wanted_courses(source, remembered)
    seats = set()
    for view, row in completions(source):
        seats |= wanted_seats({**source, view: [*source[view], row]}, owners, remembered)
    return seats


def completions(source: Source) -> Iterator[tuple[str, dict[str, Any]]]:
    """All that the unreadable rows which enrol people may say: view, row."""
    groups = sorted({row["code_groupe"] for row in source["groupe_etudiant"]})
    elements = sorted({row["code"] for row in source["element"]})
    students = sorted({row["code"] for row in source["people"] if row["population"] == "student"})
    teachers = sorted({row["code"] for row in source["people"] if row["population"] == "staff"})
    sheet = {"origine": "APOGEE", "obsolete": "N", "seances": 1}
    for bad in aside(source, "groupe"):
        for code, label in product([bad["group"]] if bad["group"] else groups, ["TD", "CEMU"]):
            yield "groupe", {"code": code, "libelle": label}
    for bad in aside(source, "groupe_element"):
        for group, element in product(*(
            [bad[name]] if bad[name] else every for name, every in (("group", groups), ("element", elements))
        )):  # fmt: skip
            yield "groupe_element", {"code_groupe": group, "code_element": element}
    for bad in aside(source, "groupe_etudiant"):
        for group, student in product(*(
            [bad[name]] if bad[name] else every for name, every in (("group", groups), ("student", students))
        )):  # fmt: skip
            yield "groupe_etudiant", {"code_groupe": group, "code_etudiant": student}
    for bad in aside(source, "inscription_administrative"):
        for student in [bad["student"]] if bad["student"] else students:
            yield "inscription_administrative", {"code_etudiant": student, "tele_enseignement": "O"}
    for bad in aside(source, "seance_ade"):
        for element, teacher in product(*(
            [bad[name]] if bad[name] else every for name, every in (("element", elements), ("teacher", teachers))
        )):  # fmt: skip
            yield "seance_ade", {"code_element": element, "code_enseignant": teacher, **sheet}


def end(code: str, links: dict[str, str]) -> str | None:
    """The end of a chain; None in a loop."""
    seen = set()
    while code in links:
        if code in seen:
            return None
        seen.add(code)
        code = links[code]
    return code


def rooted(code: Any, above: dict[str, Any]) -> bool:
    """Whether a category leads to a root."""
    seen = set()
    while code in above and code not in seen:
        seen.add(code)
        if pd.isna(above[code]):
            return True
        code = above[code]
    return False


def wanted_seats(source: Source, owners: dict[str, str], remembered: Iterable[str] = ()) -> set[Seat]:
    """(course key, person, role) of everyone whom the rules seat in these courses. ``owners``: key, element."""
    labels = {row["code"]: row["libelle"].lower() for row in source["groupe"]}
    tele = {row["code_etudiant"] for row in source["inscription_administrative"] if row["tele_enseignement"] == "O"}
    links = links_of(source, remembered)
    known = {row["code"] for row in source["element"]} | {row["element"] for row in aside(source, "element")}
    seats = set()
    for attached in source["groupe_element"]:
        cemu = "cemu" in labels.get(attached["code_groupe"], "")
        key = attached["code_element"] + ("-FOAD" if cemu else "")
        if owners.get(key) != attached["code_element"]:
            continue
        for member in source["groupe_etudiant"]:
            if member["code_groupe"] == attached["code_groupe"] in labels and (
                not cemu or member["code_etudiant"] in tele
            ):
                seats.add((key, ("student", member["code_etudiant"]), "student"))
    for sheet in source["seance_ade"]:
        porteur = end(sheet["code_element"], links)
        taught = enrols(sheet) and sheet["code_element"] in known
        if taught and porteur is not None and owners.get(porteur) == porteur:
            seats.add((porteur, ("staff", sheet["code_enseignant"]), "editingteacher"))
    return seats


def stuck_seats(source: Source, remembered: dict[str, str]) -> set[Seat]:
    """Those of teachers planned on a porté whose porteur cannot be told tonight: where they were, if they were there.

    ``remembered``: the porteur of each porté, as the nights before knew it.
    """
    links, (_, frozen) = links_of(source, remembered), wanted_courses(source, remembered)
    stuck = {code: porteur for code, porteur in remembered.items() if code in frozen and code in links}
    return {
        (stuck[sheet["code_element"]], ("staff", sheet["code_enseignant"]), "editingteacher")
        for sheet in source["seance_ade"]
        if enrols(sheet) and sheet["code_element"] in stuck
    }


def enrols(sheet: dict[str, Any]) -> bool:
    """Whether who teaches by this sheet of ADE is enrolled."""
    planned = not pd.isna(sheet["seances"]) and sheet["seances"] > 0
    return bool(planned and sheet["origine"] == "APOGEE" and sheet["obsolete"] == "N")
