"""An Airflow of its own for the tests, set before anything imports Airflow; its database, and a night, on demand."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import copies
import databases
import decoding
from sharing import Played, between_processes

ROOT = Path(__file__).parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--require-real", action="store_true", help="a missing server or engine is a failure, not a skip")
    parser.addoption(
        "--every-moment",
        action="store_true",
        help="workers die and freeze at every moment of a phase; what the suite cuts short is played whole",
    )


LONGEST = (
    "tests/local/test_approve_in_airflow.py",
    "tests/pages/test_in_a_browser.py",
    "tests/test_properties.py",
    "tests/test_nobody_loses.py",
    "tests/nights/test_undone.py",
    "tests/real/test_production_shape.py",
    "tests/nights/",
    "tests/safety/",
    "tests/test_imagined_nights.py",
    "tests/real/",
    "tests/test_bench.py",
    "tests/local/",
    "tests/explain/",
)
"""What begins first, so that no processor waits for the other at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return next((place for place, start in enumerate(LONGEST) if item.nodeid.startswith(start)), len(LONGEST))

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: the garbage collector need not look at it again, nor so often at the rest.

    A night makes millions of short-lived objects, hardly any of them in a circle.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def pytest_configure(config: pytest.Config) -> None:
    home = tempfile.mkdtemp(prefix="ecampus-airflow-")
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    for name in [name for name in os.environ if name.startswith(("AIRFLOW", "ECAMPUS"))]:
        del os.environ[name]
    os.environ |= {
        "AIRFLOW_HOME": home,
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }


@pytest.fixture(scope="session", autouse=True)
def decoded_once() -> Iterator[None]:
    """The same bytes of Parquet are the same frame: they are decoded once, and each reader has a copy.

    The tasks of a run are so many processes, which read what the ones before them left; here they are one.
    """
    with decoding.once():
        yield


@pytest.fixture(scope="module")
def no_doubt() -> Iterator[None]:
    """Memberships in flight that Moodle shows are ours, however few: what is in doubt has its own tests."""
    from ecampus.night import in_flight

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(in_flight, "FEWEST_SURE", 1)
        yield


@pytest.fixture(scope="session")
def airflow_database() -> None:
    """Airflow's database, migrated once for the whole run."""
    from airflow.configuration import write_default_airflow_configuration_if_needed
    from airflow.utils import db

    write_default_airflow_configuration_if_needed()
    db.initdb()


@pytest.fixture(scope="session")
def postgresql_server(request: pytest.FixtureRequest) -> Iterator[databases.Database]:
    """A PostgreSQL; without its programs the test is skipped, or failed."""
    yield from databases.served(databases.postgresql, request.config)


@pytest.fixture(scope="session")
def mariadb_server(request: pytest.FixtureRequest) -> Iterator[databases.Database]:
    """A MariaDB, likewise."""
    yield from databases.served(databases.mariadb, request.config)


@pytest.fixture
def store_url(tmp_path, monkeypatch) -> str:
    """An empty store, where ``ECAMPUS_STORE`` points."""
    url = f"file://{tmp_path / 'store'}"
    monkeypatch.setenv("ECAMPUS_STORE", url)
    return url


@pytest.fixture(scope="session")
def checkout(tmp_path_factory) -> Path:
    """A copy of the project."""
    return copies.copy(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="session")
def played(tmp_path_factory) -> Played:
    """``played(play)``: the folder that ``play`` fills, by whichever process of the session comes first."""
    return between_processes(tmp_path_factory)


@pytest.fixture(scope="session")
def local_night(played) -> copies.Night:
    """``make night`` in a copy of the project, on a new university: a LocalExecutor, SQLite. To be read only."""
    return copies.Night.kept(played(copies.Night.play))
