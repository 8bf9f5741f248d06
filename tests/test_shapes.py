"""Frames of declared columns: an empty one, columns made of their types, exactly the columns declared."""

from __future__ import annotations

import pandas as pd
import pytest

from ecampus import shapes

SHAPE = {"code": "str", "id": "Int64", "ours": "bool"}
TYPES = {"code": pd.StringDtype(na_value=float("nan")), "id": pd.Int64Dtype(), "ours": "bool"}


def rows(**columns: list) -> pd.DataFrame:
    return pd.DataFrame({"code": ["A", None], "id": [1, 2], **columns}, index=[4, 7])


def test_no_row_has_the_types_of_the_shape_and_changing_one_changes_no_other():
    empty = shapes.none(SHAPE)
    assert empty.dtypes.to_dict() == TYPES
    empty["more"] = 1
    assert list(shapes.none(SHAPE)) == list(SHAPE)


def test_only_the_columns_that_the_shape_names_are_made_of_its_types():
    given = rows(ours=[1, 0], other=[3, 4])
    cast = shapes.cast(given, SHAPE)
    assert cast[list(SHAPE)].dtypes.to_dict() == TYPES
    assert cast["other"].dtype == given["other"].dtype
    assert cast["ours"].tolist() == [True, False]
    assert cast.index.tolist() == [4, 7]
    assert given["id"].dtype == "int64"


def test_a_frame_that_has_the_types_is_itself():
    typed = shapes.cast(rows(ours=[True, False]), SHAPE)
    assert shapes.cast(typed, SHAPE) is typed


def test_a_column_that_is_not_there_is_an_error_of_ours():
    with pytest.raises(KeyError):
        shapes.cast(rows(), SHAPE)


@pytest.mark.parametrize("index", [[4, 7], [0, 0]])
def test_shaped_has_exactly_these_columns_what_is_missing_is_null_or_false(index):
    shaped = shapes.shaped(pd.DataFrame({"other": [1, 2], "id": [5, None]}, index=index), SHAPE)
    assert shaped.dtypes.to_dict() == TYPES
    assert shaped["code"].isna().all()
    assert shaped["id"].tolist() == [5, pd.NA]
    assert shaped["ours"].tolist() == [False, False]
    assert shaped.index.tolist() == index


@pytest.mark.parametrize("kind", ["object", "boolean", "bool[pyarrow]", "float64"])
def test_a_truth_that_is_null_is_false(kind):
    given = pd.DataFrame({"ours": pd.Series([True, None], dtype=kind)})
    assert shapes.shaped(given, SHAPE)["ours"].tolist() == [True, False]


def test_what_is_changed_in_a_shaped_frame_is_not_changed_where_it_comes_from():
    given = pd.DataFrame({"code": ["A"], "id": pd.array([1], dtype="Int64"), "ours": [False]})
    shaped = shapes.shaped(given, SHAPE)
    shaped.loc[0, ["code", "id", "ours"]] = ["B", 2, True]
    assert given.iloc[0].tolist() == ["A", 1, False]


def test_nothing_at_all_has_the_shape():
    assert shapes.shaped(pd.DataFrame(), SHAPE).dtypes.to_dict() == TYPES
