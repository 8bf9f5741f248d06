"""Rows of the enrolment table and which of them are ours: one transaction, tried again whole after a lock."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing, suppress

import pytest

from ecampus import contract
from ecampus.errors import ContractBroken, SourceLocked, SourceRefused, SourceUnreachable
from ecampus.register.lease import Lease
from ecampus.register.register import Register
from registers import (
    FOREIGN,
    NEW,
    NONE,
    OLD,
    SqliteFile,
    Watched,
    content,
    furnished,
    listed,
    members,
    published,
    rows,
    run,
    sqlite_hook,
)

DISK_FULL = "BEGIN SELECT RAISE(ABORT, 'disk is full'); END"


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


def test_rows_published_are_rows_read(register, hook):
    assert published(hook, rows(OLD, NEW, FOREIGN), NONE) == (3, 0)
    found = contract.validate("enrolment_rows", register.table.rows())
    assert sorted(map(tuple, found.to_numpy())) == sorted([OLD, NEW, FOREIGN])


def test_a_row_that_is_asked_for_twice_is_added_once_and_one_already_gone_is_no_error(register, hook):
    assert published(hook, rows(OLD, OLD), rows(NEW)) == (1, 0)
    assert run(hook, "SELECT * FROM enrolments") == [OLD]


def test_more_rows_than_one_chunk_are_all_published(register, hook):
    many = rows(*[("L1", f"e{n}", "student") for n in range(12_001)])
    assert published(hook, many, NONE) == (12_001, 0)
    assert len(register.owned()["enrolment"]) == 12_001
    assert published(hook, NONE, many) == (0, 12_001)
    assert register.owned()["enrolment"].empty


@pytest.fixture
def loose(tmp_path):
    """A register beside a table without a key, where a column may be null."""
    hook = sqlite_hook(tmp_path, name="loose.db")
    run(hook, "DROP TABLE enrolments", "CREATE TABLE enrolments(course_idnumber TEXT, username TEXT, role TEXT)")
    Register(hook).prepare()
    return hook


def test_a_row_that_is_twice_in_the_table_is_published_away_whole(loose):
    run(loose, *["INSERT INTO enrolments VALUES ('L1', 'e1', 'student')"] * 2)
    assert published(loose, NONE, rows(OLD)) == (0, 1)
    assert run(loose, "SELECT * FROM enrolments") == []


def test_rows_of_others_even_odd_ones_stay(loose):
    run(loose, "INSERT INTO enrolments VALUES ('HANDMADE', NULL, '')", "INSERT INTO enrolments VALUES ('x', 'y', 'z')")
    published(loose, rows(OLD), rows(NEW))
    assert len(run(loose, "SELECT * FROM enrolments")) == 3


def test_another_name_of_the_table_is_a_setting(hook):
    run(hook, "ALTER TABLE enrolments RENAME TO inscriptions")
    register = Register(hook, "inscriptions")
    register.prepare()
    assert published(hook, rows(OLD), NONE, "inscriptions") == (1, 0)
    assert len(register.table.rows()) == 1


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


@pytest.mark.parametrize("moment", ["INSERT", "DELETE"])
def test_an_error_that_is_no_lock_changes_nothing_and_is_not_tried_again(tmp_path, pauses, moment):
    hook = sqlite_hook(tmp_path)
    furnished(hook)
    before = content(hook)
    run(hook, f"CREATE TRIGGER no BEFORE {moment} ON enrolments {DISK_FULL}")
    with pytest.raises(SourceUnreachable, match="disk is full"):
        published(hook, rows(NEW), rows(OLD))
    assert content(hook) == before
    assert pauses == []


def test_a_table_that_confuses_two_keys_is_told_so(register, hook):
    run(hook, "DROP TABLE enrolments")
    run(hook, "CREATE TABLE enrolments(course_idnumber TEXT COLLATE NOCASE PRIMARY KEY, username TEXT, role TEXT)")
    with pytest.raises(ContractBroken, match="prend deux lignes différentes pour la même"):
        published(hook, rows(OLD, ("l1", "e1", "student")), NONE)
    assert run(hook, "SELECT * FROM enrolments") == []


def test_a_database_that_may_only_be_read_is_refused(register, hook):
    class ReadOnly(SqliteFile):
        def get_conn(self):
            return sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)

    with pytest.raises(SourceRefused, match="La base des inscriptions refuse l'accès à une table du registre"):
        published(ReadOnly(hook.path), rows(NEW), NONE)


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
        assert all(pause <= 20 for pause in pauses)
    assert listed(register.owned()["group_member"]) == [[1, 1]]
    assert run(hook, "SELECT * FROM enrolments") == []
