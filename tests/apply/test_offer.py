"""Categories are looked at once more before they go, all of them in one call."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pandas as pd
import pytest

from ecampus.apply import offer

ROOT, TOP, LOW, FULL, BESIDE = 2, 3, 4, 5, 6
PARENTS = {ROOT: 0, TOP: ROOT, LOW: TOP, FULL: ROOT, BESIDE: 0}


def deleted(*ids: int, courses: dict[int, int] | None = None) -> tuple[list[tuple[int, int]], list[int], list[str]]:
    """What is deleted and its shelter, what is put off, what Moodle was asked; ``courses``: how many in which."""
    gone, left, asked = [], [], []

    def call(function: str, **params: object) -> list[dict]:
        asked.append(function)
        return [
            {"id": id_, "name": "x", "parent": above, "coursecount": (courses or {}).get(id_, 0)}
            for id_, above in PARENTS.items()
        ]

    def send(rows: pd.DataFrame, function: str, param: str, items: list[dict]) -> None:
        assert (function, param, [item["recursive"] for item in items]) == (offer.DELETE, "categories", [0])
        gone.extend((item["id"], item["newparent"]) for item in items)

    def put_off(rows: pd.DataFrame, why: str) -> None:
        assert why == "elle n'est pas vide"
        left.extend(rows["moodle_id"])

    writer = SimpleNamespace(client=SimpleNamespace(call=call), send=send, put_off=put_off)
    offer.delete_categories(writer, pd.DataFrame({"moodle_id": pd.Series(ids, dtype="Int64")}))
    return gone, left, asked


def test_many_categories_that_are_empty_go_after_one_look_the_lowest_first():
    assert deleted(LOW, TOP, FULL) == ([(LOW, TOP), (TOP, ROOT), (FULL, ROOT)], [], ["core_course_get_categories"])


def test_a_category_that_somebody_put_a_course_in_stays_and_so_do_those_above():
    assert deleted(LOW, TOP, FULL, courses={LOW: 1})[:2] == ([(FULL, ROOT)], [LOW, TOP])


def test_a_category_with_another_in_it_stays():
    assert deleted(TOP, FULL)[:2] == ([(FULL, ROOT)], [TOP])


def test_one_at_the_top_has_the_first_of_the_others_for_a_shelter():
    assert deleted(BESIDE)[0] == [(BESIDE, ROOT)]


def test_one_that_is_gone_already_is_sent_and_moodle_says_so():
    assert deleted(99)[0] == [(99, ROOT)]


def passages(before: str, *wanted: str, **names: str) -> list[dict]:
    """The codes of passage of courses (or categories) 1, 2…; ``before``: the code of each now, '-' for none."""
    held = [{} if code == "-" else {"idnumber": code} | names for code in before.split()]
    rows = pd.DataFrame({"moodle_id": range(1, len(held) + 1), "before": [json.dumps(fields) for fields in held]})
    return offer.given_up(rows, [{"id": id_, "idnumber": code} for id_, code in enumerate(wanted, start=1)])


@pytest.mark.parametrize(
    ("before", "wanted", "expected"),
    [
        ("B A", ("A", "B"), [1, 2]),
        ("- a", ("Â", "B"), [2]),
        ("a B-bis", ("A", "B"), []),
        ("- -", ("A", "B"), []),
    ],
    ids=["exchanged", "one has that of the other, an accent and a case apart", "its own in another case", "emptied"],
)
def test_whoever_has_the_code_of_another_of_them_goes_through_a_code_of_passage(before, wanted, expected):
    assert passages(before, *wanted) == [{"id": id_, "idnumber": f"ecampus-{id_}"} for id_ in expected]


def test_a_course_whose_short_name_is_the_code_of_another_gives_it_up_too():
    assert [item["id"] for item in passages("X Y", "Z", "Y", shortname="z")] == [2]
