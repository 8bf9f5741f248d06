"""How much may change in seven nights: walked along the limits, in the site and in one composante."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from large_site import Site

import tables
from ecampus.changes.draft import Inputs
from ecampus.limits import BREAKERS, Limit, Limits
from ecampus.register.tables import DONE
from ecampus.safety import breakers
from world import university


def courses(scopes: dict[str, int]) -> str:
    """So many courses of ours in each composante."""
    rows = [f"{scope} | {n}" for scope, number in scopes.items() for n in range(number)]
    return " ; ".join(["id | key | scope", *(f"{i} | A{i} | {row.split(' | ')[0]}" for i, row in enumerate(rows, 1))])


def inputs(scopes: dict[str, int], done: str = "", **settings: Any) -> Inputs:
    memory = tables.memory()
    memory["done"] = pd.DataFrame(tables.rows(done) if done else [], columns=list(DONE)).astype(DONE)
    return tables.inputs(owned_=tables.owned(course=courses(scopes)), memory_=memory, **settings)


def archives(scopes: dict[str, int]) -> pd.DataFrame:
    """So many archives in each composante, as ``breakers.units``."""
    rows = [(scope, n) for scope, number in scopes.items() for n in range(number)]
    made = pd.DataFrame({"unit": [f"course|archive|{s}{n}" for s, n in rows], "scope": [s for s, _ in rows]})
    return made.assign(kind="course|archive", breaker="archive_course").astype("str")


def tripped(asked: dict[str, int], owned: dict[str, int], done: str = "", limits: Limits | None = None) -> list[str]:
    """The scopes that trip: «site», or the composante."""
    found = breakers.tripped(archives(asked), inputs(owned, done), limits or Limits())
    return ["site" if pd.isna(scope) else scope for scope in found["scope"]]


@pytest.mark.parametrize(
    ("asked", "owned", "trips"),
    [
        ({}, {"A": 1000}, []),
        ({"A": 2}, {"A": 1000, "B": 1000}, []),
        ({"A": 40}, {"A": 1000, "B": 1000}, ["A"]),
        ({"A": 10, "B": 10, "C": 10, "D": 10}, {"A": 500, "B": 500, "C": 500, "D": 500}, []),
        ({"A": 10, "B": 10, "C": 10, "D": 10, "E": 1}, dict.fromkeys("ABCDE", 500), ["site"]),
        ({"A": 11}, {"A": 500, "B": 500, "C": 500, "D": 500}, ["A"]),
        ({"A": 3}, {"A": 30, "B": 2000}, []),
        ({"A": 4}, {"A": 30, "B": 2000}, ["A"]),
        ({"A": 2}, {"A": 3, "B": 2000}, []),
        ({"A": 2}, {"A": 2, "B": 2000}, ["A"]),
        ({"A": 1}, {"A": 1, "B": 2000}, ["A"]),
        ({"A": 5}, {"B": 2000}, []),
    ],
    ids=[
        "nothing", "two", "most of a composante passed", "at the site's most", "one more than the site's most",
        "one more than the composante's most", "at the percentage", "above it", "two of three: no percentage below three",
        "all of two", "all of one", "a composante that has nothing of ours",
    ],
)  # fmt: skip
def test_a_breaker_trips_above_its_percentage_or_its_figure_and_when_a_composante_would_lose_everything(
    asked, owned, trips
):
    assert tripped(asked, owned) == trips


def test_a_little_every_night_trips_once_seven_nights_together_pass_the_limit():
    owned = {"A": 1000, "B": 1000}
    nights = [f"r{day} | 2026-11-{day} | archive_course | A | 8" for day in (17, 18, 19, 20)]
    header = "run | night | breaker | scope | units"
    assert tripped({"B": 8}, owned, " ; ".join([header, *nights[:4]])) == []
    assert tripped({"B": 9}, owned, " ; ".join([header, *nights[:4]])) == ["site"]
    assert tripped({"B": 9}, owned, " ; ".join([header, *nights[:3], "r | 2026-11-16 | archive_course | A | 8"])) == []


def nights_that_go_through(asked: dict[str, int], owned: dict[str, int]) -> list[int]:
    """Of ten nights that each ask so much anew, with the percentages of rows; the others hold it."""
    rows = BREAKERS["remove_row"]
    limits = Limits({"archive_course": replace(BREAKERS["archive_course"], site=rows.site, composante=rows.composante)})
    through, done = [], ["run | night | breaker | scope | units"]
    for number in range(1, 11):
        night = date(2026, 11, number)
        if breakers.tripped(archives(asked), inputs(owned, " ; ".join(done), night=night), limits).empty:
            through.append(number)
            done += [f"r{number} | {night} | archive_course | {scope} | {units}" for scope, units in asked.items()]
    return through


@pytest.mark.parametrize(
    ("asked", "owned", "through"),
    [
        ({"A": 15, "B": 14}, {"A": 500, "B": 500}, [1, 8]),
        ({"A": 2}, {"A": 69, "B": 931}, [1, 2, 3, 8, 9, 10]),
    ],
    ids=["of the site, where 3 % are the limit", "of a composante, where 10 % are"],
)
def test_two_point_nine_percent_every_night_go_through_until_seven_nights_together_pass_the_percentage(
    asked, owned, through
):
    assert nights_that_go_through(asked, owned) == through


def test_what_another_run_of_the_same_night_did_counts_too():
    done = "run | night | breaker | scope | units ; 2026-11-23/offer/r1 | 2026-11-23 | archive_course | A | 8"
    assert tripped({"A": 3}, {"A": 500, "B": 500}, done) == ["A"]
    assert tripped({"A": 3}, {"A": 500, "B": 500}) == []


def test_a_scope_that_is_not_known_counts_for_the_site_only():
    found = archives({"A": 50}).assign(scope=pd.NA).astype({"scope": "str"})
    over = breakers.tripped(found, inputs({"A": 1000}), Limits())
    assert over["scope"].isna().tolist() == [True]
    assert over[["breaker", "tonight", "base"]].iloc[0].tolist() == ["archive_course", 50, 1000]


def test_the_sites_own_figures_are_the_ones_that_count():
    wide = replace(BREAKERS["archive_course"], site=Limit(100, 9), composante=Limit(100, 9))
    limits = Limits({**BREAKERS, "archive_course": wide})
    assert tripped({"A": 9}, {"A": 500}, limits=limits) == []
    assert tripped({"A": 10}, {"A": 500}, limits=limits) == ["site", "A"]


def test_of_creations_only_codes_that_the_last_good_extract_had_are_counted():
    rows = pd.DataFrame({"place": ["OLD", "OLD-FOAD", "NEW"], "kind": "course|create"}).astype("str")
    before = {"element": tables.frame("element", "code ; old ")}
    assert breakers.known_before(rows, before).tolist() == [True, True, False]
    assert breakers.known_before(rows, {}).tolist() == [False, False, False]
    assert breakers.known_before(rows, {"element": None}).tolist() == [True, True, True]


def test_what_a_night_did_is_counted_by_composante_for_the_nights_to_come():
    done = breakers.done(archives({"A": 2, "B": 1}), "2026-11-23/offer/r", date(2026, 11, 23))
    assert done[["breaker", "scope", "units", "night"]].to_numpy().tolist() == [
        ["archive_course", "A", 2, "2026-11-23"], ["archive_course", "B", 1, "2026-11-23"],
    ]  # fmt: skip


def allowed(scopes: dict[str, int]) -> pd.DataFrame:
    rows = [("archive_course", scope, units) for scope, units in scopes.items()]
    return pd.DataFrame(rows, columns=["breaker", "scope", "units"]).astype({"breaker": "str", "scope": "str"})


@pytest.mark.parametrize(
    ("asked", "approved", "trips"),
    [
        ({"A": 60}, {"A": 60}, []),
        ({"A": 70}, {"A": 60}, []),
        ({"A": 71}, {"A": 60}, ["A"]),
        ({"A": 60, "B": 11}, {"A": 60}, ["B"]),
        ({"A": 101}, {"A": 60}, ["site", "A"]),
        ({"A": 500}, {"A": 500}, []),
    ],
    ids=["as approved", "the ordinary limit more", "beyond it", "another composante", "beyond the site's", "all of it"],
)
def test_what_was_approved_beforehand_is_added_to_the_limits(asked, approved, trips):
    found = breakers.tripped(archives(asked), inputs({"A": 500, "B": 1500}), Limits(), allowed(approved))
    assert ["site" if pd.isna(scope) else scope for scope in found["scope"]] == trips


def test_what_was_approved_beforehand_does_not_count_in_the_nights_to_come():
    night = date(2026, 11, 23)
    done = breakers.done(archives({"A": 65, "B": 1}), "2026-11-23/offer/r", night, allowed({"A": 60, "B": 9}))
    assert done[["scope", "units"]].to_numpy().tolist() == [["A", 5]]


def test_without_breakers_nothing_is_too_much():
    found = breakers.tripped(archives({"A": 500}), inputs({"A": 500}), Limits().without_breakers())
    assert found.empty


def population(kind: str, number: int) -> str:
    """A table of so many people of one population."""
    return "code | population ; " + " ; ".join(f"{kind[0]}{n} | {kind}" for n in range(number))


@pytest.mark.parametrize(("known", "left"), [(3, 0), (5, 2), (6, 3), (30, 15), (30, 27)])
@pytest.mark.parametrize("kind", ["student", "staff"])
def test_three_accounts_of_a_small_population_that_leave_ldap_wait(kind, known, left):
    other = {"student": "staff", "staff": "student"}[kind]
    beside = population(other, 40).partition(" ; ")[2]
    site = Site(university(people=f"{population(kind, known)} ; {beside}"))
    site.night("users")
    site.world.change(people=f"{population(kind, left).rstrip('; ')} ; {beside}")
    held = site.held("users").changes
    suspended = held[held["verb"] == "suspend"]
    assert len(suspended) == known - left
    assert suspended["held"].notna().all()


@pytest.mark.parametrize(("leaving", "waits"), [(3, False), (4, True)])
def test_a_course_that_moves_counts_in_the_composante_that_it_leaves(leaving, waits):
    def elements(moved: int) -> str:
        small = [f"A{n} | {'B' if n < moved else 'A'}" for n in range(10)]
        return " ; ".join(["code | code_categorie", *small, *(f"B{n} | B" for n in range(90))])

    site = Site(university(categorie="code | code_composante ; A | UFR1 ; B | UFR2", element=elements(0)))
    site.night("offer")
    site.world.change(element=elements(leaving))
    held = site.held("offer")
    moves = held.changes[held.changes["verb"] == "move"]
    assert (len(moves), moves["held"].notna().all()) == (leaving, waits)
    assert held.questions["question"].tolist() == ["rename_course/UFR1"] * waits
