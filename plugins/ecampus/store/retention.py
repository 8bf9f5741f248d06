"""How long the nights are kept: which files go on a night, and their going.

    extracts   what a run read, and its verdicts (names of people in them): 40 nights
    reports    its plan, journal, anomalies and reports: 400 nights, then the whole run
    rehearsals whole: as long as extracts

What ``history/`` holds of a night goes with its reports (``history.keeping.forget``).
Nights are counted by the calendar, tonight is one of them. ``memory/`` is the state of the last night and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ecampus.calendar import PHASES
from ecampus.errors import SettingUnreadable, StoreUnusable
from ecampus.store import carried, opening
from ecampus.store.files import REHEARSALS, Store

EXTRACTS = ("source", "existing", "owned", "memory", "verdicts")
"""Of a run: the parts that a replay reads, and the verdicts."""
OF_A_REHEARSAL = re.compile(r"report\.html|report\.json|memory/.+")
NIGHT = re.compile(r"\d{4}-\d\d-\d\d")
CUT = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{32}")
"""What a killed write left beside the file that it was writing (``files``)."""
LEAST = 7
READ_LATELY = timedelta(days=1)


@dataclass(frozen=True)
class Keeping:
    """How many nights extracts and verdicts, then everything else, are kept."""

    extracts: int = 40
    reports: int = 400

    @classmethod
    def parse(cls, extracts: str | None, reports: str | None) -> Keeping:
        """What the Variables ``ecampus_keep_extracts`` and ``ecampus_keep_reports`` say. Raises SettingUnreadable."""
        first = _nights("ecampus_keep_extracts", extracts, cls.extracts, LEAST)
        return cls(first, _nights("ecampus_keep_reports", reports, max(cls.reports, first), first))

    def first_extracts(self, tonight: date) -> date:
        """The oldest night whose extracts are kept."""
        return tonight - timedelta(days=self.extracts - 1)

    def first_reports(self, tonight: date) -> date:
        """The oldest night of which anything is kept."""
        return tonight - timedelta(days=self.reports - 1)


@dataclass(frozen=True)
class Pruned:
    """``waiting``: the nights that somebody opened lately, left to another day."""

    files: int
    waiting: list[date]


def prune(store: Store, tonight: date, keeping: Keeping) -> Pruned:
    """Take away what is kept no longer; killed anywhere, the next call ends the same. Raises StoreUnusable."""
    going = outdated(store.everything(), tonight, keeping)
    waiting = [night for night in sorted({night_of(name) for name in going}) if _read_lately(store, night, tonight)]
    going = [name for name in going if night_of(name) not in waiting]
    for name in going:
        store.remove(name)
    for night in (night_of(folder) for folder in store.names("") if _is_a_night(folder)):
        if night < keeping.first_extracts(tonight) and night not in waiting:
            store.sweep(night.isoformat())
    return Pruned(len(going) + _rehearsals(store, keeping.first_extracts(tonight)), waiting)


def _rehearsals(store: Store, since: date) -> int:
    """Rehearsals hold names and nobody goes back to them: the whole of one goes with its extracts; how many files."""
    gone = 0
    for run in store.names(REHEARSALS):
        inside = Store(store.root / REHEARSALS / run)
        nights = [date.fromisoformat(name) for name in inside.names("") if _is_a_night(name)]
        if not nights or max(nights) >= since:
            continue
        going = [
            name
            for name in inside.everything()
            if _is_a_night(name.partition("/")[0]) or OF_A_REHEARSAL.fullmatch(name)
        ]
        for name in sorted(going, key=lambda name: name.startswith(max(nights).isoformat())):
            inside.remove(name)
        gone += len(going)
        store.sweep(f"{REHEARSALS}/{run}")
    return gone


def outdated(names: Iterable[str], tonight: date, keeping: Keeping) -> list[str]:
    """Of the files of a store, those that go, in this order; nothing that is not a night's of ours.

    The list of a part goes before its frames: without it the part does not exist (``archive``).
    """
    return sorted(
        (name for name in names if (since := _kept_since(name, tonight, keeping)) and night_of(name) < since),
        key=lambda name: (night_of(name), not name.endswith(".json"), name),
    )


def night_of(name: str) -> date:
    """The night that a file or a folder of the store belongs to."""
    return date.fromisoformat(name.partition("/")[0])


def _kept_since(name: str, tonight: date, keeping: Keeping) -> date | None:
    """The oldest night of which such a file is kept; none when it is kept for ever, or is not ours."""
    night, _, rest = name.partition("/")
    if not _is_a_night(night) or not rest:
        return None
    *folders, last = rest.split("/")
    cut = CUT.fullmatch(last)
    parts = [*folders, cut["name"] if cut else last]
    of_a_run = len(parts) > 2 and parts[0] in PHASES
    if not of_a_run and not (len(parts) == 1 and carried.NAME.fullmatch(parts[0])):
        return None
    if cut:
        return tonight - READ_LATELY
    if not of_a_run or parts[2].partition(".")[0] in EXTRACTS:
        return keeping.first_extracts(tonight)
    return keeping.first_reports(tonight)


def _is_a_night(folder: str) -> bool:
    try:
        return bool(NIGHT.fullmatch(folder) and date.fromisoformat(folder))
    except ValueError:
        return False


def _read_lately(store: Store, night: date, tonight: date) -> bool:
    """Whether a run of this night was opened since yesterday: somebody replays it, and it may be at work."""
    return any(
        _opened(store, f"{night.isoformat()}/{phase}/{run}") >= tonight - READ_LATELY
        for phase in PHASES
        for run in store.names(f"{night.isoformat()}/{phase}")
    )


def _opened(store: Store, folder: str) -> date:
    try:
        return date.fromisoformat(store.read_json(f"{folder}/{opening.RUN}")["opened_at"][:10])
    except (StoreUnusable, KeyError, TypeError, ValueError):
        return date.min


def _nights(variable: str, text: str | None, default: int, least: int) -> int:
    given = (text or "").strip()
    if not given:
        return default
    if not re.fullmatch("[0-9]{1,5}", given) or int(given) < least:
        raise SettingUnreadable(
            f"La variable Airflow {variable} vaut « {given} » : y mettre un nombre de nuits, {least} au moins, ou la"
            f" laisser vide ({default})."
        )
    return int(given)
