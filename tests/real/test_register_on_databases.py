"""The register on a real PostgreSQL and a real MariaDB: one writer, whoever freezes, whatever the clocks say."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import ExitStack, closing, contextmanager, suppress

import pandas as pd
import pytest

import registers
from ecampus.errors import AlreadyRunning, LeaseLost, RegisterUnusable, SourceRefused
from ecampus.register import schema
from ecampus.register.lease import Lease
from ecampus.register.owned import SHAPES
from ecampus.register.register import Register
from registers import FOREIGN, NEW, NONE, OLD, WRITES, Watched, Writer, content, furnished, members, rows, run

PASSWORD = "s3cret"
TABLES = [*registers.TABLES, "ecampus_lease", "ecampus_schema"]
ACCOUNT = {
    "postgresql": [
        "DO $$ BEGIN CREATE ROLE registrar LOGIN PASSWORD 's3cret'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "ALTER ROLE registrar SET lock_timeout = '800ms'",
        "GRANT CREATE ON SCHEMA public TO registrar",
        "GRANT SELECT, INSERT, DELETE ON enrolments TO registrar",
    ],
    "mariadb": [
        "CREATE USER IF NOT EXISTS registrar IDENTIFIED BY 's3cret'",
        "GRANT CREATE, SELECT, INSERT, UPDATE, DELETE ON ecampus.* TO registrar",
    ],
}
ELSEWHERE = {"postgresql": "SET TIME ZONE 'Pacific/Auckland'", "mariadb": "SET time_zone = '-11:00'"}
LOST = "LeaseLost: Cette exécution n'a plus le droit d'écrire dans ecampus, passé à une autre (suivante, depuis le "


@pytest.fixture
def bare(database):
    """A server with an empty enrolment table, an account for the register, and no register."""
    for table in TABLES:
        database.run(f"DROP TABLE IF EXISTS {table}")
    for statement in ACCOUNT[database.ddl]:
        database.run(statement)
    return database


@pytest.fixture
def hook(bare):
    return bare.hook("registrar")


@pytest.fixture
def register(hook):
    return furnished(hook)


@contextmanager
def taken(register: Register, holder: str):
    """The lease, once the server has ended the transaction of whoever is frozen in one."""
    with ExitStack() as stack:
        for _ in range(10):
            with suppress(AlreadyRunning):
                yield stack.enter_context(register.lease(holder))
                return
        raise AssertionError("never given back")


def test_what_is_written_is_read_with_its_types(register):
    with register.lease("r1") as lease:
        lease.own(
            "account", pd.DataFrame({"user_id": [4], "population": ["student"], "code": ["É😀"], "frozen": [True]})
        )
        lease.own("account", pd.DataFrame({"user_id": [4], "population": ["student"], "suspended": [True]}))
        lease.remember(site="https://moodle", links=pd.DataFrame({"code": ["a", "A", "A "], "porteur": ["50 %"] * 3}))
    ours = register.owned()
    assert ours["account"].astype("object").to_numpy().tolist()[0][:4] == [4, "student", "É😀", True]
    assert ours["account"]["frozen"].tolist() == [True]
    assert len(ours["group_member"]) == 2
    for kind, frame in ours.items():
        assert frame.dtypes.astype("str").to_dict() == SHAPES[kind]
    assert sorted(register.memory()["links"]["code"]) == ["A", "A ", "a"]
    assert [batch.items for batch in register.open_batches()] == [[{"kind": "group_member", "key": "A / G / e1"}]]


def test_rows_are_published_with_who_owns_them(register, bare):
    with register.lease("r1") as lease:
        assert lease.publish(rows(NEW), rows(OLD), rows(NEW), rows(OLD), "2026-11-23") == (1, 1)
    assert bare.content() == sorted([NEW, FOREIGN])
    assert [tuple(row) for row in register.owned()["enrolment"].to_numpy()] == [NEW]


def test_of_two_takers_at_once_one_wins_a_hundred_rounds(register, hook):
    assert registers.winners(hook, rounds=100) == [1] * 100


@pytest.mark.parametrize("write", WRITES)
def test_a_holder_frozen_between_two_writes_writes_nothing_once_it_wakes(register, hook, write):
    frozen = Writer(hook, WRITES[write], place=-1, sign=signal.SIGSTOP)
    with register.lease("suivante") as lease:
        before = content(hook)
        assert frozen.wakes().startswith(LOST)
        assert content(hook) == before
        lease.beat()


@pytest.mark.parametrize("write", WRITES)
def test_a_holder_frozen_in_the_middle_of_a_write_loses_it_and_its_right_and_writes_nothing(register, hook, write):
    frozen = Writer(hook, WRITES[write], place=1, sign=signal.SIGSTOP)
    before = content(hook)
    with taken(register, "suivante") as lease:
        assert frozen.wakes().startswith(LOST)
        assert content(hook) == before
        lease.beat()


def test_a_holder_frozen_before_its_commit_has_committed_nothing(register, hook):
    before = content(hook)
    frozen = Writer(hook, WRITES["publish"], place="COMMIT", sign=signal.SIGSTOP)
    with taken(register, "suivante"):
        assert frozen.wakes().startswith(LOST)
    assert content(hook) == before


def test_a_writer_killed_in_the_middle_has_written_nothing(register, hook):
    before = content(hook)
    for write in WRITES:
        assert Writer(hook, WRITES[write], place=1, sign=signal.SIGKILL).killed
    assert content(hook) == before


def test_a_session_of_another_time_zone_neither_takes_a_live_right_nor_waits_for_a_dead_one(register, hook, bare):
    elsewhere = Abroad(hook, ELSEWHERE[bare.ddl])
    with suppress(LeaseLost), register.lease("ici"):
        with pytest.raises(AlreadyRunning), Register(elsewhere).lease("là-bas"):
            pass
        assert 100_000 < left(hook, bare) <= 120_000
        run(hook, "UPDATE ecampus_lease SET expires = expires - 120000")
        with Register(elsewhere).lease("là-bas"):
            assert 100_000 < left(hook, bare) <= 120_000


def left(hook, database) -> int:
    """Milliseconds until the right expires, by our own clock: the server is on this machine."""
    return int(run(hook, "SELECT expires FROM ecampus_lease")[0][0]) - round(time.time() * 1000)


class Abroad:
    """A hook whose sessions live in another time zone."""

    def __init__(self, hook, zone):
        self.hook, self.zone, self.conn_type = hook, zone, hook.conn_type

    def get_conn(self):
        connection = self.hook.get_conn()
        with closing(connection.cursor()) as cursor:
            cursor.execute(self.zone)
        connection.commit()
        return connection


def test_the_clock_moves_inside_a_transaction(register, hook):
    with register.lease("r1") as lease, lease._tenure.transaction() as connection:
        seen = set()
        for _ in range(10_000):
            lease._tenure.beat(connection)
            with closing(connection.cursor()) as cursor:
                cursor.execute("SELECT expires FROM ecampus_lease")
                seen.add(cursor.fetchone()[0])
            if len(seen) > 1:
                break
        assert len(seen) > 1


def test_what_is_ours_is_read_in_one_moment(register, hook):
    """Another writer commits between the reading of two tables."""

    def interfere(statement: str) -> None:
        if "ecampus_group_member" in statement:
            run(hook, "DELETE FROM ecampus_enrolment", "DELETE FROM ecampus_group_member")

    ours = Register(Watched(hook, interfere)).owned()
    assert (len(ours["group_member"]), len(ours["enrolment"])) == (2, 1)


def test_a_deadlock_in_which_we_lose_is_published_again_whole(register, hook, bare, monkeypatch, caplog):
    """Somebody works on the enrolment table by hand, in the other order."""
    monkeypatch.setattr(Lease.publish.retry, "sleep", lambda seconds: None)
    ours, locked = threading.Event(), threading.Event()
    many = [("OTHER", f"o{n}", "student") for n in range(50)]

    def other_transaction() -> None:
        with closing(bare.hook().get_conn()) as other, closing(other.cursor()) as cursor:
            cursor.executemany("INSERT INTO enrolments VALUES (%s, %s, %s)", many)
            cursor.execute(
                "DELETE FROM enrolments WHERE course_idnumber = 'L1' AND username = 'e1' AND role = 'student'"
            )
            locked.set()
            ours.wait()
            cursor.execute("INSERT INTO enrolments VALUES ('L2', 'e1', 'student')")
            other.rollback()

    thread = threading.Thread(target=other_transaction)
    thread.start()
    locked.wait()
    watch = Watched(hook, lambda statement: ours.set() if statement.startswith("DELETE FROM enrolments") else None)
    try:
        with Register(watch).lease("r1") as lease:
            lease.own("group_member", members((5, 5)))
            assert lease.publish(rows(NEW), rows(OLD), rows(NEW), rows(OLD), "2026-11-23") == (1, 1)
    finally:
        ours.set()
        thread.join()
    assert bare.content() == sorted([NEW, FOREIGN])
    assert 5 in set(register.owned()["group_member"]["group_id"])
    assert "Nouvel essai (2 sur 4)" in caplog.text


def test_a_line_that_was_cut_between_two_writes_is_opened_again(register, hook, bare):
    cut = {
        "postgresql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'registrar'",
        "mariadb": "KILL USER registrar",
    }
    with register.lease("r1") as lease:
        bare.run(cut[bare.ddl])
        lease.own("group_member", members((5, 5)))
        lease.commit()
    assert 5 in set(register.owned()["group_member"]["group_id"])


def test_making_the_tables_killed_anywhere_begins_again(bare, hook):
    prepare = lambda hook: Register(hook, limits=registers.AT_ONCE).prepare()  # noqa: E731
    for number in range(200):
        if not registers.killed_while(hook, prepare, number):
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
    Register(bare.hook()).prepare()
    for table in TABLES:
        bare.run(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO ecampus")
    register = Register(bare.hook("ecampus"))
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


def test_nothing_of_what_is_lost_is_left_in_a_transaction(register, hook):
    with suppress(LeaseLost), register.lease("lente") as lease:
        run(hook, "UPDATE ecampus_lease SET expires = 0")
        with register.lease("rapide") as other:
            with pytest.raises(LeaseLost):
                lease.publish(rows(NEW), NONE, rows(NEW), NONE, "2026-11-23")
            other.beat()
