"""The generated university: its size, its shape, and that the same seed gives the same one."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sandbox.university import create
from sandbox.university.tables import DIRECTORY, REFER

TODAY = date(2026, 11, 23)

KEYS = {
    "refer_categorie": "annee, code",
    "refer_element": "annee, code",
    "refer_porte": "annee, code_porte",
    "refer_groupe": "annee, code",
    "refer_groupe_element": "annee, code_groupe, code_element",
    "refer_groupe_etudiant": "annee, code_groupe, code_etudiant",
    "refer_etape": "annee, code",
    "refer_inscription_administrative": "annee, code_etudiant, code_etape",
    "refer_inscription_pedagogique": "annee, code_etudiant, code_etape, code_element",
    "refer_seance_ade": "annee, code_activite, code_element, code_enseignant",
}

Ask = Callable[[str], list[Any]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("university")
    create(folder, today=TODAY)
    return folder


@pytest.fixture
def ask(folder: Path) -> Ask:
    def answer(sql: str) -> list[Any]:
        with closing(sqlite3.connect(folder / "refer.db")) as db:
            db.execute("ATTACH DATABASE ? AS directory", [str(folder / "directory.db")])
            return db.execute(sql).fetchall()

    return answer


def dump(folder: Path) -> list[str]:
    lines = []
    for name in ("refer.db", "directory.db"):
        with closing(sqlite3.connect(folder / name)) as db:
            lines += list(db.iterdump())
    return lines


def test_each_view_has_exactly_the_columns_of_the_contract(ask: Ask) -> None:
    for table, columns in (REFER | DIRECTORY).items():
        assert tuple(row[1] for row in ask(f"PRAGMA table_info({table})")) == columns


@pytest.mark.parametrize(
    ("what", "least", "most"),
    [
        ("refer_element", 160, 200),
        ("refer_inscription_administrative", 300, 500),
        ("person WHERE population = 'staff'", 60, 80),
    ],
)
def test_twenty_etapes_make_a_small_university(ask: Ask, what: str, least: int, most: int) -> None:
    assert least <= ask(f"SELECT COUNT(*) FROM {what}")[0][0] <= most


def test_no_key_is_there_twice_as_typed(ask: Ask) -> None:
    for table, key in KEYS.items():
        assert not ask(f"SELECT {key} FROM {table} GROUP BY {key} HAVING COUNT(*) > 1"), table


def test_codes_look_like_those_of_apogee(ask: Ask) -> None:
    for (code,) in ask("SELECT code FROM refer_element WHERE code NOT LIKE '%CAS%'"):
        assert re.fullmatch(r"[LM]\d[A-Z][A-Z0-9]{2}[129]\d\d", code), code
    for population, code, uid in ask("SELECT population, code, uid FROM person WHERE uid LIKE '_2100%'"):
        assert uid == f"{'e' if population == 'student' else 'p'}{code[1:]}"


def test_at_least_nineteen_people_in_twenty_are_in_the_directory(ask: Ask) -> None:
    people = """
        SELECT code_etudiant FROM refer_groupe_etudiant WHERE annee = '2026'
        UNION SELECT code_etudiant FROM refer_inscription_administrative WHERE annee = '2026'
        UNION SELECT code_enseignant FROM refer_seance_ade WHERE annee = '2026'
    """
    known = ask(f"SELECT AVG(code_etudiant IN (SELECT code FROM person)) FROM ({people})")[0][0]
    assert 0.95 <= known < 1


def test_the_same_seed_gives_the_same_university(tmp_path: Path, folder: Path) -> None:
    create(tmp_path / "same", today=TODAY)
    create(tmp_path / "other", today=TODAY, seed=2)
    assert dump(tmp_path / "same") == dump(folder)
    assert dump(tmp_path / "other") != dump(folder)


def test_a_university_can_be_made_of_the_cases_alone(tmp_path: Path) -> None:
    create(tmp_path, today=TODAY, size=0, annee="2030")
    with closing(sqlite3.connect(tmp_path / "refer.db")) as db:
        assert db.execute("SELECT DISTINCT annee FROM refer_element ORDER BY 1").fetchall() == [
            ("2029",),
            ("2030",),
        ]


def test_a_large_university_keeps_its_keys_unique(tmp_path: Path) -> None:
    create(tmp_path, today=TODAY, size=700)
    with closing(sqlite3.connect(tmp_path / "refer.db")) as db:
        for table in ("refer_element", "refer_etape", "refer_categorie", "refer_groupe"):
            total, distinct = db.execute(f"SELECT COUNT(*), COUNT(DISTINCT annee || code) FROM {table}").fetchone()
            assert total == distinct, table


def test_a_size_out_of_bounds_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="de 0 à 3000 étapes : 3001 est demandé"):
        create(tmp_path, today=TODAY, size=3001)
