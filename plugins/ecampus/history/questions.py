"""What somebody typed, as a question: whom it is about, and which course."""

from __future__ import annotations

from ecampus.explain import facts
from ecampus.explain.element import Course, unknown_element
from ecampus.history.asked import Asked
from ecampus.history.offer import offer as offered
from ecampus.rules.text import FOAD_KEY


def cleaned(text: str) -> str:
    """A code as the rules know it: one space for several, upper case."""
    return " ".join(text.split()).upper()


def course(asked: Asked, text: str) -> Course:
    """The element, or its FOAD course, that a code names; a code that REFER does not have names an unknown one."""
    code = cleaned(text)
    offer = offered(asked, [code, code.removesuffix(FOAD_KEY)])
    whole = _element(offer, code)
    if whole is None and code.endswith(FOAD_KEY) and (base := _element(offer, code.removesuffix(FOAD_KEY))):
        return Course(base, True, offer)
    if whole is None and (archive := _archived(offer, code)):
        return course(asked, archive)
    return Course(whole or unknown_element(code), False, offer)


def _archived(offer: facts.Offer, code: str) -> str | None:
    """The code that an archive of ours had, asked for by the one that it has now."""
    now = (one for one in offer.spaces if one.archived and (one.idnumber or "").upper() == code)
    return next((one.key for one in now if one.key and one.key != code), None)


def _element(offer: facts.Offer, code: str) -> facts.Element | None:
    return next((one for one in offer.elements if one.code == code and not one.foad), None)
