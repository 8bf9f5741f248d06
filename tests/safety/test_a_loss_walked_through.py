"""A view that lost rows: the night, then its approval, or the next night that reads it whole.

95 % at random of every view; ``--every-moment`` plays every view, however lost: at random, of a composante, the last rows.
"""

from __future__ import annotations

from functools import cache

import pytest
from large_site import BRANCHES, COMPOSANTES, ELEMENTS, NIGHT, Site, settled
from lost_rows import HOW, PARTS, VIEWS, reading, without

from portraits import portrait

SHOWN = {"people": "users", "etape": "cohorts", "element": "courses", "groupe": "groups"}
"""By view whose names are changed, the kind of Moodle in which they are seen."""
Loss = tuple[str, str, int]
WITHIN_LIMITS = {
    ("porte", "random", 30), ("porte", "composante", 30), ("porte", "composante", 60), ("porte", "composante", 95),
    ("porte", "last", 30), ("inscription_administrative", "composante", 30),
    ("seance_ade", "composante", 30), ("seance_ade", "composante", 60),
}  # fmt: skip
"""So few rows of so small a view that a limit lets a part of it through (``test_views_that_lost_rows``)."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    every = [(view, how, part) for view in VIEWS for how in HOW for part in PARTS]
    losses = every if metafunc.config.getoption("--every-moment") else [(view, "random", 95) for view in VIEWS]
    if "whole" in metafunc.fixturenames:
        losses = [loss for loss in losses if loss not in WITHIN_LIMITS]
    metafunc.parametrize("loss", losses, ids=[" ".join(map(str, loss)) for loss in losses], scope="module")


def morning() -> Site:
    """The day after a good night."""
    site = settled()
    site.world.change()
    return site


@cache
def standing(loss: Loss) -> tuple[tuple[str, str], ...]:
    """By view, the code of what no row lost concerns, where there is one: an étape, a person, an element, its group.

    Nearly always the same: what stands though every view lost as much stands when one did.
    """
    view, how, part = loss
    all_of_them = settled()
    for each in ["categorie"] if view == "categorie" else [name for name in VIEWS if name != "categorie"]:
        all_of_them = without(all_of_them, each, how, part)
    found = untouched(all_of_them)
    return found if len(found) == len(SHOWN) else untouched(without(settled(), *loss))


def untouched(site: Site) -> tuple[tuple[str, str], ...]:
    codes = {name: set(view.iloc[:, 0]) for name, view in site.world.source.items()}
    found = {name: site.world.source[name]["code"].iloc[0] for name in ("etape", "people") if codes[name]}
    numbers = [f"{c}-{n}" for c in reversed(COMPOSANTES) for n in range(20, ELEMENTS)
               if f"E{c}-{n}" in codes["element"] and f"C{c}-{n % BRANCHES}" in codes["categorie"]]  # fmt: skip
    with_group = [number for number in numbers if f"G{number}" in codes["groupe"] & codes["groupe_element"]]
    for number in [*with_group, *numbers][:1]:
        found |= {"element": f"E{number}"} | ({"groupe": f"G{number}"} if with_group else {})
    return tuple(found.items())


def renamed(site: Site, codes: dict[str, str], name: str) -> Site:
    """These things have another name today."""
    views = {}
    for view, code in codes.items():
        rows, column = site.world.source[view], "given_name" if view == "people" else "libelle"
        views[view] = rows.assign(**{column: rows[column].mask(rows["code"].eq(code), name)})
    return reading(site, **views)


@pytest.fixture(scope="module")
def _after(loss: Loss) -> Site:
    site = without(renamed(morning(), dict(standing(loss)), "autre nom"), *loss)
    site.night()
    return site


UNMOVED = ["categorie", "etape", "inscription_pedagogique"]
"""Without its category an element is frozen, without its étape a cohort stays, an IP enrols nobody: nothing is held."""


@pytest.fixture
def after(_after: Site) -> Site:
    """The site after a night whose view had lost its rows, and in which some names were changed."""
    return _after.copy()


@pytest.fixture
def whole() -> None:
    """No part of the loss is within the limits."""


@pytest.mark.usefixtures("whole")
def test_the_night_does_all_but_what_rests_on_the_rows_lost(loss, after):
    there = had_nothing_been_lost(standing(loss))
    assert portrait(after.world) == there
    kinds = [SHOWN[view] for view, _ in standing(loss)]
    assert kinds
    assert [kind for kind in kinds if not any("autre nom" in line for line in there[kind])] == []


@cache
def had_nothing_been_lost(codes: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    night = renamed(morning(), dict(codes), "autre nom")
    night.night()
    return portrait(night.world)


def test_approved_the_same_night_does_it_all(loss, after):
    if loss[1:] == ("random", 95):
        assert any(len(after.held(phase).questions) for phase in NIGHT) == (loss[0] not in UNMOVED)
    limitless = after.copy()
    limitless.without_limits()
    for phase in NIGHT:
        after.approve(phase)
    assert portrait(after.world) == portrait(limitless.world)


@pytest.mark.usefixtures("whole")
def test_the_next_night_that_reads_it_whole_writes_nothing_but_what_is_due(loss, after):
    next_day = renamed(morning(), dict(standing(loss)), "autre nom").world.source
    after.world.change()
    after = renamed(reading(after, **next_day), {"element": DUE}, "encore un nom")
    plans = {phase: after.held(phase) for phase in NIGHT}
    assert [
        (phase, *change)
        for phase, held in plans.items()
        for change in held.changes[["verb", "key", "held"]].fillna("").itertuples(index=False, name=None)
    ] == [("offer", "rename", DUE, "")]


DUE = "E2-25"
"""An element that has another name the next day."""
