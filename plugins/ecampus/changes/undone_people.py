"""Accounts, cohorts and rows of the enrolment table, turned back to what they were before a night."""

from __future__ import annotations

import pandas as pd

from ecampus.changes import keys, plan, since
from ecampus.changes.draft import Inputs
from ecampus.changes.keys import CELLS, ROW
from ecampus.changes.ours import present
from ecampus.changes.since import Turned, lost
from ecampus.changes.users import untouchable
from ecampus.joins import among, has
from ecampus.rules import addresses

FIELDS = ("firstname", "lastname", "email", "idnumber")


def accounts(done: pd.DataFrame, inputs: Inputs) -> Turned:
    """Logins and fields as they were, suspensions lifted and put back; an account that was created is suspended.

    Rows that were nobody's any more do not come back: whoever took the login would inherit them.
    """
    users = inputs.existing["users"]
    mine = _touchable(inputs)
    every = since.of(done, "account")
    created = every.loc[every["verb"] == "create", "moodle_id"]
    kept = every[~every["moodle_id"].isin(created)]

    rows = since.seen(since.of(kept, "account", "rename", "update"), ["username", *FIELDS], users, mine["id"])
    told = rows["left_username"].notna()
    moved = rows[told & rows["here"] & rows["now_username"].eq(rows["left_username"])]
    taken = among(moved["was_username"], users.loc[~users["id"].isin(moved["moodle_id"]), "username"])
    moved, blocked = moved[~taken], moved[taken]
    names = users.set_index("id")["username"]
    names = names.mask(names.index.isin(moved["moodle_id"]), moved.set_index("moodle_id")["was_username"])
    renames = _renames(moved)
    moves = pd.DataFrame(
        {"old": moved["now_username"], "new": moved["was_username"], "change_id": plan.change_ids(renames).array}
    )
    before, after = keys.around(moves, "username", inputs.existing["enrolment_rows"], inputs.owned)
    updates, unsent = _updates(rows, users, names)

    suspended = mine.loc[mine["suspended"], "id"]
    back, away = _suspensions(kept)
    back = back[back["moodle_id"].isin(inputs.owned["account"].loc[inputs.owned["account"]["suspended"], "user_id"])]
    away = pd.concat([away, every[every["moodle_id"].isin(created)].drop_duplicates("moodle_id")])
    away = away[away["moodle_id"].isin(mine["id"]) & ~away["moodle_id"].isin(suspended)]
    called = rows["now_username"]
    other = rows[told & rows["here"] & called.ne(rows["left_username"]) & called.ne(rows["was_username"])]
    return Turned(
        plan.in_order(
            [
                before,
                renames,
                after,
                _suspended("unsuspend", back[back["moodle_id"].isin(suspended)], names),
                updates,
                _suspended("suspend", away, names),
            ]
        ),
        since.gathered(
            [
                lost(since.of(done, "enrolment", "unenrol"), "NOBODY"),
                lost(rows[~rows["here"]], "GONE"),
                lost(other, "CHANGED"),
                lost(blocked, "TAKEN"),
                lost(since.of(done, "account", "recode"), "RECODED"),
                *unsent,
            ]
        ),
    )


def _touchable(inputs: Inputs) -> pd.DataFrame:
    """The accounts that are ours, of the managed authentication method, nobody's who may not be touched."""
    users, owned = inputs.existing["users"], inputs.owned["account"].rename(columns={"user_id": "id"})
    mine = users["id"].isin(present(owned, users)["id"]) & users["auth"].eq(inputs.settings.auth)
    return users[mine & ~users["username"].isin(untouchable(inputs))]


def _renames(moved: pd.DataFrame) -> pd.DataFrame:
    return plan.changes(
        "account", "rename", moved, key="was_username", moodle_id="moodle_id", place="place", username="was_username",
        before={"username": "now_username"}, after={"username": "was_username"},
    )  # fmt: skip


def _updates(rows: pd.DataFrame, users: pd.DataFrame, names: pd.Series) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The fields that still are as they were left; those that are not, or whose value nobody can give back."""
    work = pd.DataFrame({"id": rows["moodle_id"], "uid": rows["moodle_id"].map(names).astype("str")})
    unsent = []
    for field in FIELDS:
        now, was, left = (rows[f"{side}_{field}"] for side in ("now", "was", "left"))
        told = left.notna() & rows["here"] & now.fillna("").ne(was)
        stands = told & now.fillna("").eq(left)
        empty = stands & was.eq("") & (field != "idnumber")
        unsent += [lost(rows[told & ~stands], "CHANGED"), lost(rows[empty], "EMPTY")]
        work[f"old_{field}"], work[f"new_{field}"] = now.where(stands & ~empty), was.where(stands & ~empty)
    held = _still_held(work, users)
    unsent.append(lost(rows[held], "ADDRESS"))
    for side in ("old", "new"):
        work[f"{side}_email"] = work[f"{side}_email"].mask(held)
    work = work[work[[f"new_{field}" for field in FIELDS]].notna().any(axis="columns")]
    order = addresses.in_order(work.rename(columns={"old_email": "old", "new_email": "new"})[["uid", "old", "new"]])
    return plan.changes(
        "account", "update", work.loc[order], key="uid", moodle_id="id",
        before={field: f"old_{field}" for field in FIELDS}, after={field: f"new_{field}" for field in FIELDS},
    ), unsent  # fmt: skip


def _still_held(work: pd.DataFrame, users: pd.DataFrame) -> pd.Series:
    """Which accounts cannot have their address back, for another has it and does not give it back itself."""
    held = pd.Series(False, index=work.index)
    address = users.set_index("id")["email"].str.lower()
    while True:
        giving = work.loc[work["new_email"].notna() & ~held, "id"]
        busy = address[~address.index.isin(giving)].dropna()
        more = ~held & work["new_email"].notna() & among(work["new_email"].str.lower(), busy)
        if not more.any():
            return held
        held |= more


def _suspensions(kept: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Whom that night suspended, in sum, and whom it let in again."""
    rows = since.of(kept, "account", "suspend", "unsuspend")
    first = rows.drop_duplicates("moodle_id").set_index("moodle_id")["verb"]
    last = rows.drop_duplicates("moodle_id", keep="last")
    last = last[last["verb"].eq(last["moodle_id"].map(first)).astype("bool")]
    return last[last["verb"] == "suspend"], last[last["verb"] == "unsuspend"]


def _suspended(verb: str, rows: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    told = rows.assign(
        login=rows["moodle_id"].map(names).astype("str"), now=verb == "unsuspend", then=verb == "suspend"
    )
    return plan.changes(
        "account", verb, told, key="login", moodle_id="moodle_id", before={"suspended": "now"},
        after={"suspended": "then"},
    )  # fmt: skip


def cohorts(done: pd.DataFrame, inputs: Inputs) -> Turned:
    """Names as they were, members put back and taken out again; a cohort that was created stays.

    Cohort enrolments of hand-made spaces hang on it.
    """
    existing, owned, users = inputs.existing, inputs.owned, inputs.existing["users"]
    there = present(owned["cohort"], existing["cohorts"])["id"]
    there = there[~there.isin(existing["foreign_cohorts"]["id"])]
    every = since.of(done, "cohort")
    created = every[every["verb"] == "create"]
    rows = since.seen(
        every[~every["moodle_id"].isin(created["moodle_id"])], ["name", "idnumber"], existing["cohorts"], there
    )
    found = since.members(
        since.of(done, "cohort_member"), existing["cohort_members"], owned["cohort_member"], "cohort_id"
    )
    found["login"] = found["user_id"].map(users.set_index("id")["username"]).astype("str")
    here, known = found["place_id"].isin(there).astype("bool"), found["login"].notna()
    added, missing = found["verb"].eq("add"), found["verb"].eq("remove") & ~found["there"]
    return Turned(
        plan.in_order(
            [
                plan.changes(
                    "cohort", "rename", rows[rows["stands"]], key="key", name="was_name", moodle_id="moodle_id",
                    place="place", scope="scope",
                    before={"idnumber": "now_idnumber", "name": "now_name"},
                    after={"idnumber": "was_idnumber", "name": "was_name"},
                ),
                _cohort_members("add", found[missing & here & known]),
                _cohort_members("remove", found[added & here & known & found["there"] & found["ours"]]),
            ]
        ),
        since.gathered(
            [
                lost(created[created["moodle_id"].isin(there)], "KEPT"),
                lost(rows[~rows["here"]], "GONE"),
                lost(rows[rows["other"]], "CHANGED"),
                lost(found[missing & ~(here & known)], "GONE"),
            ]
        ),
    )  # fmt: skip


def _cohort_members(verb: str, rows: pd.DataFrame) -> pd.DataFrame:
    return plan.changes(
        "cohort_member", verb, rows.assign(composante=rows["scope"]), key=["place", "login"], place="place",
        place_id="place_id", user_id="user_id", username="login",
    )  # fmt: skip


def enrolments(done: pd.DataFrame, earlier: pd.DataFrame, inputs: Inputs) -> Turned:
    """Rows that were added taken away, those that were taken away put back, under the codes and logins of now.

    ``earlier``: what the phases of accounts and of the offer did that night; an object that they named is known by its
    id, whatever it is called since.
    """
    users, courses, table = inputs.existing["users"], inputs.existing["courses"], inputs.existing["enrolment_rows"]
    rows = since.of(done, "enrolment", "enrol", "unenrol")
    rows = rows.assign(
        username=_now_called(rows["username"], since.of(earlier, "account"), "key", users, "username"),
        place=_now_called(rows["place"], since.of(earlier, "course"), "place", courses, "idnumber"),
    )
    by = ["place", "username", "role"]
    last = rows.drop_duplicates(by, keep="last").reset_index(drop=True)
    first = rows.drop_duplicates(by).set_index(by)["verb"].reindex(pd.MultiIndex.from_frame(last[by]))
    last = last[last["verb"].eq(first.to_numpy()).astype("bool")].reset_index(drop=True)
    there, ours = has(last, table, by, ROW), has(last, inputs.owned["enrolment"], by, ROW)
    known = among(last["username"], users["username"]) & among(last["place"], courses["idnumber"].dropna())
    added, missing = last["verb"].eq("enrol"), last["verb"].eq("unenrol") & ~there
    return Turned(
        plan.in_order([_rows("enrol", last[missing & known]), _rows("unenrol", last[added & there & ours])]),
        since.gathered([lost(last[missing & ~known], "NOBODY")]),
    )


def _now_called(names: pd.Series, done: pd.DataFrame, named: str, now: pd.DataFrame, column: str) -> pd.Series:
    """How what was called so that night is called now; what no change of that night names is called as it was."""
    ids = done.drop_duplicates(named, keep="last").dropna(subset=["moodle_id"]).set_index(named)["moodle_id"]
    found = names.map(ids).map(now.drop_duplicates("id").set_index("id")[column]).astype("str")
    return found.fillna(names)


def _rows(verb: str, rows: pd.DataFrame) -> pd.DataFrame:
    named = rows.assign(composante=rows["scope"], course_idnumber=rows["place"])
    return plan.changes("enrolment", verb, named, key=ROW, **CELLS)
