"""The people of an invented university: students with their IA, IP and groups, teachers with their sheets, LDAP."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.offer import ELEMENTS, Offer, numbered, picked

STUDENTS = 34_000  # of Caen
STAFF = 2_000
TAKEN = 0.79  # of the elements of their étape
SHEETS = 1.3  # of an element
FAMILIES = ["Martin", "Bernard", "Durand", "Petit", "Leroy", "Moreau", "Simon", "Lefèvre", "Roux", "O'Connor", "Nguyễn"]
NAMES = ["Camille", "Élodie", "Noé", "Inès", "Louis", "Zoé", "Adam", "Maël", "Jean-Pierre", "Chloé", "Yanis", "Manon"]


@dataclass
class Students:
    """``people``: rank = index; code, etape (rank), tele (bool). ``taken``: student, element (ranks), grouped."""

    people: pd.DataFrame
    taken: pd.DataFrame


def students(offer: Offer, factor: float, rng: np.random.Generator) -> Students:
    """Everybody takes most elements of their étape; a few are in no group of some."""
    rank = np.arange(round(STUDENTS * factor))
    etape = rank % len(offer.etapes)
    tele = offer.etapes["distance"].to_numpy()[etape] & (rng.random(len(rank)) < 0.4)
    people = pd.DataFrame({"code": numbered("", 22_000_000 + rank, 8), "etape": etape, "tele": tele})
    student = np.repeat(rank, ELEMENTS)
    element = (etape[:, None] * ELEMENTS + np.arange(ELEMENTS)).ravel()
    kept = rng.random(len(student)) < TAKEN
    taken = pd.DataFrame({"student": student[kept], "element": element[kept]})
    return Students(people, taken.assign(grouped=rng.random(len(taken)) >= 0.02))


def members(offer: Offer, students: Students) -> pd.DataFrame:
    """Who is in which group: student, group (ranks); CEMU for télé-enseignement, else a TD and the CM."""
    own = students.taken[students.taken["grouped"]]
    elements, groups = offer.elements, offer.groups
    tele = students.people["tele"].to_numpy()[own["student"]] & elements["a_distance"].to_numpy()[own["element"]]
    tele &= ~elements["porte"].to_numpy()[own["element"]]
    far, near = own[tele], own[~tele]
    host = elements["host"].to_numpy()[near["element"]]
    td, first = elements["td"].to_numpy()[host], elements["first"].to_numpy()[host]
    number = near["student"].to_numpy() // len(offer.etapes) % np.maximum(td, 1)
    small = pd.DataFrame({"student": near["student"], "group": first + number})[td > 0]
    return pd.concat(
        [small, _in_one(near["student"], host, groups, "CM"), _in_one(far["student"], far["element"], groups, "CEMU")],
        ignore_index=True,
    ).drop_duplicates(ignore_index=True)


def _in_one(student: pd.Series, element: np.ndarray | pd.Series, groups: pd.DataFrame, kind: str) -> pd.DataFrame:
    of_kind = groups[groups["kind"] == kind]
    ranks = pd.Series(of_kind.index, index=of_kind["element"])
    group = pd.Series(np.asarray(element)).map(ranks)
    rows = pd.DataFrame({"student": student.to_numpy(), "group": group.to_numpy()})
    return rows.dropna().astype("int64")


def staff_codes(factor: float) -> pd.Series:
    """The teachers' codes."""
    return numbered("", 41_000 + np.arange(round(STAFF * factor)), 8)


def sheets(offer: Offer, staff: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """The ADE sheets: a few teachers are only associated, a few sheets are obsolete or do not come from Apogée."""
    number = round(len(offer.elements) * SHEETS)
    element = rng.integers(0, len(offer.elements), number)
    chance = rng.random(number)
    seances = pd.array(np.where(chance < 0.03, 0, rng.integers(1, 25, number)), dtype="Int64")
    seances[chance < 0.01] = pd.NA
    day = np.datetime64("2026-09-07") + rng.integers(0, 200, number).astype("timedelta64[D]")
    return pd.DataFrame(
        {
            "code_activite": numbered("ADE", 500_000 + np.arange(number), 7),
            "code_element": offer.elements["code"].to_numpy()[element],
            "code_enseignant": staff.to_numpy()[rng.integers(0, len(staff), number)],
            "origine": np.where((chance > 0.5) & (chance < 0.51), "MANUEL", "APOGEE"),
            "obsolete": np.where((chance > 0.6) & (chance < 0.61), "O", "N"),
            "seances": seances,
            "premiere_seance": pd.Series(day.astype("str"), dtype="str").mask(chance < 0.03),
        }
    )


def directory(students: pd.Series, staff: pd.Series) -> pd.DataFrame:
    """An LDAP that knows them all; one teacher in fifty is a student too."""
    alone = pd.concat([_entries(students, "student", "e"), _entries(staff, "staff", "p")], ignore_index=True)
    both = min(len(staff) // 50, len(students))
    doubled = alone.iloc[len(students) : len(students) + both].assign(
        population="student", code=alone["code"].iloc[:both].to_numpy()
    )
    return pd.concat([alone.iloc[both:], doubled], ignore_index=True)


def _entries(codes: pd.Series, population: str, letter: str) -> pd.DataFrame:
    rank = np.arange(len(codes))
    uid = letter + codes.str.slice(1)
    sn, given = picked(FAMILIES, rank), picked(NAMES, rank // len(FAMILIES))
    return pd.DataFrame(
        {
            "entry": "uid=" + uid + ",ou=people,dc=univ-campus,dc=fr",
            "population": population,
            "code": codes,
            "sought": True,
            "uid": uid,
            "sn": sn,
            "given_name": given,
            "mail": uid + "@univ-campus.fr",
            "unreadable": pd.NA,
        }
    )
