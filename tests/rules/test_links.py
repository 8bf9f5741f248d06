"""porteur / porté: «si un élément pédagogique est porté par un autre, il n'est pas créé»."""

from __future__ import annotations

from itertools import pairwise

import pytest

import tables
from ecampus.rules.links import chain_end, porteurs, remembered


def found(element: str, porte: str) -> dict[str, tuple]:
    links = porteurs(tables.frame("element", element).astype("str"), tables.frame("porte", porte).astype("str"))
    links = links.astype("object").where(links.notna(), None)
    return {row.code: (row.porteur, row.porte, row.defect) for row in links.itertuples()}


def test_an_element_that_nobody_carries_is_its_own_porteur():
    assert found("code ; A", "code_porte | code_porteur") == {"A": ("A", False, None)}


def test_the_porteur_is_the_end_of_the_chain():
    links = found("code ; A ; B ; C ; D", "code_porte | code_porteur ; A | B ; B | C ; C | D")
    assert [links[code][0] for code in "ABCD"] == ["D", "D", "D", "D"]
    assert [links[code][1] for code in "ABCD"] == [True, True, True, False]


@pytest.mark.parametrize("length", [1, 2, 3, 7, 8, 9, 64])
def test_a_chain_of_any_length_is_followed_to_its_end(length):
    codes = [f"E{n}" for n in range(length + 1)]
    chain = " ; ".join(f"{child} | {parent}" for child, parent in pairwise(codes))
    links = found("code ; " + " ; ".join(codes), f"code_porte | code_porteur ; {chain}")
    assert {porteur for porteur, _, _ in links.values()} == {codes[-1]}


def test_elements_that_carry_one_another_have_no_porteur():
    links = found("code ; A ; B ; C", "code_porte | code_porteur ; A | B ; B | A ; C | A")
    assert set(links.values()) == {(None, True, "BOUCLE")}


def test_an_element_that_carries_itself_is_a_loop():
    assert found("code ; A", "code_porte | code_porteur ; A | A") == {"A": (None, True, "BOUCLE")}


def test_a_chain_that_ends_on_an_unknown_element_is_unusable():
    links = found("code ; A ; B", "code_porte | code_porteur ; A | B ; B | INCONNU")
    assert set(links.values()) == {(None, True, "PORTEUR_INCONNU")}


def test_the_end_of_a_chain_is_null_only_in_a_loop():
    porte = tables.frame("porte", "code_porte | code_porteur ; A | B ; C | D ; D | C")
    ends = chain_end(porte["code_porte"], porte["code_porteur"])
    assert ends["A"] == "B"
    assert ends[["C", "D"]].isna().all()


@pytest.mark.parametrize(
    ("porte", "expected"),
    [("P | B", ["P B"]), ("P | AILLEURS", ["P A"]), ("P | P", ["P A"]), ("B | A", ["B A"])],
    ids=["moved", "unknown porteur", "loop", "no longer porté"],
)
def test_a_link_that_broke_is_remembered_with_its_last_good_porteur(porte, expected):
    given = tables.frame("porte", f"code_porte | code_porteur ; {porte}").astype("str")
    links = porteurs(tables.frame("element", "code ; A ; B ; P").astype("str"), given)
    kept = remembered(links, tables.memory(links="code | porteur ; P | A")["links"])
    assert (kept["code"] + " " + kept["porteur"]).tolist() == expected
