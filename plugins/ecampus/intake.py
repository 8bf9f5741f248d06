"""What a phase reads before it decides: REFER and LDAP, Moodle and the enrolment table."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, Protocol

import pandas as pd

from ecampus import contract, directory, refer
from ecampus.diff.courses import live_courses
from ecampus.diff.enrolments import TEACHER
from ecampus.draft import Settings
from ecampus.enrolment_table import EnrolmentTable
from ecampus.errors import SourceRefused
from ecampus.ledger import Ledger
from ecampus.moodle import reads
from ecampus.moodle.client import MoodleClient, MoodleRefusal
from ecampus.phases import Phase
from ecampus.sql import Hook

LOG = logging.getLogger("ecampus")

Frames = dict[str, pd.DataFrame]


class Systems(Protocol):
    """The systems of the university, opened when they are asked for (``orchestration.connections``)."""

    def settings(self, night: date) -> Settings: ...
    def refer_hook(self) -> Hook: ...
    def enrolment_hook(self) -> Hook: ...
    def directory(self) -> Any: ...
    def moodle(self) -> MoodleClient: ...


def sources(phase: Phase, systems: Systems, settings: Settings) -> Frames:
    """The REFER views of the phase, and LDAP's people, validated at the door."""
    hook = systems.refer_hook()
    frames = {view: refer.read(hook, view, settings.annee) for view in phase.views}
    if phase.directory:
        frames["people"] = people(systems.directory())
    return {name: contract.validate(name, frame, settings.annee) for name, frame in frames.items()}


def people(connection: Any) -> pd.DataFrame:
    """LDAP's people. ``connection``: host, port, login, password, extra_dejson."""
    extra = connection.extra_dejson
    opened = directory.connect(connection.host, connection.port, connection.login, connection.password, extra)
    try:
        return directory.people(opened, directory.DirectorySettings.of(extra))
    finally:
        opened.unbind()


def existing(
    names: Sequence[str],
    systems: Systems,
    owned: Callable[[Frames], Ledger],
    known: Frames | None = None,
) -> Frames:
    """The frames ``names`` of Moodle's state; those that hang on others come after them.

    ``owned``: the ledger, given what is read so far (a run that was killed may have created more than it noted).
    ``known``: frames that need no reading; they are part of the answer.
    """
    client = systems.moodle()
    found: Frames = dict(known or {})
    first = [name for name in names if name in WHOLE]
    with ThreadPoolExecutor(max_workers=2) as pool:
        whole = {name: pool.submit(WHOLE[name], client) for name in first}
        if "enrolment_rows" in names:
            found["enrolment_rows"] = EnrolmentTable(systems.enrolment_hook()).rows()
        found |= {name: read.result() for name, read in whole.items()}
    for name in names:
        if name not in found:
            found[name] = PARTIAL[name](client, found, owned(found))
    return {name: contract.validate(SAME.get(name, name), frame) for name, frame in found.items()}


def _owned(name: str, kind: str) -> Any:
    def ids(found: Frames, ledger: Ledger) -> list[int]:
        return sorted(set(found[name]["id"]) & set(ledger[kind]["id"]))

    return ids


def _live(found: Frames, ledger: Ledger) -> list[int]:
    return sorted(live_courses(found["courses"], ledger["course"])["id"])


def _spaces(found: Frames, ledger: Ledger) -> list[int]:
    return sorted(set(found["courses"]["id"]) - set(ledger["course"]["id"]))


def _cohort_members(client: MoodleClient, found: Frames, ledger: Ledger) -> pd.DataFrame:
    return reads.cohort_members(client, _owned("cohorts", "cohort")(found, ledger))


def _groups(client: MoodleClient, found: Frames, ledger: Ledger) -> pd.DataFrame:
    return reads.groups(client, _live(found, ledger))


def _group_members(client: MoodleClient, found: Frames, ledger: Ledger) -> pd.DataFrame:
    return reads.group_members(client, _owned("groups", "group")(found, ledger))


def _enrolled(client: MoodleClient, found: Frames, ledger: Ledger) -> pd.DataFrame:
    return reads.enrolled(client, _live(found, ledger))


def _space_teachers(client: MoodleClient, found: Frames, ledger: Ledger) -> pd.DataFrame:
    """Of strangers' courses, for one anomaly: one that cannot be read is left aside, the night goes on."""
    seats = [reads.enrolled(client, [])]
    for space in _spaces(found, ledger):
        try:
            seats.append(reads.enrolled(client, [space]))
        except (MoodleRefusal, SourceRefused) as refusal:
            LOG.warning("Espace complémentaire n° %s laissé de côté : %s", space, refusal)
    every = pd.concat(seats, ignore_index=True)
    return every.loc[every["role"] == TEACHER].reset_index(drop=True)


WHOLE = {
    "users": reads.users,
    "categories": reads.categories,
    "courses": reads.courses,
    "cohorts": reads.cohorts,
}
PARTIAL = {
    "cohort_members": _cohort_members,
    "groups": _groups,
    "group_members": _group_members,
    "enrolled": _enrolled,
    "space_teachers": _space_teachers,
}
SAME = {"space_teachers": "enrolled"}
