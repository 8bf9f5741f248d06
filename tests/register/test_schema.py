"""The register's tables: made whatever interrupts it, the same on every database, refused by older code."""

from __future__ import annotations

import re
import sqlite3

import pytest
import sqlglot
from sqlglot import exp

import registers
from ecampus.errors import RegisterUnusable, SourceRefused
from ecampus.register import dialect, schema, tables
from ecampus.register.owned import IDENTITY, SHAPES
from ecampus.register.register import Register
from ecampus.sources import sql
from registers import furnished, run, sqlite_hook

SQLGLOT = {"postgresql": "postgres", "mariadb": "mysql"}
DIALECTS = [dialect.SQLITE, dialect.POSTGRESQL, dialect.MARIADB, dialect.ORACLE]
SCRIPTS = [(speaks, number) for speaks in DIALECTS for number in range(schema.VERSION + 1)]
RESERVED = """
    access add all alter and any as asc audit between by change char check cluster column comment compress
    connect create current date decimal default delete desc distinct drop else exclusive exists file float for
    from grant group having identified immediate in increment index initial insert integer intersect into is key
    keys level like lock long maxextents minus mlslabel mode modify noaudit nocompress not nowait null number of
    offline on online option or order pctfree primary prior public range raw rename resource revoke row rowid
    rownum rows select session set share size smallint start successful synonym sysdate table then to trigger
    uid union unique update user validate values varchar varchar2 view whenever where with
"""
BINDS = {"columns": "a", "table": "t", "values": ":a", "condition": "a = :a", "clock": "1"}


def test_making_the_tables_killed_at_any_statement_begins_again(tmp_path):
    number, killed = 0, True
    while killed:
        hook = sqlite_hook(tmp_path, name=f"{number}.db")
        killed = registers.killed_while_prepared(hook, number)
        register = Register(hook)
        register.prepare()
        assert register.state().change == 0
        assert run(hook, "SELECT COUNT(*), MAX(version) FROM ecampus_schema") == [(schema.VERSION, schema.VERSION)]
        number += 1
    assert number > 20


def test_two_that_make_the_tables_at_once_make_one_register(tmp_path):
    hook = sqlite_hook(tmp_path, timeout=5)
    assert len(set(registers.names_of_two_at_once(hook))) == 1


def test_tables_that_are_there_are_left_alone(hook):
    register = furnished(hook)
    before, seen = registers.content(hook), []
    Register(registers.Watched(hook, seen.append)).prepare()
    assert registers.content(hook) == before
    assert all(statement.startswith("SELECT") for statement in seen)
    assert register.state().change == 1


def test_older_code_refuses_a_newer_register(hook):
    Register(hook).prepare()
    run(hook, f"INSERT INTO ecampus_schema VALUES ({schema.VERSION + 1})")
    with pytest.raises(RegisterUnusable) as told:
        Register(hook).prepare()
    assert str(told.value) == (
        f"Le registre a été mis à jour (n° {schema.VERSION + 1}) par une version d'ecampus plus récente que celle-ci"
        f" (n° {schema.VERSION}) : installer la plus récente partout, rien n'est écrit d'ici là."
    )


def test_newer_code_brings_an_older_register_up_to_date_under_the_lease(hook, monkeypatch):
    register = furnished(hook)
    before = registers.content(hook)
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    monkeypatch.setattr(
        schema,
        "_script",
        lambda connection, number: [
            f"CREATE TABLE IF NOT EXISTS ecampus_{number}(a INTEGER)",
            f"INSERT INTO ecampus_schema VALUES ({number})",
        ],
    )
    with register.lease("r1"), pytest.raises(registers.AlreadyRunning, match="r1, depuis le"):
        register.prepare()
    register.prepare()
    assert run(hook, f"SELECT * FROM ecampus_{schema.VERSION}") == []
    assert registers.content(hook) == before


def test_a_file_that_may_not_be_written_is_told(hook):
    class ReadOnly(registers.SqliteFile):
        def get_conn(self):
            return sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)

    with pytest.raises(SourceRefused) as told:
        Register(ReadOnly(hook.path)).prepare()
    assert str(told.value) == (
        "La base des inscriptions ne laisse pas ecampus créer ou lire les tables de son registre : donner ces droits au"
        " compte de la connexion, ou demander à l'administrateur de la base de passer les scripts de"
        " include/sql/register."
    )


def test_a_database_of_another_sort_is_refused():
    with pytest.raises(RegisterUnusable) as told:
        dialect.of(object())
    assert str(told.value) == (
        "La base des inscriptions est d'une sorte où le registre ne peut pas vivre : la connexion « enrolment_db »"
        " doit mener à un PostgreSQL, un MariaDB, un Oracle ou un fichier SQLite."
    )


@pytest.mark.parametrize(("speaks", "number"), SCRIPTS, ids=lambda value: str(getattr(value, "name", value)))
def test_a_script_is_understood_by_its_database(speaks, number):
    for statement in parsed(speaks, number):
        assert not list(statement.find_all(exp.Command)), "not understood, only kept as text"


@pytest.mark.parametrize("speaks", DIALECTS, ids=lambda value: value.name)
def test_every_database_has_the_same_tables_columns_and_keys(speaks):
    assert described(speaks) == described(dialect.SQLITE)


def test_what_is_ours_has_its_columns_and_its_key_in_the_tables():
    made = described(dialect.SQLITE)
    for kind, shape in SHAPES.items():
        columns, key = made[f"ecampus_{kind}"]
        assert list(columns) == [tables.RESERVED.get(name, name) for name in shape]
        assert key == IDENTITY[kind]
    assert list(made["ecampus_link"][0]) == list(tables.LINKS)
    assert list(made["ecampus_following"][0]) == list(tables.FOLLOWING)
    assert list(made["ecampus_figure"][0]) == list(tables.FIGURES)


@pytest.mark.parametrize("speaks", DIALECTS, ids=lambda value: value.name)
def test_rows_that_are_ours_are_compared_as_the_enrolment_table_compares_them(speaks):
    ours = next(table for table in parsed(speaks, 1) if name(table) == "ecampus_enrolment")
    (theirs, *_) = sqlglot.parse(sql.statement(f"enrolment/{speaks.name}.sql"), read=read(speaks))
    assert [column.sql() for column in ours.find_all(exp.ColumnDef)] == [
        column.sql() for column in theirs.find_all(exp.ColumnDef)
    ]
    if speaks is dialect.MARIADB:
        assert ours.args["properties"].sql() == theirs.args["properties"].sql()


@pytest.mark.parametrize("speaks", DIALECTS, ids=lambda value: value.name)
def test_every_statement_is_understood_by_every_database(speaks):
    for file in sorted((sql.FOLDER / "register").glob("*.sql")):
        if file.stem == "engine" and speaks is not dialect.MARIADB:
            continue
        text = file.read_text(encoding="utf-8").replace("{clock}", speaks.clock).format(**BINDS)
        (statement,) = sqlglot.parse(text, read=read(speaks))
        assert isinstance(statement, exp.Select | exp.Update | exp.Insert | exp.Delete)


def test_no_column_and_no_bind_is_a_word_that_oracle_or_mariadb_keeps_for_itself():
    made = described(dialect.SQLITE)
    names = {name for columns, _ in made.values() for name in columns} | set(made)
    for file in (sql.FOLDER / "register").glob("*.sql"):
        names |= set(re.findall(r":(\w+)", file.read_text(encoding="utf-8")))
    assert names & set(RESERVED.split()) == set()


def test_the_collation_of_mysql_8_has_its_own_name():
    made = "\n".join(dialect.MYSQL.script(sql.statement("register/mariadb/1.sql")))
    assert "utf8mb4_0900_bin" in made
    assert "nopad" not in made


def read(speaks):
    return SQLGLOT.get(speaks.name, speaks.name)


def parsed(speaks, number):
    text = ";\n".join(speaks.script(sql.statement(f"register/{speaks.name}/{number}.sql")))
    return sqlglot.parse(text, read=read(speaks))


def name(statement):
    return statement.find(exp.Table).name


def described(speaks):
    """Table → (column → may be null, key)."""
    made = {}
    for statement in (each for number in range(schema.VERSION + 1) for each in parsed(speaks, number)):
        if isinstance(statement, exp.Create) and statement.kind == "TABLE":
            columns = {c.name: not c.find(exp.NotNullColumnConstraint) for c in statement.find_all(exp.ColumnDef)}
            key = statement.find(exp.PrimaryKey)
            made[name(statement)] = columns, [part.name for part in key.expressions] if key else None
    return made
