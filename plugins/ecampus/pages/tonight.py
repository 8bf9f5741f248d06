"""«Cette nuit»: did the last night end, what is not up to date, what is to be dealt with."""

from __future__ import annotations

from fastapi import APIRouter, Response

from ecampus.pages import nights
from ecampus.pages.page import Asked
from ecampus.words import tonight as words

router = APIRouter()


@router.get("/nuit")
def tonight(page: Asked) -> Response:
    """The last night."""
    store = page.site.store()
    night = nights.last(store)
    if night is None:
        return page.show("nothing.html", "Cette nuit", told=words.NEVER)
    phases = nights.phases(store, night)
    late = words.late(night, page.site.now())
    return page.show("tonight.html", "Cette nuit", night=night, phases=phases, words=words, late=late)
