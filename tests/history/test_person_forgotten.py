"""Somebody who is erased is in no row of the history; what is kept of the others is what it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from chronicle import content, kept
from ecampus.history import asking, keeping
from ecampus.history.asking import Asked
from ecampus.store import persons
from ecampus.store.files import Store
from ecampus.store.person import Person

ANNA = Person(
    codes=frozenset({("student", "22100001")}), alone=frozenset({"22100001"}), logins=frozenset({"e2100001"}), ids=frozenset({41})
)  # fmt: skip
CHANGES = """object | verb | key | place | username | user_id | moodle_id | outcome | message
account | suspend | e2100001 | | | | 41 | |
account | suspend | e2100002 | | | | 42 | |
group_member | add | L1 / TD1 / e2100001 | TD1 | e2100001 | 41 | | |
group_member | add | L1 / TD1 / e2100002 | TD1 | e2100002 | 42 | | failed | Après e2100001.
course | create | L1 | L1 | | | 7 | |"""
TOLD = """code | key | sentence | first_night
COMPTE_ABSENT | 22100001 | L'étudiant 22100001 n'a pas de compte. | 2026-11-23
COMPTE_ABSENT | 22100002 | L'étudiant 22100002 n'a pas de compte. | 2026-11-23
CODE_DOUBLE | L1 | Deux fois L1, dont e2100001. | 2026-11-23"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    found = Store(tmp_path)
    kept(found, done=CHANGES, told=TOLD, reason="Le compte e2100001 bloque.", state="stopped")
    return found


def test_before_the_history_tells_them(store):
    assert asking.page(store, Asked(people=("e2100001", "22100001"))).total == 2
    assert "history/changes/offer-2026-11.parquet" in persons.kept(store, ANNA)


def test_afterwards_no_row_does_and_it_is_what_would_be_made_anew(store):
    persons.erased(store, ANNA)
    rows = "\n".join(row for table in content(store).values() for row in table)
    assert not any(name in rows for name in ("22100001", "e2100001"))
    assert asking.page(store, Asked(people=("e2100001",))).total == 0
    before = content(store)
    keeping.rebuild(store)
    assert content(store) == before


def test_the_others_are_told_as_before_their_numbers_too(store):
    persons.erased(store, ANNA)
    found = {line.key: line for line in asking.page(store, Asked()).lines}
    assert {key: line.moodle_id for key, line in found.items()} == {
        "e2100002": 42,
        "L1 / TD1 / e2100002": None,
        "L1": 7,
    }
    assert repr(found["L1"].moodle_id) == "7"
    assert found["L1 / TD1 / e2100002"].message == "Après (effacé)."
