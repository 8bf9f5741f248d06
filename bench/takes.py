"""How an invented Moodle takes a plan: what it creates and adds, ids handed out, frame by frame and never by row."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from bench.university import Frames
from ecampus.changes import gains, plan
from ecampus.register.owned import Owned

BORN = 1_790_000_000


def created(moodle: Frames, changes: pd.DataFrame) -> pd.DataFrame:
    """Take all that the plan creates or adds, in place; those changes with their new ids. Others are not taken."""
    done = []
    for (object_, verb), rows in changes.groupby(["object", "verb"], sort=False):
        if verb in TAKES.get(str(object_), {}):
            done.append(TAKES[str(object_)][str(verb)](moodle, rows))
    if any(rows["object"].iloc[0] == "enrolment" for rows in done):
        synchronised(moodle)
    return plan.in_order(done)


def counted(owned: Owned, done: pd.DataFrame, night: str) -> Owned:
    """The register once these changes are done."""
    return gains.fold(owned, done, night)


def synchronised(moodle: Frames) -> None:
    """Moodle's task of ``enrol_database``: whoever is in the table is enrolled."""
    rows = moodle["enrolment_rows"]
    courses = moodle["courses"].dropna(subset="idnumber").set_index("idnumber")["id"]
    users = moodle["users"].set_index("username")["id"]
    seats = pd.DataFrame(
        {
            "course_id": rows["course_idnumber"].map(courses),
            "user_id": rows["username"].map(users),
            "role": rows["role"],
        }
    )
    seats = seats.dropna().astype({"course_id": "int64", "user_id": "int64"})
    moodle["enrolled"] = pd.concat([moodle["enrolled"], seats], ignore_index=True).drop_duplicates(ignore_index=True)


def _fresh(moodle: Frames, name: str, rows: pd.DataFrame) -> np.ndarray:
    last = moodle[name]["id"].max() if len(moodle[name]) else 0
    return int(last) + 1 + np.arange(len(rows))


def _more(moodle: Frames, name: str, frame: pd.DataFrame) -> None:
    known = moodle[name]
    fresh = frame.reset_index(drop=True).reindex(columns=known.columns).astype(known.dtypes.to_dict())
    moodle[name] = pd.concat([known, fresh], ignore_index=True)


def _object(
    moodle: Frames, name: str, rows: pd.DataFrame, fields: list[str], more: Callable[[pd.DataFrame], pd.DataFrame]
) -> pd.DataFrame:
    made = plan.fields(rows["after"], fields).assign(id=_fresh(moodle, name, rows), course_id=rows["course_id"])
    _more(moodle, name, more(made))
    return rows.assign(moodle_id=pd.array(made["id"], dtype="Int64"))


def _accounts(moodle: Frames, rows: pd.DataFrame) -> pd.DataFrame:
    fields = ["username", "idnumber", "auth", "firstname", "lastname", "email"]
    return _object(moodle, "users", rows, fields, lambda made: made.assign(suspended=False))


def _categories(moodle: Frames, rows: pd.DataFrame) -> pd.DataFrame:
    def whole(made: pd.DataFrame) -> pd.DataFrame:
        known = pd.concat([_ids(moodle["categories"]), _ids(made)])
        return made.assign(parent_id=made["parent_code"].map(known).fillna(0), visible=True)

    return _object(moodle, "categories", rows, ["idnumber", "name", "parent_code"], whole)


def _courses(moodle: Frames, rows: pd.DataFrame) -> pd.DataFrame:
    def whole(made: pd.DataFrame) -> pd.DataFrame:
        category = made["category_code"].map(_ids(moodle["categories"]))
        return made.assign(category_id=category, visible=False, created=BORN)

    return _object(moodle, "courses", rows, ["idnumber", "shortname", "fullname", "category_code"], whole)


def _ids(frame: pd.DataFrame) -> pd.Series:
    return frame.dropna(subset="idnumber").set_index("idnumber")["id"]


def _cohorts(moodle: Frames, rows: pd.DataFrame) -> pd.DataFrame:
    return _object(moodle, "cohorts", rows, ["idnumber", "name"], lambda made: made)


def _groups(moodle: Frames, rows: pd.DataFrame) -> pd.DataFrame:
    return _object(moodle, "groups", rows, ["idnumber", "name"], lambda made: made)


def _cohort_members(moodle: Frames, rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.assign(place_id=rows["place_id"].fillna(rows["place"].map(_ids(moodle["cohorts"]))))
    _more(moodle, "cohort_members", rows.rename(columns={"place_id": "cohort_id"}))
    return rows


def _group_members(moodle: Frames, rows: pd.DataFrame) -> pd.DataFrame:
    groups = moodle["groups"].rename(columns={"idnumber": "place", "id": "fresh"})[["course_id", "place", "fresh"]]
    groups = groups.astype({"course_id": "Int64"}).drop_duplicates(["course_id", "place"])
    found = rows.merge(groups, on=["course_id", "place"], how="left", validate="many_to_one").set_axis(rows.index)
    rows = rows.assign(place_id=rows["place_id"].fillna(found["fresh"].astype("Int64")))
    _more(moodle, "group_members", rows.rename(columns={"place_id": "group_id"}))
    return rows


def _rows(moodle: Frames, rows: pd.DataFrame) -> pd.DataFrame:
    _more(moodle, "enrolment_rows", plan.rows(rows))
    return rows


TAKES: dict[str, dict[str, Callable[[Frames, pd.DataFrame], pd.DataFrame]]] = {
    "account": {"create": _accounts},
    "category": {"create": _categories},
    "course": {"create": _courses},
    "cohort": {"create": _cohorts},
    "cohort_member": {"add": _cohort_members},
    "group": {"create": _groups},
    "group_member": {"add": _group_members},
    "enrolment": {"enrol": _rows},
}
