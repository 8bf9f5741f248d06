"""A campus whose every line, and whose disk, can break: what our phases see of the university."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import requests
from campus import Campus, Cron, opened
from meanwhile import everybody_logs_in
from tenacity.wait import wait_none

from ecampus.moodle.client import MoodleClient
from ecampus.moodle.database import MoodleDatabase
from ecampus.moodle.pace import Pace
from faults.disk import Disk
from faults.lines import Hook, Line
from faults.people import People, between
from faults.wire import Wire
from university import BoxSystems


@dataclass
class Lines:
    """``patience``: seconds that a client waits for an answer, if not ours."""

    wire: Wire
    people: People
    disk: Disk = field(default_factory=Disk)
    refer: Line = field(default_factory=Line)
    table: Line = field(default_factory=Line)
    moodle_db: Line = field(default_factory=Line)
    patience: float | None = None

    def passed(self) -> dict[str, dict[str, int]]:
        """By who does it and what is counted, how much has passed so far."""
        return {
            "moodle": {"call": self.wire.passed["call"], "write": self.wire.passed["write"]},
            "ldap": {"bytes": self.people.passed},
            "disk": {"file": self.disk.passed},
            "refer": {"statement": self.refer.passed},
            "table": {"statement": self.table.passed},
            "moodle_db": {"statement": self.moodle_db.passed},
        }


@dataclass
class Systems(BoxSystems):
    """The systems of the campus, reached over its lines."""

    lines: Any = None

    def refer_hook(self) -> Hook:  # type: ignore[override]
        return self.lines.refer.hook(super().refer_hook().path)

    def enrolment_hook(self) -> Hook:
        return self.lines.table.hook(self.box.folder / "enrolments.db")

    def directory(self) -> Any:
        return SimpleNamespace(**(vars(super().directory()) | {"port": self.lines.people.port}))

    def moodle_database(self) -> MoodleDatabase | None:
        return MoodleDatabase(self.lines.moodle_db.hook(self.box.folder / "moodle.db")) if self.by_database else None

    def moodle(self) -> MoodleClient:
        there, patience = self.box.moodle, self.lines.patience
        how: dict[str, Any] = {"timeout": (1, patience)} if patience else {}
        pace = Pace(sleep=lambda _: None)
        return MoodleClient(requests.Session(), there.url, there.token, attempts=2, wait=wait_none(), pace=pace, **how)


@dataclass
class Site(Campus):
    """The campus as ``opened``, beside it its lines; whoever judges looks past them (``systems``)."""

    lines: Lines | None = None

    @property
    def reached(self) -> Systems:
        """What our phases are given."""
        return Systems(self.box, self.site, self.by_database, self.server, self.limits, self.lines)


@contextmanager
def reached(folder: Path, cron: Cron, by_database: bool = False) -> Iterator[Site]:
    """The campus of ``folder``."""
    with opened(folder, cron) as campus, between(campus.box.directory.port) as people:
        site = Site(folder, campus.box, cron, by_database=by_database)
        site.lines = Lines(Wire(campus.box.moodle, lambda: everybody_logs_in(site)), people)
        site.lines.people.passed = 0
        yield site
