"""Who must be in our groups: whom the rules put there, whom they miss, and who is no longer wanted."""

from __future__ import annotations

import pandas as pd

from ecampus.joins import beside, has, once
from ecampus.rules import teaching, unreadable

PLACE = ["course_id", "code"]
PAIR = ["group_id", "user_id"]


def entitled(seats: pd.DataFrame, groups: pd.DataFrame, ours: pd.DataFrame) -> pd.DataFrame:
    """Students that the rules put in each group: key, course_id, code, composante, user_id, username, group_id.

    group_id is null for a group that is created tonight. ``ours``: our groups, live or restored.
    """
    groups = beside(
        groups[["key", *PLACE, "composante"]], ours[[*PLACE, "id"]].rename(columns={"id": "group_id"}), PLACE
    )
    rows = seats[seats["verdict"] == teaching.SEATED].rename(columns={"code_groupe": "code"})
    rows = rows[["key", "code", "user_id", "username"]].astype({"user_id": "int64"})
    rows = beside(rows, groups.astype({"group_id": "Int64"}), ["key", "code"])
    rows = rows[rows["course_id"].notna()].astype({"course_id": "int64"})
    return once(rows, [*PLACE, "user_id"]).reset_index(drop=True)


def missing(wanted: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Whom the rules want and who are not in the group (``held``): added once Moodle shows them enrolled."""
    return wanted[~has(wanted, held, PAIR)]


def gone(wanted: pd.DataFrame, tended: pd.DataFrame, owned: pd.DataFrame, users: pd.DataFrame) -> pd.DataFrame:
    """Whom to remove: memberships of ours that the rules no longer want, enrolled or not.

    Columns: those of ``tended`` (group_id in place of id), group, user_id, username, composante.
    """
    rows = owned[~has(owned, wanted, PAIR)]
    found = rows[rows["user_id"].isin(users["id"])].merge(
        tended.rename(columns={"id": "group_id", "scope": "composante"}), on="group_id"
    )
    return found.assign(username=found["user_id"].map(users.set_index("id")["username"]), group=found["code"])


def doubtful(refer: dict[str, pd.DataFrame], known: pd.DataFrame) -> pd.DataFrame:
    """Whom rows that cannot be read may keep in our groups: group, element, foad, username; null is any.

    ``known``: ``people.accounts``.
    """
    doubts = unreadable.members(refer).drop(columns="view")
    return unreadable.of_accounts(doubts, "student", known, "student")
