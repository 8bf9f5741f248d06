"""The known traps of the deck («Les pièges connus»), found in tonight's data."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ecampus.changes.draft import Inputs
from ecampus.rules import people, teaching
from ecampus.words import anomalies

SEAT = ["code_element", "code_etudiant"]


def of_students(refer: dict[str, pd.DataFrame], elements: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """Pièges 1, 2 and 3 as students meet them. ``placed``: ``teaching.placements``."""
    members = placed.merge(refer["groupe_etudiant"], on="code_groupe")
    return anomalies.gather(
        [
            *without_group(refer["inscription_pedagogique"], elements, placed, members),
            *distance(refer["inscription_administrative"], elements, placed, members),
            not_common(placed),
        ]
    )


def without_group(
    ip: pd.DataFrame, elements: pd.DataFrame, placed: pd.DataFrame, members: pd.DataFrame
) -> list[pd.DataFrame]:
    """IP_SANS_GROUPE and ELEMENT_SANS_GROUPE (piège 1), PORTE_HORS_GROUPE (piège 3).

    «Si ce n'est pas le cas pour une IP : l'étudiant ne sera pas inscrit dans l'espace de cours correspondant.»
    """
    columns = ["code", "porteur", "porte", "frozen", "composante"]
    rows = (
        ip[SEAT].drop_duplicates().merge(elements[columns].rename(columns={"code": "code_element"}), on="code_element")
    )
    rows = rows[~rows["frozen"]]
    seated = members[SEAT].drop_duplicates().assign(seated=True)
    rows = rows.merge(seated.rename(columns={"code_element": "porteur"}), on=["porteur", "code_etudiant"], how="left")
    grouped = rows["porteur"].isin(placed["code_element"])
    out = rows["seated"].isna()
    lonely = rows[~rows["porte"] & ~grouped].groupby(["code_element", "composante"], dropna=False)
    counted = lonely.size().rename("nombre").reset_index()
    return [
        anomalies.notes("IP_SANS_GROUPE", rows[out & ~rows["porte"] & grouped], SEAT),
        anomalies.notes("ELEMENT_SANS_GROUPE", counted, ["code_element"]),
        anomalies.notes("PORTE_HORS_GROUPE", rows[out & rows["porte"]], SEAT),
    ]


def distance(
    ia: pd.DataFrame, elements: pd.DataFrame, placed: pd.DataFrame, members: pd.DataFrame
) -> list[pd.DataFrame]:
    """Piège 2, «Tout ou rien !»: element at a distance, IA in télé-enseignement and CEMU group go together."""
    tele = teaching.tele_students(ia)
    own = members[~members["porte"] & ~members["frozen"]]
    far = own[own["a_distance"]].assign(tele=lambda m: m["code_etudiant"].isin(tele))
    in_cemu = far.groupby(SEAT)["cemu"].transform("any") if len(far) else far["cemu"]
    usable = placed[~placed["porte"] & ~placed["frozen"]]
    with_cemu = usable.loc[usable["cemu"], "code_element"]
    alone = elements[elements["a_distance"] & ~elements["porte"] & ~elements["frozen"]]
    alone = alone[~alone["code"].isin(with_cemu)].rename(columns={"code": "code_element"})
    near = usable[usable["cemu"] & ~usable["a_distance"]]
    return [
        anomalies.notes("TELE_SANS_CEMU", far[far["tele"] & ~in_cemu], SEAT),
        anomalies.notes("CEMU_SANS_TELE", far[~far["tele"] & far["cemu"]], [*SEAT, "code_groupe"]),
        anomalies.notes("CEMU_SUR_PRESENTIEL", near, ["code_groupe", "code_element"]),
        anomalies.notes("DISTANCE_SANS_CEMU", alone, ["code_element"]),
    ]


def not_common(placed: pd.DataFrame) -> pd.DataFrame:
    """GROUPE_NON_COMMUN: «bien associer la collection de groupes au porteur et au porté» (piège 3)."""
    carried = placed[placed["porte"] & placed["porteur"].notna()]
    both = placed[["code_groupe", "code_element"]].rename(columns={"code_element": "porteur"})
    carried = carried.merge(both.assign(common=True), on=["code_groupe", "porteur"], how="left")
    return anomalies.notes("GROUPE_NON_COMMUN", carried[carried["common"].isna()], ["code_groupe", "code_element"])


def of_teachers(seance_ade: pd.DataFrame, elements: pd.DataFrame) -> pd.DataFrame:
    """Piège 4: a teacher associated to an element whom no session enrols, and what is amiss with the sheets."""
    pair = ["code_element", "code_enseignant"]
    rows = seance_ade.merge(
        elements[["code", "composante"]].rename(columns={"code": "code_element"}), on="code_element"
    )
    good = rows[teaching.planned(rows)][pair].drop_duplicates().assign(good=True)
    rows = rows.merge(good, on=pair, how="left")
    rows = rows[rows["good"].isna() & rows["code_enseignant"].notna()]
    foreign = rows["origine"] != "APOGEE"
    obsolete = ~foreign & (rows["obsolete"] != "N")
    return anomalies.gather(
        [
            anomalies.notes("ADE_NON_PLANIFIE", rows[~foreign & ~obsolete], pair),
            anomalies.notes("ADE_OBSOLETE", rows[obsolete], pair),
            anomalies.notes("ADE_HORS_APOGEE", rows[foreign], pair),
        ]
    )


def hidden_courses(
    seance_ade: pd.DataFrame, elements: pd.DataFrame, courses: pd.DataFrame, night: date
) -> pd.DataFrame:
    """COURS_CACHE (piège 5): teaching has started and the course is still hidden. ``courses``: ours, live."""
    sessions = seance_ade[teaching.planned(seance_ade) & seance_ade["premiere_seance"].notna()]
    by_code = elements.set_index("code")
    sessions = sessions.assign(key=sessions["code_element"].map(by_code["porteur"]))
    first = sessions.groupby("key")["premiere_seance"].min().str.slice(0, 10)
    rows = courses[~courses["visible"]].assign(premiere_seance=lambda c: c["key"].map(first).astype("str"))
    rows = rows.assign(composante=rows["key"].map(by_code["composante"]))
    return anomalies.notes("COURS_CACHE", rows[rows["premiere_seance"] <= night.isoformat()], ["key"])


def absent_accounts(
    refer: dict[str, pd.DataFrame], seats: pd.DataFrame, teachers: pd.DataFrame, known: pd.DataFrame
) -> pd.DataFrame:
    """COMPTE_ABSENT, for those whom the rules would enrol; students with an IA were told with the cohorts."""
    seats = seats[~seats["code_etudiant"].isin(refer["inscription_administrative"]["code_etudiant"])]
    students, staff = (people.of_population(known, population)["code"] for population in ("student", "staff"))
    rows = [
        people.absent(seats["code_etudiant"], students, "L'étudiant"),
        people.absent(teachers["code_enseignant"], staff, "L'enseignant"),
    ]
    return anomalies.gather([anomalies.notes("COMPTE_ABSENT", part, ["qui", "code_personne"]) for part in rows])


def shared_by_teachers(teachers: pd.DataFrame, known: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """ESPACE_SUSPECT: an espace complémentaire where several teachers of one element teach.

    «Ne doit pas être utilisé pour contourner les règles, notamment sur le partage d'un même espace cours par
    plusieurs enseignants.» ``existing['space_teachers']``: course_id, user_id of those spaces' teachers.
    """
    spaces = inputs.existing["space_teachers"]
    staff = people.of_population(known, "staff").rename(columns={"code": "code_enseignant"})
    rows = teachers.merge(staff, on="code_enseignant").merge(spaces, on="user_id")
    shared = rows.groupby(["course_id", "key"]).agg(nombre=("user_id", "nunique"), composante=("composante", "first"))
    shared = shared[shared["nombre"] > 1].reset_index()
    shared = shared.merge(
        inputs.existing["courses"][["id", "fullname", "shortname"]], left_on="course_id", right_on="id"
    )
    shared["raison"] = "réunit plusieurs enseignants de l'élément " + shared["key"].astype("str")
    return anomalies.notes(
        "ESPACE_SUSPECT",
        shared.rename(columns={"fullname": "espace", "key": "element"}),
        ["shortname", "element"],
    )
