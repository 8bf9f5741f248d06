"""Waiting until Moodle's own task has taken the enrolment table (design §3, «Publishing»)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from ecampus import plan
from ecampus.apply import journal
from ecampus.diff.keys import ROW
from ecampus.draft import Inputs
from ecampus.enrolment_table import EnrolmentTable
from ecampus.errors import ResidueLeft
from ecampus.intake import Systems
from ecampus.moodle import reads
from ecampus.progress import figure
from ecampus.store import REPLAY, Run

LOG = logging.getLogger("ecampus")
SEAT = ["course_id", "user_id", "role"]
SEEN = "taken.json"
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
    role). Once Moodle has shown that its task passed and every addition is taken, removals that stay visible over a few
    polls are hidden by another enrolment.
    """
    deadline, step, quiet = clock() + seconds, FIRST_PAUSE, 0
    missing, visible = added, removed
    passed = False
    while True:
        courses = sorted({*missing["course_id"], *visible["course_id"]})
        seats = read(courses)[SEAT].drop_duplicates() if courses else pd.DataFrame(columns=SEAT)
        before = len(missing) + len(visible)
        missing, visible = _absent(missing, seats, SEAT), visible.merge(seats, on=SEAT)
        moved = len(missing) + len(visible) < before
        passed, quiet = passed or moved, 0 if moved else quiet + 1
        settled = visible.empty or (passed and quiet >= QUIET_POLLS)
        if (settled and not missing["tonight"].any()) or clock() >= deadline:
            break
        LOG.info(
            "Inscriptions prises par ecampus : %s / %s ; retraits encore visibles : %s",
            figure(len(added) - len(missing)), figure(len(added)), figure(len(visible)),
        )  # fmt: skip
        pause(step)
        step = min(step * 1.5, LONGEST_PAUSE)
    return Taken(len(added) - len(missing), missing[ROW].reset_index(drop=True), len(visible))


def _absent(rows: pd.DataFrame, found: pd.DataFrame, on: list[str]) -> pd.DataFrame:
    beside = rows.merge(found[on].assign(found=True), on=on, how="left")
    return beside[beside["found"].isna()].drop(columns="found")


def follow(run: Run, systems: Systems, inputs: Inputs) -> Taken:
    """Wait for what was published tonight, look again at what earlier nights published, keep what is not taken.

    Raises ResidueLeft when Moodle took nothing of what was published tonight.
    """
    table = EnrolmentTable(systems.enrolment_hook()).rows()
    rows = unseen(run)
    added = plan.texts(rows.loc[rows["verb"] == "enrol", "after"], ROW).merge(table, on=ROW).assign(tonight=True)
    removed = plan.texts(rows.loc[rows["verb"] == "unenrol", "before"], ROW)
    late = inputs.memory["not_taken"].merge(table, on=ROW).assign(tonight=False)
    courses, users, client = inputs.existing["courses"], inputs.existing["users"], systems.moodle()
    expected = located(pd.concat([added, late]).drop_duplicates(ROW), courses, users)
    taken = wait(
        expected,
        located(_absent(removed, table, ROW).drop_duplicates(), courses, users),
        lambda ids: reads.enrolled(client, ids),
        inputs.settings.taking_seconds,
    )
    run.files.write_frame("not_taken.parquet", taken.not_taken)
    run.store.write_frame("memory/not_taken.parquet", taken.not_taken)
    _refuse_none(expected.loc[expected["tonight"], ROW], taken.not_taken)
    run.files.write_json(SEEN, {"taken": taken.taken, "unverifiable": taken.unverifiable})
    return taken


def unseen(run: Run) -> pd.DataFrame:
    """What the runs of this night did to the table: this one, and those that ended before they saw it taken."""
    folder = f"{run.night.isoformat()}/{run.phase}"
    runs = [replace(run, run_id=name) for name in run.store.names(folder) if not name.endswith(REPLAY)]
    entries = [journal.read(r.files) for r in runs if r == run or not r.files.exists(SEEN)]
    done = plan.in_order([part[part["outcome"] == "done"] for part in entries])
    return done[done["object"] == "enrolment"]


def _refuse_none(published: pd.DataFrame, not_taken: pd.DataFrame) -> None:
    if len(published) and len(published.merge(not_taken, on=ROW)) == len(published):
        raise ResidueLeft(
            f"ecampus n'a pris aucune des {figure(len(published))} inscriptions publiées cette nuit : vérifier que la"
            " tâche planifiée « Synchroniser les inscriptions externes » (enrol_database) est activée et que le cron de"
            " Moodle tourne ; les lignes restent dans la table et seront revérifiées."
        )
