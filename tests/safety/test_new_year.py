"""A new year: every key is another, and that is no fall; what is still empty is."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from large_site import Site, settled

PHASE_OF = {"groupe": "groups", "groupe_etudiant": "groups", "seance_ade": "enrolments", "element": "offer"}


def in_2027(**views: pd.DataFrame) -> Site:
    """The first night of 2027, after the good ones of 2026; ``views``: those that are not as they were."""
    site = settled()
    site.world.settings = replace(site.world.settings, annee="2027")
    site.world.change()
    site.world.source = site.world.source | views
    return site


def recoded(view: str) -> dict[str, pd.DataFrame]:
    """The view with every key another, and those that name its keys."""
    column = {"groupe": "code", "element": "code", "seance_ade": "code_activite"}.get(view, "code_groupe")
    named = {"groupe": {"groupe": "code", "groupe_element": "code_groupe", "groupe_etudiant": "code_groupe"}}
    source = settled().world.source
    return {
        name: source[name].assign(**{key: "N" + source[name][key]})
        for name, key in named.get(view if view != "groupe_etudiant" else "groupe", {view: column}).items()
    }


@pytest.mark.parametrize("view", PHASE_OF)
def test_a_view_whose_keys_are_all_new_did_not_fall(view):
    assert in_2027(**recoded(view)).held(PHASE_OF[view]).fell.empty


@pytest.mark.parametrize("view", PHASE_OF)
def test_in_the_same_year_it_did(view):
    site = settled()
    site.world.change()
    site.world.source = site.world.source | recoded(view)
    assert view in set(site.held(PHASE_OF[view]).fell["view"])


@pytest.mark.parametrize("view", ["groupe", "seance_ade"])
def test_a_view_that_is_still_empty_fell_and_only_what_rests_on_it_waits(view):
    held = in_2027(**{view: settled().world.source[view].head(0)}).held(PHASE_OF[view])
    assert set(held.fell["view"]) == {view}
    assert held.fell["scope"].isna().all()
    taken = held.changes["verb"].isin(["unenrol", "remove", "delete", "archive"])
    assert taken.any()
    assert held.changes.loc[taken, "held"].notna().all()


def test_a_composante_that_has_no_group_yet_keeps_its_groups():
    rows = settled().world.source["groupe"]
    fresh = rows.assign(code=rows["code"].where(rows["code"].str.startswith("G1-"), "N" + rows["code"]))
    links = settled().world.source["groupe_element"]
    links = links.assign(
        code_groupe=links["code_groupe"].where(links["code_groupe"].str.startswith("G1-"), "N" + links["code_groupe"])
    )
    gone = ~fresh["code"].str.startswith("G1-")
    held = in_2027(groupe=fresh[gone].reset_index(drop=True), groupe_element=links).held("groups")
    assert held.fell[["view", "scope"]].drop_duplicates().to_numpy().tolist() == [["groupe", "UFR1"]]


@pytest.mark.parametrize(
    ("composantes", "fallen"), [("1234", []), ("1", ["UFR2", "UFR3", "UFR4"])], ids=["in each", "in the first"]
)
def test_once_the_first_rows_have_come_what_is_still_empty_is_fallen_and_nothing_else(composantes, fallen):
    rows = recoded("seance_ade")["seance_ade"]
    site = in_2027(seance_ade=rows.head(0))
    site.night("offer", "enrolments")
    first = rows["code_activite"].isin([f"NF{c}-0" for c in composantes])
    site.world.source = site.world.source | {"seance_ade": rows[first].reset_index(drop=True)}
    assert site.held("enrolments").fell["scope"].tolist() == fallen
