"""A code that changed: what makes an element that vanished and a new one alike."""

from __future__ import annotations

import pandas as pd
import pytest

from ecampus.rules import recoded
from tables import rows

ELEMENT = ["element", "label", "category_code"]
GROUP = ["element", "group"]


def frame(text: str, columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows(f"{' | '.join(columns)} ; {text}") if text else [], columns=columns).astype("str")


def pairs(old: str, new: str, had: str = "", now: str = "", apart: str = "") -> list[str]:
    """«OLD NEW» of what is proposed."""
    found = recoded.elements(
        frame(old, ELEMENT), frame(new, ELEMENT), frame(had, GROUP), frame(now, GROUP), pd.Series(apart.split(), dtype="str")
    )  # fmt: skip
    return sorted(f"{a} {b}" for a, b in found.itertuples(index=False))


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        ("algèbre linéaire", "algèbre linéaire", True),
        ("algèbre linéaire", "ALGEBRE LINEAIRE", True),
        ("introduction à la programmation", "introduction programmation", True),
        ("mathématiques pour l'informatique", "maths pour l'informatique", True),
        ("algèbre linéaire", "algèbre linéaire et bilinéaire", False),
        ("histoire moderne", "histoire médiévale", False),
        ("algèbre 1", "algèbre 2", False),
        ("algèbre I", "algèbre II", False),
        ("anglais S1", "anglais S3", False),
        ("stage", "mémoire", False),
        ("", "stage", False),
    ],
)
def test_labels_are_nearly_the_same_when_their_letters_are_and_their_numbers_exactly(left, right, alike):
    assert recoded.nearly(left, right) is alike


@pytest.mark.parametrize(
    ("old", "new", "proposed"),
    [
        ("A | algèbre | C", "B | algèbre | C", ["A B"]),
        ("A | Algèbre | C", "B | ALGEBRE | C", ["A B"]),
        ("A | algèbre | C", "B | algèbre | D", []),
        ("A | algèbre | C", "B | chimie | C", []),
        ("A | algèbre | C", "B | algèbre | C ; D | algèbre | C", []),
        ("A | algèbre | C ; D | algèbre | C", "B | algèbre | C", []),
        ("A | programmation | C", "B | programmation | C ; D | la programmation | C", ["A B"]),
        ("A | programmation | C", "B | programmations | C ; D | la programmation | C", []),
        ("A1 | algèbre 1 | C ; A2 | algèbre 2 | C", "B1 | algèbre 1 | C ; B2 | algèbre 2 | C", ["A1 B1", "A2 B2"]),
        ("A | algèbre |", "B | algèbre | C", []),
    ],
    ids=[
        "the same label", "the same but for case and accents", "another category", "another label", "two new ones",
        "two old ones", "the same label goes before one nearly the same", "two nearly the same", "two by two",
        "a course that stands in no category of ours",
    ],
)  # fmt: skip
def test_alike_by_their_labels_one_to_one_in_one_category(old, new, proposed):
    assert pairs(old, new) == proposed


@pytest.mark.parametrize(
    ("had", "now", "proposed"),
    [
        ("A | G1 ; A | G2", "B | G1 ; B | G2", ["A B"]),
        ("A | G1 ; A | G2", "B | G1 ; B | G9", ["A B"]),
        ("A | G1 ; A | G2 ; A | G3", "B | G1", []),
        ("A | G1", "B | G1 ; X | G1", []),
        ("A | G1", "", []),
        ("", "B | G1", []),
        ("A | G1 ; A | G2", "B | G1 ; D | G2", []),
    ],
    ids=[
        "all", "half", "a third", "a group that another element has too", "none now", "none before",
        "half with each of two",
    ],
)  # fmt: skip
def test_alike_by_the_groups_that_nothing_else_has(had, now, proposed):
    assert pairs("A | algèbre | C", "B | chimie | C ; D | physique | C", had, now) == proposed


def test_groups_and_a_label_that_disagree_propose_nothing():
    assert pairs("A | l'algèbre | C", "B | algèbre | C ; D | chimie | C", "A | G1", "D | G1") == []


def test_what_people_said_to_be_two_is_not_proposed_again_and_leaves_room_for_another():
    assert pairs("A | programmation | C", "B | programmation | C", apart="A/B") == []
    both = "B | programmations | C ; D | la programmation | C"
    assert pairs("A | programmation | C", both, apart="A/B") == ["A D"]


def test_the_label_is_read_in_the_name_that_the_course_was_given():
    names = pd.Series(["A - algèbre", "A-FOAD - algèbre (FOAD)", "à moi"], dtype="str")
    assert recoded.label(names, pd.Series(["A", "A-FOAD", "A"], dtype="str")).tolist() == [
        "algèbre",
        "algèbre",
        "à moi",
    ]
