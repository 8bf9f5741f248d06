"""The anomalies of all nights, by code and by month."""

from __future__ import annotations

from datetime import date

from chronicle import kept
from ecampus.history import nights, tally
from ecampus.history.tally import Code, Month, Tally
from ecampus.store.files import Store

HEADER = "code | key | composante | sentence | first_night"
OLD = "IP_SANS_GROUPE | 1 / L1 | SCIENCES | dit | 2026-10-02"
NEW = "IP_SANS_GROUPE | 2 / L1 | SCIENCES | dit | 2026-11-03"


def told(store: Store, night: str, *rows: str, **more) -> None:
    kept(store, date.fromisoformat(night), told="\n".join([HEADER, *rows]) if rows else "", **more)


def found(store: Store) -> list[Tally]:
    return tally.tallies(store, nights.lines(store))


def test_what_was_told_what_was_new_and_what_is_left_by_the_last_night_of_a_month(tmp_path):
    store = Store(tmp_path)
    told(store, "2026-10-30", OLD)
    told(store, "2026-11-03", OLD, NEW)
    told(store, "2026-11-05", NEW)
    assert found(store) == [Tally("2026-10", "IP_SANS_GROUPE", 1, 1, 1), Tally("2026-11", "IP_SANS_GROUPE", 2, 1, 1)]


def test_a_last_night_without_any_leaves_none_and_a_month_without_any_is_a_line(tmp_path):
    store = Store(tmp_path)
    told(store, "2026-10-30", OLD)
    told(store, "2026-10-31")
    told(store, "2026-11-05")
    assert found(store) == [Tally("2026-10", "IP_SANS_GROUPE", 1, 1, 0), Tally("2026-11", "", 0, 0, 0)]


def test_a_night_that_failed_ends_no_month_and_what_two_phases_tell_counts_once(tmp_path):
    store = Store(tmp_path)
    told(store, "2026-11-05", NEW)
    told(store, "2026-11-05", NEW, phase="enrolments")
    told(store, "2026-11-06", state="failed")
    assert found(store) == [Tally("2026-11", "IP_SANS_GROUPE", 1, 1, 1)]


SOME = [
    Tally("2026-09", "A", 5, 5, 4), Tally("2026-10", "B", 1, 1, 1), Tally("2026-11", "A", 6, 2, 6),
]  # fmt: skip


def test_a_line_a_month_says_how_many_more_are_left_than_the_month_before():
    assert tally.by_month(SOME) == [
        Month("2026-11", 6, 2, 6, 5), Month("2026-10", 1, 1, 1, -3), Month("2026-09", 5, 5, 4, None),
    ]  # fmt: skip
    assert tally.by_month(SOME, "B")[0] == Month("2026-11", 0, 0, 0, -1)


def test_a_line_a_code_has_those_of_which_most_are_left_first():
    assert tally.by_code(SOME) == [Code("A", 6, 6), Code("B", 0, -1)]
