"""«Retenus»: what waits for a person, why, since when, all of it; and who decided what."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from ecampus.night import approving
from ecampus.pages import nights
from ecampus.pages.asking import way
from ecampus.pages.page import Asked, whole
from ecampus.words import deciding

LINES = 500
"""Changes listed of one question; the report of the run has them all."""
ANSWERS = 100
"""Answers listed, the last ones."""

router = APIRouter(dependencies=[Depends(whole)])


@router.get("/retenus")
def held(page: Asked) -> Response:
    """The questions as the register has them now."""
    register = page.site.register()
    if register is None:
        return page.show("nothing.html", "Retenus", told=deciding.waiting(0))
    store, asking = page.site.store(), page.site.asking()
    contact, may = nights.contact(store).name, page.may_answer
    questions = [(one, way(one, asking, may, contact)) for one in approving.questions(register, store, LINES)]
    answers = register.answers().iloc[::-1].head(ANSWERS)
    known = [{name: str(value) for name, value in row.items()} for row in answers.to_dict("records")]
    return page.show("held.html", "Retenus", questions=questions, answers=known, words=deciding)
