"""A sandbox with its store, on which whole nights are played, looked at and compared."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ecampus.calendar import PHASES
from ecampus.limits import Limits
from ecampus.moodle.answers import is_read
from ecampus.night import taking
from ecampus.register import owned as ownership
from ecampus.register.register import Register
from ecampus.sources.sql import Hook
from ecampus.store import journal
from ecampus.store.files import Run, Store
from sandbox import changes
from sandbox.box import Box, open_box
from sandbox.moodle import handmade
from university import NIGHT, UNLIMITED, BoxSystems, play, prepare, run_of

SIZE = 4
"""The smallest university in which a day of changes plays every verb."""


@dataclass
class Cron:
    """Moodle's cron, whose task takes the enrolment table while we wait for it; its seconds cost nothing."""

    task: Callable[[], object] = int
    seconds: float = 0.0

    def clock(self) -> float:
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.seconds += seconds
        self.task()


@contextmanager
def unhurried() -> Iterator[Cron]:
    """Whoever waits for Moodle's cron waits by its clock."""
    cron = Cron()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(taking, "wait", partial(taking.wait, clock=cron.clock, pause=cron.pause))
        yield cron


@dataclass
class Campus:
    """One university, one Moodle and one store; Moodle is read in its own database if ``by_database``.

    ``server``: where the enrolment table and the register are, if not in the file beside Moodle (``elsewhere``).
    ``limits``: as in ``BoxSystems``.
    """

    folder: Path
    box: Box
    cron: Cron
    site: dict[str, Any] = field(default_factory=dict)
    by_database: bool = False
    server: Hook | None = None
    limits: Limits = UNLIMITED

    @property
    def systems(self) -> BoxSystems:
        return BoxSystems(self.box, self.site, self.by_database, self.server, self.limits)

    @property
    def store(self) -> Store:
        return Store(self.folder / "store")

    def run(self, phase: str, run_id: str = "run", night: date = NIGHT, replay: bool = False) -> Run:
        return run_of(self.store.root, phase, night, run_id, replay)

    def prepared(self, phase: str, run_id: str = "run", night: date = NIGHT) -> Run:
        """A run that has done all that comes before the writes."""
        run = self.run(phase, run_id, night)
        prepare(run, self.systems)
        return run

    def play(self, phase: str, run_id: str = "run", night: date = NIGHT, **how: Any) -> dict[str, Any]:
        return play(self.run(phase, run_id, night), self.systems, **how)

    def night(
        self, run_id: str = "run", night: date = NIGHT, phases: Iterable[str] = PHASES
    ) -> dict[str, dict[str, Any]]:
        """The five phases, or those that matter: their reports. ``calls`` of Moodle then hold this night only."""
        self.box.moodle.calls.clear()
        return {phase: self.play(phase, run_id, night, carries=True) for phase in phases}

    def change_a_day(self, seed: int = 1) -> None:
        """A believable day of changes at the university."""
        changes.play(self.box.folder, today=NIGHT, seed=seed)

    def refer(self, sql: str, *values: Any) -> None:
        """Change REFER."""
        _run(self.box.folder / "refer.db", sql, values)

    def people(self, sql: str, *values: Any) -> None:
        """Change LDAP."""
        _run(self.box.folder / "directory.db", sql, values)

    def table(self, sql: str, *values: Any) -> None:
        """Change the enrolment table, or the register, by hand."""
        answered(self.systems.enrolment_hook(), sql, *values)

    def table_of(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database of the enrolment table and of the register answers."""
        return answered(self.systems.enrolment_hook(), sql)

    def moodle(self, sql: str, *values: Any) -> None:
        """Change Moodle by hand."""
        self.box.moodle.db.run(sql, values)

    def ask(self, sql: str, *values: Any) -> Any:
        """One value of Moodle's."""
        return self.box.moodle.db.value(sql, values)

    def let_expire(self) -> None:
        """As if two minutes had passed since a run was killed: its right to write may be taken."""
        self.table("UPDATE ecampus_lease SET expires = 0")

    @property
    def register(self) -> Register:
        """What is ours, in the database of the enrolment table."""
        return Register(self.systems.enrolment_hook())

    def rows(self) -> list[tuple[str, ...]]:
        """The enrolment table, sorted."""
        return sorted(answered(self.systems.enrolment_hook(), "SELECT course_idnumber, username, role FROM enrolments"))

    def usernames(self) -> list[str]:
        """Who may log in."""
        return [row[0] for row in self.box.moodle.db.all("SELECT username FROM mdl_user WHERE NOT suspended")]

    def writes(self) -> list[str]:
        """The write functions called so far."""
        return [name for name in self.box.moodle.calls if not is_read(name)]

    def journal(self, phase: str, run_id: str = "run", night: date = NIGHT) -> pd.DataFrame:
        return journal.read(self.run(phase, run_id, night).files)

    def anomalies(self, phase: str) -> pd.DataFrame:
        return self.store.read_frame(f"memory/anomalies-{phase}.parquet")

    def state(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that Moodle and the table hold, without ids nor dates: what two sites can be compared by."""
        seen = {name: sorted(map(tuple, self.box.moodle.db.all(sql)), key=repr) for name, sql in SEEN.items()}
        return seen | {"rows": self.rows()}

    def owned(self) -> dict[str, list[tuple[Any, ...]]]:
        """What is ours, with names in place of ids, without since when."""
        owned = self.register.owned()
        return {kind: sorted(self._named(kind, owned[kind]), key=repr) for kind in ownership.SHAPES}

    def _named(self, kind: str, frame: pd.DataFrame) -> list[tuple[Any, ...]]:
        named = frame.drop(columns=["since", "created", "scope"], errors="ignore")
        for column, table in {"id": kind, "course_id": "course", "cohort_id": "cohort", "group_id": "group"}.items():
            if column in frame:
                named[column] = frame[column].map(self._names(NAMES[table]))
        if "user_id" in frame:
            named["user_id"] = frame["user_id"].map(self._names("SELECT id, username FROM mdl_user"))
        return list(named.astype("object").where(named.notna(), None).itertuples(index=False, name=None))

    def _names(self, sql: str) -> dict[int, str]:
        return {row[0]: row[1] for row in self.box.moodle.db.all(sql)}


THEIRS = {
    ("L1CAS101", "tuteur.ext", "student"),
    ("BU-FORM", "lecteur.bu", "student"),
    ("INCONNU", "personne", "student"),
    ("L1CAS405-FOAD", "p0090131", "editingteacher"),
}
"""Rows of the enrolment table that people put there by hand."""


def by_hand(campus: Campus) -> None:
    """What people do by hand in a course of the offer and in the table, kept as it is then in ``by_hand.json``."""
    db = campus.box.moodle.db
    handmade.seed_in(db, db.same("course", "idnumber", "L1CAS101"))
    for row in THEIRS:
        campus.table("INSERT INTO enrolments VALUES (?, ?, ?)", *row)
    (campus.folder / "by_hand.json").write_text(json.dumps(handmade.snapshot(db)))


NAMES = {
    "course": "SELECT id, shortname FROM mdl_course",
    "category": "SELECT id, idnumber FROM mdl_course_categories",
    "cohort": "SELECT id, idnumber FROM mdl_cohort",
    "group": "SELECT g.id, c.shortname || ' / ' || g.idnumber FROM mdl_groups g JOIN mdl_course c ON c.id = g.courseid",
}
SEEN = {
    "accounts": "SELECT username, auth, suspended, idnumber, firstname, lastname, email FROM mdl_user WHERE NOT deleted",
    "categories": "SELECT c.idnumber, c.name, p.name, c.visible FROM mdl_course_categories c"
    " LEFT JOIN mdl_course_categories p ON p.id = c.parent",
    "courses": "SELECT c.idnumber, shortname, fullname, k.name, c.visible, summary, format"
    " FROM mdl_course c LEFT JOIN mdl_course_categories k ON k.id = c.category",
    "cohorts": "SELECT idnumber, name FROM mdl_cohort",
    "cohort_members": "SELECT c.idnumber, username FROM mdl_cohort_members m"
    " JOIN mdl_cohort c ON c.id = m.cohortid JOIN mdl_user u ON u.id = m.userid",
    "groups": "SELECT shortname, g.idnumber, name FROM mdl_groups g JOIN mdl_course c ON c.id = g.courseid",
    "group_members": "SELECT shortname, g.idnumber, g.name, username FROM mdl_groups_members m"
    " JOIN mdl_groups g ON g.id = m.groupid JOIN mdl_course c ON c.id = g.courseid JOIN mdl_user u ON u.id = m.userid",
    "enrolments": "SELECT shortname, enrol, username, n.status FROM mdl_user_enrolments n"
    " JOIN mdl_enrol e ON e.id = n.enrolid JOIN mdl_course c ON c.id = e.courseid JOIN mdl_user u ON u.id = n.userid",
    "roles": "SELECT c.shortname, username, r.shortname, component FROM mdl_role_assignments a"
    " JOIN mdl_role r ON r.id = a.roleid JOIN mdl_user u ON u.id = a.userid"
    " JOIN mdl_context x ON x.id = a.contextid JOIN mdl_course c ON c.id = x.instanceid",
}


@contextmanager
def opened(folder: Path, cron: Cron, size: int = SIZE, seed: int = 1) -> Iterator[Campus]:
    """The campus of ``folder``, made if need be; Moodle's task runs only while we wait for it."""
    with open_box(folder / "box", size=size, seed=seed, today=NIGHT, sync_every=None) as box:
        cron.task = box.moodle.sync
        yield Campus(folder, box, cron)


def copied(prepared: Path, folder: Path) -> Path:
    """A copy of a campus that is closed; its servers will take free ports."""
    shutil.copytree(prepared, folder, ignore=shutil.ignore_patterns("ports.json"))
    return folder


def night_after(days: int) -> date:
    """So many nights after the first."""
    return NIGHT + timedelta(days=days)


def _run(path: Path, sql: str, values: tuple[Any, ...]) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(sql, values)


def answered(hook: Hook, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of one statement, whose values are marked by ``?``; committed."""
    with closing(hook.get_conn()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(marked(connection, sql), values)
        rows = cursor.fetchall() if cursor.description else []
        connection.commit()
    return [tuple(row) for row in rows]


def marked(connection: Any, sql: str) -> str:
    """The statement with the marks of this connection's driver."""
    return sql if isinstance(connection, sqlite3.Connection) else sql.replace("?", "%s")
