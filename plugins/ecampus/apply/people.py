"""How accounts, cohorts and the rows of the enrolment table are written."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ecampus.apply.offer import SINCE, records
from ecampus.apply.writer import BATCH, Route, Writer
from ecampus.moodle import accounts, batches, methods
from ecampus.rules.addresses import SUSPENDED

ACCOUNT = ["username", "firstname", "lastname", "email", "idnumber", "auth"]


def create_accounts(writer: Writer, rows: pd.DataFrame) -> None:
    """With the managed authentication method, which Moodle must have: no password is sent, none is made."""
    items = [{name: f[name] for name in ACCOUNT} for f in records(rows["after"])]
    methods.require(writer.client, items[0]["auth"])
    writer.send(rows, "core_user_create_users", "users", items, Route(lane=_itself))


def update_accounts(writer: Writer, rows: pd.DataFrame) -> None:
    """Rename, update, unsuspend: only what differs is sent.

    Moodle refuses an address that another account still has: of those that exchange theirs, one has a provisional
    address in the meantime, and a night that was killed there is healed by the next.
    """
    items = [{"id": int(id_), **f} for id_, f in zip(rows["moodle_id"], records(rows["after"]), strict=True)]
    batches.send(
        writer.client, "core_user_update_users", "users", lent(rows, items), size=BATCH, before_call=writer.allowed
    )
    writer.send(rows, "core_user_update_users", "users", items)


def lent(rows: pd.DataFrame, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The provisional addresses of accounts whose address somebody takes before they have their new one."""
    now = [f.get("email", "").lower() for f in records(rows["before"])]
    later = {email: place for place, email in enumerate(now) if email}
    places = [later.get(item.get("email", "").lower(), -1) for item in items]
    waiting = sorted({taken for place, taken in enumerate(places) if taken > place})
    return [{"id": items[place]["id"], "email": f"{items[place]['id']}{SUSPENDED}"} for place in waiting]


def suspend_accounts(writer: Writer, rows: pd.DataFrame) -> None:
    """Read again before: only an account that still is the one planned is suspended."""
    now = accounts.named(writer.client, [int(id_) for id_ in rows["moodle_id"]]).set_index("id")["username"]
    same = rows["moodle_id"].map(now) == rows["key"]
    writer.put_off(rows[~same], SINCE)
    update_accounts(writer, rows[same])


def create_cohorts(writer: Writer, rows: pd.DataFrame) -> None:
    """System cohorts."""
    items = [
        {"categorytype": {"type": "system", "value": ""}, "name": f["name"], "idnumber": f["idnumber"]}
        for f in records(rows["after"])
    ]
    done = writer.send(rows, "core_cohort_create_cohorts", "cohorts", items)
    writer.ids["cohort"].update(zip(done["key"], done["moodle_id"], strict=True))


def rename_cohorts(writer: Writer, rows: pd.DataFrame) -> None:
    """Name and idnumber."""
    items = [
        {
            "id": int(id_),
            "categorytype": {"type": "system", "value": ""},
            "name": f["name"],
            "idnumber": f["idnumber"],
        }
        for id_, f in zip(rows["moodle_id"], records(rows["after"]), strict=True)
    ]
    writer.send(rows, "core_cohort_update_cohorts", "cohorts", items)


def add_cohort_members(writer: Writer, rows: pd.DataFrame) -> None:
    """A cohort to one worker."""
    rows = numbered(writer, rows, "cohort", ["place"])
    items = [
        {"cohorttype": {"type": "id", "value": int(cohort)}, "usertype": {"type": "id", "value": int(user)}}
        for cohort, user in zip(rows["place_id"], rows["user_id"], strict=True)
    ]
    writer.send(rows, "core_cohort_add_cohort_members", "members", items, Route(lane=_cohort))


def remove_cohort_members(writer: Writer, rows: pd.DataFrame) -> None:
    """Memberships of ours only."""
    items = [{"cohortid": int(c), "userid": int(u)} for c, u in zip(rows["place_id"], rows["user_id"], strict=True)]
    writer.send(rows, "core_cohort_delete_cohort_members", "members", items)


def publish(writer: Writer, rows: pd.DataFrame) -> None:
    """Rows of the enrolment table, all of them in one transaction."""
    writer.publish(rows)


def numbered(writer: Writer, rows: pd.DataFrame, kind: str, place: list[str]) -> pd.DataFrame:
    """Memberships with the Moodle id of their cohort or group, created tonight or not; else put off."""
    keys = rows[place[0]] if len(place) == 1 else pd.Series([*zip(*(rows[p] for p in place), strict=True)], rows.index)
    ids = rows["place_id"].fillna(keys.map(writer.ids[kind]).astype("Int64"))
    writer.put_off(rows[ids.isna()], "son groupe ou sa cohorte n'existe pas sur ecampus")
    return rows.assign(place_id=ids)[ids.notna()]


def _itself(item: dict[str, Any]) -> Any:
    return item["username"]


def _cohort(item: dict[str, Any]) -> Any:
    return item["cohorttype"]["value"]
