"""Somebody who left is exported, then erased: looked for from outside, in every file and in a dump of the register."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from campus import Campus, copied, night_after, opened

from ecampus.errors import PersonRefused
from ecampus.night import persons

CODE, LOGIN, NAME, MAIL = "22100123", "e2100123", "Yildiz", "gael.yildiz"
WORDS = re.compile("|".join([CODE, LOGIN, NAME, MAIL]), re.IGNORECASE)
EXPORTED_AS = {"account": "ecampus_account", "decisions": "ecampus_decision", "following": "ecampus_following"}
VIEWS = ("groupe_etudiant", "inscription_administrative", "inscription_pedagogique")
HELD = {
    "asked": f"group_member|remove|L1CAS101 / TD1 / {LOGIN}",
    "undone": f"group_member|add|L1CAS101 / TD2 / {LOGIN}",
}
"""What waits for an answer, and what was undone, which is kept without end."""
LEFT, SINCE = night_after(1), night_after(2)


def leaves(campus: Campus) -> None:
    """The person leaves the university: REFER and LDAP have nobody of that code any more."""
    for view in VIEWS:
        campus.refer(f"DELETE FROM refer_{view} WHERE code_etudiant = ?", CODE)
    campus.people("UPDATE person SET present = 0 WHERE uid = ?", LOGIN)


@pytest.fixture(scope="module")
def left(first_night, cron, tmp_path_factory) -> Path:
    """A campus that somebody left, after the phases that saw it."""
    folder = copied(first_night, tmp_path_factory.mktemp("left") / "campus")
    with opened(folder, cron) as campus:
        leaves(campus)
        campus.night("parti", LEFT, ["users", "enrolments"])
        for state, unit in HELD.items():
            campus.table(
                "INSERT INTO ecampus_decision (phase, unit, digest, question, state, night) VALUES (?, ?, ?, ?, ?, ?)",
                "groups", unit, "0", "remove_group_member", state, "2026-11-24",
            )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def erased(left, cron, tmp_path_factory):
    """The same once the person is erased, and what the command had to say."""
    with opened(copied(left, tmp_path_factory.mktemp("erased") / "campus"), cron) as campus:
        yield campus, persons.erase(found(campus), campus.store, campus.systems)


def found(campus: Campus, asked: str = CODE):
    return persons.find(asked, campus.store, campus.register)


def rows(path: Path) -> list[str]:
    """What a file holds, row by row or line by line, as text."""
    if path.suffix == ".parquet":
        return [repr(row) for row in pd.read_parquet(path).itertuples(index=False, name=None)]
    return path.read_text().splitlines()


def store_rows(campus: Path) -> dict[str, list[str]]:
    store = campus / "store"
    return {str(path.relative_to(store)): rows(path) for path in sorted(store.rglob("*")) if path.is_file()}


def dump(campus: Path) -> list[str]:
    """Every statement that makes the register and the enrolment table anew."""
    with closing(sqlite3.connect(campus / "box" / "enrolments.db")) as db:
        return list(db.iterdump())


def test_before_they_are_in_the_store_and_in_the_register(left):
    assert len([name for name, lines in store_rows(left).items() if WORDS.search("\n".join(lines))]) > 30
    assert [line for line in dump(left) if WORDS.search(line)]


def test_afterwards_no_file_and_no_row_of_the_register_names_them(erased):
    campus, _ = erased
    assert [name for name, lines in store_rows(campus.folder).items() if WORDS.search("\n".join(lines))] == []
    assert [line for line in dump(campus.folder) if WORDS.search(line)] == []
    assert list((campus.folder / "store").glob("*.json")) == []


def test_what_is_kept_of_the_others_is_unchanged(erased, left):
    campus, _ = erased
    before, after = store_rows(left), store_rows(campus.folder)
    assert before.keys() == after.keys()
    (id_,) = found_ids(left)
    for name in before:
        gone, come = Counter(before[name]) - Counter(after[name]), Counter(after[name]) - Counter(before[name])
        assert all(WORDS.search(row) or re.search(rf"\b{id_}\b", row) for row in gone), name
        assert all("(effacé)" in row for row in come), name
    changed = Counter(dump(left)) - Counter(dump(campus.folder))
    assert all(WORDS.search(line) or "ecampus_register" in line for line in changed if "_lease" not in line)


def found_ids(campus: Path) -> list[int]:
    with closing(sqlite3.connect(campus / "box" / "moodle.db")) as db:
        return [id_ for (id_,) in db.execute("SELECT id FROM mdl_user WHERE username = ?", [LOGIN])]


def test_their_account_stays_ours_by_its_id_alone(erased, left):
    campus, done = erased
    (id_,) = found_ids(left)
    account = campus.register.owned()["account"].set_index("user_id").loc[id_]
    assert (account["code"], account["suspended"], account["since"]) == (f"EFFACE-{id_}", True, "2026-11-23")
    assert pd.isna(account["address"])
    assert done.accounts == [id_]
    assert done.memberships == len(owned_members(left, id_)) > 0
    assert owned_members(campus.folder, id_) == owned_members(left, id_)


def owned_members(campus: Path, id_: int) -> list[tuple[int, ...]]:
    with closing(sqlite3.connect(campus / "box" / "enrolments.db")) as db:
        return [
            row
            for kind in ("cohort", "group")
            for row in db.execute(f"SELECT * FROM ecampus_{kind}_member WHERE user_id = ? ORDER BY 1", [id_])
        ]


def test_moodle_keeps_its_account(erased):
    campus, _ = erased
    assert campus.ask("SELECT lastname FROM mdl_user WHERE username = ?", LOGIN) == NAME


def test_erased_again_there_is_nothing_more_to_erase(erased):
    campus, _ = erased
    with pytest.raises(PersonRefused, match="Rien n'est gardé"):
        persons.export(CODE, campus.store, campus.systems)


def test_the_export_holds_all_that_names_them_file_by_file(left, cron):
    with opened(left, cron) as campus:
        person, document = persons.export(LOGIN, campus.store, campus.systems)
    assert person.codes == {("student", CODE)}
    assert person.logins == {LOGIN}
    named = {name for name, lines in store_rows(left).items() if WORDS.search("\n".join(lines))}
    assert named <= document["magasin"].keys()
    assert {"account", "cohort_member", "group_member"} <= document["registre"].keys()
    assert {row["state"]: row["unit"] for row in document["registre"]["decisions"]} == HELD
    tables = {line.split('"')[1] for line in dump(left) if WORDS.search(line)}
    assert tables - {"ecampus_batch"} <= {EXPORTED_AS.get(name, name) for name in document["registre"]}
    assert all(WORDS.search(json.dumps(batch)) for batch in document["écritures"])
    others = json.dumps(document["magasin"], ensure_ascii=False)
    assert "e2100124" not in others


def test_the_nights_after_change_nothing_until_they_come_back_and_are_known_again(left, cron, tmp_path):
    with opened(copied(left, tmp_path / "campus"), cron) as campus:
        persons.erase(found(campus), campus.store, campus.systems)
        before = campus.state()
        assert campus.play("users", "calme", SINCE)["counts"] == {}
        assert campus.state() == before
        campus.people("UPDATE person SET present = 1 WHERE uid = ?", LOGIN)
        report = campus.play("users", "retour", night_after(3))
        assert report["counts"] == {"account": {"unsuspend": 1}}
        assert CODE in set(campus.register.owned()["account"]["code"])


def test_who_is_still_here_is_not_erased(first_night, cron, tmp_path):
    with opened(copied(first_night, tmp_path / "campus"), cron) as campus:
        before = store_rows(campus.folder)
        with pytest.raises(PersonRefused) as refused:
            persons.erase(found(campus), campus.store, campus.systems)
        assert str(refused.value).startswith("Rien n'est effacé : ecampus inscrit encore cette personne (")
        campus.table("DELETE FROM ecampus_enrolment")
        with pytest.raises(PersonRefused) as refused:
            persons.erase(found(campus), campus.store, campus.systems)
        assert str(refused.value).startswith("Rien n'est effacé : cette personne est encore dans l'annuaire (nuit du ")
        assert store_rows(campus.folder) == before
