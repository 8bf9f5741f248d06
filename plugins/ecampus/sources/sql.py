"""SQL files and whatever database a connection names: one bind style, one reading of the drivers' errors.

Statements are written once with ``:name`` binds. Oracle and SQLite take them as they are, PostgreSQL and
MariaDB get ``%(name)s``. A hook is any Airflow ``DbApiHook``: only its ``get_conn()`` is used, since its
other methods log the parameters.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import accumulate
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from ecampus.errors import ContractBroken, EcampusError, SourceLocked, SourceRefused, SourceUnreachable
from ecampus.sources import silence, values

FOLDER = Path(__file__).resolve().parents[3] / "include" / "sql"
ARRAY_SIZE = 5000

MISSING_TABLE = re.compile(
    r"no such table|ORA-00942|(relation|view|table) .* does not exist|doesn't exist", re.IGNORECASE
)
MISSING_COLUMN = re.compile(
    r"no such column: (\S+)|has no column named (\S+)|\"(\w+)\": invalid identifier"
    r"|column \"?([\w.]+)\"? .*does not exist|Unknown column '([^']+)'",
    re.IGNORECASE,
)
INVALID_VIEW = re.compile("ORA-04063|references invalid table", re.IGNORECASE)
LOCKED = re.compile(
    r"is locked|ORA-00054|ORA-00060|ORA-08177|ORA-30006|deadlock|lock (wait )?timeout|could not obtain lock"
    r"|could not serialize|record has changed since last read",
    re.IGNORECASE,
)
THICK_ONLY = re.compile("DPY-3001|DPY-3010|DPY-3015")
DENIED = re.compile(
    r"readonly|read-only|ORA-01031|ORA-01017|ORA-01045|ORA-28000|ORA-28001|DPY-4001|denied"
    r"|password authentication failed|pg_hba\.conf",
    re.IGNORECASE,
)
CERTIFICATE = re.compile(r"certificate|ORA-29024|ORA-29003", re.IGNORECASE)
FULL = re.compile(
    r"database or disk is full|the table .* is full|no space left|could not extend file|disk full"
    r"|ORA-0165\d|ORA-01688|ORA-30036|ORA-01536|ORA-19502",
    re.IGNORECASE,
)
TWICE = re.compile(r"duplicate entry|duplicate key|ORA-00001|UNIQUE constraint failed", re.IGNORECASE)


class Hook(Protocol):
    """The one thing taken from Airflow's ``DbApiHook``."""

    def get_conn(self) -> Any:
        """A DB-API connection."""


def statement(path: str) -> str:
    """Text of ``include/sql/<path>``."""
    return (FOLDER / path).read_text(encoding="utf-8")


def bound(sql: str, connection: Any) -> str:
    """``sql`` with its ``:name`` binds in the style of the connection's driver (PEP 249 ``paramstyle``)."""
    if _paramstyle(connection) in {"qmark", "named", "numeric"}:
        return sql
    return re.sub(r"(?<![:\w]):([a-z_]\w*)", r"%(\1)s", sql.replace("%", "%%"))


@contextmanager
def connected(hook: Hook, system: str, table: str) -> Iterator[Any]:
    """A connection, closed at the end; whatever the driver complains of is told as by ``telling``."""
    with telling(system, table), closing(silence.connected(hook)) as connection, silence.bounded(connection):
        yield connection


@contextmanager
def telling(system: str, table: str, own: Callable[[str], EcampusError | None] | None = None) -> Iterator[None]:
    """Whatever the driver complains of inside is told as one French sentence.

    ``system`` («REFER») and ``table`` («la vue refer_porte») are the words for it; ``own`` may have a better sentence
    for what the driver says. Raises SourceUnreachable (away), SourceLocked, SourceRefused (password, rights),
    ContractBroken (table or column missing, keys that the table takes for equal). A disk that is full and a silence of
    half an hour are SourceUnreachable.
    """
    try:
        yield
    except UnicodeDecodeError as error:
        raise ContractBroken(ENCODED.format(system=system, table=table, byte=error.object[error.start])) from None
    except Exception as error:
        if not _of_a_driver(error):
            raise
        raise (own and own(str(error))) or _told(error, system, table) from None


def read(connection: Any, sql: str, parameters: dict[str, Any] | None = None) -> pd.DataFrame:
    """All rows of a SELECT as text (``values.text_of``): columns in lower case, spaces kept, dtype str."""
    if hasattr(connection, "text_factory"):
        connection.text_factory = values.decoded  # SQLite keeps whatever bytes it was given as text
    try:
        names, rows = _rows(connection, sql, parameters)
    except UnicodeDecodeError:
        if not hasattr(connection, "outputtypehandler"):
            raise
        connection.outputtypehandler = _undecoded
        names, rows = _rows(connection, sql, parameters)
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return pd.DataFrame({name: values.column(cells) for name, cells in zip(names, columns, strict=True)})


def _rows(connection: Any, sql: str, parameters: dict[str, Any] | None) -> tuple[list[str], list[tuple[Any, ...]]]:
    with closing(connection.cursor()) as cursor:
        cursor.arraysize = ARRAY_SIZE
        cursor.execute(bound(sql, connection), parameters or {})
        names = [column[0].lower() for column in cursor.description]
        rows: list[tuple[Any, ...]] = []
        while chunk := cursor.fetchmany(ARRAY_SIZE):
            rows.extend(chunk)
    return names, rows


def _undecoded(cursor: Any, metadata: Any) -> Any:
    """oracledb's way to give the bytes of a text that it cannot decode."""
    if metadata.type_code.name in ("DB_TYPE_VARCHAR", "DB_TYPE_CHAR", "DB_TYPE_LONG"):
        return cursor.var(str, arraysize=cursor.arraysize, bypass_decode=True)
    return None


def whole(texts: pd.Series, kind: str = "Int64") -> pd.Series:
    """Texts as whole numbers; those that are not stay text, for the contract to say so."""
    try:
        return pd.to_numeric(texts).astype(kind)
    except (ValueError, TypeError, OverflowError):
        return texts


def _paramstyle(connection: Any) -> str:
    """That of the driver, which may be a package inside another (``mysql.connector``)."""
    names = accumulate(type(connection).__module__.split("."), "{}.{}".format)
    return next(style for name in names if (style := getattr(sys.modules[name], "paramstyle", None)))


def _of_a_driver(error: Exception) -> bool:
    return _is_a(error, "DatabaseError") or _of_the_line(error)


def _of_the_connection(error: Exception) -> bool:
    """oracledb has its own words (DPY-…) for most of them, not always the class."""
    return _is_a(error, "OperationalError") or _of_the_line(error) or str(error).startswith("DPY-")


def _of_the_line(error: Exception) -> bool:
    """MySQL's own connector has a class apart for a silence."""
    return _is_a(error, "InterfaceError", "ReadTimeoutError", "NoGreeting")


def _is_a(error: Exception, *names: str) -> bool:
    return any(parent.__name__ in names for parent in type(error).__mro__)


def _told(error: Exception, system: str, table: str) -> EcampusError:
    words = _words(error)
    about = {"system": system, "System": system[0].upper() + system[1:], "table": table, "words": words}
    if column := MISSING_COLUMN.search(words):
        name = next(group for group in column.groups() if group).rpartition(".")[2].lower()
        return ContractBroken(
            f"Dans {system}, {table} n'a pas la colonne {name} : l'ajouter, ou corriger la requête ({words})."
        )
    for pattern, kind, sentence in SENTENCES:
        if pattern.search(words):
            return kind(sentence.format(**about))
    return SourceUnreachable((AWAY if _of_the_connection(error) else FAILED).format(**about))


AWAY = "{System} est injoignable (pour {table}) : {words}."
FAILED = (
    "Dans {system}, lire ou écrire {table} a échoué : relancer, et si cela revient le montrer à l'administrateur"
    " de la base ({words})."
)
ENCODED = (
    "Dans {system}, {table} a un texte que le pilote ne sait pas décoder (octet {byte:#04x}) : le corriger, ou donner"
    " à la connexion l'encodage de la base, puis relancer."
)
SENTENCES: list[tuple[re.Pattern[str], type[EcampusError], str]] = [
    (
        MISSING_TABLE,
        ContractBroken,
        "Dans {system}, {table} n'existe pas ou n'est pas visible : la créer, ou donner le droit de la lire au"
        " compte de la connexion ({words}).",
    ),
    (
        INVALID_VIEW,
        ContractBroken,
        "Dans {system}, {table} n'est plus valide : la recréer, une de ses tables a changé ou n'est plus"
        " lisible ({words}).",
    ),
    (
        THICK_ONLY,
        SourceRefused,
        "{System} demande le client complet d'Oracle : l'installer et mettre « thick_mode » à true dans les options"
        " de la connexion ({words}).",
    ),
    (
        LOCKED,
        SourceLocked,
        "Dans {system}, {table} est verrouillée par un autre traitement : relancer plus tard ({words}).",
    ),
    (
        FULL,
        SourceUnreachable,
        "{System} n'a plus de place pour {table} et n'y a rien changé : l'administrateur de la base en libère, puis"
        " relancer la phase ({words}).",
    ),
    (
        CERTIFICATE,
        SourceRefused,
        "{System} présente un certificat qui n'est pas reconnu, ou à un autre nom : donner dans les options de la"
        " connexion le certificat de l'autorité qui l'a signé, et pour adresse le nom qu'il porte ({words}).",
    ),
    (
        DENIED,
        SourceRefused,
        "{System} refuse l'accès à {table} : vérifier le mot de passe et les droits du compte ({words}).",
    ),
    (
        TWICE,
        ContractBroken,
        "Dans {system}, {table} prend deux lignes différentes pour la même (casse, accents ou espace final) : lui"
        " donner les colonnes de include/sql/enrolment ({words}).",
    ),
]
"""What a driver's words mean, in the order in which they are looked for."""


def _words(error: Exception) -> str:
    """The first line of a driver's message: the next ones may hold values. oracledb's DPY-6005 gives its cause next."""
    first, *others = (str(error).strip() or type(error).__name__).splitlines()
    return (others[0] if others and first.startswith("DPY-6005") else first)[:200]
