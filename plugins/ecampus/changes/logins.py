"""What becomes of the rows of the enrolment table when a login changes hands: nobody inherits another's courses."""

from __future__ import annotations

import pandas as pd

from ecampus.changes import keys, plan
from ecampus.changes.draft import Inputs
from ecampus.changes.keys import CELLS, ROW
from ecampus.joins import among, has
from ecampus.rules import people
from ecampus.words import anomalies


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
    """Our rows that name no account which we serve, when one is gone from Moodle or somebody else takes the login.

    None as long as an account of ours is neither read nor known to be gone: the row may be its. A row that a killed
    run wrote for a login to come is kept.
    """
    users, vanished = inputs.existing["users"], gone(inputs)
    register = inputs.owned["account"][~inputs.owned["account"]["user_id"].isin(vanished)]
    table = inputs.existing["enrolment_rows"]
    ours = table[has(table, inputs.owned["enrolment"], ROW)]
    known = people.accounts(users, register, inputs.settings.forms)["username"]
    unread = ~register["user_id"].isin(users["id"])
    taken = pd.concat([users["username"], rows.loc[rows["new"], "wanted_uid"]])
    served = among(ours["username"], known) | among(ours["username"], moves["new"])
    goes = ~served if len(vanished) else ~served & among(ours["username"], taken)
    return ours.iloc[:0] if unread.any() else ours[goes]


def gone(inputs: Inputs) -> pd.Series:
    """The ids of the accounts of ours that Moodle says it has not, or that another has by now.

    A Moodle that was restored from a backup hands ids out again: ours is the id and the moment of creation.
    """
    users, register = inputs.existing["users"], inputs.owned["account"]
    found = inputs.existing.get("gone_accounts", pd.DataFrame({"user_id": pd.Series([], dtype="int64")}))
    moment = users.reindex(columns=["id", "created"]).drop_duplicates("id").set_index("id")["created"].astype("Int64")
    other = register["created"].ne(register["user_id"].map(moment).astype("Int64")).fillna(False).astype("bool")
    return pd.concat([found["user_id"], register.loc[other, "user_id"]]).drop_duplicates()


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
