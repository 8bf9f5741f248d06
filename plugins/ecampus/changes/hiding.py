"""Moodle hides for good what enters a hidden category, with all that is in it by then (measured on Moodle 4.5)."""

from __future__ import annotations

import pandas as pd

Frames = dict[str, pd.DataFrame]


def entered(before: Frames, after: Frames, object_: str, ids: pd.Series) -> Frames:
    """The frames of ``after`` that have something hidden since these categories, or courses, were put where they are.

    ``before``: before the first was: one category is put after the other.
    """
    shelves, spaces = after["categories"], after["courses"]
    if object_ == "category":
        closed = spaces["category_id"].isin(shut := closing(before["categories"], shelves, ids))
        shelves = shelves.assign(visible=shelves["visible"] & ~shelves["id"].isin(shut))
    else:
        closed = spaces["id"].isin(ids) & spaces["category_id"].isin(shelves.loc[~shelves["visible"], "id"])
    return {"categories": shelves, "courses": spaces.assign(visible=spaces["visible"] & ~closed)}


def closing(before: pd.DataFrame, after: pd.DataFrame, ids: pd.Series) -> set[int]:
    """The categories that are hidden when these come where ``after`` has them, each with all that is in it by then."""
    parent, goal = (frame.set_index("id")["parent_id"].to_dict() for frame in (before, after))
    hidden, closed = set(before.loc[~before["visible"], "id"]), set[int]()
    for id_ in ids:
        parent[id_] = goal[id_]
        if parent[id_] in hidden:
            closed |= below(id_, parent)
            hidden |= closed
    return closed


def below(id_: int, parent: dict[int, int]) -> set[int]:
    """This category and all those in it. ``parent``: of each."""
    found, more = set[int](), {id_}
    while more:
        found |= more
        more = {child for child, above in parent.items() if above in more} - found
    return found
