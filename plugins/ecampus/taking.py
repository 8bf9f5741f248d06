"""Waiting until Moodle's own task has taken the enrolment table (design §3, «Publishing»)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ecampus import plan
from ecampus.diff.keys import ROW
from ecampus.draft import Inputs
from ecampus.enrolment_table import EnrolmentTable
from ecampus.errors import ResidueLeft
from ecampus.intake import Systems
from ecampus.moodle import reads
from ecampus.progress import figure
from ecampus.store import Run

LOG = logging.getLogger("ecampus")
SEAT = ["course_id", "user_id", "role"]
QUIET_POLLS = 3
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0


@dataclass(frozen=True)
class Taken:
    """``not_taken``: rows published that Moodle does not show; ``unverifiable``: removals another enrolment hides."""

    taken: int
    not_taken: pd.DataFrame
    unverifiable: int


def located(rows: pd.DataFrame, courses: pd.DataFrame, users: pd.DataFrame) -> pd.DataFrame:
    """Rows with the course_id and user_id that they name; rows that name nothing of Moodle's are left out."""
    by_key = courses.drop_duplicates("idnumber").set_index("idnumber")["id"]
    by_name = users.set_index("username")["id"]
    known = rows.assign(course_id=rows["course_idnumber"].map(by_key), user_id=rows["username"].map(by_name)).dropna(
        subset=["course_id", "user_id"]
    )
    return known.astype({"course_id": "int64", "user_id": "int64"})


def wait(
    added: pd.DataFrame,
    removed: pd.DataFrame,
    read: Callable[[list[int]], pd.DataFrame],
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> Taken:
    """Poll Moodle until it shows what was ``added`` and no longer what was ``removed``, at most ``seconds``.

    Both have the columns of the table, course_id and user_id; ``added`` also ``tonight`` (bool; the others are rows
    of earlier nights, looked at but not waited for). ``read``: active enrolments of courses (course_id, user_id,
    role). Once every addition is taken, removals that stay visible over a few polls are hidden by another enrolment.
    Raises ResidueLeft when Moodle took nothing of what was added tonight.
    """
    deadline, step, quiet = clock() + seconds, FIRST_PAUSE, 0
    missing, visible = added, removed
    while True:
        courses = sorted({*missing["course_id"], *visible["course_id"]})
        seats = read(courses)[SEAT].drop_duplicates() if courses else pd.DataFrame(columns=SEAT)
        before = len(missing) + len(visible)
        missing, visible = _absent(missing, seats), visible.merge(seats, on=SEAT)
        quiet = quiet + 1 if len(missing) + len(visible) == before else 0
        if not missing["tonight"].any() and (visible.empty or quiet >= QUIET_POLLS):
            break
        if clock() >= deadline:
            break
        LOG.info(
            "Inscriptions prises par ecampus : %s / %s ; retraits encore visibles : %s",
            figure(len(added) - len(missing)), figure(len(added)), figure(len(visible)),
        )  # fmt: skip
        pause(step)
        step = min(step * 1.5, LONGEST_PAUSE)
    tonight = int(added["tonight"].sum())
    late = int(missing["tonight"].sum())
    if tonight and late == tonight:
        raise ResidueLeft(
            f"ecampus n'a pris aucune des {figure(tonight)} inscriptions publiées cette nuit : vérifier que la tâche"
            " planifiée « Synchroniser les inscriptions externes » (enrol_database) est activée et que le cron de"
            " Moodle tourne ; les lignes restent dans la table et seront revérifiées."
        )
    return Taken(len(added) - len(missing), missing[ROW].reset_index(drop=True), len(visible))


def _absent(rows: pd.DataFrame, seats: pd.DataFrame) -> pd.DataFrame:
    beside = rows.merge(seats.assign(seated=True), on=SEAT, how="left")
    return beside[beside["seated"].isna()].drop(columns="seated")


def follow(run: Run, systems: Systems, inputs: Inputs, done: pd.DataFrame) -> Taken:
    """Wait for what this run published, look again at what earlier nights published, keep what is not taken.

    ``done``: the changes of the table that were made. Raises ResidueLeft as ``wait``.
    """
    rows = done[done["object"] == "enrolment"]
    added = plan.texts(rows.loc[rows["verb"] == "enrol", "after"], ROW).assign(tonight=True)
    removed = plan.texts(rows.loc[rows["verb"] == "unenrol", "before"], ROW)
    late = inputs.memory["not_taken"].merge(EnrolmentTable(systems.enrolment_hook()).rows(), on=ROW)
    expected = pd.concat([added, late.assign(tonight=False)]).drop_duplicates(ROW)
    courses, users, client = inputs.existing["courses"], inputs.existing["users"], systems.moodle()
    taken = wait(
        located(expected, courses, users),
        located(removed, courses, users),
        lambda ids: reads.enrolled(client, ids),
        inputs.settings.taking_seconds,
    )
    run.files.write_frame("not_taken.parquet", taken.not_taken)
    return taken
