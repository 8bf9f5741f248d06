"""How much a plan takes away, renames or makes again, beside the limits (``ecampus.limits``)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pandas as pd

from ecampus.changes import plan
from ecampus.changes.draft import Inputs
from ecampus.joins import among, looked_up
from ecampus.kinds import DESTRUCTIVE
from ecampus.limits import BREAKERS, FEWEST, NIGHTS, Limit, Limits
from ecampus.rules import text
from ecampus.safety.sources import Before

TRIPS = {"breaker": "str", "scope": "str", "tonight": "int64", "week": "int64", "base": "int64"}
OF_KIND = {kind: name for name, breaker in BREAKERS.items() for kind in breaker.kinds}


def units(changes: pd.DataFrame, before: Before, courses: pd.DataFrame) -> pd.DataFrame:
    """One row a unit: unit, kind (``object|verb``), scope, breaker (null for what no breaker counts).

    A unit is of the kind of the change that it is named after; without it (a rename that was killed), of its first. A
    course that moves counts in the composante that it leaves. ``courses``: ours.
    """
    own = plan.change_ids(changes).eq(changes["unit"])
    rows = changes.assign(kind=changes["object"] + "|" + changes["verb"], other=~own)
    rows = rows.sort_values("other", kind="stable").drop_duplicates("unit").sort_index()
    breaker = rows["kind"].map(OF_KIND).astype("str")
    counts = ~breaker.isin([name for name, found in BREAKERS.items() if found.known]) | known_before(rows, before)
    left = looked_up(rows["moodle_id"].where(rows["kind"].eq("course|move")), courses.set_index("id")["scope"])
    scope = left.astype("str").fillna(rows["scope"])
    return rows[["unit", "kind"]].assign(scope=scope, breaker=breaker.where(counts))


def known_before(rows: pd.DataFrame, before: Before) -> pd.Series:
    """Which of these creations the last good extract had the code of already; all, where that extract is lost."""
    course, group = rows["kind"].eq("course|create"), rows["kind"].eq("group|create")
    bare = rows["place"].str.removesuffix(text.FOAD_KEY)
    return (course & _among(bare, before, "element")) | (group & _among(rows["place"], before, "groupe"))


def _among(codes: pd.Series, before: Before, view: str) -> pd.Series:
    previous = before.get(view)
    if previous is None:
        return pd.Series(view in before, index=codes.index)
    return among(codes, text.clean_codes(previous["code"]))


def tripped(found: pd.DataFrame, inputs: Inputs, limits: Limits, allowed: pd.DataFrame | None = None) -> pd.DataFrame:
    """The breakers that these units trip, over the site (scope null) or in a composante; columns as ``TRIPS``.

    ``found``: as ``units``, those that count. ``allowed``: breaker, scope, units that people approved beforehand.
    """
    tallies = _tallies(found, inputs, _NOTHING if allowed is None else allowed)
    over = [
        _is_over(limits, breaker, scope, tonight, week, base)
        for breaker, scope, tonight, week, base in tallies.itertuples(index=False, name=None)
    ]
    return tallies[pd.Series(over, index=tallies.index, dtype="bool")].reset_index(drop=True)


def _is_over(limits: Limits, name: str, scope: str | float, tonight: int, week: int, base: int) -> bool:
    breaker = limits.breakers.get(name)
    if breaker is None:
        return False
    limit = breaker.composante if isinstance(scope, str) else breaker.site
    everything = tonight >= base > 0 and not DESTRUCTIVE.isdisjoint(breaker.kinds)
    return limit is not None and (everything or beyond(limit, week, base))


def beyond(limit: Limit, number: int, of: int) -> bool:
    """Whether so many units of so many objects are too much; of nothing there is no percentage."""
    return number > limit.most or (number >= FEWEST and of > 0 and number > of * limit.percent / 100)


def _tallies(found: pd.DataFrame, inputs: Inputs, allowed: pd.DataFrame) -> pd.DataFrame:
    counted = found.dropna(subset="breaker").assign(units=1)
    tonight = _by_scope(counted)
    week = _by_scope(pd.concat([counted[list(_NOTHING)], recent(inputs.memory["done"], inputs.settings.night)]))
    base = _by_scope(pd.concat([ours(name, inputs) for name in counted["breaker"].unique()] or [_NOTHING]))
    granted = _by_scope(allowed)
    rows = [
        (*at, *(max(sums[at] - granted[at], 0) for sums in (tonight, week)), base[at])
        for at in sorted(tonight, key=lambda at: (at[1] is not None, at[0], at[1] or ""))
    ]
    return pd.DataFrame(rows, columns=list(TRIPS)).astype(TRIPS)


def _by_scope(rows: pd.DataFrame) -> Counter[tuple[str, str | None]]:
    """Sums of ``units`` by breaker over the site (None), and in each composante."""
    sums: Counter[tuple[str, str | None]] = Counter()
    if rows.empty:
        return sums
    for (breaker, scope), units in rows.groupby(["breaker", "scope"], dropna=False)["units"].sum().items():
        sums[breaker, None] += int(units)
        if isinstance(scope, str):
            sums[breaker, scope] += int(units)
    return sums


_NOTHING = pd.DataFrame({"breaker": [], "scope": [], "units": []}).astype(
    {"breaker": "str", "scope": "str", "units": "int64"}
)


def recent(done: pd.DataFrame, night: date) -> pd.DataFrame:
    """What the six nights before did, and other runs of this one: breaker, scope, units (``tables.DONE``)."""
    first = (night - timedelta(days=NIGHTS - 1)).isoformat()
    return done.loc[(done["night"] >= first) & (done["night"] <= night.isoformat()), list(_NOTHING)]


def ours(name: str, inputs: Inputs) -> pd.DataFrame:
    """What the breaker is a share of: a row an object of ours that lives: breaker, scope, units (1)."""
    owned = inputs.owned
    rows = owned[BREAKERS[name].of]
    match BREAKERS[name].of:
        case "account":
            scope = pd.Series(pd.NA, index=(rows := rows[~rows["suspended"]]).index)
        case "course" | "group":
            scope = rows.loc[rows["archived"].isna(), "scope"]
        case "cohort_member":
            scope = rows["cohort_id"].map(owned["cohort"].set_index("id")["scope"])
        case "group_member":
            scope = rows["group_id"].map(owned["group"].set_index("id")["scope"])
        case "enrolment":
            courses = owned["course"].drop_duplicates("idnumber").set_index("idnumber")["scope"]
            scope = looked_up(rows["course_idnumber"], courses)
        case _:
            scope = rows["scope"]
    return pd.DataFrame({"breaker": name, "scope": scope.astype("str"), "units": 1})


def counted(found: pd.DataFrame) -> pd.DataFrame:
    """How many units by breaker and scope: breaker, scope, units. ``found``: as ``units``, those that count."""
    each = found.dropna(subset="breaker").groupby(["breaker", "scope"], dropna=False, as_index=False).size()
    return each.rename(columns={"size": "units"}).astype({"scope": "str"})


def done(found: pd.DataFrame, run: str, night: date, allowed: pd.DataFrame | None = None) -> pd.DataFrame:
    """What the run did, for the nights to come (``tables.DONE``), but for what was allowed beforehand.

    ``found``: as ``units``, those that count. ``allowed``: as in ``tripped``.
    """
    keys = ["breaker", "scope"]
    before = _NOTHING if allowed is None else allowed
    each = counted(found).merge(before, on=keys, how="left", suffixes=("", "_allowed"))
    left = (each["units"] - each["units_allowed"].fillna(0)).clip(lower=0).astype("int64")
    return each[keys].assign(units=left, run=run, night=night.isoformat())[left > 0].reset_index(drop=True)
