"""A view that lost a part of its rows: nothing above the limits is taken away, what is not concerned goes on."""

from __future__ import annotations

import pandas as pd
import pytest
from large_site import Held, Site, settled

from ecampus.errors import ContractBroken
from ecampus.safety import breakers
from test_properties import portrait

PHASE_OF = {
    "categorie": "offer", "element": "offer", "porte": "offer", "etape": "cohorts",
    "inscription_administrative": "cohorts", "groupe": "groups", "groupe_element": "groups",
    "groupe_etudiant": "groups", "seance_ade": "enrolments",
}  # fmt: skip
"""The phase to which the view matters most."""
LOSSES = [(how, part) for how in ("random", "composante", "last") for part in (30, 60, 95, 100)]


def losing(rows: pd.DataFrame, how: str, part: int) -> pd.DataFrame:
    """The view without that part of its rows: at random, the last ones, or of the first composante only."""
    touched = rows
    if how == "composante":
        first = rows.iloc[:, 0].str.contains(r"^[A-Z]*1")
        touched = rows[first] if "code_etape" not in rows else rows[rows["code_etape"] == "V1"]
    if how == "random":
        touched = touched.sample(frac=1, random_state=7)
    gone = touched.tail(max(1, len(touched) * part // 100)).index
    return rows.drop(gone).reset_index(drop=True)


def after(view: str, how: str, part: int) -> Site:
    """The day after a good night, when that view lost that part and one label changed where nothing was lost."""
    site = settled()
    site.world.change()
    lost = losing(site.world.source[view], how, part)
    site.world.source = site.world.source | {view: lost}
    return site


def going_on(held: Held) -> pd.DataFrame:
    return held.changes[held.changes["held"].isna()]


def assert_within_limits(site: Site, held: Held, phase: str) -> None:
    """What goes on is below every limit, over the site and in each composante."""
    passing = breakers.units(going_on(held), site.good[phase], site.world.inputs(phase).owned["course"])
    for name, rows in passing.dropna(subset="breaker").groupby("breaker"):
        breaker, owned = site.limits.breakers[str(name)], breakers.ours(str(name), site.world.inputs("groups"))
        scopes = [(breaker.site, rows, owned)]
        scopes += [
            (breaker.composante, rows[rows["scope"] == c], owned[owned["scope"] == c])
            for c in rows["scope"].dropna().unique()
        ]
        for limit, some, of in scopes:
            assert limit is None or not breakers.beyond(limit, len(some), len(of)), name


@pytest.mark.parametrize(("how", "part"), LOSSES)
@pytest.mark.parametrize("view", PHASE_OF)
def test_nothing_above_the_limits_goes_when_a_view_lost_rows(view, how, part):
    site = after(view, how, part)
    held = site.held(PHASE_OF[view])
    assert_within_limits(site, held, PHASE_OF[view])
    fell = set(held.fell["view"])
    assert fell <= {view}
    if part == 100 and len(settled().world.source[view]) >= 20:
        assert fell == {view}
        assert not going_on(held)["verb"].isin(["archive", "delete", "remove", "unenrol", "create"]).any()


@pytest.mark.parametrize("view", ["element", "groupe_etudiant"])
def test_what_is_not_concerned_goes_on_and_approving_the_rest_does_it_all(view):
    site = after(view, "random", 60)
    elements = site.world.source["element"].copy()
    elements.loc[elements["code"] == elements["code"].iloc[-1], "libelle"] = "autre nom"
    site.world.source = site.world.source | {"element": elements}
    twin = site.copy()
    site.night()
    assert any(row["fullname"].endswith("autre nom") for row in site.world.moodle.courses.values())
    assert site.world.table() == settled().world.table()
    for _ in range(2):
        for phase in PHASE_OF_NIGHT:
            site.answer(site.held(phase), phase)
            site.night(phase)
    for _ in range(2):
        twin.world.night()
    assert portrait(site.world) == portrait(twin.world)


PHASE_OF_NIGHT = ["users", "cohorts", "offer", "enrolments", "groups"]


@pytest.mark.parametrize("view", ["element", "groupe", "porte"])
def test_the_next_good_night_writes_nothing_but_what_is_due(view):
    site = after(view, "random", 95)
    whole = settled().world.source[view]
    site.night()
    site.world.change()
    site.world.source = site.world.source | {view: whole}
    plans = {phase: site.held(phase) for phase in PHASE_OF_NIGHT}
    assert {phase: len(held.changes) for phase, held in plans.items() if len(held.changes)} == {}
    assert portrait(site.world) == portrait(settled().world)


def test_lost_links_to_a_porteur_make_no_twin_and_move_nobody():
    site = after("porte", "last", 100)
    site.night()
    assert portrait(site.world) == portrait(settled().world)
    assert list(site.held("offer").questions["question"]) == ["create_course//porte"]


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
    assert not going_on(held)["verb"].isin(["archive", "delete", "remove"]).any()


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
