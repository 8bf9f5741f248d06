"""Rows of one frame beside those of another, nulls included: a mask never holds NA."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecampus import joins
from ecampus.joins import among, beside, columns, differs, has, joined, looked_up, numbered, once

TEXTS = ["str", "string", "object"]


@pytest.mark.parametrize("left", TEXTS)
@pytest.mark.parametrize("right", TEXTS)
def test_null_is_null_and_no_value_whatever_the_type(left, right):
    ours = pd.Series(["a", None, None, "b"], dtype=left)
    theirs = pd.Series(["a", "b", None, "c"], dtype=right)
    found = differs(ours, theirs)
    assert (found.dtype, found.tolist()) == ("bool", [False, True, False, True])


def test_numbers_that_may_be_missing_and_those_that_may_not_compare():
    found = differs(pd.Series([1, None, 3], dtype="Int64"), pd.Series([1, 2, 4], dtype="int64"))
    assert found.tolist() == [False, True, True]


def test_columns_without_rows_compare():
    assert differs(pd.Series(dtype="str"), pd.Series(dtype="object")).dtype == "bool"


ON = ["texte", "nombre"]
rows = st.lists(st.tuples(st.sampled_from(["a", "b", "é", None]), st.sampled_from([0, 1, 2, None])), max_size=8)
bounded = settings(max_examples=200, derandomize=True, database=None, deadline=None)


def frame(values: list[tuple[str | None, int | None]]) -> pd.DataFrame:
    """As production makes it: a text and a number that may be missing; an index that is not 0, 1, 2…"""
    made = pd.DataFrame(values, columns=ON).astype({"texte": "str", "nombre": "Int64"})
    return made.assign(rang=range(len(made))).set_axis(range(10, 10 + len(made)))


@bounded
@given(rows, rows)
def test_a_row_is_found_if_and_only_if_the_other_frame_has_it_null_being_null(left, right):
    found = has(frame(left), frame(right), ON)
    assert (found.dtype, found.tolist()) == ("bool", [row in right for row in left])
    assert found.index.equals(frame(left).index)
    assert among(frame(left)["texte"], frame(right)["texte"]).tolist() == [row[0] in dict(right) for row in left]


@bounded
@given(rows)
def test_once_keeps_the_first_of_equal_rows(values):
    assert once(frame(values), ON)["rang"].tolist() == [n for n, row in enumerate(values) if values.index(row) == n]


@bounded
@given(rows, rows)
def test_rows_beside_and_rows_joined_are_those_of_a_merge(left, right):
    several = frame(right).rename(columns={"rang": "autre"})
    expected = frame(left).merge(several, on=ON)
    assert sorted(map(tuple, joined(frame(left), several, ON)[["rang", "autre"]].to_numpy())) == sorted(
        map(tuple, expected[["rang", "autre"]].to_numpy())
    )
    one = once(several, ON)
    found = beside(frame(left), one, ON)
    assert found.index.equals(frame(left).index)
    assert (
        found["autre"].astype("Int64").tolist()
        == frame(left).merge(one, on=ON, how="left")["autre"].astype("Int64").tolist()
    )


def test_several_rows_where_one_was_meant_are_refused():
    with pytest.raises(ValueError, match="several rows for one"):
        beside(frame([("a", 1)]), frame([("a", 1), ("a", 1)]).rename(columns={"rang": "autre"}), ON)


def test_a_key_without_an_answer_is_null_and_each_keeps_its_place():
    known = pd.Series(["un", "deux"], index=pd.Index(["a", "b"], dtype="str"), dtype="str")
    keys = pd.Series(["b", None, "c", "a", "b"], index=[5, 4, 3, 2, 1], dtype="str")
    pd.testing.assert_series_equal(
        looked_up(keys, known), pd.Series(["deux", None, None, "un", "deux"], index=keys.index, dtype="str")
    )


def test_more_columns_than_a_number_can_hold_are_still_told_apart(monkeypatch):
    monkeypatch.setattr(joins, "LARGEST", 20)
    values = pd.DataFrame(np.indices((4, 4, 4, 4)).reshape(4, -1).T)
    mine, theirs = numbered(columns(values, range(4)), columns(values.iloc[::-1], range(4)))
    assert len(set(mine)) == 256
    assert (mine == theirs[::-1]).all()
