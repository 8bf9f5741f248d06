"""A database that says nothing more is not waited for without end.

Airflow's ``execution_timeout`` cannot reach a driver that waits inside C: past its time, the line itself is cut.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from threading import Thread, Timer
from typing import Any

SECONDS = 1800.0
"""For one view, or for one transaction on the enrolment table: 500,000 rows take one minute."""
GREETING_SECONDS = 60.0
"""For a database to let us in."""


class NoGreeting(Exception):
    """Whatever listens there has not let us in."""


def connected(hook: Any) -> Any:
    """``hook.get_conn()``. Raises ``NoGreeting`` after ``GREETING_SECONDS``.

    mysqlclient has no other limit that Airflow's hook can set. SQLite, a file, keeps its connections to one thread.
    """
    if getattr(hook, "conn_type", "sqlite") == "sqlite":
        return hook.get_conn()
    greeting: Future[Any] = Future()

    def connect() -> None:
        try:
            greeting.set_result(hook.get_conn())
        except Exception as error:
            greeting.set_exception(error)

    Thread(target=connect, daemon=True).start()
    try:
        return greeting.result(GREETING_SECONDS)
    except TimeoutError:
        if greeting.done():
            raise
        greeting.add_done_callback(_dismiss)
        raise NoGreeting(f"aucun accueil en {GREETING_SECONDS:.0f} secondes") from None


def _dismiss(late: Future[Any]) -> None:
    """A connection that comes when nobody waits for it any more."""
    if late.exception() is None:
        late.result().close()


@contextmanager
def bounded(connection: Any) -> Iterator[None]:
    """Meanwhile, a silence of ``SECONDS`` ends in an error of the driver.

    oracledb and MySQL's own connector know such a limit; psycopg2 and mysqlclient show the socket, which is cut then.
    """
    if hasattr(connection, "call_timeout"):
        connection.call_timeout = int(SECONDS * 1000)
    if hasattr(connection, "read_timeout"):
        connection.read_timeout = int(SECONDS)
    if not hasattr(connection, "fileno"):
        yield
        return
    with closing(socket.socket(fileno=os.dup(connection.fileno()))) as line:
        timer = Timer(SECONDS, _cut, [line])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # the other side was faster
        line.shutdown(socket.SHUT_RDWR)
