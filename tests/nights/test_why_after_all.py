"""«Pourquoi ?» is as true after what is no ordinary night: undone, frozen, stopped before the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from campus import Campus, copied, opened
from test_freeze_and_replay import play_frozen
from test_undone import undo
from test_why_is_true import ENROLLED, answers

from ecampus.calendar import PHASES
from rehearsal import NIGHT


def undone(campus: Campus) -> None:
    campus.night("nuit", NIGHT)
    undo(campus, night=NIGHT)


def frozen(campus: Campus) -> None:
    for phase in PHASES:
        play_frozen(campus, phase, 0)


def stopped_before_the_enrolments(campus: Campus) -> None:
    campus.night("nuit", NIGHT, ("users", "cohorts", "offer"))


@pytest.mark.parametrize("happens", [undone, frozen, stopped_before_the_enrolments])
def test_nobody_is_said_to_be_where_moodle_does_not_have_them(
    second_night, cron, tmp_path, happens: Callable[[Campus], None]
):
    with opened(copied(second_night, tmp_path / "campus"), cron) as campus:
        happens(campus)
        enrolled = {tuple(row) for row in campus.box.moodle.db.all(ENROLLED)}
        told = answers(campus)
    anyway = {(username, key) for username, key, _ in enrolled}
    present = {(username, found.key) for username, _, found in told if found.present}
    assert {pair for pair in present if pair not in anyway} == set()
    ours = {(username, key) for username, key, method in enrolled if method == "database"}
    absent = [(username, course, found) for username, course, found in told if found.present is False]
    assert [found for username, course, found in absent if {(username, key) for key in course.keys} & ours] == []
