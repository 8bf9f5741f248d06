"""Lists that change while Moodle makes them: read again, and what is gone told from what may not be seen.

Moodle looks at each object of a list, one by one, after it has read the list: one that another client deletes (or
has half created) meanwhile fails the whole call, with the words that a missing right has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ecampus.errors import SourceUnreachable, TruncatedRead
from ecampus.moodle.client import MoodleClient, MoodleRefusal

UNSEEN = frozenset({"errorcoursecontextnotvalid", "errorcatcontextnotvalid"})
UNKNOWN_RECORD = frozenset({"invalidrecord", "invalidrecordunknown", "invaliduser", "unknowncategory"})
"""What an object that is no more looks like: by its table in Moodle 4.5, always the second in Moodle 5."""
LASTING = 4
"""Times that the same words must come before they are believed."""
RESTLESS = 20
"""Times that a list may stumble, each time on something else."""


def settled(client: MoodleClient, function: str, final: frozenset[str] = frozenset(), **params: Any) -> Any:
    """Answer of a read, read again while it stumbles on objects that come and go; ``final`` codes are believed at once.

    Raises MoodleRefusal once the same words came ``LASTING`` times, SourceUnreachable when others never end.
    """
    met: Counter[str] = Counter()
    while True:
        try:
            return client.call(function, **params)
        except MoodleRefusal as refusal:
            if refusal.errorcode in final:
                raise
            _wait_or_give_up(client, function, refusal, met)


def of_course(client: MoodleClient, function: str, course: int, **params: Any) -> list[dict[str, Any]]:
    """Rows of one course; none when the course is gone, which Moodle is asked. Raises as ``settled``."""
    met: Counter[str] = Counter()
    while True:
        try:
            rows: list[dict[str, Any]] = client.call(function, courseid=course, **params)
            return rows
        except MoodleRefusal as refusal:
            if refusal.errorcode in UNSEEN | UNKNOWN_RECORD and _gone(client, course):
                return []
            _wait_or_give_up(client, function, refusal, met)


def known(
    client: MoodleClient, function: str, param: str, ids: Sequence[int], key: str, **more: Any
) -> list[dict[str, Any]]:
    """A row per id, named by ``key``; one id that Moodle no longer knows fails a whole call: it is found and dropped.

    Raises as ``settled``, and TruncatedRead when others come back than were asked for.
    """
    try:
        rows: list[dict[str, Any]] = settled(client, function, UNKNOWN_RECORD, **{param: list(ids)}, **more)
    except MoodleRefusal as refusal:
        if refusal.errorcode not in UNKNOWN_RECORD:
            raise
        if len(ids) == 1:
            return []
        middle = len(ids) // 2
        halves = ids[:middle], ids[middle:]
        return [row for half in halves for row in known(client, function, param, half, key, **more)]
    require_all(function, [row[key] for row in rows], ids)
    return rows


def require_all(function: str, answered: Sequence[int], asked: Sequence[int]) -> None:
    """Raise TruncatedRead when others come back than were asked for."""
    if sorted(answered) != sorted(asked):
        raise TruncatedRead(
            f"Moodle a répondu {len(answered)} lignes pour {len(asked)} demandées à {function} : relancer la phase."
        )


def _wait_or_give_up(client: MoodleClient, function: str, refusal: MoodleRefusal, met: Counter[str]) -> None:
    if refusal.errorcode not in UNSEEN | UNKNOWN_RECORD:
        raise refusal
    met[refusal.words] += 1
    if met[refusal.words] == LASTING:
        raise refusal
    if met.total() == RESTLESS:
        raise SourceUnreachable(
            f"Moodle ({client.url}) change sans cesse pendant {function} ({RESTLESS} essais, le dernier :"
            f" {refusal.words}) : relancer quand ce qui y crée et supprime en masse a fini."
        ) from None
    client.pause(met[refusal.words])


def _gone(client: MoodleClient, course: int) -> bool:
    """Moodle leaves unknown ids out of a list of courses; one that it refuses is there, or about to go."""
    try:
        return not client.call("core_course_get_courses", options={"ids": [course]})
    except MoodleRefusal:
        return False
