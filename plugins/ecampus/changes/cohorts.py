"""The plan of 03h45: one system cohort per étape, its members those who have an IA for it and an account."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.compare import differs, has
from ecampus.changes.draft import Draft, Inputs
from ecampus.changes.ours import present
from ecampus.rules import people, referential, text
from ecampus.rules.labels import cut_notes
from ecampus.words import anomalies

MEMBER: dict[str, Any] = {"place": "cohort", "place_id": "cohort_id", "user_id": "user_id", "username": "username"}


def draft(inputs: Inputs) -> Draft:
    """Cohorts created and renamed, members added, then memberships of ours that no IA explains removed.

    A cohort that a plugin holds, or that somebody moved into a category, is not ours as long as it is so.
    """
    refer, met = referential.clean(inputs.source, inputs.settings.padding)
    existing, ledger = inputs.existing, inputs.ledger
    known = people.of_population(
        people.accounts(existing["users"], ledger["account"], inputs.settings.forms), "student"
    )
    wanted = desired_cohorts(refer["etape"])
    room = text.name_room(refer["etape"]["code"], text.GROUP_NAME)
    theirs = existing["cohorts"]["id"].isin(existing["foreign_cohorts"]["id"])
    here = owned_cohorts(existing["cohorts"][~theirs], ledger["cohort"])

    taken = existing["cohorts"].loc[~existing["cohorts"]["id"].isin(here["id"]), "idnumber"].str.upper()
    blocked = wanted["code"].isin(taken) & ~wanted["code"].isin(here["code"])
    members = desired_members(refer["inscription_administrative"], wanted[~blocked], known)
    absent = people.absent(refer["inscription_administrative"]["code_etudiant"], known["code"], "L'étudiant")
    kept, orphans = here[here["code"].isin(wanted["code"])], here[~here["code"].isin(wanted["code"])]
    return Draft(
        changes=plan.in_order([diff(wanted[~blocked], here), diff_members(members, kept, existing, ledger)]),
        anomalies=anomalies.gather(
            [
                met,
                cut_notes("de l'étape", refer["etape"]["code"], refer["etape"]["libelle"], room),
                anomalies.notes("COMPTE_ABSENT", absent, ["qui", "code_personne"]),
                anomalies.notes("COHORTE_SANS_ETAPE", orphans.assign(key=orphans["code"]), ["key"]),
                anomalies.notes(
                    "CODE_PRIS", wanted[blocked].assign(objet="La cohorte", key=lambda rows: rows["code"]), ["key"]
                ),
            ]
        ),
        read={"cohort": len(wanted), "cohort_member": len(members)},
    )


def desired_cohorts(etape: pd.DataFrame) -> pd.DataFrame:
    """One cohort per étape: code, name, composante."""
    return pd.DataFrame(
        {
            "code": etape["code"],
            "name": text.named(etape["code"], etape["libelle"], text.GROUP_NAME),
            "composante": etape["code_composante"],
        }
    )


def desired_members(ia: pd.DataFrame, cohorts: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """cohort, composante, user_id, username: students with an IA for the étape who have an account."""
    rows = ia[["code_etudiant", "code_etape"]].drop_duplicates()
    rows = rows.merge(cohorts[["code", "composante"]], left_on="code_etape", right_on="code").drop(columns="code")
    rows = rows.merge(known, left_on="code_etudiant", right_on="code")
    return rows.rename(columns={"code_etape": "cohort"})[["cohort", "composante", "user_id", "username"]]


def owned_cohorts(existing: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Our cohorts that Moodle still has: code, id, idnumber, old_name."""
    return present(ledger, existing).rename(columns={"name": "old_name"}).drop_duplicates("code")


def diff(wanted: pd.DataFrame, here: pd.DataFrame) -> pd.DataFrame:
    """``create`` and ``rename``; a cohort whose étape vanished stays as it is."""
    rows = wanted.merge(here, on="code", how="left")
    astray = rows["id"].notna() & (differs(rows["old_name"], rows["name"]) | differs(rows["idnumber"], rows["code"]))
    return plan.in_order(
        [
            plan.changes(
                "cohort", "create", rows[rows["id"].isna()], key="code", name="name", place="code",
                after={"idnumber": "code", "name": "name"},
            ),
            plan.changes(
                "cohort", "rename", rows[astray], key="code", name="name", moodle_id="id", place="code",
                before={"idnumber": "idnumber", "name": "old_name"}, after={"idnumber": "code", "name": "name"},
            ),
        ]
    )  # fmt: skip


def diff_members(
    members: pd.DataFrame,
    here: pd.DataFrame,
    existing: dict[str, pd.DataFrame],
    ledger: dict[str, pd.DataFrame],
) -> pd.DataFrame:
    """``add`` then ``remove``; a member put in by hand is never removed.

    ``here``: our cohorts whose étape REFER still has.
    """
    pair, there = ["cohort_id", "user_id"], existing["cohort_members"]
    rows = members.merge(here[["code", "id"]], left_on="cohort", right_on="code", how="left")
    rows = rows.rename(columns={"id": "cohort_id"}).astype({"cohort_id": "Int64"})
    ours = ledger["cohort_member"].merge(there, on=pair)
    ours = ours.merge(here[["code", "id", "scope"]], left_on="cohort_id", right_on="id")
    names = existing["users"].set_index("id")["username"]
    gone = ours[~has(ours, rows, pair) & ours["user_id"].isin(existing["users"]["id"])]
    gone = gone.assign(cohort=gone["code"], username=gone["user_id"].map(names), composante=gone["scope"])
    return plan.in_order(
        [
            plan.changes("cohort_member", "add", rows[~has(rows, there, pair)], key=["cohort", "username"], **MEMBER),
            plan.changes("cohort_member", "remove", gone, key=["cohort", "username"], **MEMBER),
        ]
    )
