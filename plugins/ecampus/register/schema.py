"""The register's tables: made and brought up to date by numbered scripts, whatever interrupts them."""

from __future__ import annotations

import re
from uuid import uuid4

import tenacity

from ecampus.errors import ContractBroken, EcampusError, RegisterUnusable, SourceLocked, SourceRefused
from ecampus.register import dialect, tables
from ecampus.register.tables import SYSTEM, TABLE
from ecampus.register.tenure import Limits, Tenure
from ecampus.sources import sql

VERSION = 3
"""The number of the last script: ``include/sql/register/<dialect>/<number>.sql``."""
HOLDER = "création des tables du registre"
ALREADY = re.compile("ORA-00955")
"""Oracle before 23 has no IF NOT EXISTS."""


def seen(hook: sql.Hook, enrolments: str) -> int | None:
    """The last script that was run whole, null where there is no table; nothing is written.

    Raises as ``prepare``.
    """
    _suitable(hook, enrolments)
    found = _version(hook)
    _refuse_newer(found)
    return found


def prepare(hook: sql.Hook, enrolments: str, limits: Limits) -> None:
    """The tables as this code knows them; nothing is written where they already are.

    Killed anywhere, the next call begins again: statements may be run twice, and a script notes itself last. Raises
    RegisterUnusable (newer than this code, or an engine without transactions), SourceRefused, AlreadyRunning.
    """
    found = seen(hook, enrolments)
    if found == VERSION and born(hook):
        return
    if not found:
        _begin(hook)
    tenure = Tenure(hook, HOLDER, limits)
    tenure.take()
    try:
        for number in range((_version(hook) or 0) + 1, VERSION + 1):
            _run(tenure, number)
        if not born(hook):
            with tenure.transaction() as connection:
                tables.execute(connection, tables.text("birth"), {"name": str(uuid4())})
    finally:
        tenure.release()


def _refuse_newer(found: int | None) -> None:
    if found is not None and found > VERSION:
        raise RegisterUnusable(
            f"Le registre a été mis à jour (n° {found}) par une version d'ecampus plus récente que celle-ci"
            f" (n° {VERSION}) : installer la plus récente partout, rien n'est écrit d'ici là."
        )


def _suitable(hook: sql.Hook, enrolments: str) -> None:
    """MariaDB and MySQL know engines without transactions."""
    base, _, name = enrolments.rpartition(".")
    with sql.connected(hook, SYSTEM, TABLE) as connection:
        if dialect.of(connection).name != "mariadb":
            return
        for base_, table in ((base or None, name), (None, "ecampus_lease"), (None, "ecampus_register")):
            for found, engine in tables.select(connection, tables.text("engine"), {"base": base_, "name": table}):
                raise RegisterUnusable(
                    f"Dans la base des inscriptions, la table {found} est en {engine}, qui ne sait pas annuler une"
                    f" écriture interrompue : la passer en InnoDB (ALTER TABLE {found} ENGINE=InnoDB)."
                )


def _version(hook: sql.Hook) -> int | None:
    """The last script that was run whole; null where there is no table at all."""
    try:
        with sql.connected(hook, SYSTEM, TABLE) as connection, sql.telling(SYSTEM, TABLE, _forbidden):
            ((version,),) = tables.select(connection, tables.text("version"))
    except ContractBroken:
        return None
    return int(version or 0)


def born(hook: sql.Hook) -> bool:
    """Whether the register has its name."""
    with sql.connected(hook, SYSTEM, TABLE) as connection:
        return bool(tables.select(connection, tables.text("state")))


@tenacity.retry(
    retry=tenacity.retry_if_exception_type((ContractBroken, SourceLocked)),
    stop=tenacity.stop_after_attempt(4),
    wait=tenacity.wait_random(0.05, 0.5),
    reraise=True,
)
def _begin(hook: sql.Hook) -> None:
    """The lease, under which all the rest is made. Two that begin together: the second finds the row there."""
    with sql.connected(hook, SYSTEM, TABLE) as connection:
        _wal(connection)
        for statement in _script(connection, 0):
            _made(connection, statement)
        connection.commit()


def _run(tenure: Tenure, number: int) -> None:
    """Where making a table ends the transaction (MariaDB, Oracle), the right is checked again before each statement."""
    with tenure.transaction() as connection:
        for statement in _script(connection, number):
            tenure.beat(connection)
            _made(connection, statement)


def _script(connection: object, number: int) -> list[str]:
    speaks = dialect.of(connection)
    return speaks.script(sql.statement(f"register/{speaks.name}/{number}.sql"))


def _made(connection: object, statement: str) -> None:
    with sql.telling(SYSTEM, TABLE, _forbidden):
        try:
            tables.execute(connection, statement)
        except Exception as error:
            if not ALREADY.search(str(error)):
                raise


def _wal(connection: object) -> None:
    """On SQLite, who reads the table at a login never waits for us, nor we for them; the file keeps it for good."""
    if dialect.of(connection).name == "sqlite":
        _made(connection, "PRAGMA journal_mode = WAL")


def _forbidden(words: str) -> EcampusError | None:
    if not re.search(r"denied|ORA-01031|readonly", words):
        return None
    return SourceRefused(
        "La base des inscriptions ne laisse pas ecampus créer ou lire les tables de son registre : donner ces droits au"
        " compte de la connexion, ou demander à l'administrateur de la base de passer les scripts de"
        " include/sql/register."
    )
