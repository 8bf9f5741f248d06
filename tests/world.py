"""A university and its Moodle, night after night: tables in, ``play`` a phase, see Moodle's state as text tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import groupby
from typing import Any

import pandas as pd

import tables
from ecampus import contract
from ecampus.calendar import PHASES as NIGHT
from ecampus.changes import gains, plan, recoding
from ecampus.changes.adoptable import FRAMES
from ecampus.changes.courses import live_courses
from ecampus.changes.draft import Draft, Inputs, Settings
from ecampus.contract import aside
from ecampus.joins import among
from ecampus.limits import Limits
from ecampus.night import writing
from ecampus.night.news import News
from ecampus.night.phases import PHASES
from ecampus.register import owned as ownership
from ecampus.register.batches import About, Batch
from ecampus.register.owned import Owned
from ecampus.safety import holds
from model import Moodle, Row
from model_writes import write

STUDENTS = ("groupe_etudiant", "inscription_administrative", "inscription_pedagogique")


@dataclass
class World:
    """``source``: REFER and LDAP; ``moodle``; ``owned``; ``memory``. LDAP knows everyone unless ``people`` is given.

    ``agrees``: somebody says yes to all that is only proposed; else nobody answers, and it is not done. ``limits``: what
    is too much is held; nothing is without them.
    """

    source: dict[str, pd.DataFrame]
    moodle: Moodle
    owned: Owned = field(default_factory=ownership.empty)
    memory: dict[str, pd.DataFrame] = field(default_factory=tables.memory)
    settings: Settings = tables.SETTINGS
    agrees: bool = False
    limits: Limits | None = None

    def copy(self) -> World:
        """The same world, apart."""
        return replace(self, moodle=self.moodle.copy(), owned=dict(self.owned), memory=dict(self.memory))

    def change(self, **texts: str) -> World:
        """Another day: these views (and ``people``) now hold that, the others what they held; the night is the next."""
        self.source = self.source | {name: tables.frame(name, text) for name, text in texts.items()}
        if "people" not in texts:
            self.source["people"] = self.source["people"] if self.told_people else everyone(self.source)
        self.settings = replace(self.settings, night=self.settings.night + timedelta(days=1))
        return self

    @property
    def told_people(self) -> bool:
        """Whether a test said who is in LDAP."""
        return not self.source["people"].attrs.get("everyone", False)

    def by_hand(self, kind: str, text: str) -> list[int]:
        """Objects that somebody made in Moodle; returns their ids."""
        made = []
        for row in tables.rows(text):
            whole = {"id": None, "idnumber": None, **row}
            if "category" in whole:
                whole["category_id"] = self.id("categories", whole.pop("category"))
            if "course" in whole:
                whole["course_id"] = self.id("courses", whole.pop("course"))
            record = tables.typed(kind, [tables.completed(kind, whole) | {"id": 0}]).astype("object")
            record = record.where(record.notna(), None).to_dict("records")[0]
            made.append(self.moodle.add(kind, {name: v for name, v in record.items() if name != "id"}))
        return made

    def id(self, kind: str, name: str) -> int:
        """The id of the object with that idnumber, or that username."""
        found = [i for i, row in getattr(self.moodle, kind).items() if name in (row.get("username"), row["idnumber"])]
        assert len(found) == 1, f"{kind} {name}: {found}"
        return found[0]

    def existing(self, phase: str) -> dict[str, pd.DataFrame]:
        """What that phase reads of Moodle, given what we own."""
        return read(self.moodle, phase, lambda found: self.owned)

    def inputs(self, phase: str) -> Inputs:
        """All that the phase reads."""
        inputs = Inputs(self.settings, self.sources(phase), self.existing(phase), self.owned, self.memory)
        return self.further(inputs, phase)

    def sources(self, phase: str) -> dict[str, pd.DataFrame]:
        """What the phase reads of REFER and LDAP."""
        people = ["people"] if PHASES[phase].directory else []
        return {name: self.source[name] for name in people} | admitted(self.source, PHASES[phase].views)

    def further(self, inputs: Inputs, phase: str) -> Inputs:
        """``inputs`` with what the phase reads once it sees them."""
        further = PHASES[phase].further
        for name, courses in (further(inputs) if further else {}).items():
            inputs.existing[name] = _with(inputs.existing.get(name), self.moodle.frame(name), courses)
        return inputs

    def draft(self, phase: str) -> Draft:
        """The phase's plan and anomalies."""
        return self.drafted(phase, self.inputs(phase))

    def drafted(self, phase: str, inputs: Inputs) -> Draft:
        """The same from ``inputs``, with what is held marked so."""
        draft = PHASES[phase].draft(inputs)
        if self.limits is None:
            return draft
        held = holds.hold(draft.changes, inputs, phase, {}, self.limits, PHASES[phase].draft)
        return replace(draft, changes=held.changes)

    def play(self, *phases: str) -> Draft:
        """Play these phases to their end, Moodle's own task included; returns the last draft."""
        for phase in phases:
            draft = self.draft(phase)
            self.take(phase, draft)
        return draft

    def take(self, phase: str, draft: Draft) -> None:
        """Play the phase with this draft of it."""
        self.recognise(draft)
        changes = draft.changes if self.agrees else going_on(draft.changes)
        self.keep(list(write(self.moodle, changes[changes["held"].isna()])))
        self.end(phase)

    def night(self) -> dict[str, Draft]:
        """The five phases."""
        return {phase: self.play(phase) for phase in NIGHT}

    def recognise(self, draft: Draft) -> None:
        """What the register learns without a write."""
        found = {} if draft.links is None else {"links": draft.links}
        self.memory = self.memory | found
        learned = News(draft.recognised, draft.forgotten)
        self.owned = learned.folded(self.owned)

    def keep(self, entries: list[Row]) -> None:
        """Count what was done into the register."""
        done = [entry for entry in entries if entry["outcome"] == "done"]
        if done:
            self.owned = gains.fold(self.owned, journalled(done), self.settings.night.isoformat())

    def end(self, phase: str) -> None:
        """What comes after the writes."""
        if phase == "enrolments":
            self.moodle.sync()

    def mend(self, phase: str, journal: list[Row], silent: list[Row]) -> None:
        """After a kill: count in what was settled, then what Moodle shows of the calls in flight (``silent``).

        Rows of the enrolment table and what is ours of them are one transaction: never in flight.
        """
        rows = [entry for entry in silent if entry["object"] == "enrolment"]
        self.keep(journal + rows)
        calls = groupby(
            (e for e in silent if e not in rows and e["outcome"] == "done"), lambda e: (e["object"], e["verb"])
        )
        about = About("tuee", phase, self.settings.night.isoformat())
        flying = [
            Batch(n, about, 0, [plan.item(change) for change in plan.each(journalled(list(call)))], None)
            for n, (_, call) in enumerate(calls)
        ]
        before = self.owned

        def known(found: dict[str, pd.DataFrame]) -> Owned:
            return writing.known(before, flying, found)

        self.owned = known(read(self.moodle, phase, known, writing.courses(flying)))

    def see(self, kind: str, columns: str) -> list[str]:
        """Moodle's state as the lines of a text table, sorted."""
        names = [name.strip() for name in columns.split("|")]
        lines = (" | ".join(_cell(row.get(name)) for name in names) for row in SEEN[kind](self.moodle))
        return sorted(lines)

    def table(self) -> list[str]:
        """The enrolment table."""
        return sorted(" | ".join(row) for row in self.moodle.table)


def university(**texts: str) -> World:
    """A university whose REFER (and ``people``) holds these tables, beside an empty Moodle."""
    people = texts.pop("people", None)
    source = tables.refer(**texts)
    source["people"] = everyone(source) if people is None else tables.frame("people", people)
    moodle = Moodle()
    moodle.add("users", tables.completed("users", {"username": "admin", "idnumber": None, "auth": "manual"}))
    moodle.add("categories", {"idnumber": None, "name": "Divers", "parent_id": 0, "visible": True})
    return World(source, moodle)


def admitted(source: dict[str, pd.DataFrame], views: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """The views as the door lets them in, ``illisible`` beside (those that a test says, too); any may be empty."""
    found = {name: aside.set_aside(name, contract.REFER[name], source[name]) for name in views}
    said = source.get("illisible", aside.none())
    unread = pd.concat([*(unread for _, unread in found.values()), said[said["view"].isin(views)]], ignore_index=True)
    return {name: good for name, (good, _) in found.items()} | {"illisible": unread}


def everyone(source: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """An LDAP that knows all of REFER's people."""
    students = sorted({str(code).strip().upper() for view in STUDENTS for code in source[view]["code_etudiant"]})
    staff = sorted({str(code).strip().upper() for code in source["seance_ade"]["code_enseignant"]})
    known = [("student", code) for code in students] + [("staff", code) for code in staff]
    rows = [tables.completed("people", {"population": population, "code": code}) for population, code in known]
    people = tables.typed("people", rows)
    people.attrs["everyone"] = True
    return people


def read(
    moodle: Moodle,
    phase: str,
    owned: Callable[[dict[str, pd.DataFrame]], Owned],
    courses: Sequence[int] = (),
    known: Mapping[str, pd.DataFrame] | None = None,
) -> dict[str, pd.DataFrame]:
    """The frames that a phase reads; ``owned`` gives the register once the first of them are read, as ``intake`` does.

    ``courses``: of which all groups are read. ``known``: frames that need no reading.
    """
    names = [*PHASES[phase].around, *PHASES[phase].written]
    names += ["spaces_read"] if "space_teachers" in names else []
    whole = {name: moodle.frame(name) for name in names if name not in PARTIAL}
    found = whole | {name: frame for name, frame in (known or {}).items() if name in whole}
    for name in names:
        if name in PARTIAL:
            found[name] = PARTIAL[name](moodle, found, owned(found))
        if name == "groups":
            found[name] = _with(found[name], moodle.frame(name), courses)
    return found


def _with(some: pd.DataFrame | None, every: pd.DataFrame, courses: Sequence[int]) -> pd.DataFrame:
    """``some`` rows, and all those of these courses."""
    more = every[every["course_id"].isin(courses)]
    kept = every["id"].isin(some["id"]) if some is not None else False
    return every[every.index.isin(more.index) | kept].reset_index(drop=True)


def _live(found: dict[str, pd.DataFrame], owned: Owned) -> pd.Series:
    return live_courses(found["courses"], owned["course"])["id"]


def _cohort_members(moodle: Moodle, found: Any, owned: Owned) -> pd.DataFrame:
    members = moodle.frame("cohort_members")
    return members[members["cohort_id"].isin(owned["cohort"]["id"])].reset_index(drop=True)


def _groups(moodle: Moodle, found: Any, owned: Owned) -> pd.DataFrame:
    groups = moodle.frame("groups")
    ours = groups["id"].isin(owned["group"]["id"]) & groups["course_id"].isin(_live(found, owned))
    return groups[ours].reset_index(drop=True)


def _group_members(moodle: Moodle, found: Any, owned: Owned) -> pd.DataFrame:
    members, ours = moodle.frame("group_members"), set(found["groups"]["id"]) & set(owned["group"]["id"])
    return members[members["group_id"].isin(ours)].reset_index(drop=True)


def _space_teachers(moodle: Moodle, found: Any, owned: Owned) -> pd.DataFrame:
    seats = moodle.frame("enrolled")
    ours = seats["course_id"].isin(owned["course"]["id"])
    return seats[~ours & (seats["role"] == "editingteacher")].reset_index(drop=True)


def _spaces_read(moodle: Moodle, found: Any, owned: Owned) -> pd.DataFrame:
    spaces = sorted(set(moodle.courses) - set(owned["course"]["id"]))
    return tables.typed("spaces_read", [{"course_id": id_} for id_ in spaces])


def _gone_accounts(moodle: Moodle, found: Any, owned: Owned) -> pd.DataFrame:
    missing = sorted(set(owned["account"]["user_id"]) - set(moodle.users))
    return tables.typed("gone_accounts", [{"user_id": id_} for id_ in missing])


def _gone_courses(moodle: Moodle, found: Any, owned: Owned) -> pd.DataFrame:
    missing = sorted(set(owned["course"]["id"]) - set(moodle.courses) - set(found["courses"]["id"]))
    return tables.typed("gone_courses", [{"course_id": id_} for id_ in missing])


def _gone(moodle: Moodle, found: Any, owned: Owned) -> pd.DataFrame:
    rows = [
        {"kind": kind, "id": id_}
        for kind, frame in FRAMES.items()
        if frame in found and f"gone_{frame}" not in found
        for id_ in sorted(set(owned[kind]["id"]) - set(getattr(moodle, frame)) - set(found[frame]["id"]))
    ]
    return tables.typed("gone", rows)


PARTIAL = {
    "gone": _gone,
    "gone_accounts": _gone_accounts,
    "gone_courses": _gone_courses,
    "cohort_members": _cohort_members,
    "groups": _groups,
    "group_members": _group_members,
    "space_teachers": _space_teachers,
    "spaces_read": _spaces_read,
}


def journalled(entries: list[Row]) -> pd.DataFrame:
    """Entries as the journal gives them back."""
    return plan.typed(pd.DataFrame(entries, columns=plan.COLUMNS))


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return "" if value is None else str(value)


def _seen_courses(moodle: Moodle) -> Iterator[Row]:
    for row in moodle.courses.values():
        yield row | {"category": moodle.categories.get(row["category_id"], {}).get("idnumber")}


def _seen_categories(moodle: Moodle) -> Iterator[Row]:
    for row in moodle.categories.values():
        yield row | {"parent": moodle.categories.get(row["parent_id"], {}).get("idnumber")}


def _seen_groups(moodle: Moodle) -> Iterator[Row]:
    for row in moodle.groups.values():
        yield row | {"course": moodle.courses[row["course_id"]]["idnumber"]}


def _seen_group_members(moodle: Moodle) -> Iterator[Row]:
    for group, user in moodle.group_members:
        row = moodle.groups[group]
        course = moodle.courses[row["course_id"]]["idnumber"]
        yield {"course": course, "group": row["idnumber"] or row["name"], "username": moodle.users[user]["username"]}


def _seen_cohort_members(moodle: Moodle) -> Iterator[Row]:
    for cohort, user in moodle.cohort_members:
        row = moodle.cohorts[cohort]
        yield {"cohort": row["idnumber"] or row["name"], "username": moodle.users[user]["username"]}


def _seen_enrolled(moodle: Moodle) -> Iterator[Row]:
    for course, user, role in moodle.enrolled():
        row = moodle.courses[course]
        yield {"course": row["idnumber"] or row["shortname"], "username": moodle.users[user]["username"], "role": role}


SEEN: dict[str, Callable[[Moodle], Iterator[Row]]] = {
    "users": lambda moodle: iter(moodle.users.values()),
    "categories": _seen_categories,
    "courses": _seen_courses,
    "cohorts": lambda moodle: iter(moodle.cohorts.values()),
    "groups": _seen_groups,
    "group_members": _seen_group_members,
    "cohort_members": _seen_cohort_members,
    "enrolled": _seen_enrolled,
}


def going_on(changes: pd.DataFrame) -> pd.DataFrame:
    """The changes less what is only proposed."""
    return changes[~among(changes["unit"], recoding.questions(changes).index.to_series())].reset_index(drop=True)


def codes(draft: Draft) -> list[str]:
    """The anomalies of a draft, as «CODE key»."""
    return [f"{code} {key}" for code, key in zip(draft.anomalies["code"], draft.anomalies["key"], strict=True)]


def verbs(draft: Draft) -> list[str]:
    """The changes of a plan, as «object verb key», in the order of the writes."""
    rows = draft.changes
    return [f"{o} {v} {k}" for o, v, k in zip(rows["object"], rows["verb"], rows["key"], strict=True)]


def lines(text: str) -> list[str]:
    """An expected text table, sorted."""
    return sorted(" | ".join(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines())
