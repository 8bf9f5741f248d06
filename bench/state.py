"""The Moodle of an invented university and the register, as a good night leaves them; not a sandbox, only frames."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np
import pandas as pd

from bench import by_hand, takes
from bench.archived import NIGHT
from bench.offer import numbered, picked
from bench.university import Frames
from ecampus import contract
from ecampus.changes.courses import live_courses
from ecampus.changes.draft import Draft, Inputs, Settings
from ecampus.changes.enrolments import TEACHER
from ecampus.night.news import News, news
from ecampus.night.phases import PHASES
from ecampus.register import owned as ownership
from ecampus.safety import sources
from ecampus.store.archive import MEMORY

HAND_MADE = 2_000  # courses, of Caen
LOCAL = 100  # accounts of another method


@dataclass
class State:
    """All that a night reads but REFER and LDAP; ``moodle``: its frames, whole."""

    moodle: Frames
    owned: ownership.Owned = field(default_factory=ownership.empty)
    memory: Frames = field(default_factory=lambda: dict(_nothing_remembered()))
    settings: Settings = field(default_factory=lambda: Settings("2026", NIGHT))

    def inputs(self, phase: str, source: Frames) -> Inputs:
        """All that ``phase`` reads, the rows of REFER that cannot be read apart."""
        views = {view: source[view] for view in PHASES[phase].views}
        read = contract.admitted(views, self.settings.annee)
        if PHASES[phase].directory:
            read["people"] = contract.validate("people", source["people"])
        names = (*PHASES[phase].around, *PHASES[phase].written)
        if "space_teachers" in names:
            names = (*names, "spaces_read")
        existing = {name: self._read(name) for name in names}
        inputs = Inputs(self.settings, read, existing, self.owned, self.memory)
        further = PHASES[phase].further
        for name, courses in (further(inputs) if further else {}).items():
            whole = self.moodle.get(name, typed(name, pd.DataFrame()))
            more = [existing[name]] if name in existing else []
            more.append(whole[whole["course_id"].isin(courses)])
            existing[name] = pd.concat(more).drop_duplicates(ignore_index=True)
        return inputs

    def play(self, phase: str, source: Frames) -> tuple[Inputs, Draft]:
        """A phase as it would be played: what it read and drafted; what it creates is in Moodle and in the register."""
        inputs = self.inputs(phase, source)
        draft = PHASES[phase].draft(inputs)
        done = takes.created(self.moodle, draft.changes)
        self.owned = News(draft.recognised, draft.forgotten).folded(self.owned)
        self.owned = takes.counted(self.owned, done, self.settings.night.isoformat())
        self.remember(phase, inputs, draft)
        return inputs, draft

    def remember(self, phase: str, inputs: Inputs, draft: Draft) -> None:
        """What the next nights compare with."""
        figures = self.memory["figures"]
        made = pd.concat([figures[figures["phase"] != phase], sources.figures(inputs, phase)], ignore_index=True)
        told = draft.anomalies.assign(first_night=self.settings.night.isoformat())
        self.memory = self.memory | {"figures": made.astype(figures.dtypes.to_dict()), "anomalies": told}
        if draft.links is not None:
            self.memory["links"] = draft.links

    def morning(self) -> None:
        """The next day: people work in Moodle, and the register learns when what it owns was made."""
        by_hand.everything(self.moodle, self.owned)
        self.owned = news(self.owned, self.moodle, {}, {}).folded(self.owned)
        self.settings = replace(self.settings, night=self.settings.night + timedelta(days=1))

    def _read(self, name: str) -> pd.DataFrame:
        """The frame as the night reads it: of courses, groups and cohorts of ours where Moodle is read so."""
        whole, owned = self.moodle, self.owned
        if name in ("gone", "gone_accounts", "gone_courses", "site_admins", "foreign_cohorts", "held_members"):
            return typed(name, pd.DataFrame())
        if name == "space_teachers":
            seats = whole["enrolled"]
            return seats[~seats["course_id"].isin(owned["course"]["id"]) & seats["role"].eq(TEACHER)]
        live = live_courses(whole["courses"], owned["course"])["id"]
        if name == "cohort_members":
            return whole[name][whole[name]["cohort_id"].isin(owned["cohort"]["id"])]
        if name == "groups":
            return whole[name][whole[name]["id"].isin(owned["group"]["id"]) & whole[name]["course_id"].isin(live)]
        if name == "spaces_read":
            spaces = whole["courses"].loc[~whole["courses"]["id"].isin(owned["course"]["id"]), "id"]
            return typed(name, spaces.to_frame("course_id"))
        if name == "group_members":
            return whole[name][whole[name]["group_id"].isin(owned["group"]["id"])]
        return whole[name]


def typed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with the columns and the types of the contract ``name``."""
    types = contract.CONTRACTS[name].types()
    return frame.reindex(columns=list(types)).astype(types)


def empty(source: Frames, factor: float) -> State:
    """A Moodle before the first night: local accounts, hand-made courses with their teachers."""
    rng = np.random.default_rng(3)
    names = ["users", "categories", "courses", "cohorts", "cohort_members", "groups", "group_members"]
    moodle = {name: typed(name, pd.DataFrame()) for name in (*names, "enrolled", "enrolment_rows")}
    rank = np.arange(LOCAL)
    login = pd.Series(["admin", "guest"], dtype="str")
    login = pd.concat([login, numbered("local", rank[2:], 3)], ignore_index=True)
    moodle["users"] = typed(
        "users",
        pd.DataFrame(
            {"id": rank + 1, "username": login, "auth": "manual", "firstname": "Compte", "lastname": login,
             "email": login + "@exemple.fr", "suspended": False}
        ),
    )  # fmt: skip
    moodle["categories"] = typed(
        "categories", pd.DataFrame({"id": [1], "name": ["Divers"], "parent_id": [0], "visible": [True]})
    )
    moodle["courses"] = _hand_made(source, max(4, round(HAND_MADE * factor)), rng)
    seats = moodle["courses"]["id"].repeat(2).reset_index(drop=True)
    moodle["enrolled"] = typed(
        "enrolled", pd.DataFrame({"course_id": seats, "user_id": 3 + np.arange(len(seats)) % 90, "role": TEACHER})
    ).drop_duplicates(ignore_index=True)
    return State(moodle)


def _hand_made(source: Frames, number: int, rng: np.random.Generator) -> pd.DataFrame:
    """Espaces complémentaires: one in fifty carries an element's code in its name, a few have its very code."""
    rank = np.arange(number)
    name = picked(["Espace", "Projet", "Équipe pédagogique", "Vie étudiante"], rank) + " " + numbered("", rank, 1)
    codes = pd.Series(source["element"]["code"].to_numpy()[rng.integers(0, len(source["element"]), number)])
    taken = pd.Series(pd.NA, index=rank, dtype="str").mask(rank % 500 == 3, codes)
    return typed(
        "courses",
        pd.DataFrame(
            {
                "id": rank + 1,
                "idnumber": taken,
                "shortname": numbered("ESPACE", rank, 5),
                "fullname": name.where(rank % 50 != 7, name + " " + codes),
                "category_id": 1,
                "visible": True,
                "created": 1_700_000_000,
            }
        ),
    )


def _nothing_remembered() -> Frames:
    return {name: pd.DataFrame(columns=list(shape)).astype(dict(shape)) for name, shape in MEMORY.items()}
