"""The external table as it is read, whoever made it; what is written there: ``test_rows_published``."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from ecampus import contract
from ecampus.errors import ContractBroken, SettingUnreadable
from ecampus.register.enrolment_table import COLUMNS, EnrolmentTable
from ecampus.sources import sql
from registers import SqliteFile, run

SQLGLOT = {"postgresql": "postgres", "mariadb": "mysql"}
CREATE = "CREATE TABLE enrolments(course_idnumber TEXT, username TEXT, role TEXT)"


@pytest.fixture
def hook(tmp_path):
    hook = SqliteFile(tmp_path / "enrolments.db")
    run(hook, CREATE)
    return hook


@pytest.fixture
def table(hook):
    return EnrolmentTable(hook)


def test_an_empty_table_is_an_empty_frame(table):
    frame = contract.validate("enrolment_rows", table.rows())
    assert frame.empty
    assert list(frame.columns) == COLUMNS


def test_a_row_that_is_twice_in_the_table_is_read_once(table, hook):
    run(hook, *["INSERT INTO enrolments VALUES ('L1', 'e1', 'student')"] * 2)
    assert table.rows().to_numpy().tolist() == [["L1", "e1", "student"]]


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(ContractBroken, match="Dans la base des inscriptions, la table enrolments n'existe pas"):
        EnrolmentTable(SqliteFile(tmp_path / "empty.db")).rows()


def test_a_missing_column_is_named(tmp_path):
    hook = SqliteFile(tmp_path / "odd.db")
    run(hook, "CREATE TABLE enrolments(course_idnumber TEXT, username TEXT)")
    with pytest.raises(ContractBroken, match="n'a pas la colonne role"):
        EnrolmentTable(hook).rows()


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
