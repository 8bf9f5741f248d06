"""Each anomaly has its condition in the source data, and the random bulk raises none."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from sandbox.university import CASES, create
from sandbox.university.cases.accounts import UID_TAKEN
from sandbox.university.cases.codes import CODE_TAKEN, SUSPECT
from sandbox.university.tables import REFER

TODAY = date(2026, 11, 23)

CONDITIONS = {
    "IP_SANS_GROUPE": """
        SELECT code_element FROM inscription_pedagogique ip
        WHERE code_element IN (SELECT code_element FROM groupe_element)
        AND code_element NOT IN (SELECT code_porte FROM porte)
        AND code_element NOT IN (SELECT code_element FROM members WHERE code_etudiant = ip.code_etudiant)""",
    "ELEMENT_SANS_GROUPE": """
        SELECT code_element FROM inscription_pedagogique
        WHERE code_element IN (SELECT code FROM element)
        AND code_element NOT IN (SELECT code_element FROM groupe_element)""",
    "TELE_SANS_CEMU": """
        SELECT code_element FROM members JOIN tele USING (code_etudiant) JOIN distance ON code = code_element
        GROUP BY code_element, code_etudiant HAVING SUM(cemu) = 0""",
    "CEMU_SANS_TELE": """
        SELECT code_element FROM members JOIN distance ON code = code_element
        WHERE cemu AND code_etudiant NOT IN (SELECT code_etudiant FROM tele)""",
    "CEMU_SUR_PRESENTIEL": """
        SELECT code_element FROM attached JOIN element ON code = code_element
        WHERE cemu AND a_distance = 'N' AND code_element NOT IN (SELECT code_porte FROM porte)""",
    "DISTANCE_SANS_CEMU": """
        SELECT code FROM distance WHERE code NOT IN (SELECT code_porte FROM porte)
        AND code NOT IN (SELECT code_element FROM attached WHERE cemu)""",
    "DISTANCE_PORTE_SEUL": """
        SELECT code_porte FROM porte JOIN distance ON code = code_porte
        WHERE code_porteur NOT IN (SELECT code FROM distance)""",
    "GROUPE_NON_COMMUN": """
        SELECT code_element FROM groupe_element g JOIN porte ON code_porte = code_element
        WHERE code_porteur IN (SELECT code FROM element) AND code_porteur NOT IN
        (SELECT code_element FROM groupe_element WHERE code_groupe = g.code_groupe)""",
    "PORTE_HORS_GROUPE": """
        SELECT ip.code_element FROM inscription_pedagogique ip JOIN porte ON code_porte = ip.code_element
        WHERE code_porteur IN (SELECT code FROM element) AND code_porteur NOT IN
        (SELECT code_element FROM members WHERE code_etudiant = ip.code_etudiant)""",
    "PORTEUR_INCONNU": "SELECT code_porte FROM porte WHERE code_porteur NOT IN (SELECT code FROM element)",
    "PORTAGE_EN_BOUCLE": """
        SELECT a.code_porte FROM porte a JOIN porte b
        ON a.code_porte = b.code_porteur AND a.code_porteur = b.code_porte""",
    "ADE_NON_PLANIFIE": "SELECT code_element FROM seance_ade WHERE COALESCE(seances, 0) = 0",
    "ADE_OBSOLETE": "SELECT code_element FROM seance_ade WHERE obsolete = 'O'",
    "ADE_HORS_APOGEE": "SELECT code_element FROM seance_ade WHERE origine <> 'APOGEE'",
    "COURS_CACHE": f"SELECT code_element FROM seance_ade WHERE premiere_seance < '{TODAY}'",
    "COMPTE_ABSENT": "SELECT code_etudiant FROM members WHERE code_etudiant NOT IN (SELECT code FROM person)",
    "COMPTE_AMBIGU": "SELECT code FROM person WHERE code <> '' GROUP BY population, code HAVING COUNT(*) > 1",
    "COMPTE_AUTRE_AUTH": f"SELECT code FROM person WHERE uid = '{UID_TAKEN}'",
    "EMAIL_ABSENT": "SELECT code FROM person WHERE mail IS NULL",
    "EMAIL_DOUBLE": "SELECT mail FROM person GROUP BY mail HAVING COUNT(*) > 1 AND mail IS NOT NULL",
    "CATEGORIE_INCONNUE": """
        SELECT code FROM element WHERE UPPER(TRIM(code_categorie)) NOT IN (SELECT code FROM categorie)""",
    "REFERENCE_INCONNUE": """
        SELECT code_element FROM seance_ade WHERE code_element NOT IN (SELECT code FROM element)""",
    "CODE_DOUBLE": """
        SELECT code FROM element GROUP BY UPPER(TRIM(code)) HAVING COUNT(*) > 1
        UNION
        SELECT a.code_groupe FROM groupe_element a JOIN groupe_element b USING (code_element)
        WHERE a.code_groupe <> b.code_groupe AND a.code_groupe GLOB '[0-9]*'
        AND CAST(a.code_groupe AS INTEGER) = CAST(b.code_groupe AS INTEGER)""",
    "LIBELLE_TRONQUE": "SELECT code FROM element WHERE LENGTH(libelle) >= 2000",
    "CODE_PRIS": f"SELECT code FROM element WHERE code = '{CODE_TAKEN}'",
    "ESPACE_SUSPECT": f"SELECT code FROM element WHERE code = '{SUSPECT}'",
}

ELSEWHERE = {"PORTE_DISPARU", "PORTEUR_CHANGE", "COHORTE_SANS_ETAPE", "CATEGORIE_CACHEE", "REFUS_MOODLE", "NON_PRIS"}
"""Events of a day of changes (see ``test_changes``), and what only Moodle can cause."""

VIEWS = """
CREATE TEMP VIEW distance AS SELECT code FROM element WHERE a_distance = 'O';
CREATE TEMP VIEW tele AS SELECT code_etudiant FROM inscription_administrative WHERE tele_enseignement = 'O';
CREATE TEMP VIEW attached AS SELECT code_groupe, code_element, libelle LIKE '%cemu%' AS cemu
    FROM groupe_element JOIN groupe ON code = code_groupe;
CREATE TEMP VIEW members AS SELECT code_groupe, code_element, code_etudiant, cemu
    FROM attached JOIN groupe_etudiant USING (code_groupe);
"""

LINKS = {
    ("groupe_element", "code_groupe"): "groupe",
    ("groupe_element", "code_element"): "element",
    ("groupe_etudiant", "code_groupe"): "groupe",
    ("inscription_administrative", "code_etape"): "etape",
    ("inscription_pedagogique", "code_etape"): "etape",
    ("inscription_pedagogique", "code_element"): "element",
    ("porte", "code_porte"): "element",
    ("porte", "code_porteur"): "element",
    ("seance_ade", "code_element"): "element",
}


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """REFER of this year, its views without their prefix, and the directory."""
    folder: Path = tmp_path_factory.mktemp("cases")
    create(folder, today=TODAY)
    with closing(sqlite3.connect(folder / "refer.db")) as db:
        db.execute("ATTACH DATABASE ? AS directory", [str(folder / "directory.db")])
        for table in REFER:
            name = table.removeprefix("refer_")
            db.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM main.{table} WHERE annee = '2026'")
        db.executescript(VIEWS)
        yield db


@pytest.mark.parametrize("anomaly", CONDITIONS)
def test_the_condition_of_each_anomaly_occurs(db: sqlite3.Connection, anomaly: str) -> None:
    assert db.execute(CONDITIONS[anomaly]).fetchall()


@pytest.mark.parametrize("anomaly", sorted(set(CONDITIONS) - {"COURS_CACHE"}))
def test_the_random_bulk_raises_no_anomaly(db: sqlite3.Connection, anomaly: str) -> None:
    strange = ("CAS", "NEANT", "229", "000901", "@")
    for (found,) in db.execute(CONDITIONS[anomaly]):
        assert found is None or found in ("7", "007") or any(mark in found.upper() for mark in strange), found


def test_every_anomaly_that_the_source_can_cause_has_a_case() -> None:
    assert {case.anomaly for case in CASES} - {"RÈGLE"} == set(CONDITIONS)
    assert not ELSEWHERE & set(CONDITIONS)


def test_each_case_is_told_in_the_database(db: sqlite3.Connection) -> None:
    told = db.execute("SELECT anomalie, recit FROM sandbox_cas").fetchall()
    assert {(case.anomaly, case.story) for case in CASES} <= set(told)


@pytest.mark.parametrize(("link", "target"), LINKS.items(), ids=lambda value: str(value))
def test_each_kind_of_link_has_a_broken_one(db: sqlite3.Connection, link: tuple[str, str], target: str) -> None:
    table, column = link
    known = f"SELECT UPPER(TRIM(code)) FROM {target}"
    assert db.execute(f"SELECT 1 FROM {table} WHERE UPPER(TRIM({column})) NOT IN ({known})").fetchone()


def test_categories_hold_an_orphan_and_a_cycle(db: sqlite3.Connection) -> None:
    orphans = "SELECT code FROM categorie WHERE code_parent NOT IN (SELECT code FROM categorie)"
    cycle = "SELECT a.code FROM categorie a JOIN categorie b ON a.code_parent = b.code AND b.code_parent = a.code"
    assert db.execute(orphans).fetchall() == [("LCASORPH",)]
    assert len(db.execute(cycle).fetchall()) == 2


def test_a_chain_of_two_portes_occurs(db: sqlite3.Connection) -> None:
    chain = """
        SELECT 1 FROM porte a JOIN porte b ON a.code_porteur = b.code_porte WHERE a.code_porte <> b.code_porteur"""
    assert db.execute(chain).fetchone()


@pytest.mark.parametrize("piece", ['"', "'", "&", "<script>", "🏃‍♀️", "\t", "\r\n", "\x00", "\x1b", "\u00a0", "%"])
def test_labels_hold_everything_people_paste(db: sqlite3.Connection, piece: str) -> None:
    assert any(piece in label for (label,) in db.execute("SELECT libelle FROM element"))


def test_last_year_is_there_and_differs(db: sqlite3.Connection) -> None:
    labels = "SELECT annee, libelle FROM refer_element WHERE code = 'M1CAS304' ORDER BY annee"
    assert [annee for annee, _ in db.execute(labels)] == ["2025", "2026"]
