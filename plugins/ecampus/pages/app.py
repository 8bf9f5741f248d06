"""All the pages as one application: closed as it is told, read only, with headers that keep what it shows to itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
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
SENTENCES = {401: visiting.SIGN_IN, 403: visiting.FORBIDDEN, 404: visiting.UNKNOWN_PAGE}


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
    made.add_exception_handler(EcampusError, told)
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
    detail = str(getattr(error, "detail", ""))
    sentence = detail if isinstance(error, Refused) else SENTENCES.get(code, detail)
    return HTMLResponse(TEMPLATES.get_template("refused.html").render(sentence=sentence), code)


def told(_: Request, error: Exception) -> Response:
    """What keeps a page from being shown, in its one sentence."""
    text = TEMPLATES.get_template("refused.html").render(sentence=str(error))
    return HTMLResponse(text, 503)
