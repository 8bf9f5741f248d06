"""The register on a real PostgreSQL and a real MariaDB: one writer, whoever freezes, whatever the clocks say."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import ExitStack, closing, contextmanager, suppress

import pandas as pd
import pytest

import registers
from ecampus.errors import AlreadyRunning, LeaseLost
from ecampus.register.lease import Lease
from ecampus.register.owned import SHAPES
from ecampus.register.register import Register
from registers import FOREIGN, NEW, NONE, OLD, WRITES, Watched, Writer, content, members, rows, run

ELSEWHERE = {"postgresql": "SET TIME ZONE 'Pacific/Auckland'", "mariadb": "SET time_zone = '-11:00'"}
LOST = "LeaseLost: Cette exécution n'a plus le droit d'écrire dans ecampus, passé à une autre (suivante, depuis le "


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
        lease.remember(links=pd.DataFrame({"code": ["a", "A", "A "], "porteur": ["50 %"] * 3}))
    ours = register.owned()
    assert ours["account"].astype("object").to_numpy().tolist()[0][:4] == [4, "student", "É😀", True]
    assert ours["account"]["frozen"].tolist() == [True]
    assert len(ours["group_member"]) == 2
    for kind, frame in ours.items():
        assert frame.dtypes.astype("str").to_dict() == SHAPES[kind]
    assert sorted(register.memory()["links"]["code"]) == ["A", "A ", "a"]
    (batch,) = register.open_batches()
    assert batch.items == [{"kind": "group_member", "key": "A / G / e1"}]
    assert time.time() - 60 < batch.intended <= time.time()


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
    """Somebody works on the enrolment table by hand, in the other order.

    MariaDB sacrifices who has changed fewer rows; PostgreSQL who looks first, and its administrator looks later.
    """
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
    assert "deadlock" in caplog.text.lower()


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


def test_nothing_of_what_is_lost_is_left_in_a_transaction(register, hook):
    with suppress(LeaseLost), register.lease("lente") as lease:
        run(hook, "UPDATE ecampus_lease SET expires = 0")
        with register.lease("rapide") as other:
            with pytest.raises(LeaseLost):
                lease.publish(rows(NEW), NONE, rows(NEW), NONE, "2026-11-23")
            other.beat()
