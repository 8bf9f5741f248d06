"""A day at the university: so many rows of each view are gone, new or other (0.5 %)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bench.traps import put, some
from bench.university import Frames, typed

SHARE = 0.005


def changed(source: Frames, seed: int = 11) -> Frames:
    """REFER and LDAP a day later."""
    rng = np.random.default_rng(seed)
    made = dict(source)
    for view in ("groupe_etudiant", "inscription_pedagogique", "inscription_administrative", "seance_ade", "people"):
        made[view] = _left(made[view], SHARE / 2, rng)
    made["groupe_etudiant"] = _moved(made["groupe_etudiant"], "code_groupe", rng)
    made["inscription_pedagogique"] = _moved(made["inscription_pedagogique"], "code_element", rng)
    made["inscription_administrative"] = _moved(made["inscription_administrative"], "code_etape", rng)
    made["seance_ade"] = _moved(made["seance_ade"], "code_enseignant", rng)
    made["element"] = _renamed(_left(made["element"], SHARE / 5, rng), rng)
    made["groupe"] = _renamed(_left(made["groupe"], SHARE / 5, rng), rng)
    made["etape"] = _renamed(made["etape"], rng)
    made["categorie"] = _renamed(made["categorie"], rng)
    people = put(made["people"], some(made["people"], SHARE / 2, rng), "sn", "Autre-Nom")
    made["people"] = pd.concat([people, _newcomers(people)], ignore_index=True)
    return typed(made)


def _left(rows: pd.DataFrame, share: float, rng: np.random.Generator) -> pd.DataFrame:
    return rows.drop(index=rows.index[some(rows, share, rng)]).reset_index(drop=True)


def _moved(rows: pd.DataFrame, column: str, rng: np.random.Generator) -> pd.DataFrame:
    """Rows that name another object than yesterday."""
    places = some(rows, SHARE / 2, rng)
    others = rows[column].to_numpy()[rng.integers(0, len(rows), len(places))]
    return put(rows, places, column, others).drop_duplicates(ignore_index=True)


def _renamed(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    places = some(rows, SHARE / 2, rng)
    return put(rows, places, "libelle", "Nouveau " + rows["libelle"].to_numpy()[places].astype("object"))


def _newcomers(people: pd.DataFrame) -> pd.DataFrame:
    """Students whom LDAP did not have yesterday."""
    number = max(1, round(SHARE / 2 * len(people)))
    rank = pd.Series(np.arange(number)).astype("str").str.zfill(5)
    uid = "e77" + rank
    return people.iloc[:number].reset_index(drop=True).assign(
        entry="uid=" + uid + ",ou=people,dc=univ-campus,dc=fr", population="student", code="277" + rank, uid=uid,
        sn="Nouveau", given_name="Arrivant", mail=uid + "@univ-campus.fr",
    )  # fmt: skip
