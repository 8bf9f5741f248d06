"""What is drawn, and how a list, an answer and a line of a database are spoilt: no night is played here."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from faults import answers, judge, tally
from faults.answers import Past, json_of
from faults.kinds import GROUPS, KINDS, MEMBERS, PHASES, TASKS
from faults.lines import Line
from faults.night import Result
from faults.schedule import DAY, MOST, drawn

MANY = [drawn(seed) for seed in range(500)]
REAL = json_of([{"id": 7, "idnumber": "A"}, {"id": 8, "idnumber": "B"}])


def test_a_seed_is_always_the_same_schedule():
    assert drawn(417) == drawn(417)
    assert len({str(schedule).partition(":")[2] for schedule in MANY}) > 450


def test_five_hundred_schedules_draw_every_kind_every_phase_and_every_task():
    accidents = [one for schedule in MANY for one in schedule.accidents]
    assert {one.kind for one in accidents} == set(KINDS)
    assert {(one.phase, one.task) for one in accidents} == {(phase, task) for phase in PHASES for task in TASKS}
    assert {schedule.restored for schedule in MANY} == {None, "register", "moodle"}
    assert {what for one in accidents for what in one.meanwhile} == {"login", "task", "hand"}


def test_an_accident_strikes_where_its_kind_may_and_they_come_in_the_order_of_the_night():
    for schedule in MANY:
        assert 1 <= len(schedule.accidents) <= MOST
        places = [(PHASES.index(one.phase), TASKS.index(one.task)) for one in schedule.accidents]
        assert places == sorted(places)
        for one in schedule.accidents:
            assert one.task in KINDS[one.kind].tasks
            assert one.phase in KINDS[one.kind].phases
            assert KINDS[one.kind].by != "moodle_db" or schedule.by_database
        assert sum("hand" in one.meanwhile for one in schedule.accidents) <= 1
        assert [one for one in schedule.accidents if one.resume == "tomorrow"] in ([], [schedule.accidents[-1]])


def test_clocks_are_at_most_a_day_apart_and_less_than_a_minute_where_moments_are_compared():
    for schedule in MANY:
        moodle, register = schedule.clocks
        assert max(abs(moodle), abs(register)) <= DAY
        assert not schedule.by_database or abs(moodle - register) < 60


def test_every_kind_is_of_one_group():
    assert sorted(name for members in MEMBERS.values() for name in members) == sorted(KINDS)
    assert set(MEMBERS) == set(GROUPS)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("truncated", REAL.body[: len(REAL.body) // 2]),
        ("shorter", b'[{"id": 7, "idnumber": "A"}]'),
        ("another's", b'{"of": "another"}'),
        ("older", b'["yesterday"]'),
        ("null", b"null"),
        ("expired after", b'{"error": "session expired"}'),
    ],
)
def test_an_answer_is_spoilt(kind, body):
    past = Past({"core_x": json_of(["yesterday"])}, ("core_y", json_of({"of": "another"})))
    spoilt = answers.given(kind, "core_x", REAL, past)
    assert spoilt is not None
    assert spoilt.body == body


def test_nothing_is_older_than_the_first_answer():
    assert answers.given("older", "core_x", REAL, Past()) is None


def test_what_is_there_twice_is_a_difference():
    (told,) = judge.compared("courses", [("A",), ("A",)], [("A",)])
    assert told == "courses: 1 too many ('A',), 0 missing "
    assert list(judge.compared("courses", [("B",), ("A",)], [("A",), ("B",)])) == []


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "base.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE t(x)")
    return path


def written(line: Line, path: Path, number: int = 1) -> None:
    with closing(line.hook(path).get_conn()) as connection:
        for value in range(number):
            connection.execute("INSERT INTO t VALUES (?)", (str(value) * 3000,))
        connection.commit()


def count(path: Path) -> int:
    with sqlite3.connect(path) as db:
        return int(db.execute("SELECT count(*) FROM t").fetchone()[0])


@pytest.mark.parametrize(
    ("kind", "words", "left"),
    [
        ("lost", "unable to open database file", 0),
        ("unanswered", "unable to open database file", 9),
        ("locked", "database is locked", 0),
        ("full", "database or disk is full", 0),
        ("read-only", "attempt to write a readonly database", 0),
    ],
)
def test_a_line_breaks_at_one_statement_and_is_whole_again_afterwards(table, kind, words, left):
    line = Line()
    line.arm(kind, 2, lasting=False)
    with pytest.raises(sqlite3.OperationalError, match=words):
        written(line, table, 9)
    assert line.struck == 1
    line.disarm()
    assert count(table) == left
    written(line, table)
    assert count(table) == left + 1


def test_a_database_that_is_away_stays_away_until_the_fault_is_over(table):
    line = Line()
    line.arm("away", 1, lasting=True)
    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError, match="unable to open"):
            written(line, table)
    line.disarm()
    written(line, table)
    assert count(table) == 1


def test_the_table_says_what_was_injected_and_which_seed_to_play_again():
    well, ill = Result(drawn(1)), Result(drawn(417), differences=["courses: 1 too many"], seconds=2.0)
    well.counts.update({"schedules": 1, "killed": 2, "frozen": 1, "calls": 1200})
    ill.counts.update({"schedules": 1, "killed": 1})
    lines = list(tally.table([well, ill], 10))
    assert "| schedules | 2 |" in lines
    assert "| processes | 4: killed 3, frozen 1 |" in lines
    assert "| calls to Moodle | 1,200 |" in lines
    assert "| schedules that differ | 1 |" in lines
    assert lines[-1] == "make faults SEEDS=1 FROM=417"
    assert json.dumps(list(tally.told(ill)))[2:9] == "DIFFERS"
