"""Groups and their members, turned back to what they were before a night."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ecampus.changes import group_names, plan, since
from ecampus.changes.draft import Inputs
from ecampus.changes.group_leaving import HERE, archive_changes
from ecampus.changes.ours import present
from ecampus.changes.since import Turned, lost
from ecampus.joins import has

MEMBER: dict[str, Any] = {**HERE, "place_id": "place_id", "user_id": "user_id", "username": "login"}


def groups(done: pd.DataFrame, inputs: Inputs) -> Turned:
    """Names as they were, archives restored, members put back and taken out; what was created is emptied and ``ex_``.

    A group that was deleted stays so: with it went its members, and what teachers hung on it.
    """
    existing = inputs.existing
    ours, every = _ours(inputs), since.of(done, "group")
    made, deleted = (every.loc[every["verb"] == verb] for verb in ("create", "delete"))
    kept = every[~every["moodle_id"].isin([*made["moodle_id"], *deleted["moodle_id"]])]
    created = ours[ours["id"].isin(made["moodle_id"]) & ours["archived"].isna()]
    named = since.seen(kept, ["name", "idnumber"], existing["groups"], ours["id"])
    turned, taken = _names(named[named["stands"]], existing["groups"])
    turned = turned.assign(verb=_verbs(turned, ours))
    then = turned.rename(columns={"was_name": "then"})[["course_id", "then"]].rename(columns={"then": "name"})
    changes = [
        archive_changes(group_names.archived(created, existing["groups"], then)),
        *(_named(verb, turned[turned["verb"] == verb]) for verb in ("archive", "rename", "restore")),
    ]
    restored = turned.loc[turned["verb"] == "restore", "moodle_id"]
    members, unseated = _members(done, inputs, ours, created["id"], restored)
    return Turned(
        plan.in_order([*changes, members]),
        since.gathered(
            [
                lost(deleted, "DELETED"),
                lost(named[~named["here"]], "GONE"),
                lost(named[named["other"]], "CHANGED"),
                lost(taken, "TAKEN"),
                unseated,
            ]
        ),
    )


def _ours(inputs: Inputs) -> pd.DataFrame:
    """Our groups that were read: id, course_id, code, archived, scope, idnumber, old_name, key (of the course)."""
    rows = present(inputs.owned["group"].drop(columns="course_id"), inputs.existing["groups"])
    courses = inputs.owned["course"].drop_duplicates("id").set_index("id")["key"]
    return rows.rename(columns={"name": "old_name"}).assign(key=rows["course_id"].map(courses).astype("str"))


def _names(rows: pd.DataFrame, existing: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Those that can have their names back, and those of which another group of the course has one by now."""
    others = existing[~existing["id"].isin(rows["moodle_id"])]
    courses = rows["course_id"].astype("int64")
    names = group_names.places(courses, rows["was_name"].fillna(rows["now_name"]))
    taken = has(names, group_names.places(others["course_id"], others["name"]), group_names.PLACE)
    codes = pd.DataFrame({"course_id": courses, "code": rows["was_idnumber"].fillna("").str.upper()})
    taken |= codes["code"].ne("") & group_names.taken_codes(codes, others)
    return rows[~taken], rows[taken]


def _verbs(turned: pd.DataFrame, ours: pd.DataFrame) -> pd.Series:
    """``archive`` what that night restored, ``restore`` what it archived, ``rename`` the others."""
    now = turned["moodle_id"].isin(ours.loc[ours["archived"].notna(), "id"])
    was = turned["first"].eq("restore")
    verbs = pd.Series("rename", index=turned.index, dtype="str")
    return verbs.mask(now & ~was & turned["verb"].ne("rename"), "restore").mask(~now & was, "archive")


def _named(verb: str, rows: pd.DataFrame) -> pd.DataFrame:
    code = rows["key"].str.split(" / ").str[-1].astype("str")
    named = rows.assign(composante=rows["scope"], code=code.where(rows["verb"].ne("archive"), rows["was_idnumber"]))
    return plan.changes(
        "group", verb, named, key="key", name="was_name", moodle_id="moodle_id", **HERE,
        before={"idnumber": "now_idnumber", "name": "now_name"},
        after={"idnumber": "was_idnumber", "name": "was_name"},
    )  # fmt: skip


def _members(
    done: pd.DataFrame, inputs: Inputs, ours: pd.DataFrame, created: pd.Series, restored: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Added and removed, and those who cannot be put back; of groups that were created all that are ours go."""
    existing, held = inputs.existing, inputs.existing["group_members"]
    users = existing["users"].set_index("id")["username"]
    mine = inputs.owned["group_member"]
    mine = mine[has(mine, held, ["group_id", "user_id"])]
    found = since.members(since.of(done, "group_member"), held, mine, "group_id")
    found = found[~found["place_id"].isin(created)]
    group = ours[["id", "course_id", "code", "key", "scope"]].rename(columns={"key": "course", "scope": "composante"})
    found = found.drop(columns=["course_id"]).merge(group, left_on="place_id", right_on="id", how="left")
    found["login"] = found["user_id"].map(users).astype("str")
    known = found["id"].notna() & found["login"].notna()
    enrolled = has(found, existing["enrolled"], ["course_id", "user_id"])
    missing = found["verb"].eq("remove") & ~found["there"]
    named = found["course"] + " / " + found["code"]
    found["needs"] = (plan.change_id("group", "restore", "") + named).where(found["place_id"].isin(restored))
    leaving = found[known & found["verb"].eq("add") & found["there"] & found["ours"]]
    all_ = mine[mine["group_id"].isin(created)].rename(columns={"group_id": "place_id"})
    all_ = all_.merge(group, left_on="place_id", right_on="id").assign(login=lambda rows: rows["user_id"].map(users))
    keys = ["course", "code", "login"]
    back = found[missing & known & enrolled]
    return plan.in_order(
        [
            plan.changes("group_member", "add", back, key=keys, needs="needs", **MEMBER),
            plan.changes("group_member", "remove", leaving, key=keys, **MEMBER),
            plan.changes("group_member", "remove", all_[all_["login"].notna()], key=keys, **MEMBER),
        ]
    ), since.gathered([lost(found[missing & ~known], "GONE"), lost(found[missing & known & ~enrolled], "NOT_ENROLLED")])
