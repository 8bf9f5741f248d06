"""A failed read is never an empty one: nothing is written when too many of our own objects do not show."""

from __future__ import annotations

import pytest

import tables
from ecampus import guard
from ecampus.errors import TruncatedRead


def many(columns: str, row: str, number: int) -> str:
    """A table of so many rows; {n} is the row's number, from 1."""
    return f"{columns} ; " + " ; ".join(row.format(n=n) for n in range(1, number + 1)) if number else columns


OWNED = {
    "account": ("user_id | population | code | suspended", "{n} | student | S{n} | non"),
    "category": ("id | code", "{n} | C{n}"),
    "course": ("id | key", "{n} | A{n}"),
    "cohort": ("id | code", "{n} | E{n}"),
    "group": ("id | course_id | code", "{n} | 1 | G{n}"),
    "enrolment": ("course_idnumber | username | role", "A | e{n} | student"),
}
READ = {
    "account": ("users", "id | username | idnumber", "{n} | e{n} | S{n}", "comptes"),
    "category": ("categories", "id | idnumber", "{n} | C{n}", "catégories"),
    "course": ("courses", "id | idnumber", "{n} | A{n}", "cours"),
    "cohort": ("cohorts", "id | idnumber", "{n} | E{n}", "cohortes"),
    "group": ("groups", "id | course_id | idnumber", "{n} | 1 | G{n}", "groupes"),
    "enrolment": ("enrolment_rows", "course_idnumber | username", "A | e{n}", "lignes de la table des inscriptions"),
}


def inputs(kind: str, ours: int, seen: int):
    """``ours`` objects of that kind in the ledger, ``seen`` of them in what was read."""
    frame, columns, row, _ = READ[kind]
    ledger = {kind: many(*OWNED[kind], ours)}
    existing = {frame: tables.frame(frame, many(columns, row, seen))}
    if kind == "group":
        ledger["course"] = "id | key ; 1 | A"
        existing["courses"] = tables.frame("courses", "id | idnumber ; 1 | A")
    return tables.inputs(existing_=existing, ledger_=tables.owned(**ledger))


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
        " rien n'est écrit ; vérifier que le compte du service web voit tout, cours cachés compris, puis relancer la phase."
    )


def test_objects_that_are_not_ours_do_not_count():
    guard.check(tables.inputs(ledger_=tables.owned()))


def test_groups_of_archived_courses_are_not_read_and_so_not_missed():
    ledger = tables.owned(
        course="id | key | archived ; 1 | A | 2026-11-01", group=many("id | course_id | code", "{n} | 1 | G{n}", 9)
    )
    guard.check(tables.inputs(existing_=tables.existing(courses="id | idnumber ; 1 | ex_A"), ledger_=ledger))


def test_a_frame_that_the_phase_does_not_read_is_not_judged():
    guard.check(
        tables.inputs(
            existing_={"users": tables.frame("users")}, ledger_=tables.owned(course=many(*OWNED["course"], 9))
        )
    )
