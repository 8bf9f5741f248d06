"""What an account sees: what the Variable may say, role by role; whatever is not said is not seen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from facts_of import element, group, line, seat, sheet, student

from ecampus.errors import SettingUnreadable
from ecampus.explain.facts import Offer
from ecampus.explain.reach import EVERYTHING, Reach, Reaches

SAID = '{"scol_droit": ["DROIT"], "scol_langues": ["langues", " LEA "], "scol_centrale": "*", "stage": []}'


def codes(reach: Reach | None) -> list[str] | str | None:
    return None if reach is None else "*" if reach.whole else reach.codes


@pytest.mark.parametrize(
    ("said", "roles", "seen"),
    [
        (None, [], "*"),
        ("  ", ["Viewer"], "*"),
        (SAID, ["Viewer", "scol_droit"], ["DROIT"]),
        (SAID, ["scol_droit", "scol_langues"], ["DROIT", "LANGUES", "LEA"]),
        (SAID, ["scol_droit", "scol_centrale"], "*"),
        (SAID, ["Viewer"], None),
        (SAID, ["SCOL_DROIT"], None),
        (SAID, ["stage"], None),
        (SAID, [], None),
        ("{}", ["Admin"], None),
    ],
)
def test_an_account_sees_what_its_roles_give_together_and_all_where_nothing_was_said(said, roles, seen):
    assert codes(Reaches.parse(said).of(roles)) == seen


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("DROIT", "ce n'est pas du JSON"),
        ('["scol_droit"]', "ce n'est pas du JSON"),
        ("null", "ce n'est pas du JSON"),
        ('{"scol_droit": "DROIT"}', "« scol_droit » n'a ni une liste de codes de composantes, ni « * »"),
        ('{"scol_droit": ["DROIT", ""]}', "« scol_droit » n'a ni une liste de codes de composantes, ni « * »"),
        ('{"scol_droit": ["*"]}', "« scol_droit » n'a ni une liste de codes de composantes, ni « * »"),
    ],
)
def test_anything_else_is_one_sentence(said, why):
    with pytest.raises(SettingUnreadable) as refused:
        Reaches.parse(said)
    assert str(refused.value) == (
        f"La variable Airflow ecampus_composantes ne peut pas être lue ({why}), les pages restent fermées à tous : y"
        ' mettre par exemple {"scol_sciences": ["SCIENCES"], "scol_centrale": "*"}, ou la laisser vide pour que chacun'
        " voie tout."
    )


OFFER = Offer(
    elements=(
        element(code="L1CAS101", key="L1CAS101", composante="SCIENCES"),
        element(code="L1CAS101", key="L1CAS101-FOAD", foad=True, composante="SCIENCES"),
        element(code="M1CAS306", key="M1CAS306", composante="DROIT"),
        element(code="L1PER", key="L1PER", composante=None),
    )
)
SOMEBODY = replace(
    student(),
    seats=(seat(), seat(code_element="M1CAS306", key="M1CAS306"), seat("SANS_GROUPE", code_element="L1PER")),
    sheets=(sheet(), sheet(code_element="L1CAS101", key="M1CAS306")),
    lines=tuple(line(key) for key in ("L1CAS101-FOAD", "m1cas306", "L1PER", "A_LA_MAIN")),
)


@pytest.mark.parametrize(
    ("reach", "seats", "sheets", "lines"),
    [
        (Reach(frozenset({"DROIT"})), ["M1CAS306"], ["M1CAS306"], ["m1cas306"]),
        (Reach(frozenset({"SCIENCES"})), ["L1CAS101"], ["L1CAS101", "M1CAS306"], ["L1CAS101-FOAD"]),
        (Reach(frozenset({"LANGUES"})), [], [], []),
        (EVERYTHING, ["L1CAS101", "M1CAS306", "L1PER"], ["L1CAS101", "M1CAS306"], [
            "L1CAS101-FOAD", "m1cas306", "L1PER", "A_LA_MAIN",
        ]),
    ],
)  # fmt: skip
def test_of_a_person_only_what_is_of_the_element_or_of_the_course_where_it_is_taught(reach, seats, sheets, lines):
    seen = reach.of(SOMEBODY, OFFER)
    assert [row.code_element for row in seen.seats] == seats
    assert [row.key for row in seen.sheets] == sheets
    assert [row.course_idnumber for row in seen.lines] == lines


def test_of_a_group_only_where_it_is_attached_to_an_element_that_is_seen():
    places = [
        group(code_element=code, composante=of)
        for code, of in (("L1CAS101", "SCIENCES"), ("M1CAS306", "DROIT"), ("L1PER", None))
    ]
    where, who = Reach(frozenset({"DROIT"})).attached(places, SOMEBODY.seats)
    assert ([place.code_element for place in where], [row.code_element for row in who]) == (["M1CAS306"], ["M1CAS306"])


@pytest.mark.parametrize(
    ("reach", "of", "hidden"),
    [
        (EVERYTHING, [None], None),
        (Reach(frozenset({"DROIT"})), ["SCIENCES", "DROIT"], None),
        (Reach(frozenset({"DROIT"})), ["SCIENCES", None], {"SCIENCES"}),
        (Reach(frozenset({"DROIT"})), [], set()),
    ],
)
def test_a_course_is_hidden_unless_one_of_its_composantes_is_seen(reach, of, hidden):
    assert reach.hides(of) == hidden
