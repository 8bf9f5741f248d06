"""Whom a code or a login is, and all that the last runs keep of them."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from ecampus.explain import facts
from ecampus.explain.reach import Reach, named
from ecampus.history.asked import Asked
from ecampus.history.offer import spaces
from ecampus.history.rows import Condition, both, either, holding, one_of

MOST = 50
"""People listed of one name."""


class _Entry(NamedTuple):
    entry: str
    population: str
    code: str | None


class _Cohort(NamedTuple):
    idnumber: str
    name: str


def persons(asked: Asked, code: str) -> list[facts.Person]:
    """Whom a code or a login may be: one for each population that has it; nobody when nothing knows it."""
    found = [_of(one) for one in _entries(asked, code)]
    found = [_named(asked, person, code) for person in found]
    for population, column in (("student", "code_etudiant"), ("staff", "code_enseignant")):
        if not any(getattr(person, population) == code for person in found) and _known(asked, column, code):
            found.append(_coded(facts.Person(), population, code))
    if not found and (left := _left(asked, code)):
        found = [facts.Person(username=one.username, user_id=one.user_id, left=(one,)) for one in left]
    return [whole(asked, person) for person in _once(found)]


def cohort(asked: Asked, etape: str) -> tuple[str | None, tuple[facts.Registered, ...]]:
    """The name of the cohort of an étape, null where there is none; its students in the ladder of cohorts."""
    rows = asked.verdicts("cohorts", facts.Registered, "cohorts", one_of("code_etape", [etape]))
    named = asked.of(asked.lately.judged("cohorts"), "existing/cohorts.parquet", _Cohort, one_of("idnumber", [etape]))
    return next((one.name for one in named), None), rows


def called(asked: Asked, name: str) -> list[facts.Person]:
    """Those whose first and last names hold each of these words, case and accents apart."""
    if not (words := [word for word in name.split() if len(word) > 1]):
        return []
    which = holding("concat_ws(' ', given_name, sn)", words)
    return _once([_of(one) for one in asked.verdicts("users", facts.Entry, "accounts", which)])


def within(asked: Asked, found: list[facts.Person], reach: Reach) -> list[facts.Person]:
    """Those of them who have an étape, a seat or a sheet within reach."""
    if reach.whole or not found:
        return found
    students, staff = [one.student for one in found], [one.staff for one in found]
    seats = asked.verdicts("enrolments", facts.Seat, "seats", one_of("code_etudiant", students))
    sheets = asked.verdicts("enrolments", facts.Sheet, "teachers", one_of("code_enseignant", staff))
    here = both(one_of("code_etudiant", students), one_of("composante", reach.codes))
    rows: list[facts.Seat | facts.Sheet] = [*seats, *sheets]
    codes = {code for row in rows for code in (row.code_element, row.key)}
    mine = reach.keys(asked.verdicts("offer", facts.Element, "courses", one_of(("code", "key"), codes)))
    known = {row.code_etudiant for row in asked.verdicts("cohorts", facts.Registered, "cohorts", here)}
    known |= {row.code_etudiant for row in seats if named(row, mine)}
    teaching = {row.code_enseignant for row in sheets if named(row, mine)}
    return [one for one in found if one.student in known or one.staff in teaching]


def whole(asked: Asked, person: facts.Person) -> facts.Person:
    """All that is known of somebody whose codes or login are known, under the login of now: the table has their rows
    under it since their account was renamed.
    """
    student, staff, users = [person.student], [person.staff], asked.lately.judged("users")
    seats = asked.verdicts("enrolments", facts.Seat, "seats", one_of("code_etudiant", student))
    sheets = asked.verdicts("enrolments", facts.Sheet, "teachers", one_of("code_enseignant", staff))
    which = either(*(_identity(name, [*code]) for name, code in (("student", student), ("staff", staff))))
    owned = asked.of(users, "owned/account.parquet", facts.Owned, which)
    user_id = person.user_id if person.user_id is not None else next((one.user_id for one in owned), None)
    left = person.left or asked.verdicts("users", facts.Left, "owned_accounts", one_of("user_id", [user_id]))
    names = [
        *(seat.username for seat in seats),
        *(sheet.username for sheet in sheets),
        person.username,
        *(one.username for one in left),
    ]
    renamed = asked.renamed(user_id)
    username = renamed or next((name for name in names if name), None)
    entries = tuple(one._replace(username=renamed) if renamed and one.id == user_id else one for one in person.entries)
    logins = [username, *(entry.uid for entry in person.entries)]
    changes = asked.changes(("users", "enrolments", "groups"), one_of("username", logins))
    changes += asked.changes(("users",), both(Condition("object = 'account'", []), one_of("key", logins)))
    return replace(
        person,
        entries=entries,
        username=username,
        user_id=user_id,
        left=left,
        seats=seats,
        sheets=sheets,
        cohorts=_cohorts(asked, person.student),
        lines=asked.lines("username", [username]),
        late=asked.late("username", [username]),
        enrolled=_enrolled(asked, user_id, [*logins, *names]),
        changes=changes,
    )


def _of(entry: facts.Entry) -> facts.Person:
    return facts.Person(entry.student, entry.staff, entry.username, entry.id, entries=(entry,))


def _enrolled(asked: Asked, user_id: int | None, logins: list[str | None]) -> tuple[facts.Enrolled, ...]:
    """Where Moodle showed them, but for the courses that their rows left since."""
    told = asked.lately.read("groups")
    seen = asked.of(told, "existing/enrolled.parquet", facts.Enrolled, one_of("user_id", [user_id]))
    left = {space.id for space in spaces(asked, asked.removed(told, {*logins}))}
    return tuple(one for one in seen if one.course_id not in left)


def _entries(asked: Asked, code: str) -> tuple[facts.Entry, ...]:
    """The entries of the ladder that are this code's or login's; those that only carry it where there are none."""
    which = either(one_of(("student", "staff"), [code]), one_of(("uid", "username"), [code.lower()]))
    if found := asked.verdicts("users", facts.Entry, "accounts", which):
        return found
    told = asked.lately.judged("users")
    people = asked.of(told, "source/people.parquet", _Entry, one_of("upper(code)", [code]))
    return asked.verdicts("users", facts.Entry, "accounts", one_of("entry", [one.entry for one in people]))


def _named(asked: Asked, person: facts.Person, code: str) -> facts.Person:
    """An uncertain entry has no code in the ladder: the directory's, or the one that was asked for."""
    if person.student or person.staff:
        return person
    which = one_of("upper(code)", [code])
    people = asked.of(asked.lately.judged("users"), "source/people.parquet", _Entry, which)
    for one in people:
        person = _coded(person, one.population, code)
    return person


def _left(asked: Asked, login: str) -> tuple[facts.Left, ...]:
    return asked.verdicts("users", facts.Left, "owned_accounts", one_of("username", [login.lower()]))


def _known(asked: Asked, column: str, code: str) -> bool:
    """Whether REFER names this person, or the register has an account of theirs."""
    population = {"code_etudiant": "student", "code_enseignant": "staff"}[column]
    if asked.of(asked.lately.judged("users"), "owned/account.parquet", facts.Owned, _identity(population, [code])):
        return True
    if column == "code_enseignant":
        return bool(asked.verdicts("enrolments", facts.Sheet, "teachers", one_of(column, [code])))
    seated = asked.verdicts("enrolments", facts.Seat, "seats", one_of(column, [code]))
    return bool(seated or asked.verdicts("cohorts", facts.Membership, "cohorts", one_of(column, [code])))


def _cohorts(asked: Asked, student: str | None) -> tuple[facts.Membership, ...]:
    rows = asked.verdicts("cohorts", facts.Membership, "cohorts", one_of("code_etudiant", [student]))
    which = one_of("idnumber", [row.code_etape for row in rows])
    named = asked.of(asked.lately.judged("cohorts"), "existing/cohorts.parquet", _Cohort, which)
    names = {one.idnumber: one.name for one in named}
    return tuple(row._replace(name=names.get(row.code_etape)) for row in rows)


def _identity(population: str, codes: list[str | None]) -> Condition:
    return both(one_of("population", [population]), one_of("code", codes))


def _coded(person: facts.Person, population: str, code: str) -> facts.Person:
    return replace(person, student=code) if population == "student" else replace(person, staff=code)


def _once(people: list[facts.Person]) -> list[facts.Person]:
    """Each person once, known by codes or else by login."""
    found = {(one.student, one.staff, None if one.student or one.staff else one.username): one for one in people}
    return list(found.values())
