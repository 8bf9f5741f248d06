"""The views over Apogée's own tables, run on the miniature of ``apogee/``: rows.txt in, expected.txt out."""

from __future__ import annotations

import miniature
import pandas as pd
import pytest

from ecampus import contract

LOST_TREE = "DELETE FROM vet_regroupe_lse;"


@pytest.fixture(scope="module")
def refer(h2, tmp_path_factory):
    return miniature.refer(h2, tmp_path_factory.mktemp("apogee"))


@pytest.fixture
def elements(refer):
    return refer["element"].set_index("code")


@pytest.mark.parametrize("view", miniature.OF_APOGEE)
def test_the_view_gives_exactly_the_expected_rows(refer, view):
    expected = pd.DataFrame(miniature.sections("expected.txt")[view]).astype("str")
    expected = expected.sort_values(list(expected.columns), ignore_index=True)
    pd.testing.assert_frame_equal(refer[view], expected)


@pytest.mark.parametrize("view", miniature.OF_APOGEE)
def test_the_view_keeps_its_contract(refer, view):
    contract.validate(view, refer[view])


def test_the_view_of_ade_that_the_page_gives_is_empty_and_has_its_columns(refer):
    assert refer["seance_ade"].empty
    assert list(refer["seance_ade"].columns) == list(contract.REFER["seance_ade"].declared)


def test_a_shared_element_is_hosted_by_the_etape_of_its_charge_else_by_the_first_that_holds_it(elements):
    assert elements.loc[["MEC", "ALG", "ANA"], "code_categorie"].tolist() == ["LPHY1_1", "LMATH1_1", "LMATH1_1"]


def test_a_porteur_stays_in_its_own_etape_even_when_that_of_its_porte_comes_first(elements):
    assert elements.loc["PORTEUR1", "code_categorie"] == "LPHY1_1"


def test_a_porteur_that_no_list_holds_stands_where_its_porte_does_through_a_chain_too(elements):
    assert elements.loc[["PORTEUR2", "MILIEU3", "PORTEUR3"], "code_categorie"].unique().tolist() == ["LLET1_1"]


@pytest.mark.parametrize(
    "left_out",
    [
        "SUSP",
        "SOUSSUSP",
        "FERME",
        "MIROIR",
        "NOEUD",
        "LISTEF",
        "LISTEF2",
        "LIENF",
        "LIENV",
        "LIENELPF",
        "ANCIEN",
        "SEUL",
    ],
)
def test_what_is_suspended_fictitious_closed_or_of_another_year_is_left_out(elements, left_out):
    assert left_out not in elements.index


def test_a_fictitious_element_leads_to_those_under_it(elements):
    assert "SOUSNOEU" in elements.index


def test_another_open_year_has_its_own_offer_portages_and_people(h2, tmp_path):
    before = miniature.refer(h2, tmp_path, annee="2025")
    assert before["element"].set_index("code").loc[["ANCIEN", "ALG"], "code_categorie"].tolist() == [
        "LANC1_1",
        "LPHY1_1",
    ]
    assert before["porte"].values.tolist() == [["MEC", "ALG"], ["PORTE4", "SEUL"]]
    assert before["groupe_etudiant"].values.tolist() == [["MAT-TD1", "22100124"]]
    assert before["inscription_administrative"].values.tolist() == [["9900125", "LANC1_1", "O"]]
    assert before["inscription_pedagogique"].values.tolist() == [
        ["22100124", "LMATH1_1", "ALG"],
        ["9900125", "LANC1_1", "ANCIEN"],
    ]


def test_a_closed_year_gives_nothing_which_stops_the_phase(h2, tmp_path):
    closed = miniature.refer(h2, tmp_path, annee="2024")
    assert all(frame.empty for frame in closed.values())


def test_the_other_choice_takes_distance_from_the_charge_of_the_year(h2, tmp_path):
    elements = miniature.refer(h2, tmp_path, files=[*miniature.FILES, miniature.EAD])["element"]
    assert elements.loc[elements["a_distance"].eq("O"), "code"].tolist() == ["EAD"]


def test_a_loop_of_portages_ends(h2, tmp_path):
    loop = "INSERT INTO elp_porteur_porte VALUES ('2026', 'PORTEUR3', 'PORTE3');"
    refer = miniature.refer(h2, tmp_path, more=loop)
    assert ["PORTEUR3", "PORTE3"] in refer["porte"].values.tolist()
    assert {"PORTE3", "MILIEU3", "PORTEUR3"} <= set(refer["element"]["code"])


def test_views_made_again_give_the_same(h2, tmp_path, refer):
    again = miniature.refer(h2, tmp_path, files=[*miniature.FILES, *miniature.FILES])
    for view, frame in refer.items():
        pd.testing.assert_frame_equal(again[view], frame)


def test_an_apogee_without_a_tree_gives_an_empty_offer_which_stops_the_phase(h2, tmp_path):
    refer = miniature.refer(h2, tmp_path, more=LOST_TREE)
    assert refer["element"].empty
    assert not refer["etape"].empty
