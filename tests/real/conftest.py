"""Real servers on loopback, started once a session; without their programs the tests are skipped, or failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from databases import Database, mariadb, postgresql
from openldap import OpenLdap, slapd
from people import entries
from programs import Missing, skip


@pytest.fixture(scope="session")
def directory_server(request: pytest.FixtureRequest) -> Iterator[OpenLdap]:
    """A slapd with the 30,000 people of ``people``."""
    try:
        with slapd(entries()) as server:
            yield server
    except Missing as why:
        skip(why, request.config)


@pytest.fixture(scope="session")
def postgresql_server(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A PostgreSQL."""
    yield from _database(postgresql, request.config)


@pytest.fixture(scope="session")
def mariadb_server(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A MariaDB."""
    yield from _database(mariadb, request.config)


def _database(server: Callable[..., AbstractContextManager[Database]], config: pytest.Config) -> Iterator[Database]:
    with pytest.MonkeyPatch.context() as patch:
        try:
            with server(patch.setenv) as running:
                yield running
        except Missing as why:
            skip(why, config)


@pytest.fixture(params=["postgresql", "mariadb"])
def database(request: pytest.FixtureRequest) -> Database:
    """A PostgreSQL, then a MariaDB, with an empty enrolment table."""
    server: Database = request.getfixturevalue(f"{request.param}_server")
    server.create()
    return server
