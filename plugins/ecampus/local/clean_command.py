"""``make clean``: clears away the sandbox, the local Airflow and the sandbox's nights; what is not theirs is refused.

Standard library only: it works before anything is installed. ``.ecampus`` holds ``sandbox/`` (the invented university),
``airflow/`` (the local Airflow) and ``store/`` (its nights). Nothing else in there is touched. A store says which
Moodle it belongs to by its ``site.json`` and by the ``run.json`` of its runs.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from ecampus.errors import EcampusError
from ecampus.local.place import CONNECTIONS, DATA, OPTIONAL, CommandImpossible

OURS = ("sandbox", "airflow", "store")
SANDBOX = "https://ecampus.bac-a-sable.example"
"""How the sandbox's Moodle calls itself: a name that no real site can have."""
REHEARSALS = "rehearsals"
HERE = ("127.0.0.1", "localhost", "::1")
BY_HAND = "rien n'est effacé ; le déplacer hors de .ecampus, ou l'effacer à la main"


def main() -> int:
    """0 when all that is the sandbox's is gone, 2 when something forbids it."""
    try:
        left = clear(DATA)
    except EcampusError as error:
        print(error, file=sys.stderr)
        return 2
    if left:
        print(f"Laissé dans .ecampus, car ce n'est pas au bac à sable : {', '.join(left)}.")
    return 0


def clear(data: Path) -> list[str]:
    """Delete what is the sandbox's in ``data``; the names of what is left.

    Raises CommandImpossible, before anything is deleted, when a part is not the sandbox's or may not be.
    """
    if not os.path.lexists(data):
        return []
    for path in (data, *(data / name for name in OURS)):
        if path.is_symlink():
            raise CommandImpossible(f"« {_short(path)} » est un lien vers {os.readlink(path)} : {BY_HAND}.")
    _refuse_if_used(data)
    _refuse_real_connections(data)
    for store in sorted(_stores(data)):
        _refuse_unless_the_sandboxs(store, data / "sandbox")
    try:
        for name in OURS:
            if (data / name).exists():
                shutil.rmtree(data / name)
        left = sorted(path.name for path in data.iterdir())
        if not left:
            data.rmdir()
    except OSError as error:
        raise CommandImpossible(f"Impossible d'effacer « {error.filename} » ({error.strerror}).") from None
    return left


def _stores(data: Path) -> set[Path]:
    """The folders of ``OURS`` that are or may be stores, wherever somebody put them."""
    named = Path(urlsplit(os.environ.get("ECAMPUS_STORE", "")).path).resolve()
    usual = [data / "store", *([named] if any((data / name) in named.parents for name in OURS) else [])]
    found = {store for store in usual if any(_files(store))}
    for path in (path for name in OURS for path in _files(data / name)):
        if path.name == "site.json":
            found.add(path.parent)
        elif path.name == "run.json":
            found.add(_store_of(path.parents[3]))
    return found


def _store_of(nights: Path) -> Path:
    """A rehearsal, of a night or of an undo, is kept in the store of its night and is judged with it."""
    return nights.parents[1] if nights.parent.name == REHEARSALS else nights


def _refuse_unless_the_sandboxs(store: Path, sandbox: Path) -> None:
    site = store / "site.json"
    named = _read(site, "siteurl") if os.path.lexists(site) else None
    if named and named != SANDBOX:
        raise CommandImpossible(f"Le magasin « {_short(store)} » est celui de {named}, pas du bac à sable : {BY_HAND}.")
    moodles = [moodle for path in _files(store) if path.name == "run.json" and (moodle := _read(path, "moodle"))]
    for moodle in moodles:
        if not _serves(moodle, None if named else _port(sandbox)):
            raise CommandImpossible(
                f"Le magasin « {_short(store)} » a des nuits de {moodle}, pas du bac à sable : {BY_HAND}."
            )
    if not named and not moodles:
        raise CommandImpossible(f"Rien ne dit que le magasin « {_short(store)} » est du bac à sable : {BY_HAND}.")


def _refuse_if_used(data: Path) -> None:
    path = data / "airflow" / "command.lock"
    if path.exists():
        with path.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CommandImpossible(
                    "Une autre commande utilise .ecampus : rien n'est effacé ; attendre sa fin, ou l'arrêter."
                ) from None


def _refuse_real_connections(data: Path) -> None:
    """The sandbox's connections are never kept by Airflow: those that it keeps are somebody's."""
    kept = {row[0] for row in _rows(data / "airflow" / "airflow.db", "SELECT conn_id FROM connection")}
    real = [f"« {name} »" for name in (*CONNECTIONS, *OPTIONAL) if name in kept]
    if real:
        raise CommandImpossible(
            f"L'Airflow local garde de vraies connexions ({', '.join(real)}) : rien n'est effacé ; les supprimer dans"
            " Airflow (Admin › Connexions), ou effacer .ecampus à la main."
        )


def _port(sandbox: Path) -> int | None:
    """Where the sandbox's Moodle answers; 0 when nothing says it."""
    try:
        return int(json.loads((sandbox / "ports.json").read_text(encoding="utf-8"))["moodle"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _serves(moodle: str, port: int | None) -> bool:
    """Whether this address is the sandbox's: on this machine, at its port where that is asked."""
    there = urlsplit(moodle)
    return there.hostname in HERE and (port is None or there.port == port)


def _rows(database: Path, sql: str) -> list[tuple[object, ...]]:
    """Rows of a SQLite file; none when it is absent, half made, or no database."""
    if not database.exists():
        return []
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
            return list(db.execute(sql))
    except sqlite3.Error:
        return []


def _read(path: Path, field: str) -> str | None:
    """One field of a document. Raises CommandImpossible when nobody can read it."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))[field]
    except (OSError, ValueError, KeyError, TypeError):
        raise CommandImpossible(
            f"Le fichier « {_short(path)} », qui dit à quel Moodle est ce magasin, est illisible : {BY_HAND}."
        ) from None
    return None if found is None else str(found)


def _files(folder: Path) -> Iterator[Path]:
    """Every file under ``folder``; links are not followed."""
    for here, _, names in os.walk(folder):
        yield from (Path(here, name) for name in names)


def _short(path: Path) -> str:
    return f".ecampus{str(path).rpartition('.ecampus')[2]}"


if __name__ == "__main__":
    sys.exit(main())
