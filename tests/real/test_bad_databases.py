"""A database that is silent, hangs up, answers nonsense or is full in the middle of the work: one sentence, then again."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pandas as pd
import pytest
from relay import relay

from databases import Database, mariadb, postgresql
from ecampus.errors import SourceUnreachable
from ecampus.sources import refer, silence
from programs import HOST, Missing, skip
from registers import content, published
from registrar import shared

ROWS = pd.DataFrame(
    [(f"L{n % 40}", f"e{n}", "student") for n in range(20_000)], columns=["course_idnumber", "username", "role"]
)
NONE = ROWS.iloc[:0]
DRIVERS = ["psycopg2", "mysqlclient", "mysql-connector-python"]
AWAY = r"^La base des inscriptions est injoignable \(pour la table enrolments\) : "


@pytest.fixture(params=DRIVERS)
def filled(request: pytest.FixtureRequest) -> tuple[Database, dict[str, str]]:
    """Each server with 20,000 rows, and the extra that chooses the driver."""
    driver = request.param
    server: Database = request.getfixturevalue("postgresql_server" if driver == "psycopg2" else "mariadb_server")
    server.create()
    server.fill(ROWS)
    return server, {} if driver == "psycopg2" else {"client": driver}


def through(server: Database, port: int) -> Database:
    """The same server by another port."""
    return replace(server, connection=server.connection | {"port": port})


@contextmanager
def web_server() -> Iterator[int]:
    """Something else at the port of the database."""
    with http.server.ThreadingHTTPServer((HOST, 0), http.server.BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.mark.parametrize("answered", [100_000, 400_000])
def test_a_database_that_falls_silent_mid_read_is_not_waited_for_without_end(filled, monkeypatch, answered):
    (server, extra), port = filled, filled[0].connection["port"]
    monkeypatch.setattr(silence, "SECONDS", 1.0)
    with relay(port, answered, silent=True) as wire, pytest.raises(SourceUnreachable, match=AWAY):
        through(server, wire.port).table(**extra).rows()
    monkeypatch.undo()
    assert len(server.table(**extra).rows()) == len(ROWS)


@pytest.mark.parametrize("answered", [0, 40, 100_000, 400_000])
def test_a_database_that_hangs_up_mid_read_leaves_no_part_of_the_rows(filled, answered):
    (server, extra), port = filled, filled[0].connection["port"]
    with relay(port, answered) as wire, pytest.raises(SourceUnreachable, match=AWAY):
        through(server, wire.port).table(**extra).rows()
    assert len(server.table(**extra).rows()) == len(ROWS)


def test_a_view_of_refer_that_is_cut_is_no_view_at_all(filled):
    (server, extra), port = filled, filled[0].connection["port"]
    server.run("DROP TABLE IF EXISTS refer_porte")
    server.run("CREATE TABLE refer_porte(annee VARCHAR(4), code_porte VARCHAR(100), code_porteur VARCHAR(100))")
    server.run("INSERT INTO refer_porte SELECT '2026', username, course_idnumber FROM enrolments")
    with relay(port, 100_000) as wire, pytest.raises(SourceUnreachable, match=r"^REFER est injoignable \(pour la vue"):
        refer.read(through(server, wire.port).hook(**extra), "porte", "2026")
    assert len(refer.read(server.hook(**extra), "porte", "2026")) == len(ROWS)
    server.run("DROP TABLE refer_porte")


def test_something_else_at_the_port_is_told(filled, monkeypatch):
    server, extra = filled
    monkeypatch.setattr(silence, "GREETING_SECONDS", 1.0)
    with web_server() as port, pytest.raises(SourceUnreachable, match=AWAY):
        through(server, port).table(**extra).rows()


@contextmanager
def small(name: str, config: pytest.Config) -> Iterator[Database]:
    """A database whose disk is soon full, with a register."""
    with pytest.MonkeyPatch.context() as patch:
        try:
            server = (
                postgresql(patch.setenv, largest_file=3_000_000)
                if name == "postgresql"
                else mariadb(patch.setenv, "--innodb-data-file-path=ibdata1:15M", "--innodb-file-per-table=0")
            )
            with server as running:
                yield shared(running)
        except Missing as why:
            skip(why, config)


@pytest.mark.parametrize("name", ["postgresql", "mariadb"])
def test_a_database_that_is_full_changes_nothing_and_takes_it_all_once_it_has_room(name, pytestconfig):
    crowd = ROWS.assign(username=ROWS["username"].str.zfill(90))
    with small(name, pytestconfig) as server:
        hook = server.hook("ecampus")
        published(hook, ROWS.iloc[:100], NONE)
        before = content(hook)
        with pytest.raises(SourceUnreachable, match=r"^La base des inscriptions n'a plus de place pour la table enrol"):
            published(hook, crowd, ROWS.iloc[:100])
        assert content(hook) == before
        assert published(hook, crowd.iloc[:200], ROWS.iloc[:100]) == (200, 100)
