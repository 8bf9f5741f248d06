"""The external table: differences only, in one transaction, foreign rows untouched."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pandas as pd
import pytest
import sqlglot
from sqlglot import exp

from ecampus import contract
from ecampus.errors import ContractBroken, SettingUnreadable, SourceLocked, SourceRefused, SourceUnreachable
from ecampus.register.enrolment_table import COLUMNS, EnrolmentTable
from ecampus.sources import sql

SQLGLOT = {"postgresql": "postgres", "mariadb": "mysql"}
CREATE = "CREATE TABLE enrolments(course_idnumber TEXT, username TEXT, role TEXT)"


class SqliteFile:
    """Stands for Airflow's hook."""

    def __init__(self, path, timeout: float = 0.05):
        self.path, self.timeout = path, timeout

    def get_conn(self):
        return sqlite3.connect(self.path, timeout=self.timeout)

    def run(self, *statements):
        with closing(self.get_conn()) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    def content(self):
        with closing(self.get_conn()) as connection:
            return sorted(connection.execute("SELECT * FROM enrolments").fetchall())


def rows(*values) -> pd.DataFrame:
    return pd.DataFrame(list(values), columns=COLUMNS, dtype="str")


A, B, C = ("L1", "e1", "student"), ("L1", "e2", "student"), ("L2", "p1", "editingteacher")
NONE = rows()


@pytest.fixture
def hook(tmp_path):
    hook = SqliteFile(tmp_path / "enrolments.db")
    hook.run(CREATE)
    return hook


@pytest.fixture
def table(hook):
    return EnrolmentTable(hook)


def test_an_empty_table_is_an_empty_frame(table):
    frame = contract.validate("enrolment_rows", table.rows())
    assert frame.empty
    assert list(frame.columns) == COLUMNS


def test_rows_written_are_rows_read(table):
    assert table.apply(rows(A, B, C), NONE) == (3, 0)
    frame = contract.validate("enrolment_rows", table.rows())
    assert sorted(map(tuple, frame.to_numpy())) == [A, B, C]


def test_only_the_rows_named_are_removed(table, hook):
    table.apply(rows(A, B, C), NONE)
    assert table.apply(NONE, rows(B)) == (0, 1)
    assert hook.content() == [A, C]


def test_a_row_already_there_is_not_added_twice_and_one_already_gone_is_no_error(table, hook):
    table.apply(rows(A), NONE)
    assert table.apply(rows(A, B, B), rows(C)) == (1, 0)
    assert hook.content() == [A, B]


def test_the_same_change_twice_changes_nothing(table, hook):
    table.apply(rows(C), NONE)
    assert table.apply(rows(A, B), rows(C)) == (2, 1)
    assert table.apply(rows(A, B), rows(C)) == (0, 0)
    assert hook.content() == [A, B]


def test_a_row_that_is_twice_in_the_table_is_read_once_and_removed_whole(table, hook):
    hook.run(*["INSERT INTO enrolments VALUES ('L1', 'e1', 'student')"] * 2)
    assert len(table.rows()) == 1
    table.apply(NONE, rows(A))
    assert hook.content() == []


def test_rows_of_others_even_odd_ones_stay(table, hook):
    hook.run(
        "INSERT INTO enrolments VALUES ('HANDMADE', NULL, '')",
        "INSERT INTO enrolments VALUES ('x', 'y', 'z')",
    )
    table.apply(rows(A), rows(B))
    assert len(table.rows()) == 3


def test_a_failure_in_the_middle_leaves_the_table_as_it_was(table, hook):
    table.apply(rows(A), NONE)
    hook.run("CREATE TRIGGER no BEFORE DELETE ON enrolments BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    with pytest.raises(SourceUnreachable, match="disk is full"):
        table.apply(rows(B, C), rows(A))
    assert hook.content() == [A]


def test_more_rows_than_one_chunk_are_all_written(table):
    many = rows(*[("L1", f"e{n}", "student") for n in range(12_001)])
    assert table.apply(many, NONE) == (12_001, 0)
    assert table.apply(NONE, many) == (0, 12_001)


@pytest.fixture
def pauses(monkeypatch):
    """What the attempts would have waited, in seconds; none of it is spent."""
    pauses = []
    monkeypatch.setattr(EnrolmentTable.apply.retry, "sleep", pauses.append)
    return pauses


def test_a_locked_table_is_tried_four_times_then_worth_a_retry_of_the_task(table, hook, pauses):
    with closing(hook.get_conn()) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(SourceLocked, match="la table enrolments est verrouillée"):
            table.apply(rows(A), NONE)
    assert len(pauses) == 3
    assert all(pause <= 20 for pause in pauses)


def test_an_error_that_is_no_lock_is_not_tried_again(hook, pauses):
    hook.run("CREATE TRIGGER no BEFORE INSERT ON enrolments BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    with pytest.raises(SourceUnreachable, match="disk is full"):
        EnrolmentTable(hook).apply(rows(A), NONE)
    assert pauses == []


def test_a_table_that_confuses_two_keys_is_told_so(tmp_path):
    hook = SqliteFile(tmp_path / "nocase.db")
    hook.run("CREATE TABLE enrolments(course_idnumber TEXT COLLATE NOCASE PRIMARY KEY, username TEXT, role TEXT)")
    with pytest.raises(ContractBroken, match="prend deux lignes différentes pour la même"):
        EnrolmentTable(hook).apply(rows(A, ("l1", "e1", "student")), NONE)


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(ContractBroken, match="Dans la base des inscriptions, la table enrolments n'existe pas"):
        EnrolmentTable(SqliteFile(tmp_path / "empty.db")).rows()


def test_a_missing_column_is_named(tmp_path):
    hook = SqliteFile(tmp_path / "odd.db")
    hook.run("CREATE TABLE enrolments(course_idnumber TEXT, username TEXT)")
    with pytest.raises(ContractBroken, match="n'a pas la colonne role"):
        EnrolmentTable(hook).rows()


def test_a_read_only_database_is_refused(table, hook):
    class ReadOnly(SqliteFile):
        def get_conn(self):
            return sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)

    with pytest.raises(SourceRefused, match="La base des inscriptions refuse l'accès à la table enrolments"):
        EnrolmentTable(ReadOnly(hook.path)).apply(rows(A), NONE)


def test_another_name_of_the_table_is_a_setting(hook):
    hook.run("ALTER TABLE enrolments RENAME TO inscriptions")
    table = EnrolmentTable(hook, "inscriptions")
    assert table.apply(rows(A), NONE) == (1, 0)
    assert len(table.rows()) == 1


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb", "oracle", "sqlite"])
def test_the_table_is_the_same_for_every_database(dialect):
    """Three columns that are never null and their key, in the words of each database."""
    text = sql.statement(f"enrolment/{dialect}.sql")
    table = next(iter(sqlglot.parse(text, read=SQLGLOT.get(dialect, dialect))))
    columns = list(table.find_all(exp.ColumnDef))
    assert table.this.this.name == "enrolments"
    assert [column.name for column in columns] == COLUMNS
    assert all(column.find(exp.NotNullColumnConstraint) for column in columns)
    assert [name.name for name in table.find(exp.PrimaryKey).expressions] == COLUMNS


def test_a_name_that_is_not_one_is_refused(hook):
    with pytest.raises(SettingUnreadable):
        EnrolmentTable(hook, "enrolments; DROP TABLE x")
