"""All the pages as one application: closed as it is told, read only, with headers that keep what it shows to itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from ecampus.errors import EcampusError
from ecampus.pages import anomalies, changes, composantes, guides, held, past, reports, static, tonight, why
from ecampus.pages.page import TEMPLATES, Asked, Refused
from ecampus.pages.site import Site
from ecampus.words import visiting

ROUTERS = (
    static.router,
    composantes.router,
    why.router,
    tonight.router,
    anomalies.router,
    held.router,
    changes.router,
    past.router,
    reports.router,
    guides.router,
)
"""One a page; whoever adds a page adds its router here."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
SENTENCES = {401: visiting.SIGN_IN, 403: visiting.FORBIDDEN, 404: visiting.UNKNOWN_PAGE, 405: visiting.READ_ONLY}


def application(site: Site, closed: Sequence[Any]) -> FastAPI:
    """The pages of this site. ``closed``: what every route depends on; it leaves in the state of the request
    who asks (``visitor``), what they see (``reach``), and a function that says whether they may answer
    (``may_answer``).
    """
    made = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, dependencies=list(closed))
    made.state.site = site
    made.add_api_route("/", home, methods=["GET"])
    for router in ROUTERS:
        made.include_router(router)
    made.middleware("http")(kept_to_itself)
    made.add_exception_handler(HTTPException, refused)
    made.add_exception_handler(RequestValidationError, unknown)
    made.add_exception_handler(EcampusError, told)
    made.add_exception_handler(Exception, broken)
    return made


def home(page: Asked) -> RedirectResponse:
    """The first page."""
    return RedirectResponse(page.link("nuit"), 303)


async def kept_to_itself(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """Nothing from elsewhere in our pages, our pages in no other site, no copy of what names people."""
    response = await answer(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def refused(_: Request, error: Exception) -> Response:
    """One sentence, and nothing of the site: whoever reads it may be nobody."""
    code = error.status_code if isinstance(error, HTTPException) else 500
    detail = str(getattr(error, "detail", "")) if isinstance(error, Refused) else ""
    return _sentence(detail or SENTENCES.get(code, visiting.BROKEN), code)


def unknown(_: Request, error: Exception) -> Response:
    """An address that none of our pages wrote, «p=deux», or somebody who typed too much."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    long = any(one["type"] == "string_too_long" for one in found)
    return _sentence(visiting.TOO_LONG if long else visiting.UNKNOWN_PAGE, 404)


def told(_: Request, error: Exception) -> Response:
    """What keeps a page from being shown, in its one sentence."""
    return _sentence(str(error), 503)


def broken(_: Request, __: Exception) -> Response:
    """A defect of ours: the server's log has its traceback, the page one sentence."""
    return _sentence(visiting.BROKEN, 500)


def _sentence(sentence: str, code: int) -> Response:
    text = TEMPLATES.get_template("refused.html").render(sentence=sentence)
    return HTMLResponse(text, code, HEADERS | {"Cache-Control": "no-store"})
