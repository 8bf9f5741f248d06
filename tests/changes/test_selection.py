"""What a person named: codes, kinds, all."""

from __future__ import annotations

import pandas as pd
import pytest

from ecampus.changes import plan
from ecampus.changes.selection import chosen, given_up
from ecampus.errors import AdoptionRefused
from tables import existing, owned


def listed() -> pd.DataFrame:
    rows = [
        ("course", "A", "A", None), ("category", "A", "A", None), ("course", "B", "B", "several"),
        ("group", "A / TD 1", "TD 1", None), ("group", "C / G", "G", None), ("group", "D / G", "G", None),
    ]  # fmt: skip
    return plan.typed(pd.DataFrame(rows, columns=["object", "key", "place", "doubt"])).assign(
        doubt=pd.Series([row[3] for row in rows], dtype="str")
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("tout", ["A", "A", "A / TD 1", "C / G", "D / G"]),
        (" TOUT ", ["A", "A", "A / TD 1", "C / G", "D / G"]),
        ("cours:a", ["A"]),
        ("catégorie:A", ["A"]),
        ("Categories:A G", ["A", "C / G", "D / G"]),
        ("C / G", ["C / G"]),
        ("cours:A ; TD 1", ["A", "A / TD 1"]),
        ("groupe:G", ["C / G", "D / G"]),
    ],
)
def test_all_a_code_a_kind_and_a_code(asked, found):
    assert chosen(asked, listed())["key"].tolist() == found


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("Z", "« Z » n'est pas dans la liste : rien n'est fait ; make owned la montre."),
        (
            "A",
            "« A » est le code de plusieurs objets (catégorie, cours) : rien n'est fait ; écrire catégorie:A ou cours:A.",
        ),
        ("cours:A B", "Ne peut pas être adopté : B : rien n'est fait ; make owned dit pourquoi."),
    ],
)
def test_what_is_not_clear_is_refused(asked, sentence):
    with pytest.raises(AdoptionRefused) as refused:
        chosen(asked, listed())
    assert str(refused.value) == sentence


def test_what_is_ours_is_named_likewise_an_archive_by_the_code_that_it_has():
    ours = owned(
        course="id | key | archived ; 7 | A | ; 8 | B | 2026-11-01",
        group="id | course_id | code ; 3 | 7 | G ; 4 | 8 | G",
        cohort="id | code ; 5 | E",
    )
    found = given_up("ex_B A / G E", ours, {})
    assert {kind: rows["id"].tolist() for kind, rows in found.items()} == {"cohort": [5], "course": [8]} | {
        "group": [3]
    }
    assert given_up("G", ours, {})["group"]["id"].tolist() == [3, 4]


@pytest.mark.parametrize(
    ("asked", "found"), [("catégorie:A", [1]), ("B", [3]), ("C", [4, 5]), ("A B", [1, 3]), ("D", [6])]
)
def test_of_what_was_made_again_under_its_code_what_moodle_shows_no_more_is_given_up_alone(asked, found):
    ours = owned(category="id | code ; 1 | A ; 2 | A ; 3 | B ; 4 | C ; 5 | C ; 6 | D", course="id | key ; 9 | Z")
    shown = existing(categories="id | idnumber ; 2 | A ; 3 | B ; 6 | D", courses="id | idnumber ; 9 | Z")
    assert given_up(asked, ours, shown)["category"]["id"].tolist() == found
