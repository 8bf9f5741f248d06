"""The register's tables on a real PostgreSQL and a real MariaDB: who makes them, what interrupts it, who may read."""

from __future__ import annotations

import pytest

import registers
from ecampus.errors import RegisterUnusable, SourceRefused
from ecampus.register import schema
from ecampus.register.register import Register
from registers import NEW, OLD, furnished, members, rows, run
from registrar import TABLES, shared


def test_making_the_tables_killed_anywhere_begins_again(bare, hook):
    for number in range(200):
        if not registers.killed_while_prepared(hook, number):
            break
    Register(hook).prepare()
    assert number > 20
    assert len(Register(hook).state().name) == 36


def test_two_that_make_the_tables_at_once_make_one_register(bare, hook):
    assert len(set(registers.names_of_two_at_once(hook))) == 1


def test_an_account_that_may_not_make_tables_is_told_and_may_use_those_of_the_administrator(bare):
    with pytest.raises(SourceRefused) as told:
        Register(bare.hook("ecampus")).prepare()
    assert str(told.value).startswith("La base des inscriptions ne laisse pas ecampus créer ou lire les tables")
    register = Register(shared(bare).hook("ecampus"))
    register.prepare()
    with register.lease("r1") as lease:
        lease.own("group_member", members((5, 5)))
    assert len(register.owned()["group_member"]) == 1


def test_moodle_reads_the_rows_and_nothing_of_the_register(register, bare):
    for table in TABLES:
        with pytest.raises(Exception, match="denied"):
            bare.run(f"SELECT * FROM {table}", login="moodle")


def test_a_table_without_transactions_is_refused(mariadb_server):
    mariadb_server.run("DROP TABLE IF EXISTS enrolments")
    mariadb_server.run("CREATE TABLE enrolments(course_idnumber TEXT, username TEXT, role TEXT) ENGINE=MyISAM")
    with pytest.raises(RegisterUnusable) as told:
        Register(mariadb_server.hook()).prepare()
    assert str(told.value) == (
        "Dans la base des inscriptions, la table enrolments est en MyISAM, qui ne sait pas annuler une écriture"
        " interrompue : la passer en InnoDB (ALTER TABLE enrolments ENGINE=InnoDB)."
    )


@pytest.mark.parametrize("client", ["mysql-connector-python"])
def test_the_other_driver_of_mariadb_does_the_same(mariadb_server, client):
    mariadb_server.create()
    for table in TABLES:
        mariadb_server.run(f"DROP TABLE IF EXISTS {table}")
    register = furnished(mariadb_server.hook(client=client))
    with register.lease("r1") as lease:
        assert lease.publish(rows(NEW), rows(OLD), rows(NEW), rows(OLD), "2026-11-23") == (1, 1)
    assert len(register.owned()["group_member"]) == 2


def test_a_newer_register_is_refused(register, hook):
    run(hook, f"INSERT INTO ecampus_schema VALUES ({schema.VERSION + 1})")
    with pytest.raises(RegisterUnusable, match="par une version d'ecampus plus récente"):
        register.prepare()
