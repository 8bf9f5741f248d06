"""A day of changes: every verb, what comes back the next day, and data that stay sound for weeks."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from sandbox import changes
from sandbox.university import create
from sandbox.university.tables import DIRECTORY, REFER

TODAY = date(2026, 11, 23)

Rows = dict[str, set[tuple[object, ...]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create(tmp_path, today=TODAY)
    return tmp_path


def read(folder: Path) -> Rows:
    tables: Rows = {}
    for name, schema in (("refer.db", REFER), ("directory.db", DIRECTORY)):
        with closing(sqlite3.connect(folder / name)) as db:
            for table in schema:
                rows = db.execute(f"SELECT * FROM {table}").fetchall()
                assert len(rows) == len(set(rows)), f"{table} holds the same row twice"
                tables[table] = set(rows)
    return tables


def codes(rows: Rows, table: str) -> set[object]:
    return {row[1] for row in rows[table]}


def test_the_first_day_plays_everything_but_the_returns(folder: Path) -> None:
    played = changes.play(folder, today=TODAY)
    assert played.postponed == list(changes.RETURNS)
    assert len(played.sentences) >= 25


def test_the_second_day_plays_everything(folder: Path) -> None:
    changes.play(folder, today=TODAY)
    played = changes.play(folder, today=TODAY)
    assert played.postponed == []
    assert sum("revient" in sentence for sentence in played.sentences) >= 6


@pytest.mark.parametrize("table", ["refer_categorie", "refer_element", "refer_groupe", "refer_etape"])
def test_objects_are_renamed_created_and_vanish_then_come_back(folder: Path, table: str) -> None:
    before = read(folder)
    changes.play(folder, today=TODAY)
    after = read(folder)
    gone = codes(before, table) - codes(after, table)
    assert gone
    assert codes(after, table) - codes(before, table)
    old, new = ({row[1]: row[2] for row in rows[table]} for rows in (before, after))
    assert any(old[code] != new[code] for code in old.keys() & new.keys())
    changes.play(folder, today=TODAY)
    assert gone <= codes(read(folder), table)


@pytest.mark.parametrize(("table", "column"), [("refer_categorie", 3), ("refer_element", 3)])
def test_categories_and_elements_are_moved(folder: Path, table: str, column: int) -> None:
    before = {row[1]: row[column] for row in read(folder)[table]}
    changes.play(folder, today=TODAY)
    after = {row[1]: row[column] for row in read(folder)[table]}
    assert any(before[code] != after[code] for code in before.keys() & after.keys())


def test_a_vanished_element_comes_back_with_all_its_rows(folder: Path) -> None:
    before = read(folder)
    changes.play(folder, today=TODAY)
    gone = codes(before, "refer_element") - codes(read(folder), "refer_element")
    changes.play(folder, today=TODAY)
    after = read(folder)
    for table in ("refer_element", "refer_groupe_element", "refer_seance_ade"):
        assert {row for row in before[table] if gone & set(row)} <= after[table]


def test_portes_change_porteur_appear_and_distance_ends(folder: Path) -> None:
    before = read(folder)
    changes.play(folder, today=TODAY)
    after = read(folder)
    old, new = ({row[1]: row[2] for row in rows["refer_porte"]} for rows in (before, after))
    assert any(old[code] != new[code] for code in old)
    assert new.keys() - old.keys()
    distance = [{row[1] for row in rows["refer_element"] if row[4] == "O"} for rows in (before, after)]
    assert distance[0] - distance[1]


def test_people_arrive_leave_return_and_take_new_logins(folder: Path) -> None:
    states = [read(folder)["person"]]
    for _ in range(2):
        changes.play(folder, today=TODAY)
        states.append(read(folder)["person"])
    before, after, later = ({row[2]: row for row in state} for state in states)
    absent = {uid for uid, row in after.items() if not row[6]}
    assert len(absent) == 2
    assert all(later[uid][6] for uid in absent)
    renamed = {row[1] for uid, row in before.items() if uid not in after}
    assert renamed
    assert renamed <= {row[1] for row in after.values()}
    assert {row[1] for row in after.values()} - {row[1] for row in before.values()}
    assert any(before[uid][3] != after[uid][3] for uid in before.keys() & after.keys())


def test_teachers_are_planned_unplanned_and_left_on_an_obsolete_sheet(folder: Path) -> None:
    before = read(folder)["refer_seance_ade"]
    changes.play(folder, today=TODAY)
    arrived = read(folder)["refer_seance_ade"] - before
    assert {(row[5], bool(row[6])) for row in arrived} == {("N", True), ("N", False), ("O", True)}


def test_students_change_groups(folder: Path) -> None:
    before = read(folder)
    sentence = changes.play(folder, today=TODAY).sentences[0]
    students, old, new = sentence[:28].split(", "), sentence.split()[-4], sentence.split()[-1].rstrip(".")
    after = read(folder)["refer_groupe_etudiant"]
    for student in students:
        assert ("2026", old, student) in before["refer_groupe_etudiant"]
        assert ("2026", old, student) not in after
        assert ("2026", new, student) in after


def test_two_weeks_of_changes_leave_the_data_sound(folder: Path) -> None:
    for _ in range(14):
        played = changes.play(folder, today=TODAY)
    assert played.postponed == []
    rows = read(folder)
    for table in ("refer_categorie", "refer_element", "refer_groupe", "refer_etape"):
        keys = [row[:2] for row in rows[table]]
        assert len(keys) == len(set(keys)), table
    elements = codes(rows, "refer_element")
    broken = {row[2] for row in rows["refer_groupe_element"]} - elements
    assert all("NEANT" in code or "cas" in code.lower() for code in map(str, broken))
    present = [str(row[2]).lower() for row in rows["person"] if row[6]]
    assert len(present) == len(set(present))


def test_the_same_days_are_played_from_the_same_seed(tmp_path: Path) -> None:
    for name in ("one", "two"):
        create(tmp_path / name, today=TODAY)
        for _ in range(3):
            changes.play(tmp_path / name, today=TODAY, seed=7)
    assert read(tmp_path / "one") == read(tmp_path / "two")


def test_a_university_without_bulk_postpones_what_it_cannot_play(tmp_path: Path) -> None:
    create(tmp_path, today=TODAY, size=0)
    before = read(tmp_path)
    played = changes.play(tmp_path, today=TODAY)
    assert "Un élément change d'intitulé. Cette université est trop petite." in played.postponed
    assert read(tmp_path)["refer_element"] == before["refer_element"]


def test_a_day_beyond_the_limits_relabels_more_of_a_composante_than_a_night_renames(folder: Path) -> None:
    before = {row[1]: row for row in read(folder)["refer_element"]}
    played = changes.play(folder, today=TODAY, beyond=True)
    after = read(folder)
    composante = {row[1]: row[4] for row in after["refer_categorie"]}
    relabelled = [row for row in after["refer_element"] if "(révision 1)" in str(row[2])]
    (where,) = {composante[row[3]] for row in relabelled}
    others = [row for row in after["refer_element"] if composante.get(row[3]) == where]
    assert len(relabelled) > 0.3 * len(others)
    assert all(before[row[1]][3] == row[3] for row in relabelled)
    assert played.sentences[-1].startswith(f"La composante {where} change l'intitulé de {len(relabelled)} éléments")
