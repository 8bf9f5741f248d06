"""A PostgreSQL and a MariaDB with the enrolment table of ``include/sql/enrolment``, reached by Airflow's own hooks."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest

from ecampus.local.services import free_port
from ecampus.register.enrolment_table import EnrolmentTable
from ecampus.sources import sql
from programs import HOST, Missing, Server, driver, folder, found, quietly, running, skip, under

PASSWORD = "s3cret"
ACCOUNTS = ("ecampus", "moodle", "lecture")
GRANTS = ("GRANT SELECT, INSERT, DELETE ON enrolments TO ecampus", "GRANT SELECT ON enrolments TO moodle")
MARIADB_DRIVERS = (
    "apt-get install -y libmariadb-dev pkg-config gcc python3-dev"
    " && .venv/bin/pip install -r requirements-real.txt -c constraints.txt"
)


@dataclass(frozen=True)
class Database:
    """A running server; ``connection`` is the administrator's, as Airflow writes it in JSON."""

    ddl: str
    process: Server
    connection: dict[str, Any]
    setenv: Callable[[str, str], None]
    end_sessions: str

    def hook(self, login: str = "", password: str = PASSWORD, **extra: Any) -> Any:
        """Airflow's hook, for an account or for the administrator."""
        from airflow.sdk.bases.hook import BaseHook

        fields = self.connection | ({"login": login, "password": password} if login else {}) | {"extra": extra}
        name = f"real_{self.ddl}_{login or 'admin'}"
        self.setenv(f"AIRFLOW_CONN_{name.upper()}", json.dumps(fields))
        return BaseHook.get_hook(name)

    def run(self, statement: str, parameters: tuple[Any, ...] = (), login: str = "") -> list[tuple[Any, ...]]:
        """Rows of one statement, committed."""
        with closing(self.hook(login).get_conn()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(statement, parameters or None)
            rows = cursor.fetchall() if cursor.description else []
            connection.commit()
        return list(rows)

    def create(self) -> None:
        """An empty table, as the file of this database makes it, and the rights that the file names."""
        self.run("DROP TABLE IF EXISTS enrolments")
        for statement in [*sql.statement(f"enrolment/{self.ddl}.sql").split(";\n"), *GRANTS]:
            if statement.strip():
                self.run(statement)

    def table(self, login: str = "ecampus", **extra: Any) -> EnrolmentTable:
        """The table as ecampus's account sees it."""
        return EnrolmentTable(self.hook(login, **extra))

    def fill(self, rows: pd.DataFrame) -> None:
        """Add these rows to the table, as somebody else would."""
        table = self.table()
        with closing(table.hook.get_conn()) as connection:
            table.change(connection, rows, rows.iloc[:0])
            connection.commit()

    def content(self) -> list[tuple[Any, ...]]:
        """All rows, in order, as Moodle's account sees them."""
        return sorted(self.run("SELECT course_idnumber, username, role FROM enrolments", login="moodle"))


@contextmanager
def postgresql(setenv: Callable[[str, str], None], largest_file: int | None = None) -> Iterator[Database]:
    """A PostgreSQL; as it refuses to run as root, it runs as Debian's account ``postgres`` then.

    ``largest_file``: bytes beyond which the system lets none of its files grow.
    """
    server, initdb = found("postgres", "postgresql"), found("initdb", "postgresql")
    with folder("postgres") as place, folder() as ours:
        ours.chmod(0o755)
        secret = ours / "password"
        secret.write_text(PASSWORD)
        options = ["-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--locale=C.UTF-8"]
        quietly(under("postgres", [initdb, "-D", str(place / "data"), "--no-sync", "--wal-segsize=1", *options]))
        port = free_port()
        command = [server, "-D", str(place / "data"), "-p", str(port), "-k", str(place), "-h", HOST, "-F"]
        command += ["-c", "deadlock_timeout=200ms"]
        ready = [found("pg_isready", "postgresql"), "-q", "-h", HOST, "-p", str(port)]
        if largest_file:
            command = ["prlimit", f"--fsize={largest_file}", *command]
        with running(under("postgres", command), port, ours / "log", ready, signal.SIGINT) as process:
            admin = {"conn_type": "postgres", "host": HOST, "port": port, "login": "postgres", "password": PASSWORD}
            end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ecampus'"
            database = Database("postgresql", process, admin | {"schema": "postgres"}, setenv, end)
            for account in ACCOUNTS:
                database.run(f"CREATE ROLE {account} LOGIN PASSWORD '{PASSWORD}'")
            database.run("ALTER ROLE ecampus SET lock_timeout = '800ms'")
            database.run("ALTER ROLE postgres SET deadlock_timeout = '10s'")
            yield database


@contextmanager
def mariadb(setenv: Callable[[str, str], None], *options: str) -> Iterator[Database]:
    """A MariaDB, under our own account, root included."""
    server, install = found("mariadbd", "mariadb-server"), found("mariadb-install-db", "mariadb-server")
    driver("MySQLdb", MARIADB_DRIVERS)
    with folder() as place:
        port, ours = free_port(), ["--user=root"] if os.getuid() == 0 else []
        # A server that starts removes the temporary tables of the others from a shared /tmp.
        where = ["--no-defaults", f"--datadir={place / 'data'}", f"--tmpdir={place}", *ours]
        quietly([install, *where, "--auth-root-authentication-method=normal", "--skip-test-db", *options])
        command = [
            *(server, *where, f"--port={port}", f"--bind-address={HOST}"),
            *(f"--socket={place / 'socket'}", f"--pid-file={place / 'pid'}", f"--log-error={place / 'log'}"),
            *("--innodb-flush-log-at-trx-commit=0", "--innodb-lock-wait-timeout=1", *options),
        ]
        with running(command, port, place / "output") as process:
            admin = {"conn_type": "mysql", "host": HOST, "port": port, "login": "root"}
            Database("mariadb", process, admin, setenv, "").run("CREATE DATABASE ecampus")
            database = Database("mariadb", process, admin | {"schema": "ecampus"}, setenv, "KILL USER ecampus")
            for account in ACCOUNTS:
                database.run(f"CREATE USER {account} IDENTIFIED BY '{PASSWORD}'")
            yield database


def served(server: Callable[..., AbstractContextManager[Database]], config: pytest.Config) -> Iterator[Database]:
    """The server for a session of tests; without its programs they are skipped, or failed."""
    with pytest.MonkeyPatch.context() as patch:
        try:
            with server(patch.setenv) as running_server:
                yield running_server
        except Missing as why:
            skip(why, config)
