"""``docs/conservation.md`` lists all that is kept: each table of the register, each file that the code names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ecampus.store import journal, mailed
from ecampus.store.files import REHEARSALS
from ecampus.store.retention import EXTRACTS

ROOT = Path(__file__).parents[2]
LISTED = set(re.findall(r"`([^`]+)`", (ROOT / "docs" / "conservation.md").read_text(encoding="utf-8")))
STEMS = {re.split(r"[/.]", name)[0] for name in LISTED}
ROOMS = ("store", "night", "orchestration")
"""Whose code writes into the store."""
WRITTEN = (r'"(\w+)\.(?:json|parquet|html)"', r'archive\.keep\(run, "(\w+)"')


def named(pattern: str, *folders: Path) -> list[str]:
    """What the files of these folders name so, in order."""
    texts = [
        path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.iterdir()) if path.is_file()
    ]
    return sorted({found for text in texts for found in re.findall(pattern, text)})


@pytest.mark.parametrize("table", named(r"CREATE TABLE IF NOT EXISTS (\w+)", ROOT / "include/sql/register/sqlite"))
def test_each_table_of_the_register_is_listed(table):
    assert table in LISTED


@pytest.mark.parametrize(
    "name",
    [found for pattern in WRITTEN for found in named(pattern, *(ROOT / "plugins/ecampus" / room for room in ROOMS))],
)
def test_each_file_and_each_part_that_the_code_names_is_listed(name):
    assert name in STEMS


def test_journals_rehearsals_and_what_was_mailed_are_listed():
    assert {*EXTRACTS, journal.FOLDER, REHEARSALS, mailed.FOLDER} <= STEMS
