"""How groups and their members are written: one course belongs to one worker.

Two groups of a course never share a call: see ``moodle.batches`` on what a rollback leaves behind.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ecampus.apply.offer import records
from ecampus.apply.people import numbered
from ecampus.apply.writer import BATCH, Route, Writer
from ecampus.changes import group_names, plan
from ecampus.joins import differs, has
from ecampus.moodle import batches, reads

DETOUR = 150  # characters kept of a name on its way, so that what tells it from others always fits


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

    Moodle 4.5 refuses a name or a code that a group of the course still has, were it the same group in another case:
    those go through a name of passage without a code, and a night that was killed there is healed by the next.
    """
    items = [
        {"id": int(id_), "name": f["name"], "idnumber": f["idnumber"]}
        for id_, f in zip(rows["moodle_id"], records(rows["after"]), strict=True)
    ]
    detour = [
        {"id": item["id"], "name": f"{item['name'][:DETOUR]} (ecampus {item['id']})", "idnumber": ""}
        for item, clash in zip(items, crossing(rows), strict=True)
        if clash
    ]
    courses = dict(zip(rows["moodle_id"], rows["course_id"], strict=True))

    def course(item: dict[str, Any]) -> int:
        return int(courses[item["id"]])

    batches.send(
        writer.client, "core_group_update_groups", "groups", detour,
        size=BATCH, apart=course, before_call=writer.allowed,
    )  # fmt: skip
    writer.send(rows, "core_group_update_groups", "groups", items, Route(apart=course))


def crossing(rows: pd.DataFrame) -> pd.Series:
    """Renames to a name or a code that one of these groups has now."""
    now, new = (plan.fields(rows[side], ["name", "idnumber"]) for side in ("before", "after"))
    course = rows["course_id"]
    named, names = (group_names.places(course, side["name"]) for side in (new, now))
    taken = has(named, names, group_names.PLACE)
    codes = group_names.taken_codes(
        pd.DataFrame({"course_id": course, "code": new["idnumber"].str.upper()}), now.assign(course_id=course)
    )
    return (taken & differs(now["name"], new["name"])) | (codes & differs(now["idnumber"], new["idnumber"]))


def delete_groups(writer: Writer, rows: pd.DataFrame) -> None:
    """Read again before: a group that somebody uses meanwhile, by a member of theirs or in a grouping, stays."""
    members = reads.group_members(writer.client, [int(id_) for id_ in rows["moodle_id"]])
    ours = writer.owned["group_member"]
    kept = rows["moodle_id"].isin(members.loc[~has(members, ours, ["group_id", "user_id"]), "group_id"])
    writer.put_off(rows[kept], "quelqu'un y a été ajouté à la main")
    rows = rows[~kept]
    grouped = reads.groupings(writer.client, sorted({int(course) for course in rows["course_id"]}))
    kept = rows["moodle_id"].isin(grouped["group_id"])
    writer.put_off(rows[kept], "il a été mis dans un groupement")
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
