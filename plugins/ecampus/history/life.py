"""The life of a course: created, renamed, moved, archived, back, under whatever code it had."""

from __future__ import annotations

from ecampus.history.asking import COLUMNS, Change
from ecampus.history.opened import opened
from ecampus.store.files import Store


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
