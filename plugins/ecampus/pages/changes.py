"""«Changements»: of a night, or of a person, a course, a group, an étape over all nights; two nights compared."""

from __future__ import annotations

import re
from datetime import date, timedelta

from fastapi import APIRouter, Response

from ecampus.history import asking
from ecampus.history import nights as history_of
from ecampus.history.asking import Asked as Question
from ecampus.pages import nights
from ecampus.pages.gap import gap
from ecampus.pages.page import Asked, Page, Typed
from ecampus.store.files import Store
from ecampus.words import history, looking, visiting

SIZE = 100
"""Lines on one page."""

router = APIRouter()


@router.get("/changements")
def changes(
    page: Asked, nuit: str = "", qui: Typed = "", cours: Typed = "", groupe: Typed = "", etape: Typed = "",
    mots: Typed = "",
    etat: str = "", p: int = 1,
) -> Response:  # fmt: skip
    """Of the last night, unless something is asked."""
    store = page.site.store()
    named = " ".join(word.strip() for word in (qui, cours, groupe, etape) if word.strip())
    night = _night(nuit) or ("" if named or mots.strip() else _last(store))
    if not (night or named or mots.strip()):
        return page.show("nothing.html", "Changements", told=looking.NEVER)
    scope = "" if named else _scope(page)
    asked = Question(
        first=night, last=night or "~", outcome=etat if etat in looking.OUTCOMES else "", people=tuple(qui.split()),
        course=cours.strip(), group=groupe.strip(), cohort=etape.strip(), scope=scope, words=mots,
        within=page.reach.composantes,
    )  # fmt: skip
    number = max(p, 1)
    found = asking.page(store, asked, number, SIZE)
    pages = max(1, -(-found.total // SIZE))
    if number > pages:
        number, found = pages, asking.page(store, asked, pages, SIZE)
    if asked.people and found.total:  # else it was nobody's code, and may be a name
        page.looked_up(" ".join(asked.people))
    given = {"nuit": nuit, "qui": qui, "cours": cours, "groupe": groupe, "etape": etape, "mots": mots, "etat": etat}
    view = {
        "found": found, "number": number, "pages": pages, "night": night,
        "under": looking.under(found.total, found.totals), "before": _before(night),
        "given": {name: value for name, value in given.items() if value.strip()},
    }  # fmt: skip
    if named and not page.reach.whole:
        view["under"] = visiting.within(page.reach.codes, str(view["under"]))
    if lack := gap(store, asked.first, asked.last):
        view["under"] = f"{lack} {view['under']}" if found.total else lack
    elif night and not history_of.lines(store, night, night):
        view["under"] = looking.nothing(night)
    title = looking.title(night, named or scope)
    return page.show("changes.html", title, words=looking, told=history.told, **view)


@router.get("/changements/comparer")
def compared(page: Asked, une: str = "", autre: str = "") -> Response:
    """Two nights side by side."""
    one, other = _night(une), _night(autre)
    if not (one and other):
        return page.show("nothing.html", "Deux nuits comparées", told=looking.CHOOSE_TWO)
    store = page.site.store()
    pairs = asking.compared(store, one, other, scope=_scope(page), within=page.reach.composantes)
    lines = [(left or right, left, right) for left, right in pairs]
    lacks = _lacks(store, [one, other])
    return page.show("compared.html", looking.compared(one, other), lines=lines, one=one, other=other, words=looking,
                     summed=history.of_total, lacks=lacks)  # fmt: skip


def _lacks(store: Store, asked: list[str]) -> list[str]:
    """What keeps these nights from being compared: what the history lacks of them, else that they did not run."""
    gaps = dict.fromkeys(told for night in asked if (told := gap(store, night, night)))
    silent = [night for night in dict.fromkeys(asked) if not history_of.lines(store, night, night)]
    return [*gaps] or [looking.nothing(night) for night in silent]


def _night(text: str) -> str:
    """The night that the address names; '' when it names none."""
    try:
        return date.fromisoformat(text).isoformat() if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else ""
    except ValueError:
        return ""


def _last(store: Store) -> str:
    found = nights.last(store)
    return found.isoformat() if found else ""


def _before(night: str) -> str:
    """The night before; '' before the first day that there is."""
    return (date.fromisoformat(night) - timedelta(days=1)).isoformat() if night > date.min.isoformat() else ""


def _scope(page: Page) -> str:
    return page.composante if page.composante and page.composante != "aucune" else ""
