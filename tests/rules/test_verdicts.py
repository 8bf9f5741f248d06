"""Every candidate keeps one verdict, the first rung that it fails."""

from __future__ import annotations

import pandas as pd
import pytest

from ecampus.rules.verdicts import first_failing


def test_the_verdict_is_the_first_condition_that_fails_in_the_order_of_the_ladder():
    first, second = pd.Series([True, True, False, False]), pd.Series([True, False, True, False])
    assert first_failing({"UN": first, "DEUX": second}, "BON").tolist() == ["UN", "UN", "DEUX", "BON"]
    assert first_failing({"DEUX": second, "UN": first}, "BON").tolist() == ["DEUX", "UN", "DEUX", "BON"]


def test_no_candidate_no_verdict_and_it_is_text_all_the_same():
    verdict = first_failing({"UN": pd.Series([], dtype="bool")}, "BON")
    assert (len(verdict), str(verdict.dtype)) == (0, "str")


@pytest.mark.parametrize(
    "mask",
    [pd.Series([True, None]), pd.Series([True, None], dtype="boolean"), pd.Series([1, 0]), pd.Series([True])],
    ids=["objects", "NA", "numbers", "another index"],
)
def test_a_mask_that_holds_na_or_speaks_of_others_decides_nothing(mask):
    with pytest.raises(ValueError, match="DEUX"):
        first_failing({"UN": pd.Series([False, False]), "DEUX": mask}, "BON")
