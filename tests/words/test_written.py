"""The log of what was written, to the letter: what is gone first, a line a course, folded, bounded."""

from __future__ import annotations

import pandas as pd
import pytest

from ecampus.changes import plan
from ecampus.words import written


def made(object_: str, verb: str, *keys: str, unit: str | None = None, **more: str) -> pd.DataFrame:
    rows = pd.DataFrame({"key": list(keys)}).assign(unit=unit, **more)
    columns = {"unit": "unit"} if unit else {}
    after = {name: name for name in more}
    return plan.changes(object_, verb, rows, key="key", after=after or None, **columns)


def test_what_was_taken_away_comes_first_and_what_is_in_a_course_is_a_line_of_the_course():
    done = plan.in_order(
        [
            made("group", "create", "L2 / TD1", "L1 / TD1"),
            made("group_member", "add", "L1 / TD1 / e1", "L1 / TD1 / e2", "L1 / TD2 / e3"),
            made("group_member", "remove", "L2 / TD9 / e1"),
        ]
    )
    assert written.account(done) == [
        "::group::Retiré : 1 membre de groupe retiré",
        "L2 : 1 membre de groupe retiré",
        "::endgroup::",
        "::group::Fait : 2 groupes créés, 3 membres de groupes ajoutés",
        "L1 : 1 groupe créé, 3 membres de groupes ajoutés",
        "L2 : 1 groupe créé",
        "::endgroup::",
    ]


def test_rows_that_follow_a_course_are_told_as_kept_and_never_as_removed():
    unit = "course|archive|L3INF202"
    done = plan.in_order(
        [
            made("enrolment", "copy_key", "ex_L3 / e1 / student", "ex_L3 / e2 / student", unit=unit),
            made("course", "archive", "L3INF202", unit=unit, idnumber="ex_L3INF202"),
            made("enrolment", "drop_key", "L3INF202 / e1 / student", "L3INF202 / e2 / student", unit=unit),
        ]
    )
    assert written.account(done) == [
        "::group::Retiré : 1 cours archivé, 2 inscriptions gardées",
        "Cours archivé : L3INF202 (devient ex_L3INF202), 2 inscriptions gardées",
        "::endgroup::",
    ]


def test_nothing_done_is_nothing_told():
    assert written.account(plan.empty()) == written.refused(plan.empty()) == written.put_off(plan.empty()) == []


def test_a_first_night_is_bounded_and_says_how_much_more_there_is():
    many = made("cohort_member", "add", *[f"C{n:04d} / e1" for n in range(written.LINES + 5)])
    told = written.account(many)
    assert len(told) == written.LINES + 3
    assert told[1] == "C0000 : 1 membre de cohorte ajouté"
    assert told[-2] == "… et 5 de plus, dans les fichiers de l'exécution"


@pytest.mark.parametrize(
    ("tell", "told"),
    [
        (written.refused, ["Refusé par ecampus : Cours à archiver : L1 (devient ex_L1) (nom pris)"]),
        (
            written.put_off,
            ["::group::Remis à une autre nuit : 1", "Cours à archiver : L1 (devient ex_L1) (nom pris)", "::endgroup::"],
        ),
    ],
)
def test_what_was_not_done_is_told_with_why(tell, told):
    assert tell(made("course", "archive", "L1", idnumber="ex_L1").assign(message="nom pris")) == told
