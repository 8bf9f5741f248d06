"""«Pourquoi ?»: what somebody typed, as the question it is, and its answer.

Each look-up of a person is logged: who, whom, when. Names are shown here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response

from ecampus.calendar import in_french
from ecampus.explain.answer import identity, login, never
from ecampus.history import answers
from ecampus.history.life import of_course, recoded
from ecampus.history.people import MOST
from ecampus.history.questions import cleaned
from ecampus.pages import nights
from ecampus.pages.gap import gap
from ecampus.pages.page import Asked, Page, Typed
from ecampus.store.files import REHEARSALS, Store
from ecampus.words import history, searching, visiting, why_courses

if TYPE_CHECKING:
    from ecampus.explain.course import Life
    from ecampus.explain.facts import Person
    from ecampus.history.answers import Desk

NOW = "maintenant"
"""In an address: the last rehearsal instead of the night."""
LISTED = 200
"""People listed of a course or a group."""

router = APIRouter()


@dataclass(frozen=True)
class Choice:
    """One of several people, or places, of one name or code: what leads to it, and what it is."""

    question: str
    told: str


@router.get("/pourquoi")
def why(page: Asked, q: Typed = "", donnees: str = "") -> Response:
    """One word is somebody, a course or a group; two are somebody and a course."""
    words = q.split()
    if not words:
        return page.show("why.html", "Pourquoi ?", symptoms=searching.SYMPTOMS)
    store = _store(page, donnees)
    if store is None:
        return page.show("nothing.html", "Pourquoi ?", told=searching.NO_REHEARSAL)
    with answers.desk(store, page.reach) as desk:
        found = _answered(page, desk, q, donnees) or _called(page, desk, q, donnees)
        return found or _unknown(page, _nobody(page, q, never(desk.night)))


def _answered(page: Page, desk: Desk, q: str, donnees: str) -> Response | None:
    """Somebody; else the last word is a course and those before it somebody; else a group, a course, an étape."""
    *who, last = q.split()
    if found := desk.persons(q):
        return _person(page, desk, found, donnees)
    if who:
        found = desk.persons(" ".join(who))
        return (_elsewhere(page, desk, last) or _seat(page, desk, found, last, donnees)) if found else None
    return _place(page, desk, last, donnees)


def _called(page: Page, desk: Desk, q: str, donnees: str) -> Response | None:
    """The course, the group or the étape of this name; which, where they are several."""
    found = desk.called(q)
    if len(found) == 1:
        return _place(page, desk, found[0].code, donnees)
    choices = [Choice(one.code, searching.place(*one)) for one in found[:MOST]]
    told = searching.places(len(found), MOST)
    return page.show("why_several.html", "Pourquoi ?", choices=choices, told=told) if found else None


def _place(page: Page, desk: Desk, last: str, donnees: str) -> Response | None:
    """A group; else a course; else an étape."""
    if group := desk.group(last):
        page.looked_up(cleaned(last))
        return _shown(page, "why_group.html", group.sentence, donnees, view=group)
    life, became = desk.life(last), []
    if not life.known and (became := recoded(page.site.store(), cleaned(last))):
        life = desk.life(became[-1].key)
    if not life.known:
        return _cohort(page, desk, last, donnees)
    return _elsewhere(page, desk, life.code) or _course(
        page, life, [why_courses.recoded(one) for one in became], donnees
    )


def _course(page: Page, life: Life, became: list[str], donnees: str) -> Response:
    """``became``: how the code that was asked for became this one, the oldest first."""
    page.looked_up(life.code)
    store, said = page.site.store(), [*became, life.sentence]
    events = [
        (in_french(date.fromisoformat(one.night)), history.lived(one)) for one in reversed(of_course(store, life.code))
    ]
    return _shown(
        page, "why_course.html", said[0], donnees, said=said, view=life, events=events, code=life.code,
        lack=gap(store), courses=why_courses,
    )  # fmt: skip


def _cohort(page: Page, desk: Desk, code: str, donnees: str) -> Response | None:
    etape = desk.cohort(code)
    if etape is None:
        return None
    page.looked_up(cleaned(code))
    return _shown(page, "why_cohort.html", etape.sentence, donnees, view=etape)


def _elsewhere(page: Page, desk: Desk, where: str) -> Response | None:
    """Null where the course may be seen. One that REFER has no more is of the composantes that the history gives it."""
    of = desk.hidden(where)
    if of is not None and not of:
        of = page.reach.hides(event.scope for event in of_course(page.site.store(), cleaned(where)))
    if of is None:
        return None
    return _unknown(page, searching.elsewhere(cleaned(where), of, nights.contact(page.site.store()).name))


def _nobody(page: Page, q: str, never: list[str]) -> str:
    """``never``: titles of the phases that no night computed."""
    if page.reach.whole or never:
        return searching.unknown(q, never)
    return searching.unknown_here(q, page.reach.codes, nights.contact(page.site.store()).name)


def _unknown(page: Page, told: str) -> Response:
    return page.show("why_unknown.html", "Pourquoi ?", told=told, symptoms=searching.SYMPTOMS)


def _seat(page: Page, desk: Desk, found: list[Person], where: str, donnees: str) -> Response:
    if len(found) > 1:
        return _several(page, found, where)
    view = desk.seat(found[0], where)
    page.looked_up(f"{_code(found[0])} {view.finding.key}")
    return _shown(page, "why_seat.html", view.sentence, donnees, view=view, name=_name(found[0]), code=_code(found[0]))


def _person(page: Page, desk: Desk, found: list[Person], donnees: str) -> Response:
    if len(found) > 1:
        return _several(page, found, "")
    page.looked_up(_code(found[0]))
    view = desk.portrait(found[0])
    if not page.reach.whole:
        view = replace(view, sentence=visiting.within(page.reach.codes, view.sentence))
    return _shown(
        page, "why_person.html", view.sentence, donnees, view=view, name=_name(found[0]), code=_code(found[0])
    )


def _several(page: Page, found: list[Person], where: str) -> Response:
    choices = sorted(
        (Choice(f"{login(one) or _code(one)} {where}".strip(), _told(one)) for one in found[:MOST]),
        key=lambda one: one.told,
    )
    page.looked_up(" ".join(_code(one) for one in found[:MOST]))
    return page.show("why_several.html", "Pourquoi ?", choices=choices, told=searching.several(len(found), MOST))


def _shown(page: Page, template: str, title: str, donnees: str, **view: Any) -> Response:
    contact = nights.contact(page.site.store())
    return page.show(
        template, title, words=searching, contact=contact, now=donnees == NOW, NOW=NOW, LISTED=LISTED, **view
    )


def _store(page: Page, donnees: str) -> Store | None:
    """The nights; or, asked for the data of now, the last rehearsal of a night to come, null when there is none."""
    store = page.site.store()
    if donnees != NOW:
        return store
    night = nights.last(store) or date.min
    made = {one: nights.document(store, f"{REHEARSALS}/{one}/report.json") for one in store.names(REHEARSALS)}
    moments = {
        one: str(told["moment"])
        for one, told in made.items()
        if told and "moment" in told and str(told.get("night", "")) > night.isoformat()
    }
    last = max(moments, key=lambda one: moments[one], default=None)
    return Store(store.root / REHEARSALS / last) if last else None


def _code(person: Person) -> str:
    return identity(person)[1]


def _name(person: Person) -> str:
    """Last name and first name, of the directory else of the account; '' when nobody says them."""
    for entry in person.entries:
        return " ".join(part for part in (entry.sn, entry.given_name) if part)
    for left in person.left:
        return " ".join(part for part in (left.lastname, left.firstname) if part)
    return ""


def _told(person: Person) -> str:
    return searching.choice(_name(person), person.student, person.staff, login(person))
