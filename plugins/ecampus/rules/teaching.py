"""Who belongs in which course: groups for students, planned sessions for teachers (04h15 and 05h00).

«Inscription pédagogique dans les groupes = inscription dans espace de cours»: the membership of a group is what
enrols; an IP is neither required nor enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from ecampus.joins import among, beside, columns, has, joined, looked_up, numbered, once, within
from ecampus.rules import links, people, text, unreadable
from ecampus.rules.verdicts import first_failing
from ecampus.shapes import cast

CEMU = "cemu"
GROUP = "GROUPE"
LIVING = [GROUP, links.UNREADABLE]
SEATED = "INSCRIT"
FROZEN = "ELEMENT_GELE"
DOUBLE = "CODE_DOUBLE"
WITH_PORTEUR = "CHEZ_LE_PORTEUR"
WITHOUT_GROUP = "SANS_GROUPE"
WAITING = "COURS_EN_ATTENTE"
SHEETS = ["NON_PLANIFIE", "HORS_APOGEE", "OBSOLETE"]
PAIR = ["code_element", "code_etudiant"]


class Known(NamedTuple):
    """What Moodle and the register say of people and courses.

    people  population, code, user_id, username (``people.accounts``)
    keys    the keys of our live courses
    frozen  user_id of the accounts that are left exactly as they are
    asked   the keys of the courses of which people have not said yet whether they are new
    """

    people: pd.DataFrame
    keys: pd.Series
    frozen: pd.Series
    asked: pd.Series = pd.Series([], dtype="str")

    def of(self, rows: pd.DataFrame, population: str, column: str) -> pd.DataFrame:
        """``rows`` with user_id and username of the person whose code is in ``column``, null without an account."""
        known = people.of_population(self.people, population).rename(columns={"code": column})
        return beside(rows, known, [column]).astype({"user_id": "Int64"})

    def rungs(self, rows: pd.DataFrame) -> dict[str, pd.Series]:
        """The last rungs of a seat: COMPTE_ABSENT, COMPTE_GELE, then the course is not there.

        COURS_EN_ATTENTE: people must say whether it is new; COURS_ABSENT: not made yet, or refused.
        """
        absent = ~among(rows["key"], self.keys)
        return {
            "COMPTE_ABSENT": rows["user_id"].isna(),
            "COMPTE_GELE": rows["user_id"].isin(self.frozen),
            WAITING: absent & among(rows["key"], self.asked),
            "COURS_ABSENT": absent,
        }


def places(refer: Mapping[str, pd.DataFrame], elements: pd.DataFrame, courses: pd.DataFrame) -> pd.DataFrame:
    """The ladder of groups: every attachment of a group to an element, with the first rung that it fails.

    ``elements``, ``courses``: ``Offer.elements`` and ``Offer.verdicts``.
    Columns: code_groupe, libelle, code_element, porteur, porte, frozen, a_distance, composante, cemu, key (of the
    course in which the group lives, null where it lives nowhere), verdict:
        ELEMENT_GELE         the element is frozen (rule 6)
        ILLISIBLE            the row of the group cannot be read: ordinary or CEMU, nobody knows
        CHEZ_LE_PORTEUR      attached to a porté, and to its porteur too: it lives there
        PORTE                attached to a porté and not to its porteur («groupes communs aux porteurs et portés»)
        CEMU_SUR_PRESENTIEL  a CEMU group, and the element is not «à distance»
        CODE_DOUBLE          the course has another's code
        GROUPE               it lives in the course ``key``
    """
    labels = refer["groupe"].set_index("code")["libelle"]
    rows = refer["groupe_element"][["code_groupe", "code_element"]].copy()
    rows["libelle"] = looked_up(rows["code_groupe"], labels)
    columns = ["code", "porteur", "porte", "frozen", "a_distance", "composante"]
    rows = joined(rows, elements[columns].rename(columns={"code": "code_element"}), ["code_element"])
    rows["cemu"] = rows["libelle"].fillna("").str.lower().str.contains(CEMU, regex=False)
    key = rows["code_element"].where(~rows["cemu"], rows["code_element"] + text.FOAD_KEY)
    there_too = has(rows, rows, ["code_groupe", "porteur"], ["code_groupe", "code_element"])
    rows["verdict"] = first_failing(
        {
            FROZEN: rows["frozen"],
            links.UNREADABLE: rows["libelle"].isna(),
            WITH_PORTEUR: rows["porte"] & there_too,
            "PORTE": rows["porte"],
            "CEMU_SUR_PRESENTIEL": rows["cemu"] & ~rows["a_distance"],
            DOUBLE: among(key, doubles(courses)) & ~rows["cemu"],
        },
        GROUP,
    )
    return rows.assign(key=key.where(rows["verdict"] == GROUP))


def doubles(courses: pd.DataFrame) -> pd.Series:
    """The codes of elements whose own course has another's code."""
    return courses.loc[courses["verdict"] == DOUBLE, "element"]


def tele_students(ia: pd.DataFrame) -> pd.Series:
    """Students with an IA of the year in télé-enseignement, whatever the étape."""
    return ia.loc[ia["tele_enseignement"] == "O", "code_etudiant"].drop_duplicates()


def student_seats(
    refer: Mapping[str, pd.DataFrame], elements: pd.DataFrame, placed: pd.DataFrame, known: Known
) -> pd.DataFrame:
    """The ladder of seats: every student in every group of every element, with the first rung that they fail.

    An IP whose student is in no group of the element has a row too, without group (where the phase reads the IP).
    The three conditions of the FOAD course (cas FOAD): element «à distance», IA in télé-enseignement, group «CEMU».
    Columns: code_etudiant, tele, ip (bool: an IP on that element), user_id, username, those of ``places`` but libelle,
    verdict:
        ELEMENT_GELE … CODE_DOUBLE   the verdict of the group's place
        SANS_GROUPE     (IP alone) in no group that lives in the course
        ILLISIBLE       the IA that may hold the télé-enseignement cannot be read
        CEMU_SANS_TELE  in a CEMU group without an IA in télé-enseignement
        COMPTE_ABSENT, COMPTE_GELE, COURS_EN_ATTENTE, COURS_ABSENT   ``Known.rungs``
        INSCRIT         student of the course ``key``
    """
    placed, memberships = placed.rename(columns={"verdict": "place"}).drop(columns="libelle"), refer["groupe_etudiant"]
    members = joined(placed, memberships[["code_groupe", "code_etudiant"]], ["code_groupe"])
    ip = _pairs(refer)
    grouped, registered = numbered(columns(members, PAIR), columns(ip, PAIR))
    alone = _without_group(ip[~within(registered, grouped)], elements, members)
    members["ip"], alone["ip"] = within(grouped, registered), True
    rows = pd.concat([members, alone], ignore_index=True) if len(alone) else members
    rows = beside(rows, students(rows["code_etudiant"], refer, known), ["code_etudiant"])
    stray = rows["cemu"] & ~rows["tele"]
    before = [FROZEN, WITH_PORTEUR, "PORTE", "CEMU_SUR_PRESENTIEL", DOUBLE, WITHOUT_GROUP]
    rows["verdict"] = first_failing(
        {
            **{name: rows["place"].eq(name) for name in before},
            links.UNREADABLE: rows["place"].eq(links.UNREADABLE) | (stray & rows["unread"]),
            "CEMU_SANS_TELE": stray,
            **known.rungs(rows),
        },
        SEATED,
    )
    return rows.drop(columns="unread")


def students(codes: pd.Series, refer: Mapping[str, pd.DataFrame], known: Known) -> pd.DataFrame:
    """Each student once: code_etudiant, tele, unread (an IA that cannot be read may be theirs), user_id, username."""
    rows = codes.drop_duplicates().to_frame().reset_index(drop=True)
    rows["tele"] = among(rows["code_etudiant"], tele_students(refer["inscription_administrative"]))
    ia = unreadable.rows(refer, "inscription_administrative")["student"]
    rows["unread"] = among(rows["code_etudiant"], ia) | pd.Series(ia.isna().any(), index=rows.index)
    return known.of(rows, "student", "code_etudiant")


def _pairs(refer: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Each student with an IP on each element; nobody where the phase does not read them."""
    if "inscription_pedagogique" not in refer:
        return pd.DataFrame(columns=PAIR, dtype="str")
    return once(refer["inscription_pedagogique"][PAIR], PAIR).reset_index(drop=True)


def _without_group(ip: pd.DataFrame, elements: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The rows of IP whose student is in no group of the element: the columns of ``members``."""
    columns = ["code", "porteur", "porte", "frozen", "a_distance", "composante"]
    rows = joined(ip, elements[columns].rename(columns={"code": "code_element"}), ["code_element"])
    rows = rows.assign(cemu=False).reindex(columns=members.columns)
    rows["place"] = first_failing(
        {FROZEN: rows["frozen"].astype("bool"), WITH_PORTEUR: rows["porte"] & in_a_group(rows, members)}, WITHOUT_GROUP
    )
    return cast(rows, members.dtypes.to_dict())


def in_a_group(rows: pd.DataFrame, members: pd.DataFrame) -> pd.Series:
    """Whether the student of each row is in a group that lives in the course of the porteur, or that may."""
    concerned = members["place"].isin(LIVING) & among(members["code_etudiant"], rows["code_etudiant"])
    return has(rows, members.loc[concerned, PAIR], ["porteur", "code_etudiant"], PAIR)


def teacher_seats(
    refer: Mapping[str, pd.DataFrame],
    elements: pd.DataFrame,
    courses: pd.DataFrame,
    known: Known,
    before: pd.DataFrame,
) -> pd.DataFrame:
    """The ladder of teachers: every teacher on every sheet of every element, with the first rung that they fail.

    ``before``: code, porteur as of the last night that wrote.
    Columns: those of ``seance_ade``, porteur, key (the porteur's course), last (where those planned on a frozen porté
    stay, else null), composante, user_id, username, verdict:
        NON_PLANIFIE     no session is planned («Associer ne suffit pas !»)
        HORS_APOGEE      the sheet does not come from Apogée
        OBSOLETE         the sheet is obsolete
        PORTEUR_INCONNU  the link to the porteur is unusable
        ELEMENT_GELE     the porteur is frozen: the rows of its course stay as they are
        CODE_DOUBLE      the course has another's code
        COMPTE_ABSENT, COMPTE_GELE, COURS_EN_ATTENTE, COURS_ABSENT   ``Known.rungs``
        INSCRIT          teacher of the course ``key``
    """
    by_code = elements.set_index("code")
    rows = refer["seance_ade"][refer["seance_ade"]["code_enseignant"].notna()].reset_index(drop=True)
    rows["porteur"] = looked_up(rows["code_element"], by_code["porteur"])
    rows["key"] = rows["porteur"]
    stuck = among(rows["code_element"], elements.loc[elements["frozen"] & elements["porte"], "code"])
    last = before.drop_duplicates("code").set_index("code")["porteur"]
    rows["last"] = looked_up(rows["code_element"], last).where(stuck)
    rows["composante"] = looked_up(rows["porteur"], by_code["composante"])
    rows = known.of(rows, "staff", "code_enseignant")
    rows["verdict"] = first_failing(
        {
            **dict(zip(SHEETS, _sheets(rows), strict=True)),
            links.UNKNOWN: rows["porteur"].isna(),
            FROZEN: among(rows["porteur"], elements.loc[elements["frozen"], "code"]),
            DOUBLE: among(rows["porteur"], doubles(courses)),
            **known.rungs(rows),
        },
        SEATED,
    )
    return rows


def _sheets(rows: pd.DataFrame) -> list[pd.Series]:
    """What keeps a sheet from enrolling its teachers: unplanned, foreign, obsolete (piège 4)."""
    planned = (rows["seances"].fillna(0) > 0).astype("bool")
    return [~planned, rows["origine"] != "APOGEE", rows["obsolete"] != "N"]


def planned(teachers: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``teacher_seats`` whose sheet enrols, whatever becomes of them."""
    return teachers[~teachers["verdict"].isin(SHEETS)]
