"""What the rules want of a course that is there, and that is not done: held for a decision, or refused by Moodle."""

from __future__ import annotations

from collections.abc import Iterator

from ecampus.explain.element import Course
from ecampus.explain.facts import Night
from ecampus.explain.writing import written
from ecampus.words import why, why_courses
from ecampus.words.why import Todo

PHASE = "offer"


def pending(course: Course, key: str, night: Night) -> Iterator[Todo]:
    """One line a change of this course that waits: its new name, its new place, its archive."""
    for one in course.offer.changes:
        if one.object != "course" or one.key != key or one.verb not in why_courses.PENDING:
            continue
        found = written(one, night.phases.get(PHASE))
        if reason := why_courses.waiting(one.verb, found.state.value, found.words, night.contact):
            yield why.todo(reason.where, reason.todo, reason.guide)
