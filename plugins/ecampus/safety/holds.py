"""What of a plan waits for people: what rests on a fallen view, what trips a breaker, what needs these.

The rest goes on. It is computed anew each time from what was read and what people said, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ecampus.changes import plan, recoding
from ecampus.changes.draft import Draft, Inputs
from ecampus.joins import among
from ecampus.kinds import DESTRUCTIVE, KINDS
from ecampus.limits import Limits
from ecampus.safety import breakers, decisions, guard, sources
from ecampus.safety.sources import Before
from ecampus.shapes import none, shaped

QUESTIONS = {
    "question": "str", "name": "str", "scope": "str", "view": "str", "kind": "str", "units": "int64", "week": "Int64",
    "base": "Int64", "since": "str", "state": "str", "who": "str",
}  # fmt: skip
AGAIN = "make_again"
"""The question about what Moodle says that it has no more (``guard.made_again``)."""
MAKES = ("course|create", "group|create")
RISKY = DESTRUCTIVE | {kind.id for kind in KINDS.values() if kind.verb in ("rename", "move", "recode")} | set(MAKES)
"""What a fallen view whose old rows are lost may be the cause of."""


@dataclass(frozen=True)
class Held:
    """A plan whose ``held`` names the question that each change waits for, and why.

    ``questions``: columns as ``QUESTIONS``, a row for each kind of change of each question; ``name`` is a breaker or,
    for what none counts, a kind; ``view`` the fallen one; ``units``, ``week`` and ``base`` as a breaker counts them.
    ``fell``: as ``sources.fallen``. ``said``: as ``decisions.known``. ``counted``: the units of the plan that are not
    held and that a breaker counts, as ``breakers.units``.
    """

    changes: pd.DataFrame
    questions: pd.DataFrame
    fell: pd.DataFrame
    said: pd.DataFrame
    counted: pd.DataFrame


def undecided(questions: pd.DataFrame) -> pd.Series:
    """The fallen views of which something waits for a first answer: they are not known well yet."""
    return questions.loc[questions["state"] == decisions.ASKED, "view"].dropna().drop_duplicates()


def hold(
    changes: pd.DataFrame,
    inputs: Inputs,
    phase: str,
    before: Before,
    limits: Limits,
    draft: Callable[[Inputs], Draft],
    allowed: pd.DataFrame | None = None,
) -> Held:
    """The plan ``changes``, drawn from ``inputs`` by ``draft``, with what waits told. As ``sources.require_floors``.

    ``allowed``: as in ``breakers.tripped``.
    """
    sources.require_floors(inputs)
    night = inputs.settings.night
    said = decisions.known(changes, inputs.memory["decisions"], phase, night)
    fell = sources.fallen(inputs, before, phase, limits.fall)
    units = breakers.units(changes, before, inputs.owned["course"])
    states = said.set_index("unit")
    units = units.assign(state=units["unit"].map(states["state"]).astype("str"))
    units["view"] = _resting(units, changes, inputs, before, fell, draft)
    units["again"] = units["unit"].isin(guard.made_again(inputs, changes))
    open_ = ~units["state"].isin([decisions.APPROVED, *decisions.SILENT])
    trips = breakers.tripped(units[open_ & units["view"].isna()], inputs, limits, allowed)
    questions = units["unit"].map(recoding.questions(changes)).astype("str")  # one each: a wrong «yes» makes two one
    questions = questions.fillna(_questions(units, trips, states["question"], fell))
    units["question"] = questions.where(units["state"].ne(decisions.APPROVED))
    held = _with_needs(changes, units.dropna(subset="question").set_index("unit")["question"])
    told = _told(units.assign(question=units["unit"].map(held).astype("str")), trips, said, night.isoformat())
    counted = units[~units["unit"].isin(held.index) & units["state"].ne(decisions.APPROVED)]
    return Held(changes.assign(held=changes["unit"].map(held).astype("str")), told, fell, said, counted)


def question(name: str, scope: str | float | None, view: str | float | None) -> str:
    """What a question is called: ``archive_course``, ``archive_course/UFR3``, ``archive_course/UFR3/element``."""
    parts = [name, scope if isinstance(scope, str) else "", view if isinstance(view, str) else ""]
    return "/".join(parts).rstrip("/")


def _resting(
    units: pd.DataFrame,
    changes: pd.DataFrame,
    inputs: Inputs,
    before: Before,
    fell: pd.DataFrame,
    draft: Callable[[Inputs], Draft],
) -> pd.Series:
    """For each unit the fallen view that it rests on, else null."""
    views = pd.Series(pd.NA, index=units.index, dtype="str")
    for view, scopes in fell.groupby("view", sort=False):
        if before.get(str(view)) is None:
            rests = units["kind"].isin(RISKY)
        else:
            had_it_not = draft(sources.restored(inputs, before, scopes)).changes
            rests = ~_stands(units["unit"], changes, had_it_not)
        views = views.mask(views.isna() & rests, str(view))
    if len(fell["view"].unique()) > 1 and not any(before.get(view) is None for view in fell["view"]):
        had_none = draft(sources.restored(inputs, before, fell)).changes
        views = views.mask(views.isna() & ~_stands(units["unit"], changes, had_none), str(fell["view"].iloc[0]))
    return views


def _stands(units: pd.Series, changes: pd.DataFrame, other: pd.DataFrame) -> pd.Series:
    """Which units the other plan has too, with the same ids and values."""
    mine, theirs = decisions.digests(changes), decisions.digests(other)
    return units.map(mine).eq(units.map(theirs)).fillna(False).astype("bool")


def _questions(units: pd.DataFrame, trips: pd.DataFrame, asked: pd.Series, fell: pd.DataFrame) -> pd.Series:
    """The question that each unit waits for: of its fallen view, of the breaker that it trips, or the one asked."""
    over = among(units["breaker"], trips.loc[trips["scope"].isna(), "breaker"])
    site = units["again"] | (units["breaker"].notna() & over)
    there = units["scope"].notna() & _pairs(units).isin(_pairs(trips[trips["scope"].notna()]))
    site = site.mask(units["view"].notna(), units["view"].isin(fell.loc[fell["scope"].isna(), "view"]))
    tonight = units["view"].notna() | (~units["state"].isin(decisions.SILENT) & (site | there))
    tonight &= units["state"].ne(decisions.UNDONE)
    name = units["breaker"].fillna(units["kind"]).mask(units["again"], AGAIN)
    named = units.assign(name=name, scope=units["scope"].mask(site))
    rows = named[tonight]
    found = [question(*row) for row in rows[["name", "scope", "view"]].itertuples(index=False, name=None)]
    made = pd.Series(found, index=rows.index, dtype="str").reindex(units.index)
    return made.fillna(units["unit"].map(asked).astype("str"))


def _pairs(rows: pd.DataFrame) -> pd.Series:
    return rows["breaker"] + "|" + rows["scope"]


def _with_needs(changes: pd.DataFrame, held: pd.Series) -> pd.Series:
    """The question of each unit held, and of those that need a change of one."""
    needing = changes[changes["needs"].notna()]
    if needing.empty or held.empty:
        return held
    of_change = pd.Series(changes["unit"].array, index=plan.change_ids(changes))
    of_change = of_change[~of_change.index.duplicated()]
    while True:
        more = needing.assign(question=needing["needs"].map(of_change).map(held))
        more = more[more["question"].notna() & ~more["unit"].isin(held.index)].drop_duplicates("unit")
        if more.empty:
            return held
        held = pd.concat([held, more.set_index("unit")["question"]])


def _told(units: pd.DataFrame, trips: pd.DataFrame, said: pd.DataFrame, night: str) -> pd.DataFrame:
    rows = units[units["question"].notna()]
    if rows.empty:
        return none(QUESTIONS)
    known = said.set_index("unit")
    rows = rows.assign(
        name=rows["question"].str.partition("/")[0],
        state=rows["state"].fillna(decisions.ASKED),
        since=rows["unit"].map(known["night"]).astype("str").fillna(night),
        who=rows["unit"].map(known["who"]).astype("str"),
    )
    keys = ["question", "name", "view", "kind", "state"]
    told = rows.groupby(keys, as_index=False, dropna=False, sort=False).agg(
        units=("unit", "size"), since=("since", "min"), who=("who", "last"), scope=("scope", _one)
    )
    sizes = trips.assign(question=[question(name, scope, None) for name, scope in
                                   zip(trips["breaker"], trips["scope"], strict=True)])  # fmt: skip
    sizes = sizes.set_index("question")
    told["week"], told["base"] = told["question"].map(sizes["week"]), told["question"].map(sizes["base"])
    return shaped(told, QUESTIONS)


def _one(values: pd.Series) -> str | None:
    """The one composante of all, if they have but one."""
    known = values.drop_duplicates()
    return known.iloc[0] if len(known) == 1 and known.notna().all() else None
