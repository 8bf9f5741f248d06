"""One read for each of many courses: many calls in one request where the service offers it, else a few at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from typing import Any

from ecampus.moodle.answers import TOGETHER
from ecampus.moodle.client import MoodleClient
from ecampus.moodle.passing import of_course
from ecampus.words.progress import Progress

AT_ONCE = 200
"""Calls in one request: three form variables each, and an answer that PHP can hold."""
WORKERS = 3

Row = dict[str, Any]
Alone = Callable[..., list[Row] | None]


def of_courses(
    client: MoodleClient,
    function: str,
    courses: Sequence[int],
    progress: Progress,
    workers: int = WORKERS,
    alone: Alone = of_course,
    **params: Any,
) -> list[tuple[int, list[Row]]]:
    """The rows of each course, in order.

    ``alone`` asks for one course, that at which Moodle stopped among them; a course of which it says null is left out.
    """
    size = AT_ONCE if len(courses) > 1 and client.offers(TOGETHER) else 1
    chunks = [courses[start : start + size] for start in range(0, len(courses), size)]
    answers = gather(lambda chunk: list(_answers(client, function, chunk, alone, params)), chunks, progress, workers)
    return [(course, rows) for course, rows in zip(courses, answers, strict=True) if rows is not None]


def gather(
    read: Callable[[Sequence[int]], list[Any]], chunks: Sequence[Sequence[int]], progress: Progress, workers: int
) -> list[Any]:
    """What each chunk gives, in order, several reads at once; the first error stops the others."""
    lock = Lock()

    def one(chunk: Sequence[int]) -> list[Any]:
        found = read(chunk)
        with lock:
            progress.step(len(chunk))
        return found

    pool = ThreadPoolExecutor(max_workers=workers)
    try:
        return [item for found in pool.map(one, chunks) for item in found]
    finally:
        pool.shutdown(cancel_futures=True)


def _answers(
    client: MoodleClient, function: str, courses: Sequence[int], alone: Alone, params: dict[str, Any]
) -> Iterator[list[Row] | None]:
    ask = partial(alone, client, function)
    while courses:
        asked = [{"courseid": int(course), **params} for course in courses]
        found = client.together(function, asked) if len(asked) > 1 else []
        yield from found
        courses = courses[len(found) :]
        if courses:
            yield ask(courses[0], **params)
            courses = courses[1:]
