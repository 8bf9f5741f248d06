"""A view that lost 95 % of its rows at random: the night, then its approval, or the next night that reads it whole."""

from __future__ import annotations

from functools import cache

import pytest
from large_site import BRANCHES, COMPOSANTES, ELEMENTS, NIGHT, Site, settled
from lost_rows import VIEWS, reading, without

from portraits import portrait

SHOWN = ["users", "cohorts", "courses", "groups"]


def morning() -> Site:
    """The day after a good night."""
    site = settled()
    site.world.change()
    return site


def losing(site: Site, view: str) -> Site:
    return without(site, view, "random", 95)


@cache
def standing(view: str) -> dict[str, str]:
    """By view, the code of what no row lost concerns: an element, its group, an étape, a person. Nearly always the same."""
    site = settled()
    for each in ["categorie"] if view == "categorie" else [name for name in VIEWS if name != "categorie"]:
        site = losing(site, each)
    source = site.world.source
    codes = {name: {*source[name].iloc[:, 0]} for name in ("categorie", "element", "groupe", "groupe_element")}
    number = next(
        f"{c}-{n}" for c in COMPOSANTES for n in range(20, ELEMENTS)
        if {f"G{c}-{n}"} <= codes["groupe"] & codes["groupe_element"]
        and f"E{c}-{n}" in codes["element"] and f"C{c}-{n % BRANCHES}" in codes["categorie"]
    )  # fmt: skip
    others = {name: source[name]["code"].iloc[0] for name in ("etape", "people")}
    return {"element": f"E{number}", "groupe": f"G{number}", **others}


def renamed(site: Site, codes: dict[str, str], name: str) -> Site:
    """These things have another name today."""
    views = {}
    for view, code in codes.items():
        rows, column = site.world.source[view], "given_name" if view == "people" else "libelle"
        views[view] = rows.assign(**{column: rows[column].mask(rows["code"].eq(code), name)})
    return reading(site, **views)


@pytest.fixture(scope="module", params=VIEWS)
def view(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def _after(view) -> Site:
    site = losing(renamed(morning(), standing(view), "autre nom"), view)
    site.night()
    return site


UNMOVED = ["categorie", "etape", "inscription_pedagogique"]
"""Without its category an element is frozen, without its étape a cohort stays, an IP enrols nobody: nothing is held."""


@pytest.fixture
def after(_after) -> Site:
    """The site after a night whose view had lost its rows, and in which four names were changed."""
    return _after.copy()


def test_the_night_does_all_but_what_rests_on_the_rows_lost(view, after):
    there = had_nothing_been_lost(*standing(view).items())
    assert portrait(after.world) == there
    assert [kind for kind in SHOWN if not any("autre nom" in line for line in there[kind])] == []


@cache
def had_nothing_been_lost(*codes: tuple[str, str]) -> dict[str, list[str]]:
    whole = renamed(morning(), dict(codes), "autre nom")
    whole.night()
    return portrait(whole.world)


def test_approved_the_same_night_does_it_all(view, after):
    assert any(len(after.held(phase).questions) for phase in NIGHT) == (view not in UNMOVED)
    limitless = after.copy()
    limitless.without_limits()
    for phase in NIGHT:
        after.approve(phase)
    assert portrait(after.world) == portrait(limitless.world)


def test_the_next_night_that_reads_it_whole_writes_nothing_but_what_is_due(view, after):
    codes = standing(view)
    next_day = renamed(morning(), codes, "autre nom").world.source
    after.world.change()
    after = renamed(reading(after, **next_day), {"element": codes["element"]}, "encore un nom")
    plans = {phase: after.held(phase) for phase in NIGHT}
    assert [
        (phase, *change)
        for phase, held in plans.items()
        for change in held.changes[["verb", "key", "held"]].fillna("").itertuples(index=False, name=None)
    ] == [("offer", "rename", codes["element"], "")]
