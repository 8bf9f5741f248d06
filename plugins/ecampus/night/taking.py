"""Waiting until Moodle's own task has taken the enrolment table (docs/rules.md, «Publishing»)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ecampus.changes.draft import Inputs
from ecampus.changes.keys import ROW
from ecampus.errors import ResidueLeft
from ecampus.joins import has
from ecampus.moodle.reader import Reader
from ecampus.night import intake
from ecampus.night.intake import Systems
from ecampus.register.register import Register
from ecampus.store.files import Run
from ecampus.words.progress import figure

LOG = logging.getLogger("ecampus")
SEAT = ["course_id", "user_id", "role"]
QUIET_POLLS = 3
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0


@dataclass(frozen=True)
class Taken:
    """``not_taken``: rows published that Moodle does not show; ``unverifiable``: removals another enrolment hides.

    ``not_removed``: rows taken away that Moodle still applies; only its own database tells.
    """

    taken: int
    not_taken: pd.DataFrame
    unverifiable: int
    not_removed: pd.DataFrame


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
    look: Callable[[], Reader],
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> Taken:
    """Poll Moodle until it shows what was ``added`` and no longer what was ``removed``, at most ``seconds``.

    Both have the columns of the table, course_id, user_id and ``tonight`` (bool; the others are rows of earlier nights,
    looked at but not waited for). ``look``: Moodle as it is at that moment. By the web services, once Moodle has shown
    that its task passed and every addition is taken, removals that stay visible over a few polls are hidden by another
    enrolment.
    """
    deadline, step, quiet = clock() + seconds, FIRST_PAUSE, 0
    missing, visible = added, removed
    passed = exact = False
    while True:
        seats = pd.DataFrame(columns=SEAT)
        if courses := sorted({*missing["course_id"], *visible["course_id"]}):
            moodle = look()
            seats, exact = moodle.taken(courses)[SEAT].drop_duplicates(), moodle.exact
        before = len(missing) + len(visible)
        missing, visible = _absent(missing, seats, SEAT), visible.merge(seats, on=SEAT)
        moved = len(missing) + len(visible) < before
        passed, quiet = passed or moved, 0 if moved else quiet + 1
        settled = not visible["tonight"].any() or (not exact and passed and quiet >= QUIET_POLLS)
        if (settled and not missing["tonight"].any()) or clock() >= deadline:
            break
        LOG.info(
            "Inscriptions prises par ecampus : %s / %s ; retraits encore visibles : %s",
            figure(len(added) - len(missing)), figure(len(added)), figure(len(visible)),
        )  # fmt: skip
        pause(step)
        step = min(step * 1.5, LONGEST_PAUSE)
    sure, hidden = (visible, visible.iloc[:0]) if exact else (visible.iloc[:0], visible)
    return Taken(len(added) - len(missing), _rows(missing), len(hidden), _rows(sure))


def _rows(located: pd.DataFrame) -> pd.DataFrame:
    return located[ROW].reset_index(drop=True)


def _absent(rows: pd.DataFrame, found: pd.DataFrame, on: list[str]) -> pd.DataFrame:
    beside = rows.merge(found[on].assign(found=True), on=on, how="left")
    return beside[beside["found"].isna()].drop(columns="found")


def follow(run: Run, systems: Systems, inputs: Inputs, register: Register) -> Taken:
    """Wait for what was published tonight, look again at what earlier nights published, whichever run did.

    What is not taken is still followed. Raises ResidueLeft when Moodle took nothing of what was published tonight.
    """
    table, followed = register.table.rows(), register.memory()["following"]
    followed = followed.assign(tonight=followed["night"] == run.night.isoformat())
    adding, there = followed["verb"] == "enrol", has(followed, table, ROW)
    courses, users = inputs.existing["courses"], inputs.existing["users"]
    expected = located(followed[adding & there], courses, users)
    leaving = located(followed[~adding & ~there], courses, users)

    def look() -> Reader:
        return intake.reader(systems, ["enrolment_methods"])

    taken = wait(expected, leaving, look, inputs.settings.taking_seconds)
    for name, late in (("not_taken", taken.not_taken), ("not_removed", taken.not_removed)):
        run.files.write_frame(f"{name}.parquet", late)
    late = has(followed, pd.concat([taken.not_taken, taken.not_removed]), ROW)
    nameless = adding & there & ~has(followed, expected, ROW)
    with register.lease(run.name) as lease:
        lease.unfollow(followed[~(late | nameless)])
    _refuse_none(expected, leaving, taken)
    return taken


def _refuse_none(expected: pd.DataFrame, leaving: pd.DataFrame, taken: Taken) -> None:
    """By the web services a removal proves nothing; by Moodle's database it does."""
    published, removed = (_rows(rows[rows["tonight"]]) for rows in (expected, leaving))
    task = "la tâche planifiée « Synchroniser les inscriptions externes » (enrol_database) est activée"
    if len(published) and len(published.merge(taken.not_taken, on=ROW)) == len(published):
        raise ResidueLeft(
            f"ecampus n'a pris aucune des {figure(len(published))} inscriptions publiées cette nuit : vérifier que"
            f" {task} et que le cron de Moodle tourne ; les lignes restent dans la table et seront revérifiées."
        )
    if published.empty and len(removed) and len(removed.merge(taken.not_removed, on=ROW)) == len(removed):
        raise ResidueLeft(
            f"ecampus n'a fait aucun des {figure(len(removed))} retraits publiés cette nuit : vérifier que {task}, que"
            " son action de désinscription retire les rôles et que le cron de Moodle tourne ; ils seront revérifiés."
        )
