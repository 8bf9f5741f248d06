"""The plan of 03h45: one system cohort per étape, its members those who have an IA for it and an account."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.draft import Draft, Inputs
from ecampus.changes.ours import present
from ecampus.joins import among, differs, has
from ecampus.rules import collation, people, referential, text, traps, unreadable
from ecampus.rules.cohorts import desired_cohorts, desired_members, memberships
from ecampus.rules.labels import ONE_CODE, cut_notes, double_notes
from ecampus.words import anomalies

MEMBER: dict[str, Any] = {"place": "cohort", "place_id": "cohort_id", "user_id": "user_id", "username": "username"}


def draft(inputs: Inputs) -> Draft:
    """Cohorts created and renamed, members added, then memberships of ours that no IA explains removed.

    A cohort that a plugin holds, or that somebody moved into a category, is not ours as long as it is so.
    """
    refer, met = referential.clean(inputs.source, inputs.settings.padding)
    existing, register = inputs.existing, inputs.owned
    wanted = desired_cohorts(refer["etape"])
    room = text.name_room(refer["etape"]["code"], text.GROUP_NAME)
    theirs = existing["cohorts"]["id"].isin(existing["foreign_cohorts"]["id"])
    here = owned_cohorts(existing["cohorts"][~theirs], register["cohort"])

    there = among(wanted["code"], here["code"])
    wanted["lower"] = collation.doubles(wanted["code"], there)
    doubled = wanted["lower"].notna()
    taken = collation.same(existing["cohorts"]["idnumber"].dropna())
    lost = ~there & ~doubled & among(collation.same(wanted["code"]), taken)
    blocked = doubled | lost
    known = people.accounts(existing["users"], register["account"], inputs.settings.forms)
    ladder = memberships(refer["inscription_administrative"], wanted, wanted.loc[blocked, "code"], known, inputs.frozen)
    members = desired_members(ladder)
    kept, orphans = here[among(here["code"], wanted["code"])], here[~among(here["code"], wanted["code"])]
    unread = unreadable.nameless(refer, "etape") | among(orphans["code"], unreadable.codes(refer, "etape"))
    orphans = orphans[~unread]
    doubts = doubtful_members(refer, known)
    return Draft(
        changes=plan.in_order(
            [diff(wanted[~blocked], here), diff_members(members, kept, existing, register, inputs.frozen, doubts)]
        ),
        anomalies=anomalies.gather(
            [
                met,
                double_notes("refer_etape", wanted[doubled], ONE_CODE),
                cut_notes("de l'étape", refer["etape"]["code"], refer["etape"]["libelle"], room),
                traps.absent(ladder, "code_etudiant", "L'étudiant"),
                anomalies.notes("COHORTE_SANS_ETAPE", orphans.assign(key=orphans["code"]), ["key"]),
                anomalies.notes(
                    "CODE_PRIS", wanted[lost].assign(objet="La cohorte", key=lambda rows: rows["code"]), ["key"]
                ),
            ]
        ),
        read={"cohort": len(wanted), "cohort_member": len(members)},
        verdicts={"cohorts": ladder},
    )


def doubtful_members(refer: dict[str, pd.DataFrame], known: pd.DataFrame) -> pd.DataFrame:
    """Whom an IA that cannot be read may keep in which cohort: cohort, username, null is any."""
    rows = unreadable.rows(refer, "inscription_administrative").rename(columns={"etape": "cohort"})
    return unreadable.of_accounts(rows[["cohort", "student"]], "student", known, "student")


def owned_cohorts(existing: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Our cohorts that Moodle still has: code, id, idnumber, old_name."""
    return present(register, existing).rename(columns={"name": "old_name"}).drop_duplicates("code")


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
    register: dict[str, pd.DataFrame],
    frozen: pd.Series,
    doubts: pd.DataFrame,
) -> pd.DataFrame:
    """``add`` then ``remove``; a member put in by hand is never removed.

    ``here``: our cohorts whose étape REFER still has. ``frozen``: user_id of accounts of which nothing moves.
    ``doubts``: ``doubtful_members``.
    """
    pair, there = ["cohort_id", "user_id"], existing["cohort_members"]
    rows = members.merge(here[["code", "id"]], left_on="cohort", right_on="code", how="left")
    rows = rows.rename(columns={"id": "cohort_id"}).astype({"cohort_id": "Int64"})
    ours = register["cohort_member"].merge(there[pair], on=pair)
    ours = ours.merge(here[["code", "id", "scope"]], left_on="cohort_id", right_on="id")
    names = existing["users"].set_index("id")["username"]
    gone = ours[~has(ours, rows, pair) & ours["user_id"].isin(existing["users"]["id"])]
    gone = gone.assign(cohort=gone["code"], username=gone["user_id"].map(names), composante=gone["scope"])
    gone = gone[~gone["user_id"].isin(frozen) & ~unreadable.explained(gone, doubts)]
    return plan.in_order(
        [
            plan.changes("cohort_member", "add", rows[~has(rows, there, pair)], key=["cohort", "username"], **MEMBER),
            plan.changes("cohort_member", "remove", gone, key=["cohort", "username"], **MEMBER),
        ]
    )
