"""«Cette nuit»: did the last night end, what is not up to date, what is to be dealt with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Response

from ecampus.errors import EcampusError
from ecampus.night import approving
from ecampus.night.question import Question
from ecampus.pages import anomalies, nights
from ecampus.pages.nights import Played
from ecampus.pages.page import Asked, Page
from ecampus.store.files import Store
from ecampus.words import mending
from ecampus.words import tonight as words
from ecampus.words.tonight import Phase

router = APIRouter()


@dataclass(frozen=True)
class Beside:
    """A run that has a report, and what to call it."""

    told: str
    dag: str
    run: str


@dataclass(frozen=True)
class Line:
    """A phase of the night; ``report``: its run's, null without one."""

    phase: Phase
    report: Beside | None


@router.get("/nuit")
def tonight(page: Asked) -> Response:
    """The last night."""
    store = page.site.store()
    night = nights.last(store)
    if night is None:
        return page.show("nothing.html", "Cette nuit", told=words.NEVER)
    played = nights.runs(store, night)
    phases = nights.phases(store, night)
    mine = anomalies.known(store, page.reach, anomalies.composante(page))
    every = page.reach.whole
    view = {
        "headline": words.headline(night, phases),
        "under": words.under(phases),
        "late": words.late(night, page.site.now()),
        "lines": [Line(phase, _report(nights.own(played).get(phase.name)) if every else None) for phase in phases],
        "questions": waiting(page) if every else [],
        "kinds": mending.kinds(mine.notes),
        "few": mending.few(mine.nights, mine.notes),
        "beside": beside(store, played) if every else [],
    }
    return page.show("tonight.html", "Cette nuit", words=words, **view)


@router.get("/accueil")
def line(page: Asked) -> dict[str, str]:
    """The last night in one sentence, for Airflow's home page."""
    store = page.site.store()
    night = nights.last(store)
    return {"sentence": words.headline(night, nights.phases(store, night)) if night else words.NEVER}


def waiting(page: Page) -> list[Question]:
    """What is asked at this moment; none where the register cannot say, as the banner tells."""
    try:
        register = page.site.register()
        return approving.questions(register, page.site.store()) if register else []
    except EcampusError:
        return []


def beside(store: Store, played: Sequence[Played]) -> list[Beside]:
    """The replays, the undoings, what was approved and the rehearsals of that night, which are not the night."""
    found = [
        Beside(words.beside(one.beside, one.run.phase, one.began), f"ecampus_{one.run.phase}", one.run.run_id)
        for one in played
        if one.beside and one.report
    ]
    night = played[0].run.night if played else None
    return found + [
        Beside(words.rehearsed(name, datetime.fromisoformat(made["moment"])), "ecampus_rehearsal", name)
        for name, made in (nights.rehearsals(store, night) if night else {}).items()
    ]


def _report(played: Played | None) -> Beside | None:
    return Beside("rapport", f"ecampus_{played.run.phase}", played.run.run_id) if played and played.report else None
