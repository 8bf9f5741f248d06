"""A believable day of changes, played over ``refer.db`` and ``directory.db`` between two nights.

Reading order: ``day`` (how a change is made, said and remembered), ``offer`` (categories, elements, étapes,
groups), ``people`` (students, teachers, accounts).
"""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sandbox.changes import offer, people
from sandbox.changes.day import Day, NoCandidate

RETURNS = (
    "un élément disparu qui revient (cours restauré)",
    "un élément qui n'est plus porté, ou de nouveau à distance (cours restauré)",
    "une personne qui revient dans LDAP (compte réactivé)",
)


class Played(NamedTuple):
    """What was changed, and what this day could not show, in French sentences."""

    sentences: list[str]
    postponed: list[str]


def play(folder: Path, *, today: date, seed: int = 1, beyond: bool = False) -> Played:
    """Play one day, all of it or nothing; ``beyond``: with something that the limits hold.

    What vanished the day before comes back, then every other verb is played once, disappearances too.
    Nothing can come back on the first day, before a night has archived or suspended it: ``postponed`` then
    says so, and a night followed by a second day shows the rest.
    """
    with closing(sqlite3.connect(folder / "refer.db")) as db:
        db.execute("ATTACH DATABASE ? AS directory", [str(folder / "directory.db")])
        with db:
            day = Day(db, today, seed)
            postponed = [] if day.bring_back() else list(RETURNS)
            for verb in (*people.VERBS, *offer.VERBS, *(offer.BEYOND if beyond else ())):
                try:
                    verb(day)
                except NoCandidate:
                    postponed.append(f"{(verb.__doc__ or '').strip()} Cette université est trop petite.")
            day.close()
    return Played(day.sentences, postponed)
