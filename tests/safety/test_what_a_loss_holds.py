"""What rests on a view that lost its rows, case by case, and what does not."""

from __future__ import annotations

import pandas as pd
import pytest
from large_site import Site, settled
from lost_rows import without

from ecampus.errors import ContractBroken
from portraits import portrait

ON_LINKS = ("offer", "enrolments", "groups")
"""The phases that read who carries whom."""


def after(view: str, how: str, part: int) -> Site:
    """The day after a good night, when that view lost that part."""
    site = settled()
    site.world.change()
    return without(site, view, how, part)


def test_lost_links_to_a_porteur_make_no_twin_and_move_nobody():
    site = after("porte", "last", 100)
    site.night()
    assert portrait(site.world) == portrait(settled().world)
    assert list(site.held("offer").questions["question"]) == ["create_course//porte"]


def test_when_the_last_porte_really_ends_it_is_approved_once_and_asked_no_more():
    site = after("porte", "last", 100)
    for phase in ON_LINKS:
        site.approve(phase)
    assert len(site.world.moodle.courses) == len(settled().world.moodle.courses) + 40
    for _ in range(2):
        site.world.change()
        for phase in ON_LINKS:
            held = site.held(phase)
            assert (held.questions.empty, held.changes.empty) == (True, True)
            site.take(phase, held)


def test_an_empty_ade_at_a_new_year_holds_what_hangs_on_it_and_nothing_else():
    site = after("seance_ade", "last", 100)
    people = site.world.source["people"]
    fresh = (
        people[people["population"] == "student"]
        .head(1)
        .assign(code="NOUVEAU", uid="enouveau", entry="x", mail="x@u.fr")
    )
    rows = site.world.source["inscription_administrative"]
    site.world.source = site.world.source | {
        "people": pd.concat([people, fresh], ignore_index=True),
        "inscription_administrative": pd.concat(
            [rows, rows.head(1).assign(code_etudiant="NOUVEAU")], ignore_index=True
        ),
    }
    site.night()
    assert site.world.table() == settled().world.table()
    assert "enouveau" in site.world.see("users", "username")


def test_a_store_that_lost_the_good_night_is_judged_by_the_figures_and_holds_all_that_may_rest_on_the_view():
    site = after("groupe", "random", 60)
    site.lost = True
    held = site.held("groups")
    assert list(held.fell[["view", "was", "lost"]].itertuples(index=False, name=None)) == [("groupe", 120, 72)]
    assert not held.changes.loc[held.changes["held"].isna(), "verb"].isin(["archive", "delete", "remove"]).any()


@pytest.mark.parametrize(("view", "phase"), [("element", "offer"), ("groupe", "groups")])
def test_a_first_night_without_an_element_or_a_group_is_refused(view, phase):
    site = Site(settled().world.copy())
    site.world.memory = site.world.memory | {"figures": site.world.memory["figures"].iloc[:0]}
    site.world.source = site.world.source | {view: site.world.source[view].iloc[:0]}
    with pytest.raises(ContractBroken) as refused:
        site.held(phase)
    assert str(refused.value) == (
        f"La vue refer_{view} n'a aucun {'élément' if view == 'element' else 'groupe'} pour l'année 2026, et aucune nuit"
        " n'en a encore lu : rien n'est écrit ; vérifier son alimentation et la variable ecampus_annee, puis relancer la"
        " phase."
    )


def test_rows_that_come_back_edited_by_case_or_spaces_have_not_vanished():
    site = settled()
    site.world.change()
    rows = site.world.source["groupe_etudiant"]
    edited = rows.assign(code_groupe=" " + rows["code_groupe"].str.lower())
    site.world.source = site.world.source | {"groupe_etudiant": edited}
    held = site.held("groups")
    assert held.fell.empty
    assert held.changes.empty
