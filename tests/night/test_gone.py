"""Only what Moodle, asked for it by its id, says that it has no more is gone."""

from __future__ import annotations

import pandas as pd
import pytest

import tables
from ecampus.night import gone


class Moodle:
    """Says of objects named which it still has, and keeps what it was asked."""

    def __init__(self, *there: int):
        self.there, self.asked = there, []

    def named(self, frame, ids):
        self.asked.append((frame, list(ids)))
        return pd.DataFrame({"id": [id_ for id_ in ids if id_ in self.there]}, dtype="int64")


def told(moodle, read: str, **ours: str):
    found = tables.existing(courses=read)
    return gone.objects(moodle, {"courses": found["courses"]}, tables.owned(**ours)).to_numpy().tolist()


OURS = {"course": "id | key ; 1 | A ; 2 | B ; 3 | C"}


def test_nothing_is_asked_when_all_was_read():
    moodle = Moodle()
    assert told(moodle, "id | idnumber ; 1 | A ; 2 | B ; 3 | C", **OURS) == []
    assert moodle.asked == []


def test_what_was_not_read_is_asked_for_beside_one_that_was():
    moodle = Moodle(1, 3)
    assert told(moodle, "id | idnumber ; 1 | A", **OURS) == [["course", 2]]
    assert moodle.asked == [("courses", [2, 3, 1])]


@pytest.mark.parametrize(("read", "there"), [("id | idnumber ; 1 | A", ()), ("id | idnumber", (2,))])
def test_an_answer_without_that_one_or_a_list_that_showed_none_proves_nothing(read, there):
    assert told(Moodle(*there), read, **OURS) == []


def test_a_phase_that_makes_no_course_is_told_of_those_that_are_gone_and_forgets_none():
    found = {"courses": tables.existing(courses="id | idnumber ; 1 | A")["courses"]}
    found["gone_courses"] = gone.courses(Moodle(1, 3), found, tables.owned(**OURS))
    assert found["gone_courses"]["course_id"].tolist() == [2]
    assert gone.objects(Moodle(1, 3), found, tables.owned(**OURS)).empty
