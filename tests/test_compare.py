"""Comparisons that know nulls: a mask of a frame never holds NA."""

from __future__ import annotations

import pandas as pd
import pytest

from ecampus.contract.compare import differs, only

TEXTS = ["str", "string", "object"]


@pytest.mark.parametrize("left", TEXTS)
@pytest.mark.parametrize("right", TEXTS)
def test_null_is_null_and_no_value_whatever_the_type(left, right):
    ours = pd.Series(["a", None, None, "b"], dtype=left)
    theirs = pd.Series(["a", "b", None, "c"], dtype=right)
    found = differs(ours, theirs)
    assert (found.dtype, found.tolist()) == ("bool", [False, True, False, True])


@pytest.mark.parametrize("kind", TEXTS)
def test_a_column_is_compared_with_one_value_too(kind):
    column = pd.Series(["a", None, "b"], dtype=kind)
    assert differs(column, "a").tolist() == [False, True, True]
    assert differs(column, None).tolist() == [True, False, True]


def test_numbers_that_may_be_missing_and_those_that_may_not_compare():
    found = differs(pd.Series([1, None, 3], dtype="Int64"), pd.Series([1, 2, 4], dtype="int64"))
    assert found.tolist() == [False, True, True]


def test_columns_without_rows_compare():
    assert differs(pd.Series(dtype="str"), pd.Series(dtype="object")).dtype == "bool"


def test_columns_of_different_rows_do_not_compare():
    with pytest.raises(ValueError, match="different rows"):
        differs(pd.Series(["a", "b"]), pd.Series(["a", "b"], index=[1, 2]))


def test_only_keeps_the_rows_of_a_mask():
    frame = pd.DataFrame({"code": ["a", "b"]})
    assert only(frame, pd.Series([False, True]))["code"].tolist() == ["b"]


@pytest.mark.parametrize("mask", [pd.Series([True, None], dtype="boolean"), pd.Series([True, None], dtype="object")])
def test_only_refuses_a_mask_that_may_hold_na(mask):
    with pytest.raises(TypeError, match=r"compare with differs\(\)"):
        only(pd.DataFrame({"code": ["a", "b"]}), mask)
