"""Which night a run is for, whether it may write, and what the phase before it did: pure, standard library only.

A night is a Paris date. Only the current one writes, live and outside a freeze; a past one is replayed from its
archive; a future one is refused (docs/rules.md, «The night»).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from ecampus.errors import EcampusError, NightRefused, SettingUnreadable

PARIS = ZoneInfo("Europe/Paris")
PHASES = {
    "users": "Utilisateurs",
    "cohorts": "Cohortes",
    "offer": "Offre de formation",
    "enrolments": "Inscriptions",
    "groups": "Groupes",
}
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
NOTHING_WRITTEN = "rien n'est écrit dans ecampus"


class Frozen(EcampusError):
    """A freeze is in force: the write must not happen."""


def in_french(day: date) -> str:
    """``1er septembre 2026``."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def at(moment: datetime) -> str:
    """``04h07``, in Paris."""
    return f"{moment.astimezone(PARIS):%Hh%M}"


def today(now: datetime | None = None) -> date:
    """The date in Paris."""
    return (now or datetime.now(UTC)).astimezone(PARIS).date()


def night_of(param: str | None, logical_date: datetime | None, run_after: datetime) -> date:
    """The night a run is for: its ``night`` parameter, else the Paris date it was scheduled or triggered at.

    Raises ``SettingUnreadable`` when the parameter is not a date such as 2026-11-20.
    """
    if param is None or not param.strip():
        return today(logical_date or run_after)
    found = _iso_date(param.strip())
    if found is None:
        raise SettingUnreadable(
            f"La nuit demandée, « {param.strip()} », n'est pas une date : l'écrire comme 2026-11-20."
        )
    return found


def previous(phase: str) -> str | None:
    """The phase that must have ended before this one, None for the first."""
    order = list(PHASES)
    place = order.index(phase)
    return order[place - 1] if place else None


def is_past(night: date, today: date) -> bool:
    """Whether this night is replayed from its archive."""
    return night < today


def why_read_only(night: date, today: date, run_type: str) -> str | None:
    """Why a run of this night may not write, None when it may. ``run_type`` as Airflow names it.

    Raises ``NightRefused`` for a night that has not come yet.
    """
    if night > today:
        raise NightRefused(
            f"La nuit du {in_french(night)} n'est pas encore venue (nous sommes le {in_french(today)}) :"
            " relancer sans date, ou avec celle d'une nuit passée."
        )
    if is_past(night, today):
        return f"La nuit du {in_french(night)} est passée : elle est rejouée en lecture seule, {NOTHING_WRITTEN}."
    if run_type == "backfill":
        return f"Une exécution de rattrapage (backfill) n'écrit jamais : {NOTHING_WRITTEN}."
    return None


def parse_annee(text: str | None) -> str:
    """The academic year in force (COD_ANU), four digits. Raises ``SettingUnreadable``."""
    annee = (text or "").strip()
    if not annee:
        raise SettingUnreadable(
            "La variable Airflow ecampus_annee n'est pas définie : y mettre l'année universitaire, par exemple 2026."
        )
    if not re.fullmatch(r"[0-9]{4}", annee):
        raise SettingUnreadable(
            f"La variable Airflow ecampus_annee vaut « {annee} », qui n'est pas une année : y mettre quatre chiffres,"
            " par exemple 2026."
        )
    return annee


@dataclass(frozen=True)
class Freeze:
    """What the Airflow Variable ``ecampus_freeze`` says.

    ``live``: nothing; ``always``: ``true``; ``window``: from ``first`` to ``last``, both included, either may be
    missing; ``unreadable``: anything else, which freezes too.
    """

    kind: Literal["live", "always", "window", "unreadable"]
    text: str = ""
    first: date | None = None
    last: date | None = None

    @classmethod
    def parse(cls, text: str | None) -> Freeze:
        """Read the Variable; case and white space do not count."""
        value = "".join((text or "").split()).lower()
        if value in ("", "false"):
            return cls("live")
        if value == "true":
            return cls("always")
        return _window(value) or cls("unreadable", (text or "").strip()[:60])

    def reason(self, day: date) -> str | None:
        """Why nothing may be written on ``day``, and until when; None when writing is allowed."""
        if self.kind == "live":
            return None
        if self.kind == "always":
            return f"Gel sans date de fin (variable ecampus_freeze) : {NOTHING_WRITTEN}."
        if self.kind == "unreadable":
            return (
                f"Gel par précaution : la variable ecampus_freeze vaut « {self.text} », que personne ne sait lire ;"
                f" {NOTHING_WRITTEN}. Y mettre false, true, ou une période comme 2026-06-20/2026-09-01."
            )
        return self._reason_in_window(day)

    def _reason_in_window(self, day: date) -> str | None:
        if (self.first and day < self.first) or (self.last and day > self.last):
            return None
        since = f" du {in_french(self.first)}" if self.first else ""
        if self.last is None:
            return f"Gel à partir{since}, sans date de fin (variable ecampus_freeze) : {NOTHING_WRITTEN}."
        until = f" au {in_french(self.last)} inclus" if self.first else f" jusqu'au {in_french(self.last)} inclus"
        thaw = in_french(self.last + timedelta(days=1))
        return f"Gel{since}{until} : {NOTHING_WRITTEN} avant le {thaw}."


def _window(value: str) -> Freeze | None:
    first_text, slash, last_text = value.partition("/")
    first, last = _iso_date(first_text), _iso_date(last_text)
    if not slash or (first_text and first is None) or (last_text and last is None):
        return None
    if (first is None and last is None) or (first and last and first > last):
        return None
    return Freeze("window", value, first, last)


def _iso_date(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class RunRecord:
    """What one run of a phase left in its folder of the store (``record.json``); moments are UTC.

    ``passed_on``: it failed only because an earlier phase did, and its reason already says which.
    """

    run_id: str
    started_at: datetime
    finished_at: datetime | None = None
    state: Literal["running", "success", "failed"] = "running"
    reason: str | None = None
    passed_on: bool = False

    def as_json(self) -> dict[str, Any]:
        """The document kept."""
        finished = self.finished_at.isoformat() if self.finished_at else None
        return asdict(self) | {"started_at": self.started_at.isoformat(), "finished_at": finished}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> RunRecord:
        """Read it back."""
        finished = document["finished_at"]
        moments = {
            "started_at": datetime.fromisoformat(document["started_at"]),
            "finished_at": datetime.fromisoformat(finished) if finished else None,
        }
        return cls(**(document | moments))


@dataclass(frozen=True)
class Verdict:
    """What the phase before allows this one to do, and the sentence that says so."""

    state: Literal["pass", "wait", "fail"]
    sentence: str


def verdict(phase: str, night: date, records: Sequence[RunRecord]) -> Verdict:
    """Whether the phase after ``phase`` may start: the latest finished run of that night decides.

    A failure is not final while a newer run of the same night is at work.
    """
    subject = f"« {PHASES[phase]} », nuit du {in_french(night)}"
    finished = [(record.finished_at, record) for record in records if record.finished_at]
    running = max((r for r in records if not r.finished_at), key=lambda r: r.started_at, default=None)
    if not finished:
        if running:
            return Verdict("wait", f"En attente de {subject} : en cours depuis {at(running.started_at)}.")
        return Verdict("wait", f"En attente de {subject} : aucune exécution n'a commencé.")
    ended, latest = max(finished, key=lambda pair: pair[0])
    if latest.state == "success":
        return Verdict("pass", f"{subject} : terminé à {at(ended)}.")
    if running and running.started_at > latest.started_at:
        return Verdict(
            "wait",
            f"En attente de {subject} : en échec à {at(ended)}, une nouvelle exécution est en cours depuis"
            f" {at(running.started_at)}.",
        )
    if latest.passed_on and latest.reason:
        return Verdict("fail", latest.reason)
    return Verdict(
        "fail",
        f"{subject} : en échec à {at(ended)}, donc rien n'est fait ici. Raison : {latest.reason or 'inconnue.'}"
        " Corriger, relancer ce traitement, puis les suivants.",
    )
