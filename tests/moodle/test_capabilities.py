"""The capabilities of the token's account: those that a creation shows which Moodle must refuse, and what roles say."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import requests

from ecampus.errors import SourceRefused
from ecampus.moodle import capabilities
from ecampus.moodle.capabilities import CAPABILITIES, LESSER, ONLY_WRITTEN, SILENT
from ecampus.moodle.client import MoodleClient
from sandbox.moodle import start

COLUMNS = ["capability", "permission"]
DOCS = Path(__file__).parents[2] / "docs" / "moodle.md"


@pytest.fixture(params=["4.5", "5.1"])
def site(tmp_path, request):
    with start(tmp_path, release=request.param) as server:
        yield server


@pytest.fixture
def client(site):
    return MoodleClient(requests.Session(), site.url, site.token)


PROBES = {
    "moodle/user:create": capabilities.require_to_create_accounts,
    "moodle/course:create": lambda client: capabilities.require_to_create_courses(client, 1),
}


@pytest.mark.parametrize("capability", PROBES)
def test_the_right_to_create_is_seen_and_nothing_is_created(site, client, capability):
    before = list(site.db.connection.iterdump())
    PROBES[capability](client)
    site.deny(capability)
    denied = list(site.db.connection.iterdump())
    with pytest.raises(SourceRefused, match="au compte du jeton, une capacité lui manque"):
        PROBES[capability](client)
    assert list(site.db.connection.iterdump()) == denied
    site.allow(capability)
    assert len(list(site.db.connection.iterdump())) == len(before)


def said(*more: tuple[str, str]) -> pd.DataFrame:
    """Every capability allowed by one role, and what others say."""
    return pd.DataFrame([*((name, "1") for name in CAPABILITIES), *more], columns=COLUMNS, dtype="str")


def test_one_role_that_allows_is_enough_unless_another_forbids():
    assert capabilities.lacking(said()) == []
    assert capabilities.lacking(said(("moodle/course:create", "-1"))) == []
    assert capabilities.lacking(said(("moodle/course:create", "-1000"))) == ["moodle/course:create"]


def test_what_no_role_allows_is_lacking():
    rows = said()
    assert capabilities.lacking(rows[rows["capability"] != "moodle/user:update"]) == ["moodle/user:update"]
    assert capabilities.lacking(rows.iloc[:0]) == list(CAPABILITIES)


def test_they_are_those_of_the_document():
    part = DOCS.read_text().partition("3. **Capabilities**")[2].partition("4. **enrol_database**")[0]
    table = "\n".join(line.split("|")[1] for line in part.splitlines() if line.strip().startswith("|"))
    assert set(re.findall(r"`([a-z]+/[a-z]+:[a-z]+)`", table)) == set(CAPABILITIES)
    assert {*LESSER, *ONLY_WRITTEN, *SILENT} <= set(CAPABILITIES)
