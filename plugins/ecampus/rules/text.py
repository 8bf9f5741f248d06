"""Codes and labels as Moodle can hold them.

Codes lose the white space around them and go upper case. Labels keep their case («en minuscule dans APOGEE»),
lose what Moodle refuses (tags, control characters) and are cut so that the whole name always fits, a future
``ex_n_`` included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

ARCHIVE_ROOM = len("ex_999_")
COURSE_FULLNAME = 254  # Moodle 4.5: course.fullname
CATEGORY_NAME = 255  # course_categories.name
GROUP_NAME = 254  # groups.name, cohort.name
FOAD_KEY = "-FOAD"
FOAD_LABEL = " (FOAD)"


def clean_codes(codes: pd.Series) -> pd.Series:
    """Trim and upper-case; null and blank become null."""
    cleaned = codes.astype("str").str.strip().str.upper()
    return cleaned.where(cleaned != "")


def clean_labels(labels: pd.Series) -> pd.Series:
    """Collapse white space, drop control characters, turn ``<`` ``>`` into ``‹`` ``›``; null becomes ''."""
    return (
        labels.astype("str")
        .fillna("")
        .str.replace(r"\s+", " ", regex=True)
        .str.replace(r"[\x00-\x1f\x7f-\x9f]", "", regex=True)
        .str.replace(r" {2,}", " ", regex=True)
        .str.replace("<", "‹")
        .str.replace(">", "›")
        .str.strip()
    )


def cut(labels: pd.Series, limits: pd.Series) -> pd.Series:
    """Labels no longer than ``limits`` (characters), the cut shown by ``…``."""
    shortened = [
        label if len(label) <= limit else label[: limit - 1].rstrip() + "…"
        for label, limit in zip(labels, limits, strict=True)
    ]
    return labels.__class__(shortened, index=labels.index, dtype="str")


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
