"""Waiting until Moodle has taken the table: what was added shows, what was removed does not, and no longer than allowed."""

from __future__ import annotations

import pandas as pd

import tables
from ecampus.night import taking


class Moodle:
    """Shows one state after another, one a poll; time passes only by pausing. ``exact``: by its own database."""

    def __init__(self, *states: set[tuple[int, int, str]], exact: bool = False) -> None:
        self.states, self.now, self.asked, self.exact = list(states), 0.0, [], exact

    def taken(self, courses: list[int]) -> pd.DataFrame:
        self.asked.append(courses)
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return pd.DataFrame([s for s in sorted(state) if s[0] in courses], columns=taking.SEAT).astype({"role": "str"})

    def pause(self, seconds: float) -> None:
        self.now += seconds


def seats(*places: tuple[int, int, str], tonight: bool = True) -> pd.DataFrame:
    rows = [(f"C{c}", f"e{u}", role, c, u, tonight) for c, u, role in places]
    columns = ["course_idnumber", "username", "role", "course_id", "user_id", "tonight"]
    types = {"course_id": "int64", "user_id": "int64", "tonight": "bool"}
    return pd.DataFrame(rows, columns=columns).astype({name: types.get(name, "str") for name in columns})


def wait(moodle: Moodle, added: pd.DataFrame, removed: pd.DataFrame, seconds: float = 600) -> taking.Taken:
    return taking.wait(added, removed, lambda _: moodle, seconds, clock=lambda: moodle.now, pause=moodle.pause)


S1, S2, T1 = (1, 1, "student"), (1, 2, "student"), (2, 3, "editingteacher")


def test_nothing_published_nothing_waited_for():
    moodle = Moodle(set())
    found = wait(moodle, seats(), seats())
    assert (found.taken, len(found.not_taken), found.unverifiable, moodle.now) == (0, 0, 0, 0)


def test_it_stops_as_soon_as_moodle_shows_every_change():
    moodle = Moodle({S2}, {S2, T1}, {S1, T1})
    found = wait(moodle, seats(S1, T1), seats(S2))
    assert (found.taken, len(found.not_taken), found.unverifiable) == (2, 0, 0)
    assert len(moodle.asked) == 3


def test_only_the_courses_that_are_still_awaited_are_read_again():
    moodle = Moodle({T1}, {S1, T1})
    wait(moodle, seats(S1, T1), seats())
    assert moodle.asked == [[1, 2], [1]]


def test_the_role_counts():
    found = wait(Moodle({(1, 1, "observer")}), seats(S1), seats(), seconds=30)
    assert found.not_taken.to_numpy().tolist() == [["C1", "e1", "student"]]


def test_at_the_deadline_what_is_not_taken_is_listed_and_kept():
    moodle = Moodle({S1})
    found = wait(moodle, seats(S1, S2), seats(), seconds=100)
    assert (found.taken, found.not_taken["username"].tolist()) == (1, ["e2"])
    assert 100 <= moodle.now <= 130


def test_pauses_grow_and_stay_bounded():
    moodle = Moodle(set())
    wait(moodle, seats(S1), seats(), seconds=1800)
    assert len(moodle.asked) <= 40


MANY = [(course, 1, "student") for course in range(1, 1001)]


def test_of_many_courses_twenty_are_polled_and_the_others_looked_at_once_these_are_taken():
    moodle = Moodle(set(), set(), set(MANY))
    found = wait(moodle, seats(*MANY), seats())
    assert (found.taken, len(found.not_taken)) == (1000, 0)
    assert [len(courses) for courses in moodle.asked] == [20, 20, 20, 980]
    assert moodle.asked[0][0] == 50
    assert moodle.asked[0][-1] == 1000


class Task(Moodle):
    """Takes 100 courses a second, in an order of its own."""

    def taken(self, courses: list[int]) -> pd.DataFrame:
        order = sorted(MANY, key=lambda seat: seat[0] * 7919 % 1000)
        self.states = [set(order[: int(self.now * 100)])]
        return super().taken(courses)


def test_a_task_that_goes_through_the_courses_costs_few_looks():
    moodle = Task(set())
    assert wait(moodle, seats(*MANY), seats()).taken == 1000
    assert (len(moodle.asked), moodle.now) == (4, 12.5)


def test_at_the_deadline_every_course_is_looked_at_once():
    moodle = Moodle(set(MANY[:500]))
    found = wait(moodle, seats(*MANY), seats(), seconds=100)
    assert (found.taken, len(found.not_taken)) == (500, 500)
    assert len(moodle.asked[-1]) > 900
    assert sum(map(len, moodle.asked)) < 1200


def test_removals_that_another_enrolment_hides_in_many_courses_cost_a_few_looks():
    moodle = Moodle(set(MANY), {*MANY, (2000, 2, "student")})
    found = wait(moodle, seats((2000, 2, "student")), seats(*MANY))
    assert (found.taken, found.unverifiable) == (1, 1000)
    assert moodle.now < 60
    assert sum(map(len, moodle.asked)) < 2200


def test_rows_of_earlier_nights_are_looked_at_and_not_waited_for():
    moodle = Moodle({S1})
    late = seats(S2, tonight=False)
    found = wait(moodle, pd.concat([seats(S1), late], ignore_index=True), seats())
    assert found.not_taken["username"].tolist() == ["e2"]
    assert moodle.now == 0


def test_a_removal_that_another_enrolment_hides_is_unverifiable_not_a_failure():
    moodle = Moodle({S2}, {S1, S2})
    found = wait(moodle, seats(S1), seats(S2))
    assert (found.taken, found.unverifiable) == (1, 1)
    assert moodle.now < 60


def test_by_the_database_a_removal_is_waited_for_and_one_that_does_not_come_is_listed():
    found = wait(Moodle({S2}, {S1, S2}, {S1}, exact=True), seats(S1), seats(S2))
    assert (found.taken, found.unverifiable, len(found.not_removed)) == (1, 0, 0)
    moodle = Moodle({S2}, {S1, S2}, exact=True)
    found = wait(moodle, seats(S1), seats(S2), seconds=100)
    assert (found.taken, found.unverifiable) == (1, 0)
    assert found.not_removed.to_numpy().tolist() == [["C1", "e2", "student"]]
    assert 100 <= moodle.now <= 130


def test_by_the_database_removals_of_earlier_nights_are_looked_at_and_not_waited_for():
    moodle = Moodle({S2}, exact=True)
    found = wait(moodle, seats(), seats(S2, tonight=False))
    assert (found.not_removed["username"].tolist(), moodle.now) == (["e2"], 0)


def test_rows_are_located_by_what_they_name_and_those_that_name_nothing_are_left_out():
    rows = tables.frame("enrolment_rows", "course_idnumber | username ; A | es1 ; A | inconnu ; NULLE | es1")
    found = taking.located(
        rows,
        tables.frame("courses", "id | idnumber ; 7 | A ; 8 | "),
        tables.frame("users", "id | username | idnumber ; 4 | es1 | "),
    )
    assert found[["course_idnumber", "username", "course_id", "user_id"]].to_numpy().tolist() == [["A", "es1", 7, 4]]
