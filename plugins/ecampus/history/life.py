"""The life of a course: created, renamed, moved, archived, back, under whatever code it had."""

from __future__ import annotations

from ecampus.history.asking import COLUMNS, Change
from ecampus.history.opened import opened
from ecampus.store.files import Store
from ecampus.words.speech import fields


def of_course(store: Store, code: str = "", id_: int | None = None) -> list[Change]:
    """What became of the courses that have or had this code, or of Moodle's course ``id_``, the oldest first.

    A code may have passed from one course to another: ``moodle_id`` tells them apart. Raises StoreUnusable.
    """
    with opened(store, "changes") as base:
        rows = base.execute(
            f"""
            WITH lives AS (
                SELECT * FROM changes WHERE object = 'course' AND outcome IN ('done', 'adopted', 'released')
            ), ids AS (
                SELECT moodle_id FROM lives
                WHERE upper(key) = upper(?) OR upper(place) = upper(?) OR contains(upper(before), upper(?))
                UNION SELECT ?::BIGINT
            )
            SELECT {COLUMNS} FROM lives SEMI JOIN ids USING (moodle_id) ORDER BY night, "at", key, verb
            """,
            [code, code, f'"{code}"', id_],
        ).fetchall()
    return [Change(*row) for row in rows]


def recoded(store: Store, code: str) -> list[Change]:
    """The changes by which the course of this code took another one, and that one another, the oldest first."""
    found: list[Change] = []
    while step := next((one for one in of_course(store, code) if _gave_up(one, code) and _after(one, found)), None):
        found.append(step)
        code = step.key
    return found


def _gave_up(change: Change, code: str) -> bool:
    return change.verb == "recode" and str(fields(change.before).get("code", "")).upper() == code.upper()


def _after(change: Change, found: list[Change]) -> bool:
    return not found or (change.night, change.at or "") > (found[-1].night, found[-1].at or "")
