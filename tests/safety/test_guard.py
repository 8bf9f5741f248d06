"""A failed read is never an empty one: nothing is written when too many of our own objects do not show."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import tables
from ecampus.changes import plan
from ecampus.changes.draft import Inputs
from ecampus.changes.selection import given_up
from ecampus.errors import EcampusError, TruncatedRead
from ecampus.register import owned as ownership
from ecampus.safety import guard


def many(columns: str, row: str, number: int) -> str:
    """A table of so many rows; {n} is the row's number, from 1."""
    return f"{columns} ; " + " ; ".join(row.format(n=n) for n in range(1, number + 1)) if number else columns


OWNED = {
    "account": ("user_id | population | code | suspended", "{n} | student | S{n} | non"),
    "category": ("id | code", "{n} | C{n}"),
    "course": ("id | key", "{n} | A{n}"),
    "cohort": ("id | code", "{n} | E{n}"),
    "group": ("id | course_id | code", "{n} | 1 | G{n}"),
}
READ = {
    "account": ("users", "id | username | idnumber", "{n} | e{n} | S{n}", "comptes"),
    "category": ("categories", "id | idnumber", "{n} | C{n}", "catégories"),
    "course": ("courses", "id | idnumber", "{n} | A{n}", "cours"),
    "cohort": ("cohorts", "id | idnumber", "{n} | E{n}", "cohortes"),
    "group": ("groups", "id | course_id | idnumber", "{n} | 1 | G{n}", "groupes"),
}


def inputs(kind: str, ours: int, seen: int):
    """``ours`` objects of that kind in the register, ``seen`` of them in what was read."""
    frame, columns, row, _ = READ[kind]
    register = {kind: many(*OWNED[kind], ours)}
    existing = {frame: tables.frame(frame, many(columns, row, seen))}
    if kind == "group":
        register["course"] = "id | key ; 1 | A"
        existing["courses"] = tables.frame("courses", "id | idnumber ; 1 | A")
    return tables.inputs(existing_=existing, owned_=tables.owned(**register))


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize(
    ("ours", "seen", "stops"),
    [
        (0, 0, False), (1, 0, False), (2, 0, False), (3, 0, True), (3, 3, False),
        (20, 18, False), (20, 17, True), (30, 27, False), (30, 26, True), (100, 90, False), (100, 89, True),
    ],
)  # fmt: skip
def test_three_objects_and_more_than_a_tenth_of_ours_missing_stop_the_phase(kind, ours, seen, stops):
    if stops:
        with pytest.raises(
            TruncatedRead, match=f"La lecture ne montre pas {ours - seen} de nos {ours} {READ[kind][3]} :"
        ):
            guard.check(inputs(kind, ours, seen))
    else:
        guard.check(inputs(kind, ours, seen))


def test_the_sentence_says_what_to_look_at():
    with pytest.raises(TruncatedRead) as stopped:
        guard.check(inputs("course", 10, 0))
    assert str(stopped.value) == (
        "La lecture ne montre pas 10 de nos 10 cours : elle est sans doute tronquée (droits du jeton, base restaurée) et"
        " rien n'est écrit ; vérifier que le compte du service web voit tout, cours cachés compris, puis relancer la phase ;"
        " s'ils n'existent vraiment plus, les abandonner (make owned RELEASE=…, ou le DAG « Ce qui est à ecampus »)."
    )


def test_of_accounts_it_says_what_hides_them_for_they_are_not_given_up():
    with pytest.raises(TruncatedRead) as stopped:
        guard.check(inputs("account", 10, 0))
    assert str(stopped.value) == (
        "La lecture ne montre pas 10 de nos 10 comptes : Moodle dit pourtant les avoir, et rien n'est écrit ; vérifier"
        " que le compte du service web les voit tous, rendre un nom de famille à ceux qui n'en ont plus (Moodle ne liste"
        " pas un compte sans nom), supprimer sur ecampus ceux qui sont de trop (un compte supprimé n'est plus attendu),"
        " puis relancer la phase."
    )


@pytest.mark.parametrize(
    ("kind", "named"),
    [("category", "catégorie:C"), ("course", "cours:A"), ("cohort", "cohorte:E"), ("group", "groupe:G")],
)
def test_what_is_given_up_as_the_sentence_says_is_missed_no_more(kind, named):
    read = inputs(kind, 30, 20)
    with pytest.raises(TruncatedRead, match="make owned RELEASE="):
        guard.check(read)
    asked = " ".join(f"{named}{n}" for n in range(21, 31))
    leaving = ownership.whole(given_up(asked, read.owned, read.existing), read.owned)
    left = {kind: ownership.disowning(kind, rows, leaving.get(kind, rows[:0])) for kind, rows in read.owned.items()}
    guard.check(replace(read, owned=left))
    assert len(left[kind]) == 20


def test_objects_that_are_not_ours_do_not_count():
    guard.check(tables.inputs(owned_=tables.owned()))


def test_groups_of_archived_courses_are_not_read_and_so_not_missed():
    register = tables.owned(
        course="id | key | archived ; 1 | A | 2026-11-01", group=many("id | course_id | code", "{n} | 1 | G{n}", 9)
    )
    guard.check(tables.inputs(existing_=tables.existing(courses="id | idnumber ; 1 | ex_A"), owned_=register))


def test_a_frame_that_the_phase_does_not_read_is_not_judged():
    owned = tables.owned(course=many(*OWNED["course"], 9))
    guard.check(tables.inputs(existing_={"users": tables.frame("users")}, owned_=owned))


@pytest.mark.parametrize(("archived", "stops"), [("2026-11-01", False), ("", True)])
def test_archived_courses_may_be_purged(archived, stops):
    owned = tables.owned(course=many("id | key | archived", f"{{n}} | A{{n}} | {archived}", 9))
    judged(tables.inputs(owned_=owned), TruncatedRead if stops else None)


@pytest.mark.parametrize(("suspended", "stops"), [("oui", False), ("non", True)])
def test_accounts_that_we_suspended_may_be_purged(suspended, stops):
    row = f"{{n}} | student | S{{n}} | {suspended}"
    owned = tables.owned(account=many("user_id | population | code | suspended", row, 9))
    judged(tables.inputs(owned_=owned), TruncatedRead if stops else None)


def deleted(kind: str, ours: int, gone: int) -> Inputs:
    """``ours`` objects of that kind, of which Moodle says that it has the last ``gone`` no more."""
    read = inputs(kind, ours, ours - gone)
    if kind == "account":
        rows = "user_id ; " + " ; ".join(str(n) for n in range(ours - gone + 1, ours + 1))
        return replace(read, existing=read.existing | {"gone_accounts": tables.frame("gone_accounts", rows)})
    rows = "kind | id ; " + " ; ".join(f"{kind} | {n}" for n in range(ours - gone + 1, ours + 1))
    return replace(read, existing=read.existing | {"gone": tables.frame("gone", rows)})


def made(kind: str, code: str, number: int) -> pd.DataFrame:
    """A plan that creates ``number`` objects of that kind."""
    rows = pd.DataFrame({"code": [f"{code}{n}" for n in range(1, number + 1)]})
    return plan.changes(kind, "create", rows, key="code", place="code")


@pytest.mark.parametrize(
    ("kind", "code"), [("category", "C"), ("course", "A"), ("cohort", "E"), ("group", "G"), ("account", "S")]
)
def test_what_moodle_says_it_has_no_more_is_not_missed_and_many_made_again_are_named(kind, code):
    guard.check(deleted(kind, 9, 4))
    assert guard.made_again(deleted(kind, 9, 4), plan.empty()).tolist() == []
    assert guard.made_again(deleted(kind, 9, 4), made(kind, code, 5)).tolist() == []
    assert guard.made_again(deleted(kind, 30, 3), made(kind, code, 30)).tolist() == []
    again = guard.made_again(deleted(kind, 9, 4), made(kind, code, 9)).tolist()
    assert again == [f"{kind}|create|{code}{n}" for n in range(6, 10)]


def judged(read: Inputs, error: type[EcampusError] | None, sentence: str = "") -> None:
    """The phase goes on, or stops with that error (and exactly that sentence)."""
    if error is None:
        guard.check(read)
        return
    with pytest.raises(error) as stopped:
        guard.check(read)
    assert str(stopped.value) == (sentence or str(stopped.value))


@pytest.mark.parametrize(("ours", "seen", "told"), [(3, 0, True), (2, 0, False), (30, 27, False), (30, 26, True)])
def test_rows_that_vanished_from_the_table_stop_nothing_and_are_told(ours, seen, told):
    rows = "course_idnumber | username | role"
    read = tables.inputs(
        existing_={"enrolment_rows": tables.frame("enrolment_rows", many(rows, "A | e{n} | student", seen))},
        owned_=tables.owned(enrolment=many(rows, "A | e{n} | student", ours)),
    )
    guard.check(read)
    assert guard.rows_lost(read) == (
        f"La table des inscriptions n'a plus {ours - seen} de nos {ours} lignes : quelqu'un ou quelque chose les a effacées"
        " ; la phase des inscriptions remet celles que REFER demande."
        if told
        else None
    )
