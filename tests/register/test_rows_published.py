"""Rows of the enrolment table and which of them are ours: one transaction, tried again whole after a lock."""

from __future__ import annotations

import logging
from contextlib import closing, suppress

import pytest

from ecampus.errors import SourceLocked
from ecampus.register.lease import Lease
from ecampus.register.register import Register
from registers import FOREIGN, NEW, NONE, OLD, Watched, content, furnished, listed, members, rows, run, sqlite_hook


def test_rows_are_published_with_who_owns_them_and_are_followed(register, hook):
    with register.lease("r1") as lease:
        assert lease.publish(rows(OLD, FOREIGN), NONE, rows(OLD), NONE, "2026-11-22") == (2, 0)
        assert lease.publish(rows(NEW), rows(OLD), rows(NEW), rows(OLD), "2026-11-23") == (1, 1)
        assert lease.publish(rows(NEW), rows(OLD), rows(NEW), rows(OLD), "2026-11-24") == (0, 0)
    assert run(hook, "SELECT * FROM enrolments ORDER BY 1") == [NEW, FOREIGN]
    assert listed(register.owned()["enrolment"]) == [list(NEW)]
    assert listed(register.memory()["following"]) == [
        [*OLD, "unenrol", "2026-11-24"],
        [*NEW, "enrol", "2026-11-24"],
        [*FOREIGN, "enrol", "2026-11-22"],
    ]


def test_a_row_that_is_twice_in_the_table_is_published_away_whole(tmp_path):
    hook = sqlite_hook(tmp_path)
    run(hook, "DROP TABLE enrolments", "CREATE TABLE enrolments(course_idnumber TEXT, username TEXT, role TEXT)")
    run(hook, *["INSERT INTO enrolments VALUES ('L1', 'e1', 'student')"] * 2)
    register = Register(hook)
    register.prepare()
    with register.lease("r1") as lease:
        assert lease.publish(NONE, rows(OLD), NONE, rows(OLD), "2026-11-23") == (0, 1)
    assert run(hook, "SELECT * FROM enrolments") == []


def test_rows_and_ownership_move_together_or_not_at_all_whichever_statement_fails(tmp_path):
    statements = 0
    while True:
        hook = sqlite_hook(tmp_path, name=f"{statements}.db")
        furnished(hook)
        before = content(hook)
        if not interrupted(hook, statements):
            break
        assert content(hook) == before
        statements += 1
    assert statements > 8


def interrupted(hook, number: int) -> bool:
    """Publish, cut before the statement ``number``; false when there were not so many."""
    cut = Cut(number)
    with suppress(Interruption), Register(Watched(hook, cut)).lease("r") as lease:
        cut.armed = True
        lease.publish(rows(NEW), rows(OLD), rows(NEW), rows(OLD), "2026-11-23")
        cut.armed, number = False, -1
    return number >= 0


class Interruption(Exception):
    """Something happens between two statements."""


class Cut:
    """Interrupts the statement ``left`` once it is armed."""

    def __init__(self, left: int):
        self.left, self.armed = left, False

    def __call__(self, statement: str) -> None:
        self.left -= self.armed
        if self.armed and self.left < 0:
            self.armed = False
            raise Interruption


@pytest.fixture
def pauses(monkeypatch):
    """What the attempts would have waited, in seconds; none of it is spent."""
    pauses = []
    monkeypatch.setattr(Lease.publish.retry, "sleep", pauses.append)
    return pauses


def test_a_lock_waited_for_too_long_publishes_again_whole(register, hook, pauses, monkeypatch, caplog):
    other = hook.get_conn()
    with register.lease("r1") as lease, caplog.at_level(logging.WARNING):
        lease.own("group_member", members((1, 1)))
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(Lease.publish.retry, "sleep", lambda seconds: other.rollback())
        assert lease.publish(rows(NEW), NONE, rows(NEW), NONE, "2026-11-23") == (1, 0)
    other.close()
    assert "Nouvel essai (2 sur 4)" in caplog.text
    assert listed(register.owned()["group_member"]) == [[1, 1]]


def test_a_lock_that_nobody_gives_back_ends_in_one_sentence_and_what_waits_still_waits(register, hook, pauses):
    with register.lease("r1") as lease, closing(hook.get_conn()) as other:
        lease.own("group_member", members((1, 1)))
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(SourceLocked, match="une table du registre est verrouillée par un autre traitement"):
            lease.publish(rows(NEW), NONE, rows(NEW), NONE, "2026-11-23")
        other.rollback()
        assert len(pauses) == 3
    assert listed(register.owned()["group_member"]) == [[1, 1]]
    assert run(hook, "SELECT * FROM enrolments") == []
