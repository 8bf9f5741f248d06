"""Every library is one version: what we name and all that it brings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"(?P<name>[\w.-]+)(\[[\w,-]+\])?==(?P<version>[\w.+!-]+)")
LISTS = sorted(path.name for path in ROOT.glob("requirements*.txt"))
APART = {"requirements-bench.txt"}
"""Installed in a folder of its own, beside the environment."""


def lines(name: str) -> list[str]:
    """What a file asks for, without comments, conditions nor other files."""
    asked = [line.partition("#")[0].partition(";")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    return [line for line in asked if line and not line.startswith("-")]


def pins(name: str) -> dict[str, str]:
    found = [PIN.fullmatch(line) for line in lines(name)]
    return {re.sub("[-_.]+", "-", one["name"]).lower(): one["version"] for one in found if one}


@pytest.mark.parametrize("name", [*LISTS, "constraints.txt"])
def test_every_line_names_one_version(name):
    assert [line for line in lines(name) if not PIN.fullmatch(line)] == []


@pytest.mark.parametrize("name", [name for name in LISTS if name not in APART])
def test_what_we_name_is_locked_at_the_same_version(name):
    locked = pins("constraints.txt")
    assert {one: version for one, version in pins(name).items() if locked.get(one) != version} == {}
