"""A row of REFER that cannot be read is set aside, told with what is wrong, and the others go on."""

from __future__ import annotations

import pandas as pd
import pytest

import tables
from ecampus import contract
from ecampus.contract.characters import UNREADABLE
from ecampus.errors import ContractBroken


def elements(number: int, **changes: dict[int, str | None]) -> pd.DataFrame:
    """So many good rows of ``refer_element``, then these values in these rows."""
    columns = {
        "code": [f"L{n}" for n in range(number)],
        "libelle": [f"cours {n}" for n in range(number)],
        "code_categorie": ["C"] * number,
        "a_distance": ["N"] * number,
    }
    for column, values in changes.items():
        for row, value in values.items():
            columns[column][row] = value
    return pd.DataFrame(columns).astype("str")


def lines(aside: pd.DataFrame) -> list[str]:
    """What was set aside, as «key | column | value | defect»."""
    return [" | ".join(row) for row in aside[["key", "column", "value", "defect"]].fillna("∅").to_numpy()]


def sessions(column: str, *values: str | None) -> pd.DataFrame:
    """Two sheets of ADE, these values in that column, as a database that keeps everything as text gives them."""
    two = tables.frame("seance_ade", "code_activite | code_element | code_enseignant ; F1 | A | T1 ; F2 | A | T2")
    return two.assign(**{column: pd.Series(values, dtype="str")})


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("libelle", None, "code=L1 | libelle | ∅ | vide"),
        ("libelle", " \t ", "code=L1 | libelle | ∅ | vide"),
        ("libelle", "\u200b\ufeff", "code=L1 | libelle | ∅ | vide"),
        ("code", None, "code=∅, libelle=cours 1 | code | ∅ | vide"),
        ("code", "\u202e", "code=∅, libelle=cours 1 | code | ∅ | vide"),
        ("code_categorie", "", "code=L1 | code_categorie | ∅ | vide"),
        ("a_distance", "1", "code=L1 | a_distance | 1 | ni O ni N"),
        ("a_distance", "oui", "code=L1 | a_distance | oui | ni O ni N"),
        ("a_distance", None, "code=L1 | a_distance | ∅ | vide"),
        ("libelle", f"{UNREADABLE}Andr\\xe9", "code=L1 | libelle | Andr\\xe9 | n'est pas du texte"),
("a_distance", "\x1b[31mN\n" * 30, "code=L1 | a_distance | [31mN [31mN [31mN [31mN [31mN [31mN [31… | ni O ni N"),
    ],
)  # fmt: skip
def test_a_value_that_is_empty_or_none_of_its_kind_takes_its_row_out(column, value, told):
    good, aside = contract.admit("element", elements(5, **{column: {1: value}}))
    assert good["libelle"].tolist() == ["cours 0", "cours 2", "cours 3", "cours 4"]
    assert lines(aside) == [told]


@pytest.mark.parametrize("date", ["14/09/2026", "2026-9-7", "2026-02-30", "0000-00-00", "2026-09-07 08:00", "demain"])
def test_a_date_that_is_none_takes_its_row_out(date):
    good, aside = contract.admit("seance_ade", sessions("premiere_seance", "2026-09-07", date))
    assert good["code_activite"].tolist() == ["F1"]
    assert lines(aside) == [
        f"code_activite=F2, code_element=A, code_enseignant=T2 | premiere_seance | {date} | n'est pas une date AAAA-MM-JJ"
    ]


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31", " 2026-09-07 ", None])
def test_dates_of_any_century_and_no_date_are_read(date):
    assert len(contract.admit("seance_ade", sessions("premiere_seance", date, None))[0]) == 2


@pytest.mark.parametrize("number", ["douze", "1.5", "inf", "O", "0x10", "9" * 30])
def test_a_number_that_is_none_takes_its_row_out_and_the_others_are_numbers(number):
    good, aside = contract.admit("seance_ade", sessions("seances", "3", number))
    assert (good["seances"].tolist(), str(good["seances"].dtype)) == ([3], "Int64")
    assert aside[["column", "value", "defect"]].to_numpy().tolist() == [["seances", number, "nombre entier attendu"]]


def test_a_row_names_the_objects_that_it_still_can():
    views = {
        "groupe_etudiant": "code_groupe | code_etudiant ; G | S1 ; | S2 ; G | S3",
        "seance_ade": "code_element | code_enseignant ; A | T1 ; A | ",
        "inscription_administrative": "code_etudiant | tele_enseignement ; S1 | N ; S2 | ?",
        "porte": "code_porte | code_porteur ; P | A ; Q | ",
    }
    frames = contract.admitted({name: tables.frame(name, text) for name, text in views.items()})
    named = frames["illisible"][["view", *contract.NAMED]].fillna("").to_numpy().tolist()
    assert named == [
        ["groupe_etudiant", "", "", "S2", "", "", ""],
        ["seance_ade", "A", "", "", "", "", ""],
        ["inscription_administrative", "", "", "S2", "", "ETAPE", ""],
        ["porte", "Q", "", "", "", "", ""],
    ]
    contract.validate("illisible", frames["illisible"])


def test_a_row_with_two_defects_is_told_twice_and_counts_once():
    good, aside = contract.admit("element", elements(5, libelle={1: None, 2: None}, a_distance={1: "?", 2: "?"}))
    assert len(good) == 3
    assert lines(aside) == [
        "code=L1 | libelle | ∅ | vide",
        "code=L2 | libelle | ∅ | vide",
        "code=L1 | a_distance | ? | ni O ni N",
        "code=L2 | a_distance | ? | ni O ni N",
    ]


@pytest.mark.parametrize(("bad", "rows"), [(2, 3), (3, 300), (10, 1000)])
def test_two_rows_or_one_in_a_hundred_are_a_slip(bad, rows):
    good, aside = contract.admit("element", elements(rows, libelle=dict.fromkeys(range(bad))))
    assert (len(good), len(aside)) == (rows - bad, bad)


@pytest.mark.parametrize(("bad", "rows"), [(3, 299), (11, 1000)])
def test_more_is_a_view_that_cannot_be_believed(bad, rows):
    with pytest.raises(ContractBroken, match=f"{bad} lignes illisibles sur"):
        contract.admit("element", elements(rows, libelle=dict.fromkeys(range(bad))))


def test_the_sentence_counts_and_gives_five_examples():
    with pytest.raises(ContractBroken) as told:
        contract.admit("element", elements(1200, a_distance=dict.fromkeys(range(13), "1")))
    examples = " ; ".join(f"code=L{n}, a_distance=1 (ni O ni N)" for n in range(5))
    assert str(told.value) == (
        "La vue refer_element (include/sql/refer/element.sql) a 13 lignes illisibles sur 1\u00a0200, trop pour les"
        f" laisser de côté, par exemple {examples} ; corriger la source puis relancer."
    )


def test_a_view_may_lose_its_only_row():
    good, aside = contract.admit("seance_ade", tables.frame("seance_ade", "code_element | code_enseignant ; A | "))
    assert (len(good), lines(aside)) == (
        0,
        ["code_activite=FICHE, code_element=A, code_enseignant=∅ | code_enseignant | ∅ | vide"],
    )


def test_what_is_wrong_with_the_view_itself_still_stops_it():
    with pytest.raises(ContractBroken, match="n'a pas la colonne attendue : libelle"):
        contract.admit("element", elements(3).drop(columns="libelle"))
    with pytest.raises(ContractBroken, match="a 1 clé en double dans code"):
        contract.admit("element", elements(3, code={1: "L0"}))


def test_a_view_without_fault_comes_in_as_it_is():
    table = elements(3)
    good, aside = contract.admit("element", table)
    pd.testing.assert_frame_equal(good, table)
    assert aside.empty
    contract.validate("illisible", aside)
