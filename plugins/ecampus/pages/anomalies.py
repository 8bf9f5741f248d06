"""«Anomalies»: what is to be mended, where, since when; and the very same as a spreadsheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
class View:
    """``groups``: this page of ``notes``, by where. ``chips``: how many by filter, of the composante.

    ``but``: what is not of this night, or is missing, in sentences.
    """

    night: date
    composante: str | None
    notes: Sequence[Note]
    chips: dict[str, int]
    chosen: str
    groups: dict[str, list[Note]]
    pages: int
    page: int
    but: Sequence[str] = ()


@router.get("/anomalies")
def anomalies(page: Asked, ou: str = "", p: int = 1) -> Response:
    """Of my composante, the new ones first."""
    store = page.site.store()
    night = last_night(store)
    if night is None:
        return page.show("nothing.html", "Anomalies", told=mending.NEVER)
    mine = composante(page)
    view = replace(seen(known(store, page.reach, mine), night, mine, ou, p), but=but(store, night))
    return page.show("anomalies.html", mending.title(mine), view=view, words=mending, contact=nights.contact(store))


@router.get("/anomalies.csv")
def table(page: Asked, ou: str = "") -> Response:
    """What the page shows, all its pages at once."""
    store = page.site.store()
    night, mine = last_night(store) or date.min, composante(page)
    view = seen(known(store, page.reach, mine), night, mine, ou, 1)
    name = "-".join(["anomalies", *re.findall(r"\w+", f"{mine or ''} {ou}"), night.isoformat()])
    headers = {"Content-Disposition": f'attachment; filename="{name.encode("ascii", "ignore").decode()}.csv"'}
    return Response(sheet(mending.HEADER, map(mending.row, view.notes)), headers=headers, media_type="text/csv")


def last_night(store: Store) -> date | None:
    """The last night of which anomalies are kept; null of none."""
    found = max(memory.last_night(store, phase) for phase in PHASES)
    return None if found == date.min else found


def known(store: Store, reach: Reach, composante: str | None = None) -> list[Note]:
    """What the last good night of each phase told, of this composante: '' is none at all, null is all that is seen.

    All are told as of the last of these nights: what an older one told first is not new.
    """
    found, night = [], last_night(store) or date.min
    for phase in PHASES:
        for code, key, scope, sentence, first in memory.told(store, phase) or ():
            if reach.sees(scope) and (composante is None or (scope or "") == composante):
                found.append(Note(code or "", key or "", scope, sentence or "", date.fromisoformat(first or ""), night))
    return mending.ordered(found)


def but(store: Store, night: date) -> list[str]:
    """The phases whose anomalies are of an older night, then those whose anomalies nobody can read."""
    nights_of = {phase: memory.last_night(store, phase) for phase in PHASES}
    older = {phase: of for phase, of in nights_of.items() if date.min < of < night}
    lost = [phase for phase in PHASES if memory.told(store, phase) is None]
    return [*mending.older(older), *mending.lost(lost)]


def composante(page: Page) -> str | None:
    """The one that is asked for: '' is none at all, null is every one."""
    return "" if page.composante == NONE else page.composante


def seen(notes: Sequence[Note], night: date, composante: str | None, where: str, number: int) -> View:
    """What a person sees of the anomalies of her composante. ``where``: a place, «nouvelles», or all of them."""
    there = Counter(note.where for note in notes)
    chips = {"nouvelles": sum(note.new for note in notes), "": len(notes)}
    chips |= {name: there[name] for name in mending.WHERE if there[name]}
    kept = [n for n in notes if not where or n.where == where or (where == "nouvelles" and n.new)]
    pages = max(1, -(-len(kept) // SHOWN))
    number = min(max(number, 1), pages)
    groups: dict[str, list[Note]] = {}
    for note in kept[(number - 1) * SHOWN : number * SHOWN]:
        groups.setdefault(note.where, []).append(note)
    return View(night, composante, kept, chips, where, groups, pages, number)
