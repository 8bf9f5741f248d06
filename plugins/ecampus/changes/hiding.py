"""Moodle hides for good what enters a hidden category, with all that is in it (measured on Moodle 4.5)."""

from __future__ import annotations

import pandas as pd

Frames = dict[str, pd.DataFrame]


def hidden(seen: Frames, categories: pd.Series, courses: pd.Series) -> Frames:
    """The frames ``categories`` and ``courses`` of ``seen``, once these (ids) were put where they are."""
    shelves, spaces = seen["categories"].copy(), seen["courses"].copy()
    entering = shelves["id"].isin(categories)
    while True:
        closed = shelves.loc[~shelves["visible"], "id"]
        shut = entering & shelves["parent_id"].isin(closed)
        if not shut.any():
            break
        shelves["visible"] &= ~shut
        inside = spaces["category_id"].isin(shelves.loc[shut, "id"])
        spaces["visible"] &= ~inside
        entering = (entering & ~shut) | shelves["parent_id"].isin(shelves.loc[shut, "id"])
    closed = shelves.loc[~shelves["visible"], "id"]
    spaces["visible"] &= ~(spaces["id"].isin(courses) & spaces["category_id"].isin(closed))
    return {"categories": shelves, "courses": spaces}
