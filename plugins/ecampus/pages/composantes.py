"""«Ma composante»: the one that a person chose, in a cookie that only the pages see."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from ecampus.pages.page import COOKIE, Asked

A_YEAR = 365 * 24 * 3600

router = APIRouter()


@router.get("/composante")
def choose(page: Asked, choix: str = "", retour: str = "nuit") -> RedirectResponse:
    """Remember this composante (none: all of them), and go back to one of our pages."""
    answer, where = RedirectResponse(page.link(_without_composante(retour.lstrip("/"))), 303), page.base or "/"
    if choix:
        secure = page.request.url.scheme == "https"
        answer.set_cookie(
            COOKIE, quote(choix[:64]), A_YEAR, path=where, secure=secure, httponly=True, samesite="strict"
        )
    else:
        answer.delete_cookie(COOKIE, path=where)
    return answer


def _without_composante(page: str) -> str:
    """The page without the composante that its address names, which would hide the one just chosen."""
    path, _, query = page.partition("?")
    kept = urlencode([(name, value) for name, value in parse_qsl(query) if name != "composante"])
    return f"{path}?{kept}" if kept else path
