"""How groups and their members are written: one course belongs to one worker.

Two groups of a course never share a call: see ``moodle.batches`` on what a rollback leaves behind.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ecampus.apply.offer import records
from ecampus.apply.people import numbered
from ecampus.apply.writer import BATCH, Route, Writer
from ecampus.changes.compare import has
from ecampus.moodle import batches, reads

DETOUR = 150  # characters kept of a name on its way, so that its code always fits


def create_groups(writer: Writer, rows: pd.DataFrame) -> None:
    """In their course."""
    items = [
        {"courseid": int(course), "name": f["name"], "idnumber": f["idnumber"], "description": ""}
        for course, f in zip(rows["course_id"], records(rows["after"]), strict=True)
    ]
    done = writer.send(rows, "core_group_create_groups", "groups", items, Route(lane=_course, apart=_course))
    places = zip(done["course_id"], done["place"], strict=True)
    writer.ids["group"].update(zip(places, done["moodle_id"], strict=True))


def rename_groups(writer: Writer, rows: pd.DataFrame) -> None:
    """Name and idnumber.

    Moodle 4.5 refuses a name that a group of the course still has, were it the same group in another case: those
    renames go through ``name (CODE)``, and a night that was killed there is healed by the next.
    """
    items = [
        {"id": int(id_), "name": f["name"], "idnumber": f["idnumber"]}
        for id_, f in zip(rows["moodle_id"], records(rows["after"]), strict=True)
    ]
    names = pd.DataFrame({"course": rows["course_id"].astype("int64").to_numpy()})
    now = names.assign(name=[f["name"].lower() for f in records(rows["before"])])
    new = names.assign(name=[f["name"].lower() for f in records(rows["after"])])
    clashing = new.merge(now.drop_duplicates().assign(busy=True), how="left")["busy"].eq(True)
    detour = [
        {**item, "name": f"{item['name'][:DETOUR]} ({item['idnumber']})"}
        for item, clash in zip(items, clashing, strict=True)
        if clash
    ]
    courses = dict(zip([item["id"] for item in items], names["course"], strict=True))

    def course(item: dict[str, Any]) -> int:
        return int(courses[item["id"]])

    batches.send(
        writer.client, "core_group_update_groups", "groups", detour,
        size=BATCH, apart=course, before_call=writer.allowed,
    )  # fmt: skip
    writer.send(rows, "core_group_update_groups", "groups", items, Route(apart=course))


def delete_groups(writer: Writer, rows: pd.DataFrame) -> None:
    """Read again before: a group into which somebody was put by hand meanwhile stays."""
    members = reads.group_members(writer.client, [int(id_) for id_ in rows["moodle_id"]])
    ours = writer.ledger["group_member"]
    kept = rows["moodle_id"].isin(members.loc[~has(members, ours, ["group_id", "user_id"]), "group_id"])
    writer.put_off(rows[kept], "quelqu'un y a été ajouté à la main")
    rows = rows[~kept]
    writer.send(rows, "core_group_delete_groups", "groupids", [int(id_) for id_ in rows["moodle_id"]])


def add_members(writer: Writer, rows: pd.DataFrame) -> None:
    """Of groups that were there or were created tonight."""
    rows = numbered(writer, rows, "group", ["course_id", "place"])
    writer.send(rows, "core_group_add_group_members", "members", _members(rows), _by_course(rows))


def remove_members(writer: Writer, rows: pd.DataFrame) -> None:
    """Memberships of ours only."""
    writer.send(rows, "core_group_delete_group_members", "members", _members(rows), _by_course(rows))


def _members(rows: pd.DataFrame) -> list[dict[str, int]]:
    return [{"groupid": int(g), "userid": int(u)} for g, u in zip(rows["place_id"], rows["user_id"], strict=True)]


def _by_course(rows: pd.DataFrame) -> Route:
    courses = dict(zip(rows["place_id"], rows["course_id"], strict=True))
    return Route(lane=lambda item: courses[item["groupid"]])


def _course(item: dict[str, Any]) -> int:
    return int(item["courseid"])
