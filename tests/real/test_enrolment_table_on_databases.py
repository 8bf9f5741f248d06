"""Rows published on a real PostgreSQL and a real MariaDB: one transaction, whoever reads, waits or dies."""

from __future__ import annotations

import itertools
import signal
import threading
import time
from contextlib import closing

import pandas as pd
import pytest

from ecampus import contract
from ecampus.errors import ContractBroken, SourceLocked, SourceRefused, SourceUnreachable
from ecampus.register import enrolment_table
from ecampus.register.enrolment_table import EnrolmentTable
from ecampus.register.lease import Lease
from ecampus.register.register import Register
from registers import NONE, Writer, content, published, rows
from registrar import shared

MANY, BOUND_SECONDS = 200_000, 120
OLD = [("L1", f"e{n}", "student") for n in range(6)]
KEPT = [("L1", "p1", "editingteacher"), ("MAIN", "x", "student")]
NEW = [("L2", f"e{n}", "student") for n in range(6)]
BEFORE, AFTER = sorted(OLD + KEPT), sorted(NEW + KEPT)
STATEMENTS = 8
"""Three statements of two rows and an end, twice: the additions, then the removals."""


@pytest.fixture
def database(database):
    """Each server with an empty table and a register, which ecampus's account may use."""
    return shared(database)


@pytest.fixture
def filled(database, monkeypatch):
    """The table as it is BEFORE, all of it ours; statements of two rows; no second is spent between attempts."""
    published(database.hook("ecampus"), rows(*BEFORE), NONE)
    monkeypatch.setattr(enrolment_table, "CHUNK", 2)
    monkeypatch.setattr(Lease.publish.retry, "sleep", lambda seconds: None)
    return database


@pytest.fixture
def mariadb_table(mariadb_server):
    """MariaDB alone, the same."""
    return shared(mariadb_server)


def change(database) -> tuple[int, int]:
    return published(database.hook("ecampus"), rows(*NEW), rows(*OLD))


def ours(database) -> list[tuple]:
    return sorted(map(tuple, Register(database.hook("ecampus")).owned()["enrolment"].to_numpy()))


MOST_REFUSED = 200


def between_statements(monkeypatch, act) -> None:
    """``act(number)`` before each statement on the table, and once more after the last addition and the last removal."""
    numbers, real = itertools.count(), enrolment_table._chunks

    def watched(changes):
        for chunk in real(changes):
            act(next(numbers))
            yield chunk
        act(next(numbers))

    monkeypatch.setattr(enrolment_table, "_chunks", watched)


def as_moodle_reads(database) -> tuple[list, list, list]:
    """Everything as its task reads it, one course, and one person at login; the mark is the driver's."""
    one = "SELECT course_idnumber, username, role FROM enrolments WHERE {} = %s ORDER BY 1, 2, 3"
    course = database.run(one.format("course_idnumber"), ("L1",), login="moodle")
    person = database.run(one.format("username"), ("e1",), login="moodle")
    return database.content(), course, person


def test_a_reader_sees_the_old_state_between_all_the_statements_and_then_the_new_one(filled, monkeypatch):
    seen, old = [], as_moodle_reads(filled)
    between_statements(monkeypatch, lambda number: seen.append(as_moodle_reads(filled)))
    assert change(filled) == (6, 6)
    assert seen == [old] * STATEMENTS
    assert as_moodle_reads(filled) == (AFTER, [KEPT[0]], [NEW[1]])
    assert ours(filled) == AFTER


def test_a_reader_that_never_stops_sees_nothing_but_the_two_states(filled, monkeypatch):
    monkeypatch.setattr(enrolment_table, "CHUNK", 500)
    old = [("L1", f"u{n}", "student") for n in range(10_000)]
    new = [("L2", f"u{n}", "student") for n in range(10_000)]
    published(filled.hook("ecampus"), rows(*old), rows(*BEFORE))
    seen, over = set(), threading.Event()

    def read() -> None:
        count = "SELECT course_idnumber, COUNT(*) FROM enrolments GROUP BY course_idnumber"
        with closing(filled.hook("moodle").get_conn()) as connection, closing(connection.cursor()) as cursor:
            while not over.is_set():
                cursor.execute(count)
                seen.add(tuple(map(tuple, cursor.fetchall())))
                connection.commit()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert published(filled.hook("ecampus"), rows(*new), rows(*old)) == (10_000, 10_000)
    finally:
        over.set()
        reader.join()
    assert seen <= {(("L1", 10_000),), (("L2", 10_000),)}
    assert (("L1", 10_000),) in seen


def test_a_writer_killed_at_any_statement_has_changed_nothing_and_the_next_one_finishes(filled):
    hook, before = filled.hook("ecampus"), content(filled.hook())

    def write(lease: Lease) -> tuple[int, int]:
        return lease.publish(rows(*NEW), rows(*OLD), rows(*NEW), rows(*OLD), "2026-11-23")

    place = refused = 0
    while (said := Writer(hook, write, place, signal.SIGKILL).said) != "wrote":
        assert content(filled.hook()) == before
        place += said is None
        refused += said is not None  # the server has not seen yet that the one before is dead
        assert refused < MOST_REFUSED, said
    assert place > STATEMENTS
    assert filled.content() == ours(filled) == AFTER


@pytest.mark.parametrize("statement", [0, 2, 6])
def test_a_server_that_ends_our_session_is_told_and_has_changed_nothing(filled, monkeypatch, statement):
    with monkeypatch.context() as patch:
        between_statements(patch, lambda number: number == statement and filled.run(filled.end_sessions))
        with pytest.raises(SourceUnreachable, match="La base des inscriptions est injoignable"):
            change(filled)
    assert filled.content() == ours(filled) == BEFORE
    assert change(filled) == (6, 6)


def test_a_server_that_is_stopped_is_unreachable_and_finds_its_rows_again(filled):
    with Register(filled.hook("ecampus")).lease("nuit") as lease:
        with filled.process.stopped(), pytest.raises(SourceUnreachable, match="est injoignable"):
            lease.publish(rows(*NEW), rows(*OLD), rows(*NEW), rows(*OLD), "2026-11-23")
        assert lease.publish(rows(*NEW), rows(*OLD), rows(*NEW), rows(*OLD), "2026-11-23") == (6, 6)
    assert filled.content() == ours(filled) == AFTER


def test_a_lock_waited_for_too_long_is_tried_again_whole(filled, monkeypatch, caplog):
    with closing(filled.hook().get_conn()) as other, closing(other.cursor()) as cursor:
        cursor.execute("DELETE FROM enrolments WHERE username = 'e5'")
        monkeypatch.setattr(Lease.publish.retry, "sleep", lambda seconds: other.rollback())
        assert change(filled) == (6, 6)
    assert filled.content() == AFTER
    assert caplog.text.count("Nouvel essai") == caplog.text.count("Nouvel essai (2 sur 4)") == 1


def test_a_lock_that_nobody_gives_back_ends_in_one_sentence(filled):
    with closing(filled.hook().get_conn()) as other, closing(other.cursor()) as cursor:
        cursor.execute("DELETE FROM enrolments WHERE username = 'e5'")
        with pytest.raises(SourceLocked, match="la table enrolments est verrouillée par un autre traitement"):
            change(filled)
        other.rollback()
    assert filled.content() == BEFORE


def test_keys_that_differ_by_case_accent_or_space_are_different_rows(database):
    keys = ["L1", "l1", "L1 ", "Étape", "Etape", "E\u0301tape", "straße", "strasse", "😀", "😁"]
    wanted = [(key, "e1", "student") for key in keys]
    hook = database.hook("ecampus")
    assert published(hook, rows(*wanted), NONE) == (len(keys), 0)
    assert database.content() == ours(database) == sorted(wanted)
    found = contract.validate("enrolment_rows", database.table().rows())
    assert sorted(map(tuple, found.to_numpy())) == sorted(wanted)
    assert published(hook, rows(*wanted), rows(wanted[1])) == (0, 1)
    assert database.content() == ours(database) == sorted([*wanted[:1], *wanted[2:]])


def test_a_table_whose_collation_confuses_keys_is_told_so_and_is_left_as_it_was(mariadb_table):
    mariadb_table.run("ALTER TABLE enrolments CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
    hook = mariadb_table.hook("ecampus")
    published(hook, rows(*BEFORE), NONE)
    with pytest.raises(ContractBroken, match=r"prend deux lignes différentes pour la même.*include/sql/enrolment"):
        published(hook, rows(("l1", "É1", "student"), ("L1", "e1", "student")), rows(OLD[0]))
    assert mariadb_table.content() == ours(mariadb_table) == BEFORE


@pytest.mark.parametrize("client", ["mysqlclient", "mysql-connector-python"])
def test_both_drivers_that_airflow_knows_for_mariadb_write_and_read_the_same(mariadb_table, client):
    wanted = rows(("Étape 1", "e1", "student"), ("50 %", "%(username)s", ":role"))
    hook = mariadb_table.hook("ecampus", client=client)
    assert published(hook, wanted, NONE) == (2, 0)
    pd.testing.assert_frame_equal(
        EnrolmentTable(hook).rows().sort_values("role", ignore_index=True), wanted.iloc[::-1].reset_index(drop=True)
    )
    assert published(hook, NONE, wanted) == (0, 2)


@pytest.mark.parametrize(("right", "write"), [("SELECT", False), ("INSERT", True), ("DELETE", True)])
def test_a_right_that_is_missing_is_told(filled, right, write):
    filled.run(f"REVOKE {right} ON enrolments FROM ecampus")
    with pytest.raises(
        SourceRefused, match="refuse l'accès à la table enrolments : vérifier le mot de passe et les droits"
    ):
        change(filled) if write else filled.table().rows()
    assert filled.content() == BEFORE


@pytest.mark.parametrize(
    "statement", ["TRUNCATE TABLE enrolments", "DROP TABLE enrolments", "UPDATE enrolments SET role = 'x'"]
)
def test_the_account_can_do_nothing_else(filled, statement):
    with pytest.raises(Exception, match=r"denied|must be owner"):
        filled.run(statement, login="ecampus")


def test_a_wrong_password_is_told_without_it(database):
    with pytest.raises(SourceRefused, match="vérifier le mot de passe") as caught:
        EnrolmentTable(database.hook("ecampus", "wr0ng")).rows()
    assert "wr0ng" not in str(caught.value)


def test_two_hundred_thousand_rows_go_in_and_a_night_changes_some_of_them_in_a_bounded_time(database):
    everyone = pd.DataFrame({"number": range(MANY)})
    many = pd.DataFrame(
        {
            "course_idnumber": "ELP" + (everyone["number"] // 100).astype("str"),
            "username": "e" + (everyone["number"] % 30_000).astype("str"),
            "role": "student",
        },
        dtype="str",
    )
    start = time.monotonic()
    hook = database.hook("ecampus")
    assert published(hook, many, NONE) == (MANY, 0)
    moved = many.tail(5_000)
    assert published(hook, moved.assign(course_idnumber="ELPX"), moved) == (5_000, 5_000)
    assert time.monotonic() - start < BOUND_SECONDS
    assert database.run("SELECT COUNT(*) FROM enrolments", login="moodle") == [(MANY,)]
    plan = database.run("EXPLAIN SELECT * FROM enrolments WHERE username = 'e77'", login="moodle")
    assert "enrolments_username" in str(plan)
