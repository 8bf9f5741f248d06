"""The table of what a view may lose: which view, at random, of one composante or the last rows, how many percent."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from large_site import Site

from ecampus import contract
from ecampus.calendar import PHASES as NIGHT
from ecampus.night.phases import PHASES

VIEWS = [*contract.REFER, "people"]
HOW = ["random", "composante", "last"]
PARTS = [30, 60, 95, 100]
MOST = {
    "categorie": "offer", "element": "offer", "porte": "offer",
    "groupe": "groups", "groupe_element": "enrolments", "groupe_etudiant": "enrolments",
    "etape": "cohorts", "inscription_administrative": "cohorts", "inscription_pedagogique": "enrolments",
    "seance_ade": "enrolments", "people": "users",
}  # fmt: skip
"""The phase in which the most rests on the view."""


def readers(view: str) -> list[str]:
    """The phases that read the view."""
    return [name for name in NIGHT if view in PHASES[name].views or (view == "people" and PHASES[name].directory)]


def cells() -> list[tuple[str, str, str, int]]:
    """View, phase, how, part: every loss where the most rests, in the other phases that read the view two of them."""
    return [
        (view, phase, how, part)
        for view in VIEWS for phase in readers(view)
        for how in HOW for part in PARTS
        if phase == MOST[view] or (how == "random" and part in (60, 100))
    ]  # fmt: skip


def without(site: Site, view: str, how: str, part: int, named: bool = False) -> Site:
    """The site whose view lost that part of its rows tonight.

    LDAP loses people of whom REFER says nothing; or ``named``, those whom REFER names.
    """
    rows = site.world.source[view]
    stays = rows["code"].str.startswith("X").eq(named) if view == "people" else pd.Series(False, index=rows.index)
    return reading(site, **{view: pd.concat([rows[stays], losing(rows[~stays], how, part)], ignore_index=True)})


def losing(rows: pd.DataFrame, how: str, part: int) -> pd.DataFrame:
    """The rows less that part: at random, the last ones, or of the first composante only (of people, the staff)."""
    touched = rows
    if how == "composante":
        touched = touched[touched.iloc[:, 0].str.contains(r"^(?:[A-Z]*1|staff)")]
    if how == "random":
        touched = touched.sample(frac=1, random_state=7)
    return rows.drop(touched.tail(len(touched) * part // 100).index)


def reading(site: Site, **views: pd.DataFrame) -> Site:
    """The site that reads these views tonight, the others as they are."""
    return replace(site, world=replace(site.world, source=site.world.source | views))
