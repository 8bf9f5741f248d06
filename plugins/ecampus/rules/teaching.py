"""Who belongs in which course: groups for students, planned sessions for teachers (04h15 and 05h00).

«Inscription pédagogique dans les groupes = inscription dans espace de cours»: the membership of a group is what
enrols; an IP is neither required nor enough.
"""

from __future__ import annotations

import pandas as pd

from ecampus.rules import text

CEMU = "cemu"


def placements(refer: dict[str, pd.DataFrame], elements: pd.DataFrame) -> pd.DataFrame:
    """Every attachment of a group to an element: in which course it lives, and which it would if all were well.

    Columns: code_groupe, libelle, code_element, porteur, porte, frozen, a_distance (of the porteur), cemu, composante,
    key: the course's key, or null where the group lives nowhere (attached to a porté, to a frozen element, or a
    CEMU group on an element that is not distance).
    """
    rows = refer["groupe_element"].merge(
        refer["groupe"][["code", "libelle"]].rename(columns={"code": "code_groupe"}), on="code_groupe"
    )
    columns = ["code", "porteur", "porte", "frozen", "a_distance", "composante"]
    rows = rows.merge(elements[columns].rename(columns={"code": "code_element"}), on="code_element")
    rows["cemu"] = rows["libelle"].str.lower().str.contains(CEMU, regex=False)
    lives = ~rows["porte"] & ~rows["frozen"] & (~rows["cemu"] | rows["a_distance"])
    key = rows["code_element"].mask(rows["cemu"], rows["code_element"] + text.FOAD_KEY)
    return rows.assign(key=key.where(lives))


def tele_students(ia: pd.DataFrame) -> pd.Series:
    """Students with an IA of the year in télé-enseignement, whatever the étape."""
    return ia.loc[ia["tele_enseignement"] == "O", "code_etudiant"].drop_duplicates()


def student_seats(placed: pd.DataFrame, groupe_etudiant: pd.DataFrame, ia: pd.DataFrame) -> pd.DataFrame:
    """Each student in each group that enrols them: key, code_groupe, code_etudiant, composante.

    The three conditions of the FOAD course (cas FOAD): element «à distance», IA in télé-enseignement, group «CEMU».
    """
    rows = placed[placed["key"].notna()].merge(groupe_etudiant, on="code_groupe")
    entitled = ~rows["cemu"] | rows["code_etudiant"].isin(tele_students(ia))
    return rows.loc[entitled, ["key", "code_groupe", "code_etudiant", "composante"]]


def planned(seance_ade: pd.DataFrame) -> pd.Series:
    """Sessions that enrol: planned, on a sheet from Apogée that is not obsolete («Associer ne suffit pas !»)."""
    held = seance_ade["seances"].fillna(0).gt(0).astype("bool")
    return held & (seance_ade["origine"] == "APOGEE") & (seance_ade["obsolete"] == "N")


def stranded_teachers(seance_ade: pd.DataFrame, elements: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Teachers planned on an element whose link to its porteur broke tonight: they stay in the course they were in.

    ``before``: code, porteur as of the last night that wrote. Columns as ``teacher_seats``.
    """
    frozen = elements[elements["frozen"] & elements["porte"]]
    links = before[before["code"].isin(frozen["code"])].drop_duplicates("code").set_index("code")["porteur"]
    rows = seance_ade[planned(seance_ade)].assign(key=lambda s: s["code_element"].map(links), composante=None)
    return rows.loc[rows["key"].notna(), ["key", "code_enseignant", "composante"]].drop_duplicates()


def teacher_seats(seance_ade: pd.DataFrame, elements: pd.DataFrame) -> pd.DataFrame:
    """Each teacher planned on an element, in the course of its porteur: key, code_enseignant, composante.

    A frozen porteur seats nobody: its rows stay as they are.
    """
    by_code = elements.set_index("code")
    rows = seance_ade[planned(seance_ade)].assign(key=lambda s: s["code_element"].map(by_code["porteur"]))
    rows = rows[rows["key"].isin(elements.loc[~elements["frozen"], "code"])]
    rows["composante"] = rows["key"].map(by_code["composante"])
    return rows[["key", "code_enseignant", "composante"]].drop_duplicates()
