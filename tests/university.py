"""A whole night on the sandbox, without Airflow: what the tests of rules, nights and catastrophes stand on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import requests
from tenacity.wait import wait_none

from ecampus.calendar import PHASES
from ecampus.changes.draft import Settings
from ecampus.limits import BREAKERS, Fall, Limit, Limits
from ecampus.moodle.client import MoodleClient
from ecampus.moodle.database import MoodleDatabase
from ecampus.moodle.pace import Pace
from ecampus.night import reconcile
from ecampus.sources.sql import Hook
from ecampus.store import opening
from ecampus.store.files import Run, Store
from sandbox.box import Box

NIGHT = date(2026, 11, 23)
_WIDE = Limit(100, 10**9)
UNLIMITED = Limits(
    {name: replace(breaker, site=_WIDE, composante=breaker.composante and _WIDE) for name, breaker in BREAKERS.items()},
    Fall(100, 10**9, 10**9),
)


@dataclass(frozen=True)
class SqliteHook:
    """As Airflow's: a connection on demand."""

    path: Path

    def get_conn(self) -> sqlite3.Connection:
        if not self.path.parent.exists():
            raise sqlite3.OperationalError("unable to open database file")
        return sqlite3.connect(self.path, timeout=0.2)


@dataclass
class BoxSystems:
    """The systems of a sandbox, as ``orchestration.connections`` gives them from Airflow.

    ``server``: where the enrolment table and the register are, if not in the sandbox. ``limits``: so wide that nothing
    is held, unless a test speaks of that.
    """

    box: Box
    site: dict[str, Any] = field(default_factory=dict)
    by_database: bool = False
    server: Hook | None = None
    limits: Limits = UNLIMITED

    def settings(self, night: date) -> Settings:
        return replace(Settings(annee="2026", night=night, taking_seconds=30), **self.site)

    def addresses(self) -> dict[str, str]:
        return {"refer": self.box.folder.name, "ldap": self.box.directory.base}

    def refer_hook(self) -> SqliteHook:
        return SqliteHook(self.box.folder / "refer.db")

    def enrolment_hook(self) -> Hook:
        return self.server or SqliteHook(self.box.folder / "enrolments.db")

    def directory(self) -> Any:
        there = self.box.directory
        return SimpleNamespace(
            host=there.host,
            port=there.port,
            login=there.bind_dn,
            password=there.password,
            extra_dejson={"base": there.base, "insecure": True},
        )

    def moodle_database(self) -> MoodleDatabase | None:
        return MoodleDatabase(SqliteHook(self.box.folder / "moodle.db")) if self.by_database else None

    def moodle(self) -> MoodleClient:
        moodle, pace = self.box.moodle, Pace(sleep=lambda _: None)
        return MoodleClient(requests.Session(), moodle.url, moodle.token, attempts=2, wait=wait_none(), pace=pace)


def run_of(store: Path, phase: str, night: date = NIGHT, run_id: str = "run", replay: bool = False) -> Run:
    """One run of one phase."""
    return Run(Store(store), phase, night, run_id, replay)


def open_run(run: Run, systems: BoxSystems, carries: bool = False, only_approved: bool = False) -> None:
    """What ``open_night`` decides of a run that writes, or of a replay; ``carries``: as one that comes at its hour."""
    if run.replay:
        opening.keep(run, opening.Opening(run.night, "replay"))
        return
    known = opening.Opening(run.night, "live", settings=systems.settings(run.night), limits=systems.limits)
    opening.keep(run, replace(known, carries=carries, only_approved=only_approved))


def prepare(run: Run, systems: BoxSystems, carries: bool = False, only_approved: bool = False) -> None:
    """All that comes before the writes."""
    open_run(run, systems, carries, only_approved)
    reconcile.extract_source(run, systems)
    reconcile.extract_moodle(run, systems)
    reconcile.diff(run)
    reconcile.check(run)


def play(
    run: Run,
    systems: BoxSystems,
    live: Callable[[], None] = lambda: None,
    write: bool = True,
    carries: bool = False,
) -> dict[str, Any]:
    """One phase from its extracts to its report; returns ``report.json``."""
    prepare(run, systems, carries)
    if write and not run.replay:
        reconcile.apply(run, systems, live)
        reconcile.verify(run, systems)
    reconcile.report(run, "success", None)
    return run.files.read_json("report.json")


def whole_night(store: Path, systems: BoxSystems, night: date = NIGHT, run_id: str = "run") -> dict[str, Any]:
    """The five phases in order: their reports by phase."""
    return {phase: play(run_of(store, phase, night, run_id), systems) for phase in PHASES}
