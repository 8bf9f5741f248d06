"""The plan of 00h00: «mise à jour des utilisateurs avec le LDAP».

Identity is population + code; Moodle's idnumber carries the code. Only accounts of the managed authentication method
are touched, never an excluded one; whatever is not certain is left alone and told (``rules.accounts``).
"""

from __future__ import annotations

import pandas as pd

from ecampus.changes import accounts, logins, plan, recoding
from ecampus.changes.draft import Draft, Inputs
from ecampus.changes.learned import learned
from ecampus.joins import looked_up
from ecampus.rules import referential, text
from ecampus.rules.accounts import LEFT_ALONE, Site, judged
from ecampus.rules.matching import PERSON
from ecampus.words import anomalies

NAME_LENGTH = 100  # Moodle 4.5: user.firstname, user.lastname
TOLD = {"SANS_CODE": "COMPTE_AMBIGU", "AMBIGU": "COMPTE_AMBIGU", "AUTRE_AUTH": "COMPTE_AUTRE_AUTH"}
KEPT = {
    "IDENTIFIANT_REFUSE": "son identifiant reste tel quel sur ecampus",
    "NOM_ABSENT": "ses noms restent tels quels sur ecampus",
    "EMAIL_ABSENT": "l'adresse de son compte reste telle quelle",
    "EMAIL_DOUBLE": "l'adresse de son compte reste telle quelle",
}
NOT_MADE = "son compte n'est pas créé"


def draft(inputs: Inputs) -> Draft:
    """Accounts renamed, suspended, updated, created and unsuspended; rows of the enrolment table around a rename."""
    people = cleaned(inputs.source["people"], inputs.settings.padding)
    existing, owned = inputs.existing, inputs.owned["account"]
    site = Site(inputs.settings.auth, frozenset(untouchable(inputs)), inputs.settings.forms)
    vanished = logins.gone(inputs)
    refer = in_refer(inputs)
    entries, left = judged(people, existing["users"], owned, vanished, refer, site)
    entries = logins.put_off(entries, inputs)
    named = pd.concat([people[PERSON].dropna(), refer], ignore_index=True)
    recoded = recoding.accounts(entries, named, vanished, inputs)

    rows = entries[entries["usable"]].reset_index(drop=True)
    moves = logins.renamed(rows)
    before, after = logins.around(rows, moves, inputs)
    leaving = accounts.leaving(left)
    changes = [
        before,
        accounts.rename_changes(rows),
        after,
        recoding.account_changes(recoded),
        accounts.suspend_changes(leaving),
        accounts.update_changes(rows, leaving),
        accounts.create_changes(rows[rows["new"]], inputs.settings.auth),
        accounts.unsuspend_changes(rows, owned),
    ]
    return Draft(
        changes=plan.in_order(changes),
        anomalies=anomalies.gather([*told(entries, recoded), logins.inherited(rows, moves, inputs)]),
        read={"account": len(rows)},
        recognised={"account": learned(entries, left, owned, existing["users"], inputs.settings.night.isoformat())},
        forgotten={"account": logins.forgotten(inputs)},
        verdicts={"accounts": entries, "owned_accounts": left},
    )


def untouchable(inputs: Inputs) -> set[str]:
    """Usernames never touched: those of ``exclude``, and of site administrators where Moodle's database shows them."""
    users, admins = inputs.existing["users"], inputs.existing["site_admins"]
    return {*inputs.settings.exclude, *users.loc[users["id"].isin(admins["user_id"]), "username"]}


def in_refer(inputs: Inputs) -> pd.DataFrame:
    """Everybody whom REFER names: population, code."""
    padding = inputs.settings.padding
    students = referential.person_codes(inputs.source["inscription_administrative"]["code_etudiant"], padding.student)
    staff = referential.person_codes(inputs.source["seance_ade"]["code_enseignant"], padding.staff)
    both = {"student": students, "staff": staff}
    return (
        pd.concat([pd.DataFrame({"population": population, "code": codes}) for population, codes in both.items()])
        .dropna()
        .drop_duplicates(ignore_index=True)
    )


def told(entries: pd.DataFrame, recoded: pd.DataFrame) -> list[pd.DataFrame]:
    """The anomalies of the entries whose verdict is not good, and FICHE_ILLISIBLE. ``recoded``: uid, old."""
    asked = "dire d'abord si c'est la même personne (« make approve »), car son code était "
    before = looked_up(entries["uid"], recoded.set_index("uid")["old"]).astype("str")
    rows = entries.assign(
        uid=entries["uid"].fillna("vide"),
        code_personne=entries["code"].fillna("vide"),
        raison=(asked + before + ", qui n'est plus nulle part").fillna(entries["reason"]),
        effet=entries["verdict"].map(KEPT).mask(entries["new"], NOT_MADE),
        attributs=entries["unreadable"],
    )
    key = ["uid", "code_personne"]
    unreadable = rows["unreadable"].notna() & rows["verdict"].ne("EXCLU")
    by_verdict = [
        anomalies.notes(TOLD.get(verdict, verdict), rows[rows["verdict"].eq(verdict)], key)
        for verdict in (*LEFT_ALONE[1:], *KEPT)
    ]
    return [*by_verdict, anomalies.notes("FICHE_ILLISIBLE", rows[unreadable], key)]


def cleaned(people: pd.DataFrame, padding: referential.PersonCodes) -> pd.DataFrame:
    """LDAP's people with lower-case uids, padded codes, names that Moodle accepts."""
    frame = people.copy()
    width = {"student": padding.student, "staff": padding.staff}
    frame["code"] = frame["code"].astype("str")
    for population, size in width.items():
        mine = frame["population"] == population
        frame.loc[mine, "code"] = referential.person_codes(frame.loc[mine, "code"], size)
    frame["uid"] = frame["uid"].astype("str").str.strip().str.lower()
    for column in ("sn", "given_name"):
        name = text.clean_labels(frame[column]).str.slice(0, NAME_LENGTH)
        frame[column] = name.where(name != "")
    frame["mail"] = frame["mail"].astype("str").str.strip()
    return frame.drop_duplicates(ignore_index=True)
