"""A rule does not filter: every candidate keeps one verdict, the first condition of an ordered ladder that it fails.

The desired state is the candidates whose verdict is good, the anomalies are the others, «Pourquoi ?» is the same frame.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from pandas.api.types import is_bool_dtype


def first_failing(conditions: Mapping[str, pd.Series], good: str) -> pd.Series:
    """The verdict of each candidate: the first name whose mask is true for it (it fails there), else ``good``.

    ``conditions``: name → mask (booleans, all on the same index), in the order of the ladder. Raises ValueError for a
    mask that holds NA (it decides nothing), is no mask, or speaks of other candidates.
    """
    index = next(iter(conditions.values())).index
    verdict = pd.Series(good, index=index, dtype="str")
    for name, fails in reversed(conditions.items()):
        if not is_bool_dtype(fails.dtype) or fails.hasnans or not fails.index.equals(index):
            raise ValueError(f"{name}: a mask of {fails.dtype} on {len(fails)} of {len(index)} candidates")
        verdict = verdict.mask(fails.astype("bool"), name)
    return verdict
