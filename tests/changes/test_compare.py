"""Comparisons that know nulls: a mask of a frame never holds NA."""

from __future__ import annotations

import pandas as pd
import pytest

from ecampus.changes.compare import differs

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
