"""Names as Moodle can hold them: labels are cut so that the whole name always fits, a future ``ex_n_`` included.

How codes and labels are cleaned is in ``contract.characters``: the door and the rules must agree on what is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecampus.contract.characters import clean_codes, clean_labels, clean_words

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["clean_codes", "clean_labels", "clean_words"]

ARCHIVE_ROOM = len("ex_999_")
COURSE_FULLNAME = 254  # Moodle 4.5: course.fullname; 1,333 since 5.0
CATEGORY_NAME = 255  # course_categories.name
GROUP_NAME = 254  # groups.name, cohort.name
FOAD_KEY = "-FOAD"
FOAD_LABEL = " (FOAD)"
CODE = 100  # idnumber of a course, a group, a cohort, a category
LONGEST_CODE = {
    "categorie": CODE,
    "element": CODE - len(FOAD_KEY) - ARCHIVE_ROOM,
    "groupe": CODE - ARCHIVE_ROOM,
    "etape": CODE,
}
"""By view of REFER, the longest code that Moodle can hold, with all that it may ever have around it."""


def cut(labels: pd.Series, limits: pd.Series) -> pd.Series:
    """Labels no longer than ``limits`` (characters), the cut shown by ``…``."""
    long = labels.str.len() > limits
    if not long.any():
        return labels
    shortened = [label[: limit - 1].rstrip() + "…" for label, limit in zip(labels[long], limits[long], strict=True)]
    return labels.where(~long, labels.__class__(shortened, index=labels.index[long], dtype="str"))


def course_room(codes: pd.Series) -> pd.Series:
    """Characters left for the label in the longest name a course can ever take (its FOAD twin, archived)."""
    return COURSE_FULLNAME - len(FOAD_KEY) - len(" - ") - len(FOAD_LABEL) - ARCHIVE_ROOM - codes.str.len()


def name_room(codes: pd.Series, width: int) -> pd.Series:
    """Characters left for the label in ``CODE - libellé``: categories and cohorts."""
    return width - len(" - ") - codes.str.len()


def group_room(codes: pd.Series) -> pd.Series:
    """Characters left for a group's label, so that `` (CODE)`` and a future ``ex_n_`` still fit."""
    return GROUP_NAME - len(" ()") - ARCHIVE_ROOM - codes.str.len()


def named(codes: pd.Series, labels: pd.Series, width: int) -> pd.Series:
    """``CODE - libellé`` in at most ``width`` characters."""
    return codes + " - " + cut(labels, name_room(codes, width))


def group_labels(codes: pd.Series, labels: pd.Series) -> pd.Series:
    """A group's label, cut; the code itself when the label is empty."""
    return cut(labels.where(labels != "", codes), group_room(codes))
