"""What a phase reads before it decides: REFER and LDAP, Moodle and the enrolment table."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import pandas as pd

from ecampus import calendar, contract
from ecampus.changes.courses import live_courses
from ecampus.changes.draft import Settings
from ecampus.changes.enrolments import TEACHER
from ecampus.limits import Limits
from ecampus.moodle import plugins, reads
from ecampus.moodle.client import MoodleClient
from ecampus.moodle.database import MoodleDatabase
from ecampus.moodle.functions import OPTIONAL, needed
from ecampus.moodle.reader import Reader, WebServices
from ecampus.night import gone
from ecampus.night.phases import PHASES, Phase
from ecampus.register.enrolment_table import EnrolmentTable
from ecampus.register.owned import Owned
from ecampus.sources import refer
from ecampus.sources.sql import Hook

LOG = logging.getLogger("ecampus")

Frames = dict[str, pd.DataFrame]


class Systems(Protocol):
    """The systems of the university, opened when they are asked for (``orchestration.connections``)."""

    @property
    def limits(self) -> Limits: ...
    def settings(self, night: date) -> Settings: ...
    def addresses(self) -> dict[str, str]: ...
    def refer_hook(self) -> Hook: ...
    def enrolment_hook(self) -> Hook: ...
    def directory(self) -> Any: ...
    def moodle(self) -> MoodleClient: ...
    def moodle_database(self) -> MoodleDatabase | None: ...


def sources(phase: Phase, systems: Systems, settings: Settings) -> Frames:
    """The REFER views of the phase, their rows that cannot be read apart (``illisible``), and LDAP's people."""
    hook = systems.refer_hook()
    read = {view: refer.read(hook, view, settings.annee) for view in phase.views}
    frames = contract.admitted(read, settings.annee)
    if phase.directory:
        frames["people"] = contract.validate("people", people(systems.directory()))
    return frames


def people(connection: Any) -> pd.DataFrame:
    """LDAP's people. ``connection``: host, port, login, password, extra_dejson."""
    from ecampus.sources import directory

    extra = connection.extra_dejson
    opened = directory.connect(connection.host, connection.port, connection.login, connection.password, extra)
    try:
        return directory.people(opened, directory.DirectorySettings.of(extra))
    finally:
        opened.unbind()


def reader(systems: Systems, names: Sequence[str], courses: Sequence[int] = ()) -> Reader:
    """Moodle's own database where there is one, read at this moment for the frames ``names``; else its web services.

    ``courses``: those that the reader will be asked for, if not all.
    """
    database = systems.moodle_database()
    if database is None:
        return WebServices(systems.moodle())
    frames = dict.fromkeys(READ.get(name, name) for name in names if name not in ELSEWHERE)
    return database.read(frames, courses)


def preflight(phase: str, systems: Systems, auth: str) -> str:
    """The address of Moodle, once its token offers all that the phase needs, and its database is that of this Moodle.

    ``auth``: the method of the accounts that the phase may create. Raises SourceRefused, SettingUnreadable.
    """
    database = systems.moodle_database()
    site = reads.site(systems.moodle())
    reads.preflight(site, needed(phase, reading=database is None))
    if database is not None:
        database.require_same_site(site)
        if phase == "users":
            database.require_method(auth, systems.moodle().url)
        if "enrolment_rows" in PHASES[phase].written:
            plugins.require_harmless(database, auth, EnrolmentTable.name, systems.moodle().url)
        LOG.info("ecampus est lu dans sa propre base.")
    elif slower := reads.missing_optional(site, OPTIONAL.get(phase, {})):
        LOG.warning("%s", slower)
    return str(site["siteurl"])


@dataclass(frozen=True)
class Asked:
    """What a phase reads of Moodle's state: the frames ``names``, and of some of them, or of ``partial``, more.

    ``further``: by frame, the courses of which it must be read too, given what is read so far.
    ``whole``: courses of which all groups are read, for they show what became of changes.
    ``known``: frames that need no reading; they are part of the answer.
    ``before``, ``again``: by frame, what was read before, and the objects that are read again; the others have not
    changed.
    """

    names: Sequence[str]
    night: date
    partial: Sequence[str] = ()
    further: Callable[[Frames], Mapping[str, Sequence[int]]] | None = None
    whole: Sequence[int] = ()
    known: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    before: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    again: Mapping[str, Sequence[int]] = field(default_factory=dict)


def existing(asked: Asked, systems: Systems, owned: Callable[[Frames], Owned]) -> Frames:
    """What is ``asked`` of Moodle's state; frames that hang on others come after them.

    ``owned``: the register, given what is read so far (a run that was killed may have created more than it noted).
    """
    names = asked.names
    moodle = reader(systems, [*names, *asked.partial])
    found: Frames = dict(asked.known)
    with ThreadPoolExecutor(max_workers=2) as pool:
        whole = {
            name: pool.submit(_whole, moodle, name, asked) for name in names if name in WHOLE and name not in found
        }
        if "enrolment_rows" in {*names} - {*found}:
            found["enrolment_rows"] = EnrolmentTable(systems.enrolment_hook()).rows()
        found |= {name: read.result() for name, read in whole.items()}
    for name in names:
        if name == "space_teachers":
            found |= spaces(moodle, _spaces(found, owned(found)), asked.night)
        elif name in gone.NAMES:
            found[name] = gone.NAMES[name](moodle, found, owned(found))
        elif name == "groups":
            found[name] = groups(moodle, _live(found, owned(found)), owned(found)["group"], asked.whole)
        elif name not in found:
            found[name] = moodle.of(name, PARTS[name](found, owned(found)))
    for name, courses in (asked.further(found) if asked.further else {}).items():
        if name not in asked.known:
            found[name] = _with(found.get(name), moodle.of(name, courses))
    return {name: contract.validate(SAME.get(name, name), frame) for name, frame in found.items()}


def _owned(name: str, kind: str) -> Callable[[Frames, Owned], list[int]]:
    def ids(found: Frames, register: Owned) -> list[int]:
        return sorted(set(found[name]["id"]) & set(register[kind]["id"]))

    return ids


def _live(found: Frames, register: Owned) -> list[int]:
    return sorted(live_courses(found["courses"], register["course"])["id"])


def _spaces(found: Frames, register: Owned) -> list[int]:
    return sorted(set(found["courses"]["id"]) - set(register["course"]["id"]))


def groups(moodle: Reader, live: Sequence[int], register: pd.DataFrame, whole: Sequence[int]) -> pd.DataFrame:
    """Our groups that are in our ``live`` courses, and all those of the courses ``whole`` among these."""
    ours = moodle.named("groups", sorted(register.loc[register["course_id"].isin(live), "id"]))
    beside = moodle.of("groups", sorted({*whole} & {*live}))
    return _with(ours[ours["course_id"].isin(live)], beside)


def _with(some: pd.DataFrame | None, more: pd.DataFrame) -> pd.DataFrame:
    """The rows of both; those of objects that were read twice as they were the second time."""
    if some is None:
        return more
    return pd.concat([some[~some["id"].isin(more["id"])], more], ignore_index=True)


def _whole(moodle: Reader, name: str, asked: Asked) -> pd.DataFrame:
    return (
        read_again(moodle, name, asked.before[name], asked.again[name]) if name in asked.again else moodle.whole(name)
    )


def read_again(moodle: Reader, name: str, before: pd.DataFrame, ids: Sequence[int]) -> pd.DataFrame:
    """The accounts or courses of ``before``, those of ``ids`` as they are now, in the order of their ids."""
    kept = before[~before["id"].isin(ids)]
    return pd.concat([kept, moodle.named(name, ids)], ignore_index=True).sort_values("id", ignore_index=True)


def spaces(moodle: Reader, strangers: Sequence[int], night: date) -> Frames:
    """The teachers of strangers' courses, for one anomaly, and the courses of which that was read.

    Where each course costs a request, one in seven a night.
    """
    asked = strangers if moodle.many_at_once else calendar.whose_turn(strangers, night)
    seats, read = moodle.strangers(asked)
    return {
        "space_teachers": seats.loc[seats["role"] == TEACHER].reset_index(drop=True),
        "spaces_read": pd.DataFrame({"course_id": pd.Series(read, dtype="int64")}),
    }


WHOLE = ("users", "site_admins", "categories", "courses", "cohorts", "foreign_cohorts")
PARTS = {
    "cohort_members": _owned("cohorts", "cohort"),
    "group_members": _owned("groups", "group"),
    "held_members": _owned("groups", "group"),
}
ELSEWHERE = ("enrolment_rows", "gone", "gone_courses")
"""Frames that are not read in Moodle, or not by themselves."""
SAME = {"space_teachers": "enrolled"}
READ = SAME | {"gone_accounts": "known_accounts"}
"""By frame, the one of Moodle's database that it is drawn from."""
