"""«Rapport»: what a run did, as a tab of the run in Airflow; its whole report beside it."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Depends, HTTPException, Response

from ecampus.calendar import PHASES
from ecampus.pages import nights
from ecampus.pages.page import Asked
from ecampus.pages.page import whole as shows_all
from ecampus.store.files import REHEARSALS, REPLAY, Store
from ecampus.words import rehearsing, reporting, visiting

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
"""Of a report as a file: its style is within, nothing else is of use."""

router = APIRouter(dependencies=[Depends(shows_all)])


@router.get("/rapport")
def report(page: Asked, dag: str = "", run: str = "") -> Response:
    """The figures of a run, in words."""
    store = page.site.store()
    folder = place(store, dag.removeprefix("ecampus_"), run)
    made = nights.document(store, f"{folder}/report.json") if folder else None
    if made is None:
        return page.show("nothing.html", "Rapport", told=visiting.NO_REPORT)
    try:
        told = rehearsing.summary(made) if "phases" in made else reporting.summary(made | {"report": None})
    except (KeyError, TypeError, ValueError, AttributeError):
        return page.show("nothing.html", "Rapport", told=visiting.OTHER_REPORT)
    lines = [line for line in told.splitlines() if not line.startswith("Rapport complet")]
    return page.show("report.html", "Rapport", title_line=lines[0], lines=lines[1:], dag=dag, run=run)


@router.get("/rapport/complet")
def whole(page: Asked, dag: str = "", run: str = "") -> Response:
    """``report.html`` as the run left it."""
    store = page.site.store()
    folder = place(store, dag.removeprefix("ecampus_"), run)
    if folder is None or not store.exists(f"{folder}/report.html"):
        raise HTTPException(404)
    headers = {"Content-Security-Policy": POLICY}
    return Response(store.read(f"{folder}/report.html"), media_type="text/html", headers=headers)


def place(store: Store, phase: str, run: str) -> str | None:
    """The folder of the run whose id this is, the last night first; null when the store has none of it."""
    if phase == "rehearsal":
        return f"{REHEARSALS}/{run}" if run in store.names(REHEARSALS) else None
    if phase not in PHASES:
        return None
    for night in _likely(store, run):
        there = f"{night.isoformat()}/{phase}"
        for name in (f"{run}{REPLAY}", run):
            if name in store.names(there):
                return f"{there}/{name}"
    return None


def _likely(store: Store, run: str) -> list[date]:
    """Every night, those first that the id of the run speaks of."""
    every = nights.all_nights(store)
    return sorted(every, key=lambda night: abs((night - day).days) if (day := _named(run)) else 0)


def _named(run: str) -> date | None:
    try:
        return date.fromisoformat(run.partition("__")[2][:10])
    except ValueError:
        return None
