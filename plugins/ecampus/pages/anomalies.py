"""«Anomalies»: what is to be mended, where, since when; and the very same as a spreadsheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Response

from ecampus.calendar import PHASES
from ecampus.explain.reach import Reach
from ecampus.pages import nights
from ecampus.pages.page import Asked, Page
from ecampus.store import memory
from ecampus.store.files import Store
from ecampus.words import mending
from ecampus.words.mending import Note
from ecampus.words.sheet import sheet

SHOWN = 200
"""Anomalies on one page."""
NONE = "aucune"
"""In an address: what belongs to no composante."""

router = APIRouter()


@dataclass(frozen=True)
class Known:
    """What the nights told. ``nights``: of each phase the one that told last, ``date.min`` where nobody knows."""

    notes: list[Note]
    nights: dict[str, date]


@dataclass(frozen=True)
class View:
    """``groups``: this page of ``notes``, by where. ``chips``: how many by filter, of the composante.

    ``nights``: as in ``Known``.
    """

    nights: dict[str, date]
    composante: str | None
    notes: Sequence[Note]
    chips: dict[str, int]
    chosen: str
    groups: dict[str, list[Note]]
    pages: int
    page: int


@router.get("/anomalies")
def anomalies(page: Asked, ou: str = "", p: int = 1) -> Response:
    """Of my composante, the new ones first."""
    store = page.site.store()
    night = last_night(store)
    if night is None:
        return page.show("nothing.html", "Anomalies", told=mending.NEVER)
    mine = composante(page)
    if mine and mine not in nights.composantes(store):
        return page.show("nothing.html", mending.title(mine), told=mending.unknown(mine))
    view = seen(known(store, page.reach, mine), mine, ou, p)
    return page.show("anomalies.html", mending.title(mine), view=view, words=mending, contact=nights.contact(store))


@router.get("/anomalies.csv")
def table(page: Asked, ou: str = "") -> Response:
    """What the page shows, all its pages at once."""
    store = page.site.store()
    night, mine = last_night(store), composante(page)
    if night is None:
        return page.show("nothing.html", "Anomalies", told=mending.NEVER)
    view = seen(known(store, page.reach, mine), mine, ou, 1)
    name = "-".join(["anomalies", *re.findall(r"\w+", f"{mine or ''} {ou}"), night.isoformat()])
    headers = {"Content-Disposition": f'attachment; filename="{name.encode("ascii", "ignore").decode()}.csv"'}
    return Response(sheet(mending.HEADER, map(mending.row, view.notes)), headers=headers, media_type="text/csv")


def last_night(store: Store) -> date | None:
    """The last night of which anomalies are kept; null of none."""
    found = max(memory.last_night(store, phase) for phase in PHASES)
    return None if found == date.min else found


def known(store: Store, reach: Reach, composante: str | None = None) -> Known:
    """What the last good night of each phase told, of this composante: '' is none at all, null is all that is seen.

    All are told as of the last of these nights: what an older one told first is not new.
    """
    found, told = [], {phase: memory.told(store, phase) for phase in PHASES}
    last = {phase: memory.last_night(store, phase) if rows is not None else date.min for phase, rows in told.items()}
    night = max(last.values())
    for rows in told.values():
        for code, key, scope, sentence, first in rows or ():
            if reach.sees(scope) and (composante is None or (scope or "") == composante):
                found.append(Note(code or "", key or "", scope, sentence or "", date.fromisoformat(first or ""), night))
    return Known(mending.ordered(found), last)


def composante(page: Page) -> str | None:
    """The one that is asked for: '' is none at all, null is every one."""
    return "" if page.composante == NONE else page.composante


def seen(found: Known, composante: str | None, where: str, number: int) -> View:
    """What a person sees of the anomalies of her composante. ``where``: a place, «nouvelles», or all of them."""
    notes = found.notes
    there = Counter(note.where for note in notes)
    chips = {"nouvelles": sum(note.new for note in notes), "": len(notes)}
    chips |= {name: there[name] for name in mending.WHERE if there[name]}
    kept = [n for n in notes if not where or n.where == where or (where == "nouvelles" and n.new)]
    pages = max(1, -(-len(kept) // SHOWN))
    number = min(max(number, 1), pages)
    groups: dict[str, list[Note]] = {}
    for note in kept[(number - 1) * SHOWN : number * SHOWN]:
        groups.setdefault(note.where, []).append(note)
    return View(found.nights, composante, kept, chips, where, groups, pages, number)
