"""A view that lost a part of its rows, whichever, however: nothing above the limits is taken away by any phase."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest
from large_site import Site, settled
from lost_rows import HOW, PARTS, cells, without

from ecampus.calendar import PHASES
from ecampus.changes.draft import Inputs
from ecampus.errors import TruncatedRead
from ecampus.kinds import DESTRUCTIVE
from ecampus.safety import breakers
from ecampus.safety.holds import Held
from ecampus.safety.unknown import require_known

MAKES = ("course|create", "group|create")


@pytest.fixture(scope="module")
def tomorrow() -> Site:
    """The day after a good night."""
    site = settled()
    site.world.change()
    return site


@pytest.fixture(scope="module")
def read(tomorrow) -> dict[str, Inputs]:
    """By phase, what it reads that day, of Moodle too; of every course all that it may need to know."""
    world, found = tomorrow.world, {}
    for phase in PHASES:
        inputs = world.inputs(phase)
        more = {
            name: world.moodle.frame(name) for name in ("groups", "enrolled", "groupings") if name in inputs.existing
        }
        found[phase] = replace(inputs, existing=inputs.existing | more)
    return found


@pytest.fixture(scope="module")
def ours(tomorrow, read) -> Counter:
    """By breaker and scope, «» for the site, how many objects of ours it is a share of."""
    return by_scope(pd.concat([breakers.ours(name, read["groups"]) for name in tomorrow.limits.breakers]))


def by_scope(units: pd.DataFrame) -> Counter:
    """How many of each breaker, over the site and in each composante."""
    each = list(zip(units["breaker"], units["scope"].fillna(""), strict=True))
    return Counter(each) + Counter((name, "") for name, scope in each if scope)


def passing(held: Held) -> pd.DataFrame:
    return held.changes[held.changes["held"].isna()]


def beyond(site: Site, held: Held, phase: str, ours: Counter) -> list[tuple[str, str]]:
    """Which limits what goes on passes, over the site or in a composante."""
    units = breakers.units(passing(held), site.good[phase], site.world.owned["course"])
    found = []
    for (name, scope), number in by_scope(units.dropna(subset="breaker")).items():
        breaker = site.limits.breakers[name]
        limit = breaker.composante if scope else breaker.site
        if limit and breakers.beyond(limit, number, ours[name, scope]):
            found.append((name, scope))
    return found


@pytest.mark.parametrize(("view", "phase", "how", "part"), cells())
def test_nothing_above_the_limits_goes_when_a_view_lost_rows(view, phase, how, part, tomorrow, read, ours):
    site = without(tomorrow, view, how, part)
    held = site.judged(phase, replace(read[phase], source=site.world.sources(phase)))
    assert beyond(tomorrow, held, phase, ours) == []
    fell = set(held.fell["view"])
    assert fell <= {view}
    if part == 100:
        assert fell == {view}
        gone = passing(held)["object"] + "|" + passing(held)["verb"]
        assert not gone.isin([*DESTRUCTIVE, *MAKES]).any()


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("how", HOW)
def test_a_directory_that_lost_people_of_refer_stops_the_accounts(how, part, tomorrow):
    read = without(tomorrow, "people", how, part, named=True).world.inputs("users")
    with pytest.raises(TruncatedRead):
        require_known(read, tomorrow.limits.unknown)
