"""What the tests of the register share: a register, watched connections, writers that freeze or die at a statement."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pandas as pd

from ecampus.errors import AlreadyRunning, EcampusError
from ecampus.register.batches import About
from ecampus.register.lease import Lease
from ecampus.register.owned import SHAPES
from ecampus.register.register import Register
from ecampus.register.tables import ASKED, DECISIONS
from ecampus.register.tenure import Limits
from ecampus.sources import sql

FORK = multiprocessing.get_context("fork")
ABOUT = About("2026-11-23/groups/r1", "groups", "2026-11-23")
COLUMNS = ["course_idnumber", "username", "role"]
MORE = ("good", "done", "decision", "answer", "passage", "site")
TABLES = [f"ecampus_{name}" for name in (*SHAPES, "batch", "link", "following", "figure", "register", *MORE)]
AT_ONCE = Limits(ttl=-0.001, idle=0.2)
"""A right that anybody may take at once, in the same millisecond too, and transactions that are soon ended."""


def rows(*values: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(values), columns=COLUMNS, dtype="str")


def members(*values: tuple[int, int]) -> pd.DataFrame:
    return pd.DataFrame(list(values), columns=["group_id", "user_id"], dtype="int64")


NONE = rows()
OLD, NEW, FOREIGN = ("L1", "e1", "student"), ("L2", "e1", "student"), ("MAIN", "x", "student")
DECIDED = {
    "phase": "offer", "question": "adopt_course", "state": "adopted", "night": "2026-11-23", "units": 1, "who": "camille",
    "why": "",
}  # fmt: skip
WRITES: dict[str, Callable[[Lease], Any]] = {
    "intend": lambda lease: lease.intend([{"kind": "group_member", "key": "A / G / e1"}], ABOUT),
    "settle": lambda lease: (lease.settle(1, [{"outcome": "done"}], {"group_member": members((9, 9))}, {}), lease.commit()),
    "disown": lambda lease: (lease.disown("group_member", members((1, 1))), lease.commit()),
    "publish": lambda lease: lease.publish(rows(NEW), rows(OLD), rows(NEW), rows(OLD), "2026-11-23"),
    "number": lambda lease: (lease.intend_number(), lease.settle_number()),
    "remember": lambda lease: lease.remember(links=pd.DataFrame({"code": ["A"], "porteur": ["B"]})),
    "forget": lambda lease: lease.forget_batches("2027-12-01"),
    "rewrite": lambda lease: (lease.rewrite(1, [], []), lease.commit()),
    "decide": lambda lease: (lease.note(DECIDED), lease.known_as("le-notre", 8), lease.commit()),
    "beat": lambda lease: lease.beat(),
}  # fmt: skip


class SqliteFile:
    """Stands for Airflow's hook."""

    conn_type = "sqlite"

    def __init__(self, path: Path, timeout: float = 0.05):
        self.path, self.timeout = path, timeout

    def get_conn(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=self.timeout)


def sqlite_hook(folder: Path, timeout: float = 0.05, name: str = "enrolments.db") -> SqliteFile:
    """A file with an empty enrolment table."""
    hook = SqliteFile(folder / name, timeout)
    run(hook, sql.statement("enrolment/sqlite.sql"))
    return hook


def run(hook: Any, *statements: str) -> list[tuple[Any, ...]]:
    """Rows of the last statement; all committed."""
    with closing(hook.get_conn()) as connection, closing(connection.cursor()) as cursor:
        for statement in statements:
            cursor.execute(statement)
        found = cursor.fetchall() if cursor.description else []
        connection.commit()
    return [tuple(row) for row in found]


def content(hook: Any) -> dict[str, list[Any]]:
    """Every table but the lease, and the enrolment table."""
    return {table: sorted(map(str, run(hook, f"SELECT * FROM {table}"))) for table in [*TABLES, "enrolments"]}


def published(hook: Any, add: pd.DataFrame, remove: pd.DataFrame, table: str = "enrolments") -> tuple[int, int]:
    """As a night to which all these rows belong; how many it really added and removed. Its right may be taken at once."""
    with Register(hook, table, limits=Limits(ttl=-0.001)).lease("nuit") as lease:
        return lease.publish(add, remove, add, remove, ABOUT.night)


def listed(frame: pd.DataFrame) -> list[list[Any]]:
    """Its rows in order, nulls as ``None``."""
    frame = frame.astype("object")
    return sorted(frame.where(frame.notna(), None).to_numpy().tolist(), key=str)


def furnished(hook: Any) -> Register:
    """A register with one open batch, some ownership, and rows of the table that are ours and not."""
    register = Register(hook)
    register.prepare()
    with register.lease("mise en place") as lease:
        lease.own("group_member", members((1, 1), (1, 2)))
        lease.publish(rows(OLD, FOREIGN), NONE, rows(OLD), NONE, "2026-11-22")
        lease.intend([{"kind": "group_member", "key": "A / G / e1"}], ABOUT)
    return register


class Watched:
    """A hook whose connections call ``act(statement)`` before each statement and before each COMMIT."""

    def __init__(self, hook: Any, act: Callable[[str], Any]):
        self._hook, self._act = hook, act
        self.conn_type = getattr(hook, "conn_type", "sqlite")

    def get_conn(self) -> Any:
        connection = self._hook.get_conn()
        made = type("Connection", (_Connection,), {"__module__": type(connection).__module__})
        return made(connection, self._act)


class _Proxy:
    def __init__(self, real: Any, act: Callable[[str], Any]):
        self._real, self._act = real, act

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class _Connection(_Proxy):
    def cursor(self) -> Any:
        return _Cursor(self._real.cursor(), self._act)

    def commit(self) -> None:
        self._act("COMMIT")
        self._real.commit()


class _Cursor(_Proxy):
    def execute(self, statement: str, *parameters: Any) -> Any:
        self._act(statement)
        return self._real.execute(statement, *parameters)

    def executemany(self, statement: str, records: Any) -> Any:
        self._act(statement)
        return self._real.executemany(statement, records)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "arraysize":
            self._real.arraysize = value
        else:
            super().__setattr__(name, value)


def at(place: int | str, act: Callable[[], Any]) -> Callable[[str], None]:
    """``act`` before the statement ``place`` but the keeper's, its number or its text, from ``counting`` on."""
    seen = itertools.count()

    def watch(statement: str) -> None:
        if counting.is_set() and not threading.current_thread().name.endswith("(_keep)"):
            number = next(seen)
            if place in (number, statement):
                act()

    return watch


counting = threading.Event()
"""Statements count from there."""


PATIENCE = 60
"""Seconds after which a process that hangs is killed by its alarm."""


def started(live: Callable[[Connection], object]) -> tuple[BaseProcess, Connection]:
    """A process that runs ``live(say)``, and the line on which it is heard: it ends with the process."""
    heard, say = FORK.Pipe(duplex=False)

    def bounded() -> None:
        signal.alarm(PATIENCE)
        live(say)

    process = FORK.Process(target=bounded, daemon=True)
    process.start()
    say.close()
    return process, heard


class Writer:
    """A process that holds the lease, does ``write``, and stops or dies (``sign``) at ``place``, as of ``at``.

    Place -1 is before its first transaction.
    """

    def __init__(self, hook: Any, write: Callable[[Lease], Any], place: int | str, sign: int, limits: Limits = AT_ONCE):
        def live(say: Connection) -> None:
            act = at(place, lambda: signal.pthread_kill(threading.get_ident(), sign))
            try:
                with Register(Watched(hook, act), limits=limits).lease("gelée") as lease:
                    counting.set()
                    if place == -1:
                        signal.pthread_kill(threading.get_ident(), sign)
                    write(lease)
                    counting.clear()
                say.send("wrote")
            except EcampusError as error:
                say.send(f"{type(error).__name__}: {error}")

        self.process, self._heard = started(live)
        assert self.process.pid
        self._number = self.process.pid
        _, status = os.waitpid(self._number, os.WUNTRACED)
        self.stopped = os.WIFSTOPPED(status)
        self.killed = os.WIFSIGNALED(status)
        assert not self.killed or os.WTERMSIG(status) == signal.SIGKILL, "it hung: its alarm ended it"

    @property
    def said(self) -> str | None:
        """What it says at its end; nothing of one that was killed."""
        return None if self.killed else str(self._heard.recv())

    def wakes(self) -> str:
        """What it says when it goes on."""
        os.kill(self._number, signal.SIGCONT)
        said = str(self._heard.recv())
        self.process.join()
        return said


def statements(hook: Any, write: Callable[[Lease], Any]) -> int:
    """How many statements and commits ``write`` makes."""
    seen: list[str] = []
    with Register(Watched(hook, seen.append)).lease("compte") as lease:
        seen.clear()
        write(lease)
        return len(seen)


def winners(hook: Any, rounds: int) -> list[int]:
    """How many of two processes that take the right at the same moment have it, round after round."""
    gate = FORK.Barrier(2)

    def take(say: Connection) -> None:
        register = Register(hook)
        for _ in range(rounds):
            gate.wait()
            with contextlib.suppress(AlreadyRunning), register.lease(f"r{os.getpid()}"):
                say.send(True)
                gate.wait()
                continue
            say.send(False)
            gate.wait()

    takers = [started(take) for _ in range(2)]
    found = [sum(heard.recv() for _, heard in takers) for _ in range(rounds)]
    for taker, _ in takers:
        taker.join()
    return found


def killed_while_prepared(hook: Any, number: int) -> bool:
    """The tables made in a process that dies at its statement ``number``; false when it made fewer."""

    def live(_: Connection) -> None:
        counting.set()
        watched = Watched(hook, at(number, lambda: os.kill(os.getpid(), signal.SIGKILL)))
        Register(watched, limits=AT_ONCE).prepare()

    process, _ = started(live)
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode == -signal.SIGKILL


def names_of_two_at_once(hook: Any) -> list[str]:
    """What two processes call the register that they make at the same moment; the one that waits asks again."""
    gate = FORK.Barrier(2)

    def make(say: Connection) -> None:
        register = Register(hook)
        gate.wait()
        while True:
            with contextlib.suppress(AlreadyRunning):
                register.prepare()
                say.send(register.state().name)
                return

    makers = [started(make) for _ in range(2)]
    found = [heard.recv() for _, heard in makers]
    for maker, _ in makers:
        maker.join()
    return found


def hold(register: Register, **questions: list[str]) -> None:
    """Units of the offer held by a night, by question, and answered by nobody."""
    held = [
        {"phase": "offer", "unit": unit, "digest": unit, "question": question, "state": ASKED, "night": "2026-11-23"}
        for question, units in questions.items()
        for unit in units
    ]
    with register.lease("nuit") as lease:
        lease.hold(pd.DataFrame(held, columns=[*DECISIONS]).astype(DECISIONS), "offer")


def said(register: Register) -> dict[str, tuple[str, str | None, str | None]]:
    """What was said of each unit: state, who, why."""
    rows = register.memory()["decisions"].astype("object").where(lambda frame: frame.notna(), None)
    return {row.unit: (row.state, row.who, row.why) for row in rows.itertuples()}
