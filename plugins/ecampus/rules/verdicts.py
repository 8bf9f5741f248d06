"""A rule does not filter: every candidate keeps one verdict, the first condition of an ordered ladder that it fails.

The desired state is the candidates whose verdict is good, the anomalies are the others, «Pourquoi ?» is the same frame.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype

from ecampus.shapes import cast


def first_failing(conditions: Mapping[str, pd.Series], good: str) -> pd.Series:
    """The verdict of each candidate: the first name whose mask is true for it (it fails there), else ``good``.

    ``conditions``: name → mask (booleans, all on the same index), in the order of the ladder. Raises ValueError for a
    mask that holds NA (it decides nothing), is no mask, or speaks of other candidates.
    """
    index = next(iter(conditions.values())).index
    names, rung = pd.array([good, *conditions], dtype="str"), np.zeros(len(index), dtype="int8")
    for place, (name, fails) in reversed(list(enumerate(conditions.items(), 1))):
        if not is_bool_dtype(fails.dtype) or fails.hasnans or not fails.index.equals(index):
            raise ValueError(f"{name}: a mask of {fails.dtype} on {len(fails)} of {len(index)} candidates")
        rung[fails.to_numpy(dtype="bool")] = place
    return pd.Series(names.take(rung), index=index)


def together(ladders: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The ladders of a phase as one frame, what is kept of a night: ladder, verdict, and the columns of each."""
    parts = [frame.assign(ladder=name) for name, frame in ladders.items()]
    if not parts:
        return pd.DataFrame(columns=["ladder", "verdict"], dtype="str")
    flags = {c: "boolean" for frame in parts for c, kind in frame.dtypes.items() if kind == "bool"}
    parts = [cast(frame, {c: kind for c, kind in flags.items() if c in frame}) for frame in parts]
    whole = pd.concat(parts, ignore_index=True)
    first = ["ladder", "verdict"]
    return cast(whole[[*first, *whole.columns.drop(first)]], dict.fromkeys(first, "str"))
