"""What enters is checked at the door; each violation is one sentence with source, column, count, examples."""

from __future__ import annotations

import pandas as pd
import pytest

import tables
from ecampus import contract
from ecampus.errors import ContractBroken


def frame(**columns) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})


def elements(**changes) -> pd.DataFrame:
    columns = {
        "code": ["L1", "L2", "L3"],
        "libelle": ["algèbre", "analyse", "géométrie"],
        "code_categorie": ["C", "C", "C"],
        "a_distance": ["O", "N", "N"],
    }
    return frame(**{**columns, **changes})


def broken(name: str, table: pd.DataFrame, annee: str | None = None) -> str:
    with pytest.raises(ContractBroken) as caught:
        contract.validate(name, table, annee)
    return str(caught.value)


def test_a_frame_that_keeps_its_contract_comes_back_as_it_is():
    table = elements()
    assert contract.validate("element", table) is table


def test_spaces_and_case_of_codes_are_for_the_rules_not_for_the_door():
    contract.validate("element", elements(code=["l1 ", " L1", "L1"], a_distance=["O ", "N", "N  "]))


@pytest.mark.parametrize("name", contract.REFER)
def test_a_view_of_refer_may_be_empty_at_the_door_what_it_takes_away_is_held_later(name):
    schema = contract.REFER[name].schema
    types = {column: str(kind.dtype) for column, kind in schema.columns.items()}
    empty = pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in types.items()})
    assert contract.validate(name, empty).empty


def test_an_empty_directory_stops_the_phase():
    told = "L'annuaire LDAP est vide : vérifier la source avant de relancer."
    assert broken("people", tables.frame("people")) == told


def test_identical_raw_keys_are_counted_and_shown():
    assert broken("element", elements(code=["L1", "L1", "L1"])) == (
        "La vue refer_element (include/sql/refer/element.sql) a 1 clé en double dans code, par exemple "
        "code=L1 ; corriger la source puis relancer."
    )


@pytest.mark.parametrize("nothing", [None, "   "])
def test_null_and_blank_codes_are_counted_with_their_rows(nothing):
    assert ("a 2 valeurs fautives dans code_categorie (vide), par exemple code=L2, code_categorie=") in broken(
        "element", elements(code_categorie=["C", nothing, nothing])
    )


def test_a_flag_that_is_neither_o_nor_n_is_shown():
    assert "1 valeur fautive dans a_distance (ni O ni N), par exemple code=L3, a_distance=1 ;" in broken(
        "element", elements(a_distance=["O", "N", "1"])
    )


def test_an_example_forges_no_line_of_a_log():
    rows = tables.frame("enrolment_rows", "course_idnumber | username ; E7 | es1").replace({"E7": "E7\n\u202eERROR"})
    assert broken("enrolment_rows", pd.concat([rows, rows], ignore_index=True)) == (
        "La table des inscriptions a 1 clé en double dans course_idnumber, username, role, par exemple"
        " course_idnumber=E7 ERROR, username=es1, role=student ; corriger la source puis relancer."
    )


def test_five_examples_are_enough():
    many = frame(code_porte=[f"P{n}" for n in range(9)], code_porteur=[None] * 9)
    sentence = broken("porte", many)
    assert "9 valeurs fautives" in sentence
    assert sentence.count("code_porte=") == 5


def test_a_missing_and_an_unexpected_column_are_named():
    assert "n'a pas la colonne attendue : a_distance" in broken("element", elements().drop(columns="a_distance"))
    assert "a une colonne inattendue : x" in broken("element", elements(x=["1", "2", "3"]))


def sessions(**changes) -> pd.DataFrame:
    table = frame(
        code_activite=["1", "2"],
        code_element=["L1", "L1"],
        code_enseignant=["7", "7"],
        origine=["APOGEE", "ADE"],
        obsolete=["N", "N"],
        seances=["3", None],
        premiere_seance=["2026-09-07", None],
    )
    return table.assign(seances=table["seances"].astype("Int64")).assign(**changes)


def test_sessions_keep_the_contract():
    contract.validate("seance_ade", sessions())


def test_sessions_must_be_whole_numbers():
    wrong = sessions(seances=pd.Series(["3", "douze"], dtype="str"))
    assert "1 valeur fautive dans seances (nombre entier attendu)" in broken("seance_ade", wrong)
    assert "seances=douze" in broken("seance_ade", wrong)


def test_the_first_session_must_be_a_date():
    wrong = sessions(premiere_seance=pd.Series(["07/09/2026", None], dtype="str"))
    assert "premiere_seance=07/09/2026" in broken("seance_ade", wrong)


def test_a_directory_without_anybody_is_a_failed_read():
    names = ["population", "code", "uid", "sn", "given_name", "mail"]
    assert broken("people", frame(**{name: [] for name in names})).startswith("L'annuaire LDAP est vide")


def test_every_column_says_what_it_holds():
    columns = [column for one in contract.CONTRACTS.values() for column in one.declared.values()]
    assert all(column.description for column in columns)
