"""The rules told once more, one person and one element at a time: what the properties compare the plans with."""

from __future__ import annotations

from typing import Any

import pandas as pd

from world import World


def accounts_by_person(world: World) -> dict[tuple[str, str], int]:
    """The account of each (population, code): the ledger's, else the only one whose idnumber and login say so."""
    people = {}
    for row in world.ledger["account"].itertuples():
        if row.user_id in world.moodle.users:
            people[row.population, row.code] = row.user_id
    carried: dict[tuple[str, str], list[int]] = {}
    for id_, user in world.moodle.users.items():
        population = {"e": "student", "p": "staff"}.get(user["username"][0])
        if user["idnumber"] and population and id_ not in set(world.ledger["account"]["user_id"]):
            carried.setdefault((population, user["idnumber"].upper()), []).append(id_)
    return {who: ids[0] for who, ids in carried.items() if len(ids) == 1} | people


def wanted_courses(source: dict[str, list[dict[str, Any]]]) -> tuple[set[str], set[str]]:
    """The course keys that REFER wants, and the frozen elements."""
    links = {row["code_porte"]: row["code_porteur"] for row in source["porte"]}
    above = {row["code"]: row["code_parent"] for row in source["categorie"]}
    elements = {row["code"]: row for row in source["element"]}
    links = {child: parent for child, parent in links.items() if child in elements}
    frozen = {
        code for code, row in elements.items()
        if end(code, links) not in elements or not rooted(row["code_categorie"], above)
    }  # fmt: skip
    own = {code for code in elements if code not in links} - frozen
    return own | {f"{code}-FOAD" for code in own if elements[code]["a_distance"] == "O"}, frozen


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


def wanted_seats(source: dict[str, list[dict[str, Any]]], keys: set[str]) -> set[tuple[str, tuple[str, str], str]]:
    """(course key, person, role) of everyone whom the rules seat in these courses."""
    labels = {row["code"]: row["libelle"].lower() for row in source["groupe"]}
    etapes = {row["code"] for row in source["etape"]}
    tele = {row["code_etudiant"] for row in source["inscription_administrative"]
            if row["tele_enseignement"] == "O" and row["code_etape"] in etapes}  # fmt: skip
    links = {row["code_porte"]: row["code_porteur"] for row in source["porte"]}
    known = {row["code"] for row in source["element"]}
    links = {child: parent for child, parent in links.items() if child in known}
    seats = set()
    for attached in source["groupe_element"]:
        cemu = "cemu" in labels.get(attached["code_groupe"], "")
        key = attached["code_element"] + ("-FOAD" if cemu else "")
        for member in source["groupe_etudiant"]:
            if member["code_groupe"] == attached["code_groupe"] in labels and (
                not cemu or member["code_etudiant"] in tele
            ):
                seats.add((key, ("student", member["code_etudiant"]), "student"))
    for sheet in source["seance_ade"]:
        planned = not pd.isna(sheet["seances"]) and sheet["seances"] > 0
        if planned and sheet["origine"] == "APOGEE" and sheet["obsolete"] == "N" and sheet["code_element"] in known:
            seats.add((end(sheet["code_element"], links), ("staff", sheet["code_enseignant"]), "editingteacher"))
    return {seat for seat in seats if seat[0] in keys}
