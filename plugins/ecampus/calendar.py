"""Which night a run is for, and whether it may write: pure, standard library only.

A night is a Paris date. Only the current one writes, live and outside a freeze; a past one is replayed from its
archive; a future one is refused (docs/rules.md, «The night»).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
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
TOO_LATE = "est passée depuis l'ouverture de cette exécution"

Mode = Literal["live", "frozen", "replay", "backfill"]
"""What a run may do: only a live one writes; a replay reads the archive of its night and no system."""


class Frozen(EcampusError):
    """A freeze is in force, or the night has passed: the write must not happen.

    ``stopped``: the word that begins the sentence when something was written before.
    """

    stopped = "Gelé"


class TooLate(Frozen):
    """The night of the run has passed since it was opened."""

    stopped = "Arrêté"


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


def whose_turn(ids: Iterable[int], night: date) -> list[int]:
    """One in seven of these, each once in any seven nights."""
    return [id_ for id_ in ids if id_ % 7 == night.toordinal() % 7]


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


def why_too_late(night: date, today: date) -> str | None:
    """Why a run that was opened in its night may not begin to write any more, None while it may."""
    if not is_past(night, today):
        return None
    return f"La nuit du {in_french(night)} {TOO_LATE} : {NOTHING_WRITTEN} ; lancer une nouvelle exécution, sans date."


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


def decide(night: date, today: date, run_type: str, freeze: Freeze) -> tuple[Mode, str | None]:
    """What a run of this night is when it is opened ``today``, and why it writes nothing (None: it writes).

    ``run_type`` as Airflow names it. Raises ``NightRefused`` for a night that has not come yet.
    """
    if read_only := why_read_only(night, today, run_type):
        return ("replay" if is_past(night, today) else "backfill"), read_only
    if frozen := freeze.reason(night) or freeze.reason(today):
        return "frozen", frozen
    return "live", None
