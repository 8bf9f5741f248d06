"""Moodle's own database, read only: what the web services show, a hundred times faster, and what they hide.

One file of ``include/sql/moodle/`` is one frame, read whole; all those of a phase are of one moment. Moodle keeps names
as they were typed, so they are those that ``moodlewssettingraw`` gives.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from ecampus import contract
from ecampus.errors import ContractBroken, EcampusError, SettingUnreadable, SourceRefused
from ecampus.moodle import methods
from ecampus.sources import sql
from ecampus.words.clean import printable

SYSTEM = "la base de Moodle"
MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
BY_TABLE = "database"
"""The method whose enrolments come from the external table."""

BELONGS = {
    "cohort_members": "cohort_id",
    "groups": "course_id",
    "group_members": "group_id",
    "held_members": "group_id",
    "groupings": "course_id",
    "enrolled": "course_id",
    "enrolment_methods": "course_id",
}
COUNTED = "SELECT COUNT(*) AS n FROM ({}) f"
FEW = 100
"""Courses that a statement names; of more, the table is read whole."""
MAIN_TABLE = re.compile(r"FROM {prefix}(\w+)")
DENIED = re.compile(
    r"permission denied for (?:table|view) (\w+)|command denied to user .* table (?:[`'\"]\w+[`'\"]\.)?[`'\"](\w+)"
)
MISSING = re.compile(r"relation \"(\w+)\" does not exist|Table '(?:\w+\.)?(\w+)' doesn't exist|no such table: (\w+)")


@dataclass(frozen=True)
class Snapshot:
    """Moodle at one moment, whole tables: a ``Reader`` (``ecampus.moodle.reader``)."""

    frames: dict[str, pd.DataFrame]
    exact: ClassVar[bool] = True
    many_at_once: ClassVar[bool] = True

    def whole(self, frame: str) -> pd.DataFrame:
        return self.frames[frame]

    def of(self, frame: str, ids: Sequence[int]) -> pd.DataFrame:
        rows = self.frames[frame]
        return rows[rows[BELONGS[frame]].isin(ids)].reset_index(drop=True)

    def named(self, frame: str, ids: Sequence[int]) -> pd.DataFrame:
        rows = self.frames[frame]
        return rows[rows["id"].isin(ids)].reset_index(drop=True)

    def strangers(self, course_ids: Sequence[int]) -> tuple[pd.DataFrame, list[int]]:
        return self.of("enrolled", course_ids), list(course_ids)

    def known_accounts(self, ids: Sequence[int], witness: int) -> pd.DataFrame:
        rows = self.frames["known_accounts"]
        return rows[rows["user_id"].isin(ids)].reset_index(drop=True)

    def taken(self, course_ids: Sequence[int]) -> pd.DataFrame:
        """What the external table gave, and nothing else: a manual enrolment beside it hides nothing."""
        rows = self.of("enrolment_methods", course_ids)
        ours = rows["active"] & (rows["method"] == BY_TABLE) & rows["role"].notna()
        return rows.loc[ours, ["course_id", "user_id", "role"]].drop_duplicates(ignore_index=True)


@dataclass(frozen=True)
class MoodleDatabase:
    """The database that ``hook`` reaches, whose tables begin with ``prefix``."""

    hook: sql.Hook
    prefix: str = "mdl_"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z_]\w*", self.prefix, re.ASCII | re.IGNORECASE):
            raise SettingUnreadable(
                f"L'option « table_prefix » de la connexion « moodle » ({self.prefix}) n'est pas un préfixe de tables :"
                " y mettre celui de config.php de Moodle, mdl_ le plus souvent."
            )

    def read(self, names: Iterable[str], courses: Sequence[int] = ()) -> Snapshot:
        """These frames, as they were together at one moment; of ``enrolment_methods`` those of a few ``courses``.

        Raises SourceUnreachable (away), SourceRefused (password, a missing grant), ContractBroken (no such table).
        """
        with sql.connected(self.hook, SYSTEM, "ses tables") as connection:
            _hold_the_moment(connection)
            return Snapshot({name: self._frame(connection, name, courses) for name in names})

    def require_same_site(self, site: dict[str, Any]) -> None:
        """Raise SettingUnreadable unless this is the database of the Moodle whose web services answered ``site``."""
        with sql.connected(self.hook, SYSTEM, "ses tables") as connection:
            found = self._select(connection, "account", {"id": site["userid"]})
        if found["username"].tolist() != [site["username"]]:
            url, account = printable(site["siteurl"]), printable(site["username"])
            raise SettingUnreadable(
                f"La base de la connexion « moodle_db » n'est pas celle de {url} : son compte n° {site['userid']}"
                f" n'est pas {account} ; corriger la connexion « moodle_db », ou « table_prefix »"
                " dans la connexion « moodle »."
            )

    def require_method(self, auth: str, url: str) -> None:
        """Raise SourceRefused unless the method ``auth`` is enabled on this Moodle; a view may not tell which are."""
        with sql.connected(self.hook, SYSTEM, "ses tables") as connection:
            found = self._select(connection, "methods", {})["enabled"].fillna("")
        for enabled in found:
            methods.require_enabled(auth, enabled, url)

    def looked_at(self, name: str, **parameters: Any) -> pd.DataFrame:
        """The rows of ``include/sql/moodle/<name>.sql``, texts. Raises as ``read``."""
        with sql.connected(self.hook, SYSTEM, "ses tables") as connection:
            _hold_the_moment(connection)
            return self._select(connection, name, parameters)

    def counted(self, name: str) -> int:
        """How many rows a frame would have; its columns and the rights on them are met as when it is read."""
        with sql.connected(self.hook, SYSTEM, "ses tables") as connection:
            _hold_the_moment(connection)
            found = self._select(connection, name, {"now": int(time.time())}, around=COUNTED)
        return int(found["n"].iloc[0])

    def _of_the_site(self, connection: Any, accounts: pd.DataFrame) -> pd.DataFrame:
        """Without those that another site lends (MNet)."""
        host = self._select(connection, "host", {})["id"]
        if len(host) != 1:
            raise ContractBroken(
                f"La table {self.prefix}config de Moodle ne dit pas le numéro de ce site (mnet_localhost_id) : vérifier"
                " que c'est bien un Moodle que nomme la connexion « moodle_db », sinon supprimer cette connexion."
            )
        return accounts[accounts["host"] == host.iloc[0]]

    def _frame(self, connection: Any, name: str, courses: Sequence[int]) -> pd.DataFrame:
        now = round(time.time(), -2)  # as Moodle 4.5 (get_enrolled_join)
        found = self._select(connection, name, {"now": int(now)}, courses)
        if name == "users":
            found = self._of_the_site(connection, found).reset_index(drop=True)
        if name == "site_admins":
            found = found.assign(user_id=found["user_id"].str.split(",")).explode("user_id").dropna()
        return contract.validate(name, _typed(name, found))

    def _select(
        self,
        connection: Any,
        name: str,
        parameters: dict[str, Any],
        courses: Sequence[int] = (),
        around: str = "{}",
    ) -> pd.DataFrame:
        text = sql.statement(f"moodle/{name}.sql")
        table = f"la table {self.prefix}{MAIN_TABLE.findall(text)[0]}"
        with sql.telling(SYSTEM, table, own=self._told):
            whole = text.format(prefix=self.prefix, of_courses=_among(courses))
            return sql.read(connection, around.format(whole), parameters)

    def _told(self, words: str) -> EcampusError | None:
        """A grant that is missing, and a table; without any right MariaDB does not even say that there is none."""
        if denied := _named(DENIED, words):
            return SourceRefused(
                f"La base de Moodle ne laisse pas le compte de la connexion « moodle_db » lire la table {denied} : lui"
                " donner les droits de include/sql/moodle/grants.sql, ou, si cette table n'existe pas, corriger"
                f" « table_prefix » ({self.prefix}) dans la connexion « moodle »."
            )
        if missing := _named(MISSING, words):
            return ContractBroken(
                f"La base de Moodle n'a pas de table {missing} : corriger « table_prefix » ({self.prefix}) dans la"
                " connexion « moodle », ou la base que nomme la connexion « moodle_db »."
            )
        if column := _named(sql.MISSING_COLUMN, words):
            return ContractBroken(
                f"La base de Moodle n'a pas de colonne {column} là où Moodle 4.5 et 5.1 en ont une : vérifier que c'est"
                " bien un Moodle que nomme la connexion « moodle_db », sinon supprimer cette connexion."
            )
        return None


def _named(kind: re.Pattern[str], words: str) -> str | None:
    """What a driver's message of this kind names, without the alias of its table."""
    found = kind.search(words)
    return next(filter(None, found.groups())).rpartition(".")[2] if found else None


def _among(courses: Sequence[int]) -> str:
    """A condition on courseid; many are read with all the others."""
    few = 0 < len(courses) <= FEW
    return f"e.courseid IN ({', '.join(str(int(course)) for course in courses)})" if few else "1 = 1"


def _hold_the_moment(connection: Any) -> None:
    """What all that follows reads is of one moment, and nothing can be written."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("BEGIN" if isinstance(connection, sqlite3.Connection) else MOMENT)


def _typed(name: str, found: pd.DataFrame) -> pd.DataFrame:
    """The columns of the contract, in its types."""
    kinds = contract.MOODLE[name].types()
    return pd.DataFrame({column: _of_kind(found[column], kind) for column, kind in kinds.items()})


def _of_kind(values: pd.Series, kind: str) -> pd.Series:
    if kind == "bool":
        return values.ne("0") & values.notna()
    return sql.whole(values, kind) if kind in ("int64", "Int64") else values
