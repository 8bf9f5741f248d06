"""What the groups of one course may be called at once: nobody's name or code is refused by Moodle afterwards."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecampus.changes import group_names
from ecampus.rules.collation import key
from tables import rows


def wanted(table: str) -> pd.DataFrame:
    columns = ["course_id", "code", "libelle"]
    return pd.DataFrame(rows(table), columns=columns, dtype="str").astype({"course_id": "int64"})


def beside(table: str = "") -> pd.DataFrame:
    columns = ["course_id", "idnumber", "name"]
    found = pd.DataFrame(rows(table) if table else [], columns=columns).astype("str")
    return found.astype({"course_id": "int64"})


@pytest.mark.parametrize(
    ("labels", "others", "names"),
    [
        ("1 | G1 | TD ; 1 | G2 | CM ; 2 | G3 | TD", "", ["TD", "CM", "TD"]),
        ("1 | G1 | Groupe été ; 1 | G2 | groupe ete", "", ["Groupe été (G1)", "groupe ete (G2)"]),
        ("1 | G1 | TD œ ; 1 | G2 | TD OE", "", ["TD œ (G1)", "TD OE (G2)"]),
        ("1 | G1 | TD1", "1 | | td１", ["TD1 (G1)"]),
        ("1 | G1 | TD1", "2 | | TD1", ["TD1"]),
        ("1 | G1 | TD ; 1 | G2 | td ; 1 | G3 | TD (G1)", "", ["TD (G1)", "td (G2)", "TD (G1) (G3)"]),
        (
            "1 | G1 | TD ; 1 | G2 | td ; 1 | G3 | TD (G1) ; 1 | G4 | td (g1) (g3)", "",
            ["TD (G1)", "td (G2)", "TD (G1) (G3)", "td (g1) (g3) (G4)"],
        ),
        ("1 | É1 | TD ; 1 | E1 | TD", "", ["TD (É1) (2)", "TD (E1)"]),
        ("1 | G1 | TD", "1 | | td ; 1 | | td (g1)", ["TD (G1) (2)"]),
        ("1 | G1 | TD", "1 | | td ; 1 | | td (g1) ; 1 | | TD (G1) (2)", ["TD (G1) (3)"]),
        ("1 | A) (B | X ; 1 | C | X ; 1 | B | X (A) ; 1 | D | X (A)", "", ["X (A) (B)", "X (C)", "X (A) (B) (2)", "X (A) (D)"]),
    ],
    ids=[
        "different", "accents and case", "ligature", "made by hand, width", "another course", "a third label",
        "a fourth", "codes that are one", "the name with its code made by hand", "even its number", "brackets in a code",
    ],
)  # fmt: skip
def test_names_that_moodle_takes_for_one_carry_their_code(labels, others, names):
    groups = wanted("course_id | code | libelle ; " + labels)
    theirs = beside("course_id | idnumber | name ; " + others if others else "")
    assert group_names.named(groups, theirs).tolist() == names


LABELS = st.sampled_from(
    ["TD", "td", "Td é", "TD e", "TD (A)", "td (a)", "TD (A) (B)", "x" * 260, "X" * 253, "œ", "oe"]
)
CODES = st.sampled_from(["A", "B", "É", "E", "C) (D", "7", "ＡＢ", "AB"])


@given(
    st.dictionaries(st.tuples(st.integers(1, 2), CODES), LABELS),
    st.lists(st.tuples(st.integers(1, 2), LABELS), unique_by=lambda row: (row[0], key(row[1]))),
)
def test_no_two_names_of_a_course_are_ever_one_and_all_fit(groups, others):
    mine = pd.DataFrame([(*place, label) for place, label in groups.items()], columns=["course_id", "code", "libelle"])
    theirs = pd.DataFrame(others, columns=["course_id", "name"]).assign(idnumber=None)
    types = {"course_id": "int64", "code": "str", "libelle": "str", "name": "str"}
    mine, theirs = (frame.astype({c: types[c] for c in frame if c in types}) for frame in (mine, theirs))
    names = group_names.named(mine, theirs)
    seen = list(zip(mine["course_id"], names.map(key), strict=True))
    seen += list(zip(theirs["course_id"], theirs["name"].map(key), strict=True))
    assert len(set(seen)) == len(seen)
    assert (names.str.len() <= 254).all()


@pytest.mark.parametrize(
    ("codes", "lower"),
    [
        (["7", "007", "8"], ["007", None, None]),
        (["7", "7.0", "7E0", "+7", "0X7", "7A"], ["+7", "+7", "+7", None, None, None]),
        (["G1", "G10"], [None, None]),
        (["9007199254740993", "9007199254740992"], [None, None]),
        ([], []),
    ],
)
def test_of_the_codes_that_moodle_takes_for_one_number_the_lowest_wins(codes, lower):
    groups = pd.DataFrame({"course_id": 1, "code": pd.Series(codes, dtype="str")})
    assert group_names.doubles(groups).astype("object").where(lambda found: found.notna(), None).tolist() == lower


def test_the_same_number_may_serve_in_two_courses():
    groups = pd.DataFrame({"course_id": [1, 2], "code": pd.Series(["7", "007"], dtype="str")})
    assert group_names.doubles(groups).isna().all()


@pytest.mark.parametrize(
    ("code", "idnumber", "taken"),
    [
        ("G1", "g1", True),
        ("7", "007", True),
        ("7", "7 ", True),
        ("7", "8", False),
        ("G1", "", False),
        ("00", "0", True),
    ],
)
def test_a_code_is_taken_whatever_its_case_and_as_a_number(code, idnumber, taken):
    groups = pd.DataFrame({"course_id": [1], "code": [code]}, index=[5])
    assert group_names.taken_codes(groups, beside(f"course_id | idnumber | name ; 1 | {idnumber} | x")).to_dict() == {
        5: taken
    }
    assert not group_names.taken_codes(groups, beside(f"course_id | idnumber | name ; 2 | {idnumber} | x")).any()


@pytest.mark.parametrize(
    ("there", "new"),
    [
        ("", ("ex_G1", "ex_TD1")),
        ("1 | ex_g1 | autre", ("ex_2_G1", "ex_2_TD1")),
        ("1 | | EX_td1", ("ex_2_G1", "ex_2_TD1")),
        ("1 | EX_G1 | a ; 1 | | ex_2_TD1", ("ex_3_G1", "ex_3_TD1")),
        ("2 | ex_G1 | ex_TD1", ("ex_G1", "ex_TD1")),
    ],
)
def test_an_archive_takes_the_smallest_prefix_that_is_free_in_its_course_for_both(there, new):
    gone = pd.DataFrame({"course_id": [1], "code": ["G1"], "old_name": ["TD1"]}, index=[4])
    made = group_names.archived(gone, beside("course_id | idnumber | name ; " + there if there else ""), beside())
    assert made[["new_code", "new_name"]].to_dict("index") == {4: {"new_code": new[0], "new_name": new[1]}}


def test_an_archive_never_takes_a_name_that_another_group_will_have_tonight_and_always_fits():
    gone = pd.DataFrame({"course_id": [1, 1], "code": ["G1", "G" * 99], "old_name": ["TD1", "x" * 254]})
    made = group_names.archived(gone, beside(), beside("course_id | idnumber | name ; 1 | | ex_td1"))
    assert made["new_name"].tolist() == ["ex_2_TD1", "ex_" + "x" * 251]
    assert made["new_code"].str.len().max() == 100
