"""What people do by hand in an invented Moodle, once a night has been played; ecampus must leave all of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bench.university import Frames
from ecampus.changes.enrolments import STUDENT, TEACHER
from ecampus.register.owned import Owned

OPENED = 0.85  # share of the courses that their teachers have shown


def everything(moodle: Frames, owned: Owned) -> None:
    """Courses shown, groups of a teacher's own, members and enrolments put in, rows typed into the table; in place."""
    rng = np.random.default_rng(7)
    courses = moodle["courses"]
    moodle["courses"] = courses.assign(visible=courses["visible"] | (rng.random(len(courses)) < OPENED))
    _groups(moodle, owned["course"]["id"], rng)
    users = moodle["users"]["id"].to_numpy()
    _add(moodle, "group_members", group_id=_drawn(moodle["groups"]["id"], 0.1, rng), user_id=users, rng=rng)
    _add(moodle, "enrolled", course_id=_drawn(owned["course"]["id"], 0.1, rng), user_id=users, role=STUDENT, rng=rng)
    keys = _drawn(owned["course"]["idnumber"], 0.1, rng)
    logins = moodle["users"]["username"].to_numpy()
    _add(moodle, "enrolment_rows", course_idnumber=keys, username=logins, role=TEACHER, rng=rng)


def _drawn(values: pd.Series, share: float, rng: np.random.Generator) -> np.ndarray:
    return rng.choice(values.to_numpy(), max(1, round(share * len(values))))


def _groups(moodle: Frames, courses: pd.Series, rng: np.random.Generator) -> None:
    own = _drawn(courses, 0.01, rng)
    last = int(moodle["groups"]["id"].max())
    _more(
        moodle, "groups", {"id": last + 1 + np.arange(len(own)), "course_id": own, "name": "Binômes", "idnumber": None}
    )


def _add(moodle: Frames, name: str, rng: np.random.Generator, **columns: object) -> None:
    """As many rows as the first column has values; the others are drawn."""
    number = len(next(iter(columns.values())))  # type: ignore[arg-type]
    drawn = {
        column: values if isinstance(values, str) or len(values) == number else rng.choice(values, number)
        for column, values in columns.items()
    }
    _more(moodle, name, drawn)


def _more(moodle: Frames, name: str, columns: dict[str, object]) -> None:
    known = moodle[name]
    fresh = pd.DataFrame(columns).reindex(columns=known.columns).astype(known.dtypes.to_dict())
    identity = [column for column in known if column != "created"]
    moodle[name] = pd.concat([known, fresh], ignore_index=True).drop_duplicates(identity, ignore_index=True)
