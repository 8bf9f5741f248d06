"""«Pourquoi ?» is right: for any university, everybody beside every element, its answer is Moodle's state and the rules'."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from ecampus.calendar import PHASES
from ecampus.explain.answer import answer
from ecampus.explain.element import Course
from ecampus.explain.facts import Person
from ecampus.explain.moved import Moved, where_they_are
from ecampus.explain.seats import STUDENT, Finding, findings
from ecampus.history import duck, lately, phases, questions
from ecampus.history.asked import Asked
from ecampus.history.departures import departure
from ecampus.history.people import persons
from ecampus.history.rows import Reader
from ecampus.store.files import Store
from kept_nights import night
from oracle import accounts_by_person, left_alone, wanted_courses, wanted_seats
from universities import PROFILE, days, meddle, next_day, worlds
from world import World

pytestmark = pytest.mark.usefixtures("no_doubt")


@settings(max_examples=2 if PROFILE == "ecampus" else 40)
@given(worlds(), days())
def test_every_answer_is_moodles_state_and_what_the_rules_say(world: World, tuesday: Any):
    with tempfile.TemporaryDirectory() as folder:
        night(world, Path(folder))
        meddle(world)
        next_day(world, tuesday)
        store = night(world, Path(folder), "lendemain")
        told, truth = anomalies(store, world), Truth.of(world)
        assert_moved(truth, store, world)
        for person, course, found in answers(store, world):
            assert_true(truth, person, course, found)
            assert_wanted(truth, person, found)
            assert_told(told, course, found, person)


@dataclass
class Truth:
    """What Moodle has and what the oracle says, once a night."""

    world: World
    accounts: dict[tuple[str, str], int]
    alone: set[int]
    seats: set[Any]
    there: dict[str, int]

    @classmethod
    def of(cls, world: World) -> Truth:
        source = {name: frame.to_dict("records") for name, frame in world.source.items()}
        portes = dict(zip(world.memory["links"]["code"], world.memory["links"]["porteur"], strict=True))
        owners, _ = wanted_courses(source, portes)
        there = {row["idnumber"]: id_ for id_, row in world.moodle.courses.items() if row["idnumber"]}
        seats = wanted_seats(source, owners, portes)
        return cls(world, accounts_by_person(world), left_alone(world), seats, there)

    def account(self, person: Person, found: Finding) -> int | None:
        return self.accounts.get(identity(person, found))


def identity(person: Person, found: Finding) -> tuple[str, str]:
    return ("student", person.student or "") if found.role == STUDENT else ("staff", person.staff or "")


def answers(store: Store, world: World) -> Iterator[tuple[Person, Course, Finding]]:
    """Everybody whom REFER names, beside every element that it has, in each role that they have."""
    known = lately.lately(store)
    of_the_night = phases.night(known)
    with duck.reading(store) as base:
        asked = Asked(Reader(base), known)
        people = [person for code in codes(world) for person in persons(asked, code)]
        courses = [questions.course(asked, code) for code in sorted(world.source["element"]["code"])]
    for person, course in product(people, courses):
        assert answer(person, course, of_the_night).sentence
        for found in findings(person, course, of_the_night):
            yield person, course, found


def codes(world: World) -> list[str]:
    named = [("groupe_etudiant", "code_etudiant"), ("inscription_administrative", "code_etudiant"),
             ("inscription_pedagogique", "code_etudiant"), ("seance_ade", "code_enseignant")]  # fmt: skip
    return sorted({code for view, column in named for code in world.source[view][column].dropna()})


def assert_true(truth: Truth, person: Person, course: Course, found: Finding) -> None:
    """Who is said to be in the course is enrolled there, and the other way round; of other ways only where it was read."""
    id_, there, moodle = truth.account(person, found), truth.there, truth.world.moodle
    ids = {there[key] for key in course.keys if key in there}
    by_us = {place[0] for place, seat in moodle.seats.items() if seat.active and place[1] == id_}
    other = {place[0] for place in moodle.manual if place[1] == id_}
    if found.present:
        assert there[found.key] in by_us | other, (found, person.username)
    else:
        assert not ids & by_us, (found, person.username)
        assert not ids & other & course.offer.read, (found, person.username)


def assert_wanted(truth: Truth, person: Person, found: Finding) -> None:
    """What the rules say is what the oracle says: they want this person in that course, or not."""
    role = STUDENT if found.role == STUDENT else "editingteacher"
    wanted, id_ = (found.key, identity(person, found), role) in truth.seats, truth.account(person, found)
    possible = wanted and id_ is not None and id_ not in truth.alone
    if found.rule == "INSCRIT":
        assert possible, found
    elif possible:
        assert found.rule in ("COMPTE_GELE", "COURS_ABSENT", "COURS_EN_ATTENTE", "COMPTE_ABSENT"), found


def assert_moved(truth: Truth, store: Store, world: World) -> None:
    """Everybody of an archive is told once: in the course where Moodle has them, or in none where their element is taught.

    Who is in no course is one whom the oracle does not want there, or whose account or course is in the way.
    """
    known, moodle = lately.lately(store), truth.world.moodle
    logins = {row["username"]: id_ for id_, row in moodle.users.items()}
    with duck.reading(store) as base:
        asked = Asked(Reader(base), known)
        for code in sorted(world.source["element"]["code"]):
            for course in [questions.course(asked, code), questions.course(asked, f"{code}-FOAD")]:
                left = departure(asked, course)
                if left is None:
                    continue
                told = where_they_are(course, left)
                names = [username for one in told for username in one.usernames]
                assert sorted(names) == sorted({line.username for line in left.people})
                for one in told:
                    assert_there(truth, course, one, [logins[name] for name in one.usernames if name in logins])


def assert_there(truth: Truth, course: Course, moved: Moved, ids: list[int]) -> None:
    by_us = {place[:2] for place, seat in truth.world.moodle.seats.items() if seat.active}
    by_hand = {place[:2] for place in truth.world.moodle.manual}
    homes = {truth.there[key] for key in course._replace(foad=False).keys if key in truth.there}
    for id_ in ids:
        if moved.where:
            assert (truth.there[moved.where], id_) in by_us | by_hand, moved
        else:
            assert not {(home, id_) for home in homes} & by_us, moved
            assert not {(home, id_) for home in homes & course.offer.read} & by_hand, moved


def anomalies(store: Store, world: World) -> set[tuple[str, str]]:
    found = set()
    for phase in PHASES:
        frame = store.read_frame(f"{world.settings.night.isoformat()}/{phase}/lendemain/anomalies.parquet")
        found |= set(zip(frame["code"], frame["key"], strict=True))
    return found


ALONE = ("IP_SANS_GROUPE", "PORTE_HORS_GROUPE")


def assert_told(told: set[tuple[str, str]], course: Course, found: Finding, person: Person) -> None:
    """Whoever is said to be in no group is told so by an anomaly; whomever an anomaly tells of has that answer."""
    code, element = person.student, course.element.code
    for name in ALONE:
        if found.rule == name:
            assert (name, f"{element} / {code}") in told, found
        elif found.role == STUDENT and (name, f"{element} / {code}") in told:
            assert found.rule != "INSCRIT", found
    if found.rule == "ELEMENT_SANS_GROUPE":
        assert ("ELEMENT_SANS_GROUPE", element) in told
    if found.rule == "CEMU_SANS_TELE":
        assert any(kind == found.rule and key.startswith(f"{found.row.code_element} / {code} / ") for kind, key in told)
    if found.why == "COMPTE_ABSENT":
        assert any(kind == "COMPTE_ABSENT" and key.endswith(f" / {code or person.staff}") for kind, key in told)
