"""What a route is given: who asks, their composante, the header; it answers with a template and a view."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, urlencode

from fastapi import Depends, HTTPException, Query, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ecampus.explain.reach import Reach
from ecampus.pages import heading, static
from ecampus.pages.site import Site
from ecampus.pages.spacing import spaced
from ecampus.words import visiting
from ecampus.words.progress import figure

log = logging.getLogger("ecampus")

COOKIE = "ecampus_composante"

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Refused(HTTPException):
    """What the account that asks may not see, in its one sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(403, sentence)


@dataclass(frozen=True)
class Page:
    """One answer to one person."""

    request: Request
    site: Site

    @property
    def who(self) -> str:
        """The account that asks, as whatever closes the pages found it."""
        return str(self.request.state.visitor)

    @property
    def reach(self) -> Reach:
        """What this account sees, as whatever closes the pages found it."""
        found: Reach = self.request.state.reach
        return found

    @property
    def may_answer(self) -> bool:
        """Whether Airflow would take this account's answer to a question."""
        return bool(self.request.state.may_answer())

    @property
    def base(self) -> str:
        """Where the pages are mounted: «/ecampus», behind whatever prefix Airflow has."""
        return str(self.request.scope.get("root_path", ""))

    @property
    def here(self) -> str:
        """The page that is asked for, from our root, with its query: «anomalies?ou=ADE»."""
        path = self.request.url.path.removeprefix(f"{self.base}/")
        return f"{path}?{self.request.url.query}" if self.request.url.query else path

    @property
    def composante(self) -> str | None:
        """The one that the address names (``?composante=``, of a link in a mail), else the chosen one; null: all.

        An account that sees one alone has chosen it.
        """
        chosen = self.request.query_params.get("composante") or unquote(self.request.cookies.get(COOKIE, ""))
        if chosen and self.reach.sees(chosen):
            return chosen
        return self.reach.codes[0] if len(self.reach.codes) == 1 else None

    def link(self, path: str, **query: str | int | None) -> str:
        """The address of one of our pages; null values are left out."""
        given = {name: value for name, value in query.items() if value is not None}
        return f"{self.base}/{path}" + (f"?{urlencode(given)}" if given else "")

    def airflow(self, path: str) -> str:
        """The address of a page of Airflow itself."""
        return f"{self.base.removesuffix('/ecampus')}/{path}"

    def looked_up(self, whom: str) -> None:
        """Log that this person looked this person, course or group up; the log says when. ``whom``: a code, no name."""
        log.info("%s", visiting.looked_up(self.who, whom))

    def show(self, template: str, title: str, **view: Any) -> HTMLResponse:
        """The page, with its header. ``title``: of the document, without «ecampus»."""
        there = {"page": self, "title": title, "static": static.address, "figure": figure}
        text = TEMPLATES.get_template(template).render(there | {"heading": heading.of(self.site, self.reach)} | view)
        return HTMLResponse(spaced(text))


def page(request: Request) -> Page:
    """The page of this request. Raises Refused for a composante that this account does not see."""
    asked = Page(request, request.app.state.site)
    named = request.query_params.get("composante")
    if named and not asked.reach.sees(named):
        raise Refused(visiting.not_yours(named, asked.reach.codes))
    return asked


Asked = Annotated[Page, Depends(page)]
"""How a route asks for its page."""
Typed = Annotated[str, Query(max_length=200)]
"""What somebody typed: each word more is looked for in each line."""


def whole(page: Asked) -> None:
    """What shows every composante is not for who sees some. Raises Refused."""
    if not page.reach.whole:
        raise Refused(visiting.of_all(page.reach.codes))
