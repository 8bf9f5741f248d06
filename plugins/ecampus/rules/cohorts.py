"""One cohort per étape; its members are those who have an IA for it (03h45)."""

from __future__ import annotations

import pandas as pd

from ecampus.joins import among, beside, looked_up
from ecampus.rules import people, text
from ecampus.rules.verdicts import first_failing

MEMBER = "MEMBRE"


def desired_cohorts(etape: pd.DataFrame) -> pd.DataFrame:
    """One cohort per étape: code, name, composante."""
    return pd.DataFrame(
        {
            "code": etape["code"],
            "name": text.named(etape["code"], etape["libelle"], text.GROUP_NAME),
            "composante": etape["code_composante"],
        }
    )


def memberships(
    ia: pd.DataFrame, cohorts: pd.DataFrame, blocked: pd.Series, known: pd.DataFrame, frozen: pd.Series
) -> pd.DataFrame:
    """The ladder of cohorts: every student with an IA for an étape, with the first rung that they fail.

    ``cohorts``: ``desired_cohorts``. ``blocked``: codes that a cohort of somebody else carries. ``known``: population,
    code, user_id, username. ``frozen``: user_id of the accounts that are left exactly as they are.
    Columns: code_etudiant, code_etape, composante, user_id, username, verdict:
        ETAPE_INCONNUE  REFER does not have the étape, or its row cannot be read
        COMPTE_ABSENT   no account on ecampus
        COMPTE_GELE     the account is left exactly as it is
        CODE_PRIS       the cohort is somebody else's
        MEMBRE          member of the cohort of the étape
    """
    rows = ia[["code_etudiant", "code_etape"]].drop_duplicates(ignore_index=True)
    rows["composante"] = looked_up(rows["code_etape"], cohorts.set_index("code")["composante"])
    students = people.of_population(known, "student").rename(columns={"code": "code_etudiant"})
    rows = beside(rows, students, ["code_etudiant"]).astype({"user_id": "Int64"})
    rows["verdict"] = first_failing(
        {
            "ETAPE_INCONNUE": ~among(rows["code_etape"], cohorts["code"]),
            "COMPTE_ABSENT": rows["user_id"].isna(),
            "COMPTE_GELE": rows["user_id"].isin(frozen),
            "CODE_PRIS": among(rows["code_etape"], blocked),
        },
        MEMBER,
    )
    return rows


def desired_members(ladder: pd.DataFrame) -> pd.DataFrame:
    """cohort, composante, user_id, username: the good rows of ``memberships``, once for each account."""
    rows = ladder[ladder["verdict"] == MEMBER].rename(columns={"code_etape": "cohort"}).astype({"user_id": "int64"})
    return rows[["cohort", "composante", "user_id", "username"]].drop_duplicates(["cohort", "user_id"])
