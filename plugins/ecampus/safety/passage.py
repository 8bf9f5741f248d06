"""Which runs wait to be approved as a whole: a first night, a thaw, a new year, other systems than last night's.

Such a run writes nothing and shows what it would do. Approved, the next night does it: beyond what was shown, the
limits of an ordinary night hold.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from ecampus.calendar import PHASES
from ecampus.safety.decisions import APPROVED, ASKED, REFUSED
from ecampus.safety.decisions import NIGHTS as REFUSED_FOR

FIRST, THAW, YEAR, SITE, ELSEWHERE = "first", "thaw", "year", "site", "elsewhere"
NEVER_WAIT = ("users", "cohorts")
"""Accounts and cohorts wait for neither a thaw nor a new year."""
NIGHTS = 7
"""How long an approval stands."""
ANNEE = "annee"
ALLOWED = "allowed"
"""The figure (``tables.FIGURES``) by which the units that were approved are kept, by breaker and composante."""

Site = Mapping[str, str | None]
"""What a night is read from and written to: ``annee``, ``managed_root``, ``refer``, ``ldap``."""


@dataclass(frozen=True)
class Passage:
    """``reason``: why the run must be approved as a whole, null for an ordinary one. ``approved``: whether it was.

    ``other``: the setting that is not what it was, and what it was.
    """

    reason: str | None = None
    approved: bool = False
    other: tuple[str, str | None] | None = None


def look(
    phase: str,
    night: date,
    site: Site,
    memory: Mapping[str, pd.DataFrame],
    frozen: bool,
    is_sandbox: Callable[[], bool],
) -> Passage:
    """What a run that is opened now is.

    ``memory``: ``Register.passages``. ``frozen``: by the Variable. ``is_sandbox``: whether this Moodle is one, which is
    ours at once and may be moved; asked only of a phase that never wrote, or not with these systems.
    """
    passages = memory["passages"][memory["passages"]["phase"] == phase]
    others = passages[passages["made_by"] != name_of(site)]
    if not frozen and others["night"].ge((night - timedelta(days=1)).isoformat()).any():
        return Passage(ELSEWHERE)
    row = _of(passages, phase, site)
    reason, other = _reason(phase, site, memory, is_sandbox)
    if reason is None and (frozen or row is not None):
        reason = THAW
    if reason is None or not waits_for(reason, phase):
        return Passage()
    return Passage(reason, row is not None and row["reason"] == reason and _stands(row, APPROVED, night), other)


def waits_for(reason: str, phase: str) -> bool:
    """Whether that phase waits for that reason."""
    return reason in (FIRST, SITE) or phase not in NEVER_WAIT


def shown(
    phase: str, reason: str, night: date, run: str, site: Site, memory: Mapping[str, pd.DataFrame], units: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the register keeps of a run that showed what it would do: its row, and the phase's figures.

    ``units``: breaker, scope, units. An approval that still stands is kept with the figures that were approved, a
    refusal for as long as the figures are the same.
    """
    row, figures = _of(memory["passages"], phase, site), memory["figures"]
    figures = figures[figures["phase"] == phase]
    fresh = pd.concat([figures[figures["figure"] != ALLOWED], _allowed(phase, units)], ignore_index=True)
    kept = {"state": ASKED, "decided": None, "who": None, "why": None}
    if row is not None and row["reason"] == reason:
        same = as_rows(fresh) == as_rows(figures)
        if _stands(row, APPROVED, night) or (same and _stands(row, REFUSED, night)):
            kept, fresh = {name: row[name] for name in kept}, figures
    made = {"phase": phase, "reason": reason, "made_by": name_of(site), "night": night.isoformat(), "run": run}
    return pd.DataFrame([made | kept]).astype("str"), fresh


def asked(passages: pd.DataFrame) -> pd.DataFrame:
    """The phases that wait for an answer, in the order of the night."""
    mine = [
        row.state == ASKED and waits_for(row.reason, row.phase) for row in passages.itertuples()
    ]  # the others are there for a freeze that another Airflow must see
    found = passages[pd.Series(mine, index=passages.index, dtype="bool")]
    order = {phase: place for place, phase in enumerate(PHASES)}
    return found.sort_values("phase", key=lambda phases: phases.map(order), ignore_index=True)


def digest(rows: pd.DataFrame) -> str:
    """A short name of exactly what is asked."""
    named = rows[["phase", "made_by", "reason", "night", "run"]].to_csv(index=False)
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def name_of(site: Site) -> str:
    """A short name of an installation, whatever the year."""
    lasting = {name: setting for name, setting in site.items() if name != ANNEE}
    return hashlib.sha256(json.dumps(lasting, sort_keys=True).encode()).hexdigest()[:16]


def as_rows(figures: pd.DataFrame) -> list[tuple[str, str | None, int]]:
    """breaker, composante, units of the figures that are approved as a whole."""
    rows = figures[figures["figure"] == ALLOWED].sort_values(["subject", "scope"])
    return [
        (str(name), scope if isinstance(scope, str) else None, int(value))
        for name, scope, value in rows[["subject", "scope", "value"]].itertuples(index=False, name=None)
    ]


def _reason(
    phase: str, site: Site, memory: Mapping[str, pd.DataFrame], is_sandbox: Callable[[], bool]
) -> tuple[str | None, tuple[str, str | None] | None]:
    known = memory["sites"]
    if not known["phase"].eq(phase).any():
        return (None if is_sandbox() else FIRST), None
    before = {
        name: setting if isinstance(setting, str) else None
        for name, setting in known.loc[known["phase"] == phase, ["name", "setting"]].itertuples(index=False, name=None)
    }
    others = [(name, before[name]) for name in before if name in site and before[name] != site[name]]
    elsewhere = [(name, was) for name, was in others if name != ANNEE]
    if elsewhere and not is_sandbox():
        return SITE, elsewhere[0]
    year = [(name, was) for name, was in others if name == ANNEE]
    return (YEAR, year[0]) if year else (None, None)


def _of(passages: pd.DataFrame, phase: str, site: Site) -> dict[str, str] | None:
    rows = passages[(passages["phase"] == phase) & (passages["made_by"] == name_of(site))]
    return dict(rows.iloc[0]) if len(rows) else None


def _stands(row: Mapping[str, str], state: str, night: date) -> bool:
    nights = NIGHTS if state == APPROVED else REFUSED_FOR
    return row["state"] == state and row["decided"] >= (night - timedelta(days=nights)).isoformat()


def _allowed(phase: str, units: pd.DataFrame) -> pd.DataFrame:
    rows = units.rename(columns={"breaker": "subject", "units": "value"})
    made = rows.assign(phase=phase, figure=ALLOWED)[["phase", "subject", "scope", "figure", "value"]]
    return made.astype({"phase": "str", "subject": "str", "scope": "str", "figure": "str", "value": "Int64"})
