"""Moodle's own database on a real PostgreSQL and a real MariaDB: the frames of the web services, and nothing written."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import closing

import pytest
import requests
from moodle_tables import MoodleTables, filled
from relay import relay

from both_readers import HIDDEN_BY_REST, SHOWN_BY_REST, make_odd, read_by_both
from ecampus.errors import ContractBroken, SourceRefused, SourceUnreachable
from ecampus.moodle import database as moodle_database
from ecampus.moodle.client import MoodleClient
from sandbox.box import Box, open_box
from university import NIGHT, BoxSystems, whole_night

ALL = [*SHOWN_BY_REST, *HIDDEN_BY_REST]


@pytest.fixture(scope="module")
def box(tmp_path_factory) -> Iterator[Box]:
    """A university's Moodle after its first night, and everything odd beside."""
    folder = tmp_path_factory.mktemp("moodle")
    with open_box(folder / "box", size=3, today=NIGHT, sync_every=0.1) as box:
        whole_night(folder / "store", BoxSystems(box))
        make_odd(box.moodle.db)
        yield box


@pytest.fixture(scope="module", params=["postgresql", "mariadb"])
def server(request):
    return request.getfixturevalue(f"{request.param}_server")


@pytest.fixture(scope="module")
def tables(server, box) -> MoodleTables:
    return filled(server, "mdl_", box.moodle.db.path)


@pytest.fixture(scope="module")
def client(box) -> MoodleClient:
    return MoodleClient(requests.Session(), box.moodle.url, box.moodle.token)


@pytest.mark.parametrize("prefix", ["mdl_", "campus2026_"])
def test_every_frame_is_the_one_that_the_web_services_give(server, box, client, prefix):
    shown = read_by_both(client, filled(server, prefix, box.moodle.db.path).read())
    assert all(len(shown.frames[name]) for name in ALL)
    assert len(shown.whole("courses")) > 30
    assert len(shown.frames["group_members"]) > 100
    for name in ("cohort_members", "group_members"):
        assert shown.frames[name]["added"].gt(0).all()


@pytest.mark.parametrize("server", ["mariadb"], indirect=True)
def test_the_other_driver_of_mariadb_gives_the_same(tables, client):
    read_by_both(client, tables.read(client="mysql-connector-python"))


def test_what_is_read_is_of_one_moment_whatever_is_written_meanwhile(tables):
    def names() -> Iterator[str]:
        yield "groups"
        tables.run("UPDATE {prefix}groups_members SET component = 'enrol_meta'")
        yield from ("group_members", "held_members")

    before = len(tables.read().read(["held_members"]).frames["held_members"])
    shown = tables.read().read(names())
    assert len(shown.frames["held_members"]) == before < len(shown.frames["group_members"])
    assert len(tables.read().read(["held_members"]).frames["held_members"]) == len(shown.frames["group_members"])
    tables.run("UPDATE {prefix}groups_members SET component = '' WHERE component = 'enrol_meta'")


def test_nothing_can_be_written_even_with_the_right_to(tables):
    with closing(tables.server.hook().get_conn()) as connection, closing(connection.cursor()) as cursor:
        moodle_database._hold_the_moment(connection)
        with pytest.raises(Exception, match=r"(?i)read.only"):
            cursor.execute(f"DELETE FROM {tables.prefix}groups_members")


def test_each_missing_grant_is_one_sentence_that_names_the_table(tables):
    for name, grant in tables.grants().items():
        tables.server.run(grant.replace("GRANT", "REVOKE").replace(" TO ", " FROM "))
        with pytest.raises(SourceRefused) as refused:
            tables.read().read(ALL)
        assert str(refused.value) == (
            f"La base de Moodle ne laisse pas le compte de la connexion « moodle_db » lire la table {name} : lui donner"
            " les droits de include/sql/moodle/grants.sql, ou, si cette table n'existe pas, corriger « table_prefix »"
            " (mdl_) dans la connexion « moodle »."
        )
        tables.server.run(grant)
    tables.read().read(ALL)


@pytest.mark.parametrize("statement", ["SELECT id FROM {}user_enrolments", "DELETE FROM {}user", "DROP TABLE {}user"])
def test_the_account_sees_no_other_column_and_changes_nothing(tables, statement):
    with pytest.raises(Exception, match=r"denied|must be owner"):
        tables.server.run(statement.format(tables.prefix), login="lecture")


def test_a_wrong_prefix_is_told_to_an_account_that_may_read_everything(tables):
    with pytest.raises(ContractBroken) as missing:
        dataclasses.replace(tables, prefix="autre_").read(login="").read(["users"])
    assert str(missing.value) == (
        "La base de Moodle n'a pas de table autre_user : corriger « table_prefix » (autre_) dans la connexion « moodle »,"
        " ou la base que nomme la connexion « moodle_db »."
    )


def test_a_wrong_prefix_is_told_to_the_account_that_may_read_no_more_than_it_must(tables):
    with pytest.raises((ContractBroken, SourceRefused), match=r"autre_user .*corriger.* « table_prefix » \(autre_\)"):
        dataclasses.replace(tables, prefix="autre_").read().read(["users"])


def test_a_wrong_password_is_told_without_it(tables):
    hook = tables.server.hook("lecture", "wr0ng")
    with pytest.raises(SourceRefused, match="La base de Moodle refuse l'accès à ses tables") as refused:
        moodle_database.MoodleDatabase(hook).read(["users"])
    assert "wr0ng" not in str(refused.value)


def through(tables: MoodleTables, port: int) -> MoodleTables:
    server = dataclasses.replace(tables.server, connection=tables.server.connection | {"port": port})
    return dataclasses.replace(tables, server=server)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_server_that_goes_away_in_the_middle_is_told_and_gives_all_the_next_time(tables, share):
    port = tables.server.connection["port"]
    with relay(port, limit=10**9) as wire:
        expected = through(tables, wire.port).read().read(ALL)
        whole = wire.passed
    with relay(port, limit=int(whole * share)) as wire, pytest.raises(SourceUnreachable) as away:
        through(tables, wire.port).read().read(ALL)
    assert str(away.value).startswith("La base de Moodle est injoignable (pour la table mdl_")
    assert "\n" not in str(away.value)
    found = tables.read().read(ALL)
    assert {name: len(frame) for name, frame in found.frames.items()} == {
        name: len(frame) for name, frame in expected.frames.items()
    }


def test_a_server_that_is_stopped_is_unreachable(tables):
    with tables.server.process.stopped(), pytest.raises(SourceUnreachable) as away:
        tables.read().read(["users"])
    assert str(away.value).startswith("La base de Moodle est injoignable (pour ses tables) : ")
