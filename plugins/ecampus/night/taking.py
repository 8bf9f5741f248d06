"""Waiting until Moodle's own task has taken the enrolment table (docs/rules.md, «Publishing»)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
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
from ecampus.shapes import cast
from ecampus.store.files import Run
from ecampus.words.progress import figure

LOG = logging.getLogger("ecampus")
SEAT = ["course_id", "user_id", "role"]
QUIET_POLLS = 3
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 60.0
SAMPLE = 20
"""Courses that are polled at once, at most."""


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
    return cast(known, {"course_id": "int64", "user_id": "int64"})


def wait(
    added: pd.DataFrame,
    removed: pd.DataFrame,
    look: Callable[[Sequence[int]], Reader],
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> Taken:
    """Poll Moodle until it shows what was ``added`` and no longer what was ``removed``, at most ``seconds``.

    Both have the columns of the table, course_id, user_id and ``tonight`` (bool; the others are rows of earlier nights,
    looked at but not waited for). ``look``: these courses as they are at that moment. Moodle's task needs the machine
    that we ask: a few courses are polled at growing intervals, and the others looked at once these are as they should
    be. By the web services, once Moodle has shown that its task passed and every addition is taken, removals that stay
    visible over a few polls are hidden by another enrolment.
    """
    deadline, step, quiet = clock() + seconds, FIRST_PAUSE, 0
    missing, visible = added, removed
    passed = exact = whole = False
    while True:
        courses = awaited(missing, visible)
        asked = courses if whole else sample(awaited(tonight(missing), tonight(visible)) or courses)
        whole = len(asked) == len(courses)
        seats, exact = seen(look, asked)
        before = len(missing) + len(visible)
        missing, visible = still_missing(missing, seats, asked), still_visible(visible, seats, asked)
        moved = len(missing) + len(visible) < before
        passed, quiet = passed or moved, 0 if moved else quiet + 1
        gone = tonight(of(visible, asked)).empty or (not exact and passed and quiet >= QUIET_POLLS)
        settled = gone and tonight(of(missing, asked)).empty
        late = clock() >= deadline
        if whole and (settled or late):
            break
        whole = settled or late
        if whole:
            continue
        LOG.info(
            "Inscriptions prises par ecampus : %s / %s ; retraits encore visibles : %s",
            figure(len(added) - len(missing)), figure(len(added)), figure(len(visible)),
        )  # fmt: skip
        pause(step)
        step = min(step * 1.5, LONGEST_PAUSE)
    sure, hidden = (visible, visible.iloc[:0]) if exact else (visible.iloc[:0], visible)
    return Taken(len(added) - len(missing), _rows(missing), len(hidden), _rows(sure))


def awaited(missing: pd.DataFrame, visible: pd.DataFrame) -> list[int]:
    """The courses of these rows."""
    return sorted({*missing["course_id"], *visible["course_id"]})


def sample(courses: Sequence[int]) -> list[int]:
    """At most ``SAMPLE`` of these, spread evenly, the last one among them: Moodle's task takes one after the other."""
    step = max(len(courses) / SAMPLE, 1)
    return sorted({courses[len(courses) - 1 - int(place * step)] for place in range(min(SAMPLE, len(courses)))})


def seen(look: Callable[[Sequence[int]], Reader], courses: Sequence[int]) -> tuple[pd.DataFrame, bool]:
    """Who is enrolled there, and whether that is the table's doing for certain."""
    if not courses:
        return pd.DataFrame(columns=SEAT), False
    moodle = look(courses)
    return moodle.taken(courses)[SEAT].drop_duplicates(), moodle.exact


def tonight(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["tonight"]]


def of(rows: pd.DataFrame, courses: Sequence[int]) -> pd.DataFrame:
    return rows[rows["course_id"].isin(courses)]


def still_missing(rows: pd.DataFrame, seats: pd.DataFrame, asked: Sequence[int]) -> pd.DataFrame:
    """The rows that Moodle does not show; those of courses that were not asked for are missing still."""
    return rows[~rows["course_id"].isin(asked) | ~has(rows, seats, SEAT)]


def still_visible(rows: pd.DataFrame, seats: pd.DataFrame, asked: Sequence[int]) -> pd.DataFrame:
    """The rows that Moodle shows; those of courses that were not asked for are visible still."""
    return rows[~rows["course_id"].isin(asked) | has(rows, seats, SEAT)]


def _rows(located: pd.DataFrame) -> pd.DataFrame:
    return located[ROW].reset_index(drop=True)


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

    def look(asked: Sequence[int]) -> Reader:
        return intake.reader(systems, ["enrolment_methods"], asked)

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
