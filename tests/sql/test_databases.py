"""The same include/sql/refer/*.sql, through Airflow's own hooks, on SQLite, PostgreSQL and MariaDB: the same frames."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date

import pandas as pd
import pytest

from ecampus import contract
from ecampus.errors import ContractBroken, SourceRefused, SourceUnreachable
from ecampus.orchestration.connections import Systems
from ecampus.sources import refer, sql
from sandbox.university import create
from sandbox.university.tables import REFER

SERVERS = ["postgresql", "mariadb"]
TYPES = {"annee": "CHAR(4)", "libelle": "TEXT", "seances": "NUMERIC(6)", "premiere_seance": "DATE"}


@pytest.fixture(scope="module")
def university(tmp_path_factory):
    """``refer.db`` of a university of a hundred étapes; PostgreSQL cannot hold the NUL of one of its dirty labels."""
    folder = tmp_path_factory.mktemp("university")
    create(folder, size=100, today=date(2026, 11, 23))
    with closing(sqlite3.connect(folder / "refer.db")) as db, db:
        db.create_function("without_nul", 1, lambda label: label and label.replace("\0", "\1"))
        db.execute("UPDATE refer_element SET libelle = without_nul(libelle)")
    return {"conn_type": "sqlite", "host": str(folder / "refer.db")}


@pytest.fixture
def connect(monkeypatch):
    """The hook of REFER, as Airflow makes it from a connection of these fields."""

    def hook(fields):
        monkeypatch.setenv("AIRFLOW_CONN_REFER", json.dumps(fields))
        return Systems().refer_hook()

    return hook


@pytest.fixture(params=SERVERS, scope="module")
def server(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def copy(university, server):
    """The fields of a server that holds the university, each column of the type that a site would give it."""
    with closing(sqlite3.connect(university["host"])) as source, closing(opened(server)) as target:
        cursor = target.cursor()
        for table, columns in REFER.items():
            declared = ", ".join(f"{name} {TYPES.get(name, 'VARCHAR(500)')}" for name in columns)
            cursor.execute(f"CREATE TABLE {table} ({declared})")
            rows = source.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(columns))})", rows)
        target.commit()
    return server


def opened(fields):
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AIRFLOW_CONN_REFER", json.dumps(fields))
        return Systems().refer_hook().get_conn()


def run(fields, *statements):
    with closing(opened(fields)) as connection:
        for statement in statements:
            connection.cursor().execute(statement)
        connection.commit()


def read_all(hook):
    frames = {view: refer.read(hook, view, "2026") for view in contract.REFER}
    return {view: frame.sort_values(list(frame.columns), ignore_index=True) for view, frame in frames.items()}


def test_a_server_gives_the_same_frames_as_sqlite(university, connect, copy):
    expected = read_all(connect(university))
    assert len(expected["inscription_pedagogique"]) > 5_000
    for view, frame in read_all(connect(copy)).items():
        pd.testing.assert_frame_equal(contract.validate(view, frame), expected[view])


@pytest.mark.parametrize("server", ["mariadb"], indirect=True)
def test_the_other_driver_of_mariadb_gives_the_same_frames(university, connect, copy):
    found = read_all(connect(copy | {"extra": {"client": "mysql-connector-python"}}))
    for view, frame in read_all(connect(university)).items():
        pd.testing.assert_frame_equal(found[view], frame)


def test_a_missing_view_is_named_on_each_server(connect, copy):
    run(copy, "ALTER TABLE refer_porte RENAME TO ailleurs")
    with pytest.raises(ContractBroken, match="Dans REFER, la vue refer_porte n'existe pas"):
        refer.read(connect(copy), "porte", "2026")
    run(copy, "ALTER TABLE ailleurs RENAME TO refer_porte")


def test_a_missing_column_is_named_on_each_server(connect, copy):
    run(copy, "ALTER TABLE refer_element RENAME COLUMN a_distance TO foad")
    with pytest.raises(ContractBroken, match="la vue refer_element n'a pas la colonne a_distance"):
        refer.read(connect(copy), "element", "2026")
    run(copy, "ALTER TABLE refer_element RENAME COLUMN foad TO a_distance")


def test_a_view_whose_table_is_gone_is_told_invalid(mariadb, connect):
    run(mariadb, "CREATE DATABASE autre")
    elsewhere = mariadb | {"schema": "autre"}
    run(elsewhere, "CREATE TABLE source (annee CHAR(4), code_porte CHAR(8), code_porteur CHAR(8))")
    run(elsewhere, "CREATE VIEW refer_porte AS SELECT * FROM source", "DROP TABLE source")
    with pytest.raises(ContractBroken, match="la vue refer_porte n'est plus valide : la recréer"):
        refer.read(connect(elsewhere), "porte", "2026")


def test_an_account_needs_nothing_but_to_read(connect, copy):
    name = "lecteur@localhost" if copy["conn_type"] == "mysql" else "lecteur"
    secret = "IDENTIFIED BY 'secret'" if copy["conn_type"] == "mysql" else "LOGIN"
    run(copy, f"CREATE USER {name} {secret}", f"GRANT SELECT ON refer_element TO {name}")
    hook = connect(copy | {"login": "lecteur", "password": "secret"})
    assert not refer.read(hook, "element", "2026").empty
    with pytest.raises(SourceRefused, match="REFER refuse l'accès à la vue refer_porte"):
        refer.read(hook, "porte", "2026")


def test_a_wrong_password_is_refused(mariadb, connect):
    with pytest.raises(SourceRefused, match="REFER refuse l'accès") as refused:
        refer.read(connect(mariadb | {"login": "personne", "password": "hunter2"}), "element", "2026")
    assert "hunter2" not in str(refused.value)


def test_a_server_that_does_not_answer_is_unreachable(server, connect, free_port):
    with pytest.raises(SourceUnreachable, match="REFER est injoignable"):
        refer.read(connect(server | {"port": free_port}), "element", "2026")


def test_a_view_that_waits_for_another_writer_is_told_locked(postgresql):
    with closing(opened(postgresql)) as other, closing(opened(postgresql)) as reader:
        other.cursor().execute("CREATE TABLE verrou (a INTEGER)")
        other.commit()
        other.cursor().execute("LOCK TABLE verrou IN ACCESS EXCLUSIVE MODE")
        reader.cursor().execute("SET lock_timeout = '50ms'")
        with pytest.raises(SourceUnreachable, match="verrouillée"), sql.connected(_Given(reader), "REFER", "la vue x"):
            sql.read(reader, "SELECT a FROM verrou")


class _Given:
    """Hands out a connection that is open already."""

    def __init__(self, connection):
        self.connection = connection

    def get_conn(self):
        return self.connection
