"""The known traps of the deck («Les pièges connus»): the ladders of tonight, grouped and told."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ecampus.joins import among, has, looked_up, once
from ecampus.rules import links, teaching
from ecampus.rules.teaching import PAIR
from ecampus.words import anomalies

SHEET_CODES = {"NON_PLANIFIE": "ADE_NON_PLANIFIE", "OBSOLETE": "ADE_OBSOLETE", "HORS_APOGEE": "ADE_HORS_APOGEE"}


def of_groups(placed: pd.DataFrame, courses: pd.DataFrame) -> pd.DataFrame:
    """GROUPE_NON_COMMUN (piège 3), CEMU_SUR_PRESENTIEL and DISTANCE_SANS_CEMU (piège 2, «Tout ou rien !»).

    ``placed``: ``teaching.places``. ``courses``: ``Offer.verdicts``.
    """
    both = ["code_groupe", "code_element"]
    twins = courses[courses["foad"] & courses["verdict"].eq("COURS")].rename(columns={"code": "code_element"})
    unread = placed.loc[placed["verdict"] == links.UNREADABLE, "code_element"]
    alone = ~among(twins["key"], placed["key"]) & ~among(twins["code_element"], unread)
    return anomalies.gather(
        [
            anomalies.notes("GROUPE_NON_COMMUN", placed[placed["verdict"] == "PORTE"], both),
            anomalies.notes("CEMU_SUR_PRESENTIEL", placed[placed["verdict"] == "CEMU_SUR_PRESENTIEL"], both),
            anomalies.notes("DISTANCE_SANS_CEMU", twins[alone], ["code_element"]),
        ]
    )


def of_students(seats: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """Pièges 1, 2 and 3 as students meet them. ``seats``: ``teaching.student_seats``."""
    placed_there = seats["place"].eq(teaching.GROUP)
    ordinary = seats[placed_there & seats["a_distance"] & seats["tele"] & ~seats["cemu"]]
    told = ordinary[~has(ordinary, seats.loc[placed_there & seats["cemu"], PAIR], PAIR)]
    stray = seats[seats["verdict"] == "CEMU_SANS_TELE"]
    return anomalies.gather(
        [
            *without_group(seats, placed),
            anomalies.notes("TELE_SANS_CEMU", told, PAIR),
            anomalies.notes("CEMU_SANS_TELE", stray, [*PAIR, "code_groupe"]),
        ]
    )


def without_group(seats: pd.DataFrame, placed: pd.DataFrame) -> list[pd.DataFrame]:
    """IP_SANS_GROUPE and ELEMENT_SANS_GROUPE (piège 1), PORTE_HORS_GROUPE (piège 3).

    «Si ce n'est pas le cas pour une IP : l'étudiant ne sera pas inscrit dans l'espace de cours correspondant.» Only
    the groups that live in the course count: being in another is as being in none.
    """
    here = seats["place"].isin(teaching.LIVING) & ~seats["porte"]
    ip = seats[seats["ip"] & ~seats["frozen"] & ~here]
    out = once(ip[~teaching.in_a_group(ip, seats)], PAIR)
    living = placed.loc[placed["verdict"].isin(teaching.LIVING), "code_element"]
    grouped = among(out["code_element"], living)
    lonely = out[~out["porte"] & ~grouped].groupby(["code_element", "composante"], dropna=False)
    counted = lonely.size().rename("nombre").reset_index()
    useless = among(counted["code_element"], placed["code_element"])
    counted["quels"] = pd.Series("", index=counted.index, dtype="str").mask(useless, "utilisable ")
    return [
        anomalies.notes("IP_SANS_GROUPE", out[~out["porte"] & grouped], PAIR),
        anomalies.notes("ELEMENT_SANS_GROUPE", counted, ["code_element"]),
        anomalies.notes("PORTE_HORS_GROUPE", out[out["porte"]], PAIR),
    ]


def of_teachers(teachers: pd.DataFrame, elements: pd.DataFrame) -> pd.DataFrame:
    """Piège 4: a teacher associated to an element whom no session enrols, and what is amiss with the sheets.

    ``teachers``: ``teaching.teacher_seats``.
    """
    pair = ["code_element", "code_enseignant"]
    rows = teachers[~has(teachers, teaching.planned(teachers), pair)]
    rows = rows.assign(composante=looked_up(rows["code_element"], elements.set_index("code")["composante"]))
    return anomalies.gather(
        [anomalies.notes(code, rows[rows["verdict"] == rung], pair) for rung, code in SHEET_CODES.items()]
    )


def hidden_courses(teachers: pd.DataFrame, courses: pd.DataFrame, night: date) -> pd.DataFrame:
    """COURS_CACHE (piège 5): teaching has started and the course is still hidden. ``courses``: ours, live."""
    sessions = teaching.planned(teachers)
    sessions = sessions[sessions["premiere_seance"].notna()].drop_duplicates(["key", "premiere_seance"])
    first = sessions.assign(first=sessions["premiere_seance"].str.slice(0, 10)).sort_values("first")
    started = first[first["first"] <= night.isoformat()].drop_duplicates("key")
    rows = courses.loc[~courses["visible"], ["key"]].merge(started[["key", "first", "composante"]], on="key")
    rows["raison"] = "alors que l'enseignement a commencé le " + rows["first"]
    return anomalies.notes("COURS_CACHE", rows, ["key"])


def absent_accounts(seats: pd.DataFrame, teachers: pd.DataFrame, told_before: pd.Series) -> pd.DataFrame:
    """COMPTE_ABSENT, for those whom the rules would enrol. ``told_before``: students told with the cohorts."""
    untold = seats[seats["verdict"].eq("COMPTE_ABSENT")]
    students = absent(untold[~among(untold["code_etudiant"], told_before)], "code_etudiant", "L'étudiant")
    staff = absent(teachers, "code_enseignant", "L'enseignant")
    return anomalies.gather([students, staff])


def absent(verdicts: pd.DataFrame, column: str, who: str) -> pd.DataFrame:
    """COMPTE_ABSENT, once for each person of a ladder. ``column``: the person's code."""
    codes = verdicts.loc[verdicts["verdict"] == "COMPTE_ABSENT", column].drop_duplicates()
    rows = pd.DataFrame({"code_personne": codes, "qui": who})
    return anomalies.notes("COMPTE_ABSENT", rows, ["qui", "code_personne"])


def shared_by_teachers(teachers: pd.DataFrame, spaces: pd.DataFrame, courses: pd.DataFrame) -> pd.DataFrame:
    """ESPACE_SUSPECT: an espace complémentaire where several teachers of one element teach.

    «Ne doit pas être utilisé pour contourner les règles, notamment sur le partage d'un même espace cours par
    plusieurs enseignants.» ``spaces``: course_id, user_id of those spaces' teachers. ``courses``: all of Moodle's.
    """
    good = teachers[teachers["verdict"].isin([teaching.SEATED, "COMPTE_GELE", teaching.WAITING, "COURS_ABSENT"])]
    rows = good.merge(spaces.astype({"user_id": "Int64"}), on="user_id")
    shared = rows.groupby(["course_id", "key"]).agg(nombre=("user_id", "nunique"), composante=("composante", "first"))
    shared = shared[shared["nombre"] > 1].reset_index()
    shared = shared.merge(courses[["id", "fullname", "shortname"]], left_on="course_id", right_on="id")
    shared["raison"] = "réunit plusieurs enseignants de l'élément " + shared["key"].astype("str")
    return anomalies.notes(
        "ESPACE_SUSPECT",
        shared.rename(columns={"fullname": "espace", "key": "element"}),
        ["shortname", "element"],
    )


def still_suspect(told: pd.DataFrame, unread: pd.DataFrame) -> pd.DataFrame:
    """ESPACE_SUSPECT of the night before (``told``), of the courses that tonight did not read (``unread``)."""
    space = told["key"].str.rsplit(" / ", n=1).str[0]
    kept = told["code"].eq("ESPACE_SUSPECT") & among(space, unread["shortname"])
    return told.loc[kept, anomalies.COLUMNS]
