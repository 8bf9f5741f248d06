"""The right to write, held by one process: a row, a fencing number, and the database's own clock.

The first statement of every transaction that writes beats the row on number *and* holder and must touch it: it locks,
beats and checks at once. A process that was frozen while its right was given away can write nothing more.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any

from ecampus.calendar import PARIS, at, in_french
from ecampus.errors import AlreadyRunning, EcampusError, LeaseLost, SourceLocked, SourceUnreachable
from ecampus.register import tables
from ecampus.register.tables import SYSTEM, TABLE
from ecampus.sources import silence, sql

log = logging.getLogger("ecampus")


@dataclass(frozen=True)
class Limits:
    """In seconds. Without a beat for ``ttl`` the right may be taken; a transaction idle for ``idle`` is ended."""

    ttl: float = 120
    beat: float = 20
    idle: float = 60


@dataclass(frozen=True)
class Row:
    """The lease as it stands: the last fencing number, and who holds it since when, if anybody."""

    fence: int
    holder: str | None
    taken: int | None
    alive: bool

    def __str__(self) -> str:
        since = datetime.fromtimestamp((self.taken or 0) / 1000, UTC)
        return f"{self.holder}, depuis le {in_french(since.astimezone(PARIS).date())} à {at(since)}"


class Tenure:
    """Taken with ``take``, given back with ``release``; between them ``transaction`` is the only way to write.

    All from one thread. While it is held, a thread of its own beats on a connection of its own, so that long readings,
    long calls and long transactions do not lose it.
    """

    def __init__(self, hook: sql.Hook, holder: str, limits: Limits) -> None:
        self._hook, self._holder, self._limits = hook, holder, limits
        self._connection: Any = None
        self._lost: LeaseLost | None = None
        self._writing = False
        self._over = Event()
        self._keeper = Thread(target=self._keep, daemon=True)
        self.fence = 0

    def take(self) -> None:
        """Raises AlreadyRunning, naming the holder and since when; SourceUnreachable."""
        row = self._seen()
        if row and row.alive:
            raise _held(row)
        try:
            self.fence = self._taken()
        except SourceLocked:
            raise _locked(row) from None
        finally:
            if not self.fence:
                self._drop()
        self._keeper.start()

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """A connection whose changes are committed at the end, all of them or none.

        Raises LeaseLost, and nothing is written, when the right was lost; else as ``sql.telling``.
        """
        if self._lost:
            raise self._lost
        self._writing = True
        try:
            self._begin()
            with self._session() as connection:
                started = time.monotonic()
                yield connection
                if time.monotonic() - started > self._limits.beat:
                    self.beat(connection)
                connection.commit()
        except SourceLocked:
            raise
        except SourceUnreachable:
            self._drop()
            self._check()
            raise
        finally:
            self._writing = False

    def beat(self, connection: Any) -> None:
        """Keep the right. Raises LeaseLost."""
        touched = self._run(connection, "beat", ttl=self._ttl, fence=self.fence, holder=self._holder)
        if touched != 1:
            self._lost = _lost(_row(connection))
            raise self._lost

    def release(self) -> None:
        """Give the right back, unless it is lost; a database that is away lets it expire."""
        self._over.set()
        if self._keeper.is_alive():
            self._keeper.join(5)
        with suppress(EcampusError), self.transaction() as connection:
            self._run(connection, "release", fence=self.fence, holder=self._holder)
        self._drop()

    def _begin(self) -> None:
        """Begin a transaction by a beat; a line that was cut since the last one is opened again."""
        opened_before = self._connection is not None
        try:
            with self._session() as connection:
                self.beat(connection)
        except SourceUnreachable as error:
            if isinstance(error, SourceLocked) or not opened_before:
                raise
            self._drop()
            with self._session() as connection:
                self.beat(connection)

    def _taken(self) -> int:
        with self._session() as connection:
            taken = self._run(connection, "take", ttl=self._ttl, holder=self._holder)
            now = _row(connection)
            if taken != 1:
                raise _held(now)
            connection.commit()
        return now.fence

    @contextmanager
    def _session(self) -> Iterator[Any]:
        """The connection, told and bounded; rolled back after an error."""
        with sql.telling(SYSTEM, TABLE):
            connection = self._opened()
            with silence.bounded(connection):
                try:
                    yield connection
                except BaseException:
                    with suppress(Exception):  # a lost connection rolls back by itself
                        connection.rollback()
                    raise

    def _opened(self) -> Any:
        if self._connection is None:
            self._connection = tables.opened(self._hook, self._limits.idle)
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()
            self._connection = None

    def _seen(self) -> Row | None:
        """The lease without touching it; null where even that is locked."""
        try:
            with sql.connected(self._hook, SYSTEM, TABLE) as connection:
                return _row(connection)
        except SourceLocked:
            return None

    def _check(self) -> None:
        """Raises LeaseLost if it is why the database hung up on us."""
        with suppress(SourceUnreachable):
            row = self._seen()
            if row and (row.fence, row.holder) != (self.fence, self._holder):
                self._lost = _lost(row)
                raise self._lost

    def _keep(self) -> None:
        connection = None
        while not self._over.wait(self._limits.beat):
            if self._writing:
                continue
            try:
                connection = connection or tables.opened(self._hook, self._limits.idle)
                with silence.bounded(connection):
                    self.beat(connection)
                    connection.commit()
            except LeaseLost:
                break
            except Exception as error:
                log.debug("%s", type(error).__name__)
                with suppress(Exception):
                    connection and connection.close()
                connection = None
        with suppress(Exception):
            connection and connection.close()

    @property
    def _ttl(self) -> int:
        return round(self._limits.ttl * 1000)

    def _run(self, connection: Any, name: str, **parameters: Any) -> int:
        return tables.execute(connection, tables.timed(connection, name), parameters)


def _row(connection: Any) -> Row:
    ((fence, holder, taken, alive),) = tables.select(connection, tables.timed(connection, "lease"))
    return Row(int(fence), holder, taken and int(taken), bool(alive))


def _held(row: Row) -> AlreadyRunning:
    return AlreadyRunning(
        f"Une autre exécution écrit dans ecampus en ce moment ({row}) : attendre sa fin, puis relancer cette phase."
    )


def _locked(row: Row | None) -> AlreadyRunning:
    who = f"Une autre exécution ({row})" if row and row.holder else "Un autre programme"
    return AlreadyRunning(
        f"{who} est au milieu d'une écriture et garde la base des inscriptions : attendre sa fin, ou"
        " arrêter son processus s'il ne répond plus, puis relancer cette phase."
    )


def _lost(row: Row) -> LeaseLost:
    to = f", passé à une autre ({row})" if row.holder else ", resté sans signe de vie trop longtemps"
    return LeaseLost(
        f"Cette exécution n'a plus le droit d'écrire dans ecampus{to} : elle n'écrit plus rien ; relancer cette phase"
        " quand l'autre sera finie."
    )
