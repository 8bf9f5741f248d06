"""Real servers on loopback, started once a session; without their programs the tests are skipped, or failed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from openldap import OpenLdap, slapd
from people import entries

import registrar
from databases import Database
from ecampus.register.register import Register
from programs import Missing, skip
from registers import furnished


@pytest.fixture(scope="session")
def directory_server(request: pytest.FixtureRequest) -> Iterator[OpenLdap]:
    """A slapd with the 30,000 people of ``people``."""
    try:
        with slapd(entries()) as server:
            yield server
    except Missing as why:
        skip(why, request.config)


@pytest.fixture(params=["postgresql", "mariadb"])
def database(request: pytest.FixtureRequest) -> Database:
    """A PostgreSQL, then a MariaDB, with an empty enrolment table."""
    server: Database = request.getfixturevalue(f"{request.param}_server")
    server.create()
    return server


@pytest.fixture
def bare(database: Database) -> Database:
    """The same without a register, and the account that will keep one."""
    return registrar.welcomed(database)


@pytest.fixture
def hook(bare: Database):
    """The way of that account."""
    return bare.hook("registrar")


@pytest.fixture
def register(hook) -> Register:
    """A register that has lived."""
    return furnished(hook)
