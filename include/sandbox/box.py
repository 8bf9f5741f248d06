"""The sandbox started as a whole: its data, its directory, its Moodle, and the connections to them."""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from sandbox import directory, moodle, university
from sandbox.directory import DirectoryServer
from sandbox.moodle import MoodleServer, handmade
from sandbox.moodle.database import Database
from sandbox.university.cases.accounts import UID_TAKEN
from sandbox.university.cases.codes import CODE_TAKEN, SUSPECT

ENROLMENTS = Path(__file__).parents[1] / "sql" / "enrolment" / "sqlite.sql"

log = logging.getLogger(__name__)


class _Server(Protocol):
    @property
    def url(self) -> str: ...

    def stop(self) -> None: ...


_S = TypeVar("_S", bound=_Server)


@dataclass(frozen=True)
class Box:
    """A running sandbox; ``folder`` holds refer.db, directory.db, moodle.db, enrolments.db and ports.json."""

    folder: Path
    directory: DirectoryServer
    moodle: MoodleServer

    @property
    def connections(self) -> dict[str, str]:
        """The environment variables that make Airflow's four connections, in their JSON form."""
        there, refer, enrolments = self.directory, self.folder / "refer.db", self.folder / "enrolments.db"
        return {
            "AIRFLOW_CONN_REFER": json.dumps({"conn_type": "sqlite", "host": str(refer)}),
            "AIRFLOW_CONN_LDAP": json.dumps(
                {
                    "conn_type": "ldap",
                    "host": there.host,
                    "port": there.port,
                    "login": there.bind_dn,
                    "password": there.password,
                    "extra": {"base": there.base, "insecure": True},
                }
            ),
            "AIRFLOW_CONN_MOODLE": json.dumps(
                {"conn_type": "http", "host": self.moodle.url, "password": self.moodle.token, "extra": {}}
            ),
            "AIRFLOW_CONN_ENROLMENT_DB": json.dumps({"conn_type": "sqlite", "host": str(enrolments)}),
        }


@contextmanager
def open_box(
    folder: Path,
    *,
    size: int = 20,
    seed: int = 1,
    today: date | None = None,
    sync_every: float | None = 2.0,
    release: str | None = None,
) -> Iterator[Box]:
    """Start a sandbox on ``folder``, making what it lacks; stop it at the end, its data stay.

    ``size``, ``seed`` and ``today`` only matter the first time; ``release`` (of Moodle) too, and another one is refused
    later. Ports are free ones, then the same ones at
    each start, so that the connections stay valid; one that is taken by then is replaced, with a warning.
    Moodle takes the enrolment table every ``sync_every`` seconds (None: only when told to).
    """
    folder = folder.resolve()
    _make_data(folder, size, seed, today or date.today())
    with ExitStack() as stack:
        people = _on_its_port(folder, "directory", lambda port: directory.start(folder, port=port))
        stack.callback(people.stop)
        server = _on_its_port(
            folder, "moodle", lambda port: moodle.start(folder, port=port, sync_every=sync_every, release=release)
        )
        stack.callback(server.stop)
        _make_by_hand(server.db)
        yield Box(folder, people, server)


def _make_data(folder: Path, size: int, seed: int, today: date) -> None:
    if not (folder / "refer.db").exists():
        university.create(folder, size=size, seed=seed, today=today)
    if not (folder / "enrolments.db").exists():
        with closing(sqlite3.connect(folder / "enrolments.db")) as db, db:
            db.execute(ENROLMENTS.read_text())


def _make_by_hand(db: Database) -> None:
    """What people made in ecampus by hand, those things included that some cases of the university meet."""
    handmade.seed(
        db,
        (
            handmade.Space(CODE_TAKEN, "Cours créé à la main", idnumber=CODE_TAKEN),
            handmade.Space("URBA-BIS", f"{SUSPECT} bis - droit de l'urbanisme", people=(("tuteur.ext", "student"),)),
        ),
    )
    if db.same("user", "username", UID_TAKEN) is None:
        account = handmade.Account(UID_TAKEN, "manual", "Thomas", "Ancien")
        db.insert("user", email="thomas.ancien@partenaires.example", **vars(account))


def _on_its_port(folder: Path, name: str, start: Callable[[int], _S]) -> _S:
    """Start a server on the port that ``ports.json`` keeps for it, or on a free one that it then keeps."""
    path = folder / "ports.json"
    ports: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
    try:
        server = start(ports.get(name, 0))
    except OSError:
        if name not in ports:
            raise
        server = start(0)
        log.warning(
            "Le port %s (%s) est pris : le bac à sable en prend un autre, exportez les connexions à nouveau.",
            ports[name],
            name,
        )
    path.write_text(json.dumps(ports | {name: urlsplit(server.url).port}))
    return server
