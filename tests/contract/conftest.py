"""The Moodle that the contract is held against: the sandbox, or the one of MOODLE_URL and MOODLE_TOKEN."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

import pytest
from corner import Corner, NotATestSite
from enrolments_beside import Beside
from hosts import Host, Real, Sandboxed, named, played


@pytest.fixture(scope="session", params=played())
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A real Moodle, or the sandbox in each release that it plays."""
    try:
        real = named()
    except NotATestSite as why:
        _refuse(why)
    if real:
        yield Real()
        return
    sandboxed = Sandboxed(tmp_path_factory.mktemp("contract"), request.param)
    yield sandboxed
    sandboxed.server.stop()


@pytest.fixture(scope="session")
def moodle(host: Host) -> Iterator[Corner]:
    """Our corner of it; nothing is left of it at the end."""
    try:
        corner = Corner(host.url, host.token, host.auth)
    except NotATestSite as why:
        _refuse(why)
    corner.open()
    yield corner
    corner.sweep()
    corner.http.close()


def _refuse(why: NotATestSite) -> NoReturn:
    pytest.exit(str(why), returncode=pytest.ExitCode.USAGE_ERROR)


@pytest.fixture
def code(moodle: Corner) -> str:
    """A code that nothing has yet."""
    return moodle.code()


@pytest.fixture
def course(moodle: Corner, code: str) -> int:
    """A hidden course, its idnumber and shortname ``code``."""
    return moodle.course(code, visible=0)


@pytest.fixture
def user(moodle: Corner) -> int:
    return moodle.user(moodle.code())


@pytest.fixture
def beside(host: Host, moodle: Corner) -> Iterator[Beside]:
    """The enrolment table, without rows of ours before and after."""
    table = Beside(host, moodle)
    table.rows()
    yield table
    table.rows()
