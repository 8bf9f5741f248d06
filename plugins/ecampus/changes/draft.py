"""What a phase's rules are given and what they give back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from ecampus.changes import plan
from ecampus.kinds import KINDS
from ecampus.rules.people import UidForms
from ecampus.rules.referential import PersonCodes
from ecampus.words import anomalies


@dataclass(frozen=True)
class Settings:
    """The site's choices and the night's own facts, recorded with the night.

    ``managed_root``: idnumber of the Moodle category under which all is kept, or null for the top.
    ``auth``: the managed authentication method. ``exclude``: usernames never touched.
    ``taking_seconds``: how long to wait for Moodle to take the enrolment table.
    """

    annee: str
    night: date
    managed_root: str | None = None
    auth: str = "cas"
    exclude: frozenset[str] = frozenset({"admin", "guest"})
    padding: PersonCodes = field(default_factory=PersonCodes)
    forms: UidForms = field(default_factory=UidForms)
    contact: str = "pôle plateforme"
    contact_link: str | None = None
    taking_seconds: int = 1800


@dataclass(frozen=True)
class Inputs:
    """All that a phase read: REFER and LDAP (``source``), Moodle (``existing``), what we own (``register``).

    ``memory``: what the nights before left: ``links`` (code, porteur), ``following`` (rows added to the table or taken
    from it that Moodle has not been seen to follow: course_idnumber, username, role, verb, night), ``figures`` (of the
    last good night of each phase: phase, subject, scope, figure, value).
    """

    settings: Settings
    source: dict[str, pd.DataFrame]
    existing: dict[str, pd.DataFrame]
    owned: dict[str, pd.DataFrame]
    memory: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def frozen(self) -> pd.Series:
        """user_id of the accounts of which nothing moves (``COMPTE_AMBIGU``): rows, memberships, cohorts."""
        accounts = self.owned["account"]
        return accounts.loc[accounts["frozen"].eq(True), "user_id"] if "frozen" in accounts else accounts["user_id"][:0]


@dataclass(frozen=True)
class Draft:
    """A phase's plan, its anomalies, and what was compared.

    ``read``: objects by kind. ``waiting``: members whom Moodle does not show enrolled yet. ``recognised``: what the
    register learns without any write (by kind, the register's columns). ``forgotten``: what it no longer holds, because
    Moodle has it no more (by kind, what names it). ``verdicts``: the candidates of each rule, with their verdicts.
    ``links``: code, porteur, for the nights to come; null when this phase does not know them.
    """

    changes: pd.DataFrame = field(default_factory=plan.empty)
    anomalies: pd.DataFrame = field(default_factory=anomalies.none)
    read: dict[str, int] = field(default_factory=dict)
    waiting: pd.DataFrame = field(default_factory=pd.DataFrame)
    recognised: dict[str, pd.DataFrame] = field(default_factory=dict)
    forgotten: dict[str, pd.DataFrame] = field(default_factory=dict)
    verdicts: dict[str, pd.DataFrame] = field(default_factory=dict)
    links: pd.DataFrame | None = None

    def unchanged(self) -> dict[str, int]:
        """By kind of object, how many of those read need no change."""
        touched = self.changes.drop_duplicates(["object", "key"])
        destructive = {kind.verb for kind in KINDS.values() if kind.destructive}
        gone = touched["verb"].isin(destructive)
        changed = touched[~gone].groupby("object").size()
        return {kind: max(0, number - int(changed.get(kind, 0))) for kind, number in self.read.items()}
