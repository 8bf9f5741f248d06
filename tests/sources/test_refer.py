"""REFER read from whatever database: bind style, types, and what each failure says."""

from __future__ import annotations

import datetime
import sqlite3
import sys
from contextlib import closing
from types import ModuleType

import pandas as pd
import pytest

from ecampus import contract
from ecampus.errors import ContractBroken, SourceRefused, SourceUnreachable
from ecampus.sources import refer, sql


class SqliteFile:
    """Stands for Airflow's hook."""

    def __init__(self, path):
        self.path = path

    def get_conn(self):
        return sqlite3.connect(self.path)

    def run(self, script):
        with closing(self.get_conn()) as connection:
            connection.executescript(script)


@pytest.fixture
def hook(tmp_path):
    return SqliteFile(tmp_path / "refer.db")


class Driver:
    """A driver with another bind style, or one that fails: only what the loader uses of DB-API."""

    def __init__(self, paramstyle: str = "named", rows=(), names=("code",), error: Exception | None = None):
        module = ModuleType("standin_driver")
        module.paramstyle = paramstyle
        sys.modules["standin_driver"] = module
        self.rows, self.description, self.error = list(rows), [(name,) for name in names], error
        self.executed: list[tuple] = []
        self.connection = type("Connection", (), {"__module__": "standin_driver"})()
        self.connection.cursor = lambda: self
        self.connection.close = lambda: None

    def get_conn(self):
        return self.connection

    def execute(self, statement, parameters):
        if self.error:
            raise self.error
        self.executed.append((statement, parameters))

    def fetchmany(self, size):
        chunk, self.rows = self.rows[:size], self.rows[size:]
        return chunk

    def close(self):
        pass


class DatabaseError(Exception):
    """Named as every driver names it."""


def test_only_the_year_asked_for_is_read_as_text(hook):
    hook.run(
        """CREATE TABLE refer_porte(annee, code_porte, code_porteur);
        INSERT INTO refer_porte VALUES ('2026', 'A ', 'B'), ('2025', 'C', 'D'), ('2026', 'E', '');"""
    )
    frame = refer.read(hook, "porte", "2026")
    assert list(frame.columns) == ["code_porte", "code_porteur"]
    assert frame["code_porte"].tolist() == ["A ", "E"]
    assert frame["code_porteur"].isna().tolist() == [False, True]


def test_numbers_given_for_codes_are_text(hook):
    hook.run("CREATE TABLE refer_groupe_etudiant AS SELECT '2026' annee, 'G' code_groupe, 22100123 code_etudiant")
    assert refer.read(hook, "groupe_etudiant", "2026")["code_etudiant"].tolist() == ["22100123"]


def test_an_empty_view_keeps_its_columns(hook):
    hook.run(
        "CREATE TABLE refer_seance_ade(annee, code_activite, code_element, code_enseignant, origine,"
        " obsolete, seances, premiere_seance)"
    )
    frame = contract.validate("seance_ade", refer.read(hook, "seance_ade", "2026"))
    assert frame.empty
    assert str(frame["seances"].dtype) == "Int64"


@pytest.mark.parametrize("value", ["CAST(x'4c394f4354455453' AS BLOB)", "CAST(x'4c394f4354455453' AS TEXT)"])
def test_bytes_given_for_a_code_are_its_text(hook, value):
    hook.run(f"CREATE TABLE refer_porte AS SELECT '2026' annee, {value} code_porte, 'B' code_porteur")
    assert refer.read(hook, "porte", "2026")["code_porte"].tolist() == ["L9OCTETS"]


@pytest.mark.parametrize("value", ["x'416e6472e9'", "CAST(x'416e6472e9' AS TEXT)"])
def test_bytes_that_are_no_text_take_their_row_out(hook, value):
    hook.run(
        f"""CREATE TABLE refer_porte AS SELECT '2026' annee, {value} code_porte, 'B' code_porteur
        UNION ALL SELECT '2026', 'A', 'B'"""
    )
    good, aside = contract.admit("porte", refer.read(hook, "porte", "2026"))
    assert good["code_porte"].tolist() == ["A"]
    assert aside[["key", "column", "defect"]].to_numpy().tolist() == [
        ["code_porte=Andr\\xe9", "code_porte", "n'est pas du texte"]
    ]


def test_a_text_that_the_driver_cannot_decode_stops_the_view():
    error = UnicodeDecodeError("ascii", b"Andr\xe9", 4, 5, "ordinal not in range(128)")
    with pytest.raises(ContractBroken) as told:
        refer.read(Driver(error=error), "element", "2026")
    assert str(told.value) == (
        "Dans REFER, la vue refer_element a un texte que le pilote ne sait pas décoder (octet 0xe9) : le corriger, ou"
        " donner à la connexion l'encodage de la base, puis relancer."
    )


def test_sessions_are_whole_numbers_or_null():
    names = ["code_activite", "seances"]
    frame = refer.read(Driver(names=names, rows=[("A", 3), ("B", None), ("C", 0)]), "seance_ade", "2026")
    assert frame["seances"].tolist() == [3, pd.NA, 0]


def test_sessions_that_are_no_number_are_left_for_the_contract_to_name():
    names = ["code_activite", "seances"]
    frame = refer.read(Driver(names=names, rows=[("A", "3"), ("B", "douze")]), "seance_ade", "2026")
    assert frame["seances"].tolist() == ["3", "douze"]


@pytest.mark.parametrize("value", [datetime.datetime(2026, 9, 7, 8, 0), datetime.date(2026, 9, 7), "2026-09-07"])
def test_dates_of_any_driver_are_iso_text_and_columns_lower_case(value):
    frame = refer.read(Driver(names=["PREMIERE_SEANCE"], rows=[(value,)]), "seance_ade", "2026")
    assert frame["premiere_seance"].tolist() == ["2026-09-07"]


def test_more_rows_than_one_fetch_are_all_read():
    driver = Driver(rows=[(str(n),) for n in range(12_001)])
    assert len(refer.read(driver, "element", "2026")) == 12_001


@pytest.mark.parametrize(
    ("paramstyle", "bind"),
    [("named", ":annee"), ("qmark", ":annee"), ("pyformat", "%(annee)s"), ("format", "%(annee)s")],
)
def test_the_year_is_bound_in_the_style_of_the_driver(paramstyle, bind):
    driver = Driver(paramstyle)
    refer.read(driver, "categorie", "2026")
    statement, parameters = driver.executed[0]
    assert statement.rstrip().endswith(f"annee = {bind}")
    assert parameters == {"annee": "2026"}


def test_a_percent_or_a_cast_survives_the_translation():
    connection = Driver("pyformat").connection
    assert sql.bound("SELECT a::text, '5%' WHERE b = :b", connection) == "SELECT a::text, '5%%' WHERE b = %(b)s"


@pytest.mark.parametrize("view", contract.REFER)
def test_every_view_has_its_file_with_exactly_the_columns_of_its_contract(hook, view):
    columns = list(contract.REFER[view].declared)
    hook.run(f"CREATE TABLE refer_{view} (annee, {', '.join(columns)})")
    assert list(refer.read(hook, view, "2026").columns) == columns


def test_a_missing_view_is_named(hook):
    with pytest.raises(ContractBroken, match="Dans REFER, la vue refer_element n'existe pas"):
        refer.read(hook, "element", "2026")


def test_a_missing_column_is_named(hook):
    hook.run("CREATE TABLE refer_element(annee, code, libelle, code_categorie)")
    with pytest.raises(ContractBroken, match="la vue refer_element n'a pas la colonne a_distance"):
        refer.read(hook, "element", "2026")


def test_a_database_that_cannot_be_opened_is_unreachable(tmp_path):
    with pytest.raises(SourceUnreachable, match="REFER est injoignable"):
        refer.read(SqliteFile(tmp_path / "nowhere" / "refer.db"), "element", "2026")


@pytest.mark.parametrize(
    ("words", "kind", "sentence"),
    [
        ('ORA-00942: table or view "X"."REFER_ELEMENT" does not exist', ContractBroken, "n'existe pas"),
        ('ORA-00904: "A_DISTANCE": invalid identifier', ContractBroken, "n'a pas la colonne a_distance"),
        ('relation "refer_element" does not exist\nLINE 2: FROM', ContractBroken, "n'existe pas"),
        ('column "a_distance" does not exist', ContractBroken, "n'a pas la colonne a_distance"),
        ("(1146, \"Table 'x.refer_element' doesn't exist\")", ContractBroken, "n'existe pas"),
        ("(1054, \"Unknown column 'a_distance' in 'field list'\")", ContractBroken, "la colonne a_distance"),
        ("ORA-01017: invalid username/password; logon denied", SourceRefused, "REFER refuse l'accès"),
        ("permission denied for view refer_element", SourceRefused, "REFER refuse l'accès"),
        ("DPY-6005: cannot connect to database", SourceUnreachable, "REFER est injoignable"),
    ],
)
def test_the_errors_of_every_driver_are_told_alike(words, kind, sentence):
    with pytest.raises(kind, match=sentence) as caught:
        refer.read(Driver(error=DatabaseError(words)), "element", "2026")
    assert "\n" not in str(caught.value)


def test_a_defect_of_ours_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        refer.read(Driver(error=ZeroDivisionError()), "element", "2026")
