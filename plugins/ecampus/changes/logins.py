"""What becomes of the rows of the enrolment table when a login changes hands: nobody inherits another's courses."""

from __future__ import annotations

import pandas as pd

from ecampus.changes import keys, plan
from ecampus.changes.draft import Inputs
from ecampus.changes.keys import CELLS, ROW
from ecampus.joins import among, has, looked_up
from ecampus.rules import people
from ecampus.rules.matching import PERSON
from ecampus.words import anomalies

UNSEEN = (
    "des inscriptions de la synchronisation nomment encore cet identifiant, et un compte connu d'elle n'est plus lu"
    " avec les autres : elles sont peut-être les siennes"
)


def renamed(rows: pd.DataFrame) -> pd.DataFrame:
    """The usernames that move: old, new, code, change_id."""
    moved = rows[~rows["new"] & rows["username"].ne(rows["wanted_uid"])]
    return pd.DataFrame(
        {
            "old": moved["username"],
            "new": moved["wanted_uid"],
            "code": moved["code"],
            "change_id": plan.change_id("account", "rename", "") + moved["wanted_uid"],
        }
    )


def around(rows: pd.DataFrame, moves: pd.DataFrame, inputs: Inputs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The changes of the enrolment table to make before and after the logins move.

    First our rows that are nobody's any more go, so that whoever takes the login takes no course with it.
    """
    table = inputs.existing["enrolment_rows"]
    orphans = keys.scoped(nobodys(rows, moves, inputs), inputs.owned["course"])
    before, after = keys.around(moves, "username", table[~has(table, orphans, ROW)], inputs.owned)
    copied = plan.rows(before)
    gone = plan.changes("enrolment", "unenrol", orphans[~has(orphans, copied, ROW)], key=ROW, **CELLS)
    return plan.in_order([gone, before[~has(copied, orphans, ROW)]]), after


def nobodys(rows: pd.DataFrame, moves: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Of ``unserved``, what goes: all when an account is gone from Moodle, else what names a login that somebody takes.

    None as long as one of our accounts is unseen: the row may be its.
    """
    ours = unserved(rows, moves, inputs)
    taken = pd.concat([inputs.existing["users"]["username"], rows.loc[rows["new"], "wanted_uid"], moves["new"]])
    if unseen(inputs):
        return ours.iloc[:0]
    return ours if len(gone(inputs)) else ours[among(ours["username"], taken)]


def put_off(entries: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """``entries``, of which those who would take a login that ``unserved`` rows name wait: they may be another's.

    AMBIGU, as long as one of our accounts is unseen; nothing else of the person's account is in doubt. Not whoever had
    an account that is gone: the rows are theirs.
    """
    if not unseen(inputs):
        return entries
    rows, register = entries[entries["usable"]], inputs.owned["account"]
    named = among(entries["wanted_uid"], unserved(rows, renamed(rows), inputs)["username"])
    waits = entries["usable"] & named & ~has(entries, register[register["user_id"].isin(gone(inputs))], PERSON)
    return entries.assign(
        verdict=entries["verdict"].mask(waits, "AMBIGU"),
        reason=entries["reason"].mask(waits, UNSEEN),
        usable=entries["usable"] & ~waits,
    )


def unserved(rows: pd.DataFrame, moves: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Our rows that name no account which we serve; less those that a killed run copied for a login to come.

    When an account is gone, one that is recognised tonight (a first login made it) is not the one that they named.
    """
    users, register, table = inputs.existing["users"], inputs.owned["account"], inputs.existing["enrolment_rows"]
    vanished = gone(inputs)
    ours = table[has(table, inputs.owned["enrolment"], ROW)]
    kept = register[~register["user_id"].isin(vanished)]
    known = people.accounts(users, kept, inputs.settings.forms)["username"]
    if len(vanished):
        recognised = ~rows["id"].isin(kept["user_id"]).astype("bool")
        known = known[~among(known, rows.loc[recognised, "username"].dropna())]
    coming = table.assign(username=looked_up(table["username"].str.lower(), moves.set_index("old")["new"]))
    return ours[~among(ours["username"], known) & ~has(ours, coming, ROW)]


def unseen(inputs: Inputs) -> bool:
    """Whether an account of ours is neither read nor known to be gone."""
    ours = inputs.owned["account"]["user_id"]
    return bool((~ours.isin(inputs.existing["users"]["id"]) & ~ours.isin(gone(inputs))).any())


def gone(inputs: Inputs) -> pd.Series:
    """The ids of the accounts of ours that Moodle says it has not, or that another has by now.

    A Moodle that was restored from a backup hands ids out again: ours is the id and the moment of creation.
    """
    users, register = inputs.existing["users"], inputs.owned["account"]
    found = inputs.existing.get("gone_accounts", pd.DataFrame({"user_id": pd.Series([], dtype="int64")}))
    moment = users.reindex(columns=["id", "created"]).drop_duplicates("id").set_index("id")["created"].astype("Int64")
    other = register["created"].ne(register["user_id"].map(moment).astype("Int64")).fillna(False).astype("bool")
    return pd.concat([found["user_id"], register.loc[other, "user_id"]]).drop_duplicates()


def forgotten(inputs: Inputs) -> pd.DataFrame:
    """The accounts that are gone, hence ours no longer: user_id, population; not before their rows can go."""
    ours = inputs.owned["account"][["user_id", "population"]]
    return ours.iloc[:0] if unseen(inputs) else ours[ours["user_id"].isin(gone(inputs))]


def inherited(rows: pd.DataFrame, moves: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """LIGNE_HERITEE: hand-made rows that name a login which is left, or taken, tonight."""
    table = inputs.existing["enrolment_rows"]
    theirs = table[~has(table, inputs.owned["enrolment"], ROW)]
    theirs = theirs.assign(login=theirs["username"].str.lower())
    new = rows.loc[rows["new"], ["wanted_uid", "code"]].rename(columns={"wanted_uid": "new"})
    taken = pd.concat([new, moves[["new", "code"]]])
    left = theirs.merge(moves, left_on="login", right_on="old")
    left = left.assign(raison="nomme l'ancien identifiant de " + left["code"] + ", devenu " + left["new"]
                       + " : qui recevra cet identifiant en héritera")  # fmt: skip
    come = theirs.merge(taken, left_on="login", right_on="new")
    come = come.assign(
        raison="nomme un identifiant qui devient cette nuit celui de " + come["code"] + ", qui en hérite"
    )
    return anomalies.notes("LIGNE_HERITEE", pd.concat([left, come]), ROW)
