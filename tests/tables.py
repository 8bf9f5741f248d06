"""Small text tables in: what the tests of the rules are written with.

A table is a header and its rows, columns apart by ``|``, rows by a line break or `` ; ``. An empty cell is null;
columns that a test does not care for are left out and take a believable value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from ecampus import contract
from ecampus.changes.draft import Inputs, Settings
from ecampus.register import owned as ownership
from ecampus.store.archive import MEMORY

NIGHT = date(2026, 11, 23)
SETTINGS = Settings(annee="2026", night=NIGHT)
REFER = list(contract.REFER)

Row = dict[str, Any]
DEFAULTS: dict[str, Mapping[str, Any]] = {
    "categorie": {"libelle": lambda row: row["code"].lower(), "code_composante": "SCI"},
    "element": {"libelle": lambda row: row["code"].lower(), "code_categorie": "CAT", "a_distance": "N"},
    "groupe": {"libelle": lambda row: row["code"]},
    "etape": {"libelle": lambda row: row["code"].lower(), "code_composante": "SCI"},
    "inscription_administrative": {"code_etape": "ETAPE", "tele_enseignement": "N"},
    "inscription_pedagogique": {"code_etape": "ETAPE"},
    "seance_ade": {"code_activite": "FICHE", "origine": "APOGEE", "obsolete": "N", "seances": 1},
    "people": {
        "population": "student",
        "sought": True,
        "uid": lambda row: ("e" if row["population"] == "student" else "p") + row["code"].lower(),
        "sn": lambda row: f"Nom{row['code']}",
        "given_name": "Camille",
        "mail": lambda row: f"{row['uid']}@univ.fr",
        "entry": lambda row: f"{row['population']} {row['code']} {row['uid']}",
    },
    "users": {
        "auth": "cas",
        "firstname": "Camille",
        "lastname": lambda row: f"Nom{row['idnumber'] or ''}",
        "email": lambda row: f"{row['username']}@univ.fr",
        "suspended": False,
    },
    "categories": {"parent_id": 0, "visible": True, "name": lambda row: row["idnumber"] or "à la main"},
    "courses": {
        "shortname": lambda row: row["idnumber"] or f"espace{row['id']}",
        "fullname": lambda row: row["shortname"],
        "category_id": 1,
        "visible": True,
    },
    "cohorts": {"name": lambda row: row["idnumber"] or "à la main"},
    "groups": {"name": lambda row: row["idnumber"] or "à la main"},
    "enrolled": {"role": "student"},
    "enrolment_rows": {"role": "student"},
}
FIRST_CATEGORY = "code ; CAT"
FIRST_ETAPE = "code ; ETAPE"


def rows(text: str) -> list[Row]:
    """The table as dicts; an empty cell is None."""
    lines = [line.strip() for line in text.replace(" ; ", "\n").splitlines() if line.strip()]
    header, *body = ([cell.strip() or None for cell in line.split("|")] for line in lines)
    return [dict(zip(header, line, strict=True)) for line in body]


def frame(name: str, text: str = "") -> pd.DataFrame:
    """The table as a frame that keeps the contract ``name`` (``space_teachers`` keeps that of ``enrolled``)."""
    return typed(name, [completed(name, row) for row in rows(text)] if text.strip() else [])


def completed(name: str, row: Row) -> Row:
    """The row with believable values where it says nothing."""
    whole = dict(row)
    for column, value in DEFAULTS.get(name, {}).items():
        if column not in whole:
            whole[column] = value(whole) if isinstance(value, Callable) else value
    return whole


@cache
def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series([], dtype=kind) for column, kind in _types(name).items()})


def _types(name: str) -> dict[str, str]:
    return contract.CONTRACTS["enrolled" if name == "space_teachers" else name].types()


def typed(name: str, records: list[Row]) -> pd.DataFrame:
    """Records as a frame with the columns and the types of the contract ``name``."""
    if not records:
        return _empty(name).copy(deep=False)
    types = _types(name)
    made = pd.DataFrame(records, columns=list(types), dtype="object")
    for column, kind in types.items():
        values = made[column].where(made[column].notna(), None)
        if kind == "bool":
            values = values.map(lambda value: value in (True, "oui", "True"))
        made[column] = values.astype("float").astype(kind) if kind == "Int64" else values.astype(kind)
    return made


def refer(**tables: str) -> dict[str, pd.DataFrame]:
    """The ten views of REFER; one category CAT and one étape ETAPE unless told otherwise."""
    texts = {"categorie": FIRST_CATEGORY, "etape": FIRST_ETAPE} | tables
    return {view: frame(view, texts.get(view, "")) for view in REFER}


def unread(rows_: list[Row]) -> pd.DataFrame:
    """Rows of REFER that the door set aside: view, and the codes that they name."""
    whole = [{"key": "ligne", "column": "libelle", "defect": "vide"} | row for row in rows_]
    return pd.DataFrame(whole, columns=list(contract.CONTRACTS["illisible"].declared)).astype("str")


def existing(**tables: str) -> dict[str, pd.DataFrame]:
    """Every frame of Moodle's existing state."""
    names = [*contract.MOODLE, "enrolment_rows", "space_teachers"]
    return {name: frame(name, tables.get(name, "")) for name in names}


def owned(**tables: str) -> ownership.Owned:
    """What is owned; a kind that is left out owns nothing."""
    known = {kind: pd.DataFrame(rows(text), columns=list(ownership.SHAPES[kind])) for kind, text in tables.items()}
    for kind, found in known.items():
        if kind == "account":
            for flag in ("suspended", "frozen"):
                found[flag] = found[flag].eq("oui")
        if kind == "course":
            own = found["key"].mask(found["archived"].notna(), "ex_" + found["key"])
            found["idnumber"] = found["idnumber"].where(found["idnumber"].notna(), own)
        ids = [column for column, type_ in ownership.SHAPES[kind].items() if type_ == "int64"]
        known[kind] = ownership.shaped(kind, found.astype(dict.fromkeys(ids, "int64")))
    return nothing() | known


def nothing() -> ownership.Owned:
    """Nothing is ours."""
    return {kind: frame.copy(deep=False) for kind, frame in _nothing().items()}


@cache
def _nothing() -> ownership.Owned:
    return ownership.empty()


def memory(
    links: str = "", following: str = "", figures: str = "", told: str = "", done: str = "", decisions: str = ""
) -> dict[str, pd.DataFrame]:
    """What the nights before left; ``told``: anomalies."""
    texts = {"links": links, "following": following, "figures": figures, "anomalies": told, "done": done}
    return {name: _texts(texts | {"decisions": decisions}, name, shape) for name, shape in MEMORY.items()}


def _texts(texts: Mapping[str, str], name: str, shape: Mapping[str, str]) -> pd.DataFrame:
    text = texts.get(name)
    return pd.DataFrame(rows(text) if text else [], columns=list(shape)).astype(dict(shape))


def inputs(
    source: dict[str, pd.DataFrame] | None = None,
    existing_: dict[str, pd.DataFrame] | None = None,
    owned_: ownership.Owned | None = None,
    memory_: dict[str, pd.DataFrame] | None = None,
    **settings: Any,
) -> Inputs:
    """What a phase read; whatever is left out is empty."""
    return Inputs(
        settings=replace(SETTINGS, **settings),
        source=source or refer(),
        existing=existing_ or existing(),
        owned=owned_ or nothing(),
        memory=memory_ or memory(),
    )
