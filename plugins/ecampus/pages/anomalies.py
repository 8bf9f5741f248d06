"""«Anomalies»: what is to be mended, where, since when; and the very same as a spreadsheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Response

from ecampus.calendar import PHASES
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
    """``groups``: this page of ``notes``, by where. ``chips``: how many by filter, of the composante."""

    night: date
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
    shown = seen(known(store), composante(page), ou, p)
    if shown is None:
        return page.show("nothing.html", "Anomalies", told="Aucune nuit n'a encore dit ses anomalies.")
    title = mending.title(shown.composante)
    return page.show("anomalies.html", title, view=shown, words=mending, contact=nights.contact(store))


@router.get("/anomalies.csv")
def table(page: Asked, ou: str = "") -> Response:
    """What the page shows, all its pages at once."""
    shown = seen(known(page.site.store()), composante(page), ou, 1)
    notes = shown.notes if shown else []
    name = "-".join(["anomalies", *re.findall(r"\w+", f"{composante(page) or ''} {ou}"), *_dated(shown)])
    headers = {"Content-Disposition": f'attachment; filename="{name.encode("ascii", "ignore").decode()}.csv"'}
    return Response(sheet(mending.HEADER, map(mending.row, notes)), headers=headers, media_type="text/csv")


def known(store: Store) -> list[Note]:
    """What the last good night of each phase told, all composantes."""
    found = []
    for phase in PHASES:
        night = memory.last_night(store, phase)
        frame = memory.read(store, phase)["anomalies"]
        columns = [frame[name].astype("object").where(frame[name].notna(), None) for name in memory.COLUMNS]
        for code, key, scope, sentence, first in zip(*columns, strict=True):
            found.append(Note(code, key or "", scope, sentence, date.fromisoformat(first), night))
    return found


def composante(page: Page) -> str | None:
    """The one that is asked for: '' is none at all, null is every one."""
    return "" if page.composante == NONE else page.composante


def seen(notes: Sequence[Note], composante: str | None, where: str, number: int) -> View | None:
    """What a person sees of these anomalies; null of no night. ``where``: a place, «nouvelles», or all of them."""
    if not notes:
        return None
    mine = mending.ordered(n for n in notes if composante is None or (n.composante or "") == composante)
    there = Counter(note.where for note in mine)
    chips = {"nouvelles": sum(note.new for note in mine), "": len(mine)}
    chips |= {name: there[name] for name in mending.WHERE if there[name]}
    kept = [n for n in mine if not where or n.where == where or (where == "nouvelles" and n.new)]
    pages = max(1, -(-len(kept) // SHOWN))
    number = min(max(number, 1), pages)
    groups: dict[str, list[Note]] = {}
    for note in kept[(number - 1) * SHOWN : number * SHOWN]:
        groups.setdefault(note.where, []).append(note)
    return View(max(n.night for n in notes), composante, kept, chips, where, groups, pages, number)


def _dated(shown: View | None) -> list[str]:
    return [shown.night.isoformat()] if shown else []
