"""One writer at a time on SQLite: taken by one, kept by beats, lost for good by whoever was frozen too long."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing, suppress
from threading import Event

import pytest

import registers
from ecampus.errors import AlreadyRunning, LeaseLost, SourceUnreachable
from ecampus.register import tables, tenure
from ecampus.register.register import Register
from ecampus.register.tenure import Limits
from registers import WRITES, Writer, content, furnished, members, run, sqlite_hook

LOST = "LeaseLost: Cette exécution n'a plus le droit d'écrire dans ecampus, passé à une autre (suivante, depuis le "
LIVES = Limits()


@pytest.fixture
def hook(tmp_path):
    return sqlite_hook(tmp_path, timeout=5)


@pytest.fixture
def register(hook):
    return furnished(hook)


def expired(hook) -> None:
    run(hook, "UPDATE ecampus_lease SET expires = 0")


def test_of_two_takers_at_once_one_wins_a_hundred_rounds(register, hook):
    assert registers.winners(hook, rounds=100) == [1] * 100


@pytest.mark.parametrize("write", WRITES)
def test_a_holder_frozen_between_two_writes_writes_nothing_once_it_wakes(register, hook, write):
    frozen = Writer(hook, WRITES[write], place=-1, sign=signal.SIGSTOP)
    with register.lease("suivante") as lease:
        lease.own("group_member", members((5, 5)))
        lease.commit()
        before = content(hook)
        assert frozen.wakes().startswith(LOST)
        assert content(hook) == before
        lease.beat()


@pytest.mark.parametrize("write", WRITES)
def test_a_holder_frozen_in_the_middle_of_a_write_keeps_the_file_and_the_next_is_told_so(tmp_path, write):
    hook = sqlite_hook(tmp_path)
    register = furnished(hook)
    frozen = Writer(hook, WRITES[write], place=1, sign=signal.SIGSTOP)
    with pytest.raises(AlreadyRunning) as told, register.lease("suivante"):
        pass
    assert str(told.value).startswith("Une autre exécution (gelée, depuis le ")
    assert str(told.value).endswith(
        ") est au milieu d'une écriture et garde la base des inscriptions : attendre sa fin, ou arrêter son processus"
        " s'il ne répond plus, puis relancer cette phase."
    )
    assert frozen.wakes() == "wrote"


def test_a_holder_killed_in_the_middle_of_a_write_has_written_nothing(register, hook):
    before = content(hook)
    for write in WRITES:
        assert Writer(hook, WRITES[write], place=1, sign=signal.SIGKILL).killed
        assert content(hook) == before


def test_a_writer_killed_between_intent_and_settlement_leaves_the_batch_open_and_owns_nothing(register, hook):
    def write(lease):
        number = lease.intend([{"key": "A / G / e9"}], registers.ABOUT)
        lease.settle(number, [{"outcome": "done"}], {"group_member": members((9, 9))}, {})
        lease.commit()

    after_the_intent = registers.statements(hook, lambda lease: lease.intend([{"key": "A"}], registers.ABOUT))
    known = len(register.open_batches())
    assert Writer(hook, write, place=after_the_intent, sign=signal.SIGKILL).killed
    assert [batch.items for batch in register.open_batches()][known:] == [[{"key": "A / G / e9"}]]
    assert 9 not in set(register.owned()["group_member"]["group_id"])
    with register.lease("suivante") as lease:
        lease.settle(register.open_batches()[-1].number, [{"outcome": "done"}], {"group_member": members((9, 9))}, {})
    assert len(register.open_batches()) == known


def test_the_right_of_a_killed_holder_is_waited_for_then_taken(register, hook):
    Writer(hook, WRITES["intend"], place=1, sign=signal.SIGKILL, limits=LIVES)
    with pytest.raises(AlreadyRunning, match="gelée, depuis le"), register.lease("gelée"):
        pass
    expired(hook)
    with register.lease("gelée") as lease:
        assert lease.fence > 1


def test_a_right_that_nobody_took_meanwhile_is_still_ours(register, hook):
    with register.lease("lente") as lease:
        expired(hook)
        lease.beat()
        with pytest.raises(AlreadyRunning), register.lease("autre"):
            pass


def test_a_right_lost_to_one_that_has_ended_is_lost(register, hook):
    with suppress(LeaseLost), register.lease("lente") as lease:
        expired(hook)
        with register.lease("rapide"):
            pass
        with pytest.raises(LeaseLost) as told:
            lease.beat()
        assert str(told.value) == (
            "Cette exécution n'a plus le droit d'écrire dans ecampus, resté sans signe de vie trop longtemps : elle"
            " n'écrit plus rien ; relancer cette phase quand l'autre sera finie."
        )
        with pytest.raises(LeaseLost):
            lease.beat()


def test_the_same_name_with_another_number_is_not_the_holder(register, hook):
    with suppress(LeaseLost), register.lease("r1") as first:
        expired(hook)
        with register.lease("r1") as second:
            with pytest.raises(LeaseLost):
                first.beat()
            second.beat()


def test_a_holder_that_does_nothing_is_kept_alive(register, hook, monkeypatch):
    beaten, enough = iter(range(1000)), Event()
    beat = tenure.Tenure.beat

    def counted(self, connection):
        beat(self, connection)
        if next(beaten) > 5:
            enough.set()

    monkeypatch.setattr(tenure.Tenure, "beat", counted)
    with Register(hook, limits=Limits(beat=0.01)).lease("longue lecture"):
        expired(hook)
        assert enough.wait(10)
        assert run(hook, "SELECT expires > 0 FROM ecampus_lease") == [(1,)]


def test_a_long_transaction_is_beaten_again_before_it_ends(register, hook, monkeypatch):
    now = iter([0.0, 21.0])
    monkeypatch.setattr(tenure.time, "monotonic", lambda: next(now))
    with register.lease("longue") as lease:
        beats = run(hook, "SELECT beats FROM ecampus_lease")[0][0]
        now = iter([0.0, 21.0, 0.0, 0.0])
        lease.commit()
        assert run(hook, "SELECT beats FROM ecampus_lease")[0][0] == beats + 2
        now = iter([0.0] * 10)


def test_a_file_that_somebody_else_holds_is_told(register, hook, tmp_path):
    with closing(hook.get_conn()) as other:
        other.execute("BEGIN EXCLUSIVE")
        hook.timeout = 0.05
        with pytest.raises(AlreadyRunning, match="programme est au milieu d'une écriture"), register.lease("r"):
            pass


def test_who_is_not_given_the_right_leaves_no_line_open(register, hook, monkeypatch):
    lines = []
    real = hook.get_conn

    class Line(sqlite3.Connection):
        __module__ = "sqlite3"

        def close(self):
            lines.remove(self)
            super().close()

    def get_conn():
        lines.append(sqlite3.connect(hook.path, timeout=hook.timeout, factory=Line))
        return lines[-1]

    with closing(real()) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(hook, "get_conn", get_conn)
        hook.timeout = 0.05
        for _ in range(3):
            with pytest.raises(AlreadyRunning, match="au milieu d'une écriture"), register.lease("r"):
                pass
    assert lines == []


def test_a_right_whose_first_reading_fails_is_given_back(register, hook):
    def away(statement):
        if statement == tables.text("last_batch"):
            raise sqlite3.OperationalError("disk I/O error")

    with pytest.raises(SourceUnreachable), Register(registers.Watched(hook, away)).lease("r1"):
        pass
    with register.lease("r2") as lease:
        lease.beat()
