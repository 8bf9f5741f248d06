"""A person in front of the pages, mounted as Airflow mounts them, without Airflow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.testclient import TestClient
from httpx import Response

from ecampus.calendar import Freeze
from ecampus.explain.reach import EVERYTHING, Reach
from ecampus.pages.app import application
from ecampus.pages.asking import Asking
from ecampus.pages.site import Site
from ecampus.register.register import Register
from ecampus.store.files import Store

MORNING = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
AT_REST = Asking(True, [])


class Text(HTMLParser):
    """What a person reads within an element, piece by piece."""

    def __init__(self, element: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._element, self._within = element, 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._within += tag == self._element

    def handle_endtag(self, tag: str) -> None:
        self._within -= tag == self._element

    def handle_data(self, data: str) -> None:
        if self._within and data.strip():
            self.words.append(" ".join(data.split()))


@dataclass
class Visit:
    """``reads``: the pieces of text of a page; its header apart unless it is asked for."""

    client: TestClient

    def get(self, path: str, **how: Any) -> Response:
        return self.client.get(f"/ecampus/{path}", **how)

    def reads(self, path: str, element: str = "main") -> list[str]:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        found = Text(element)
        found.feed(answer.text)
        return found.words


def visit(
    store: Store | Callable[[], Store],
    register: Callable[[], Register | None] = lambda: None,
    freeze: str = "",
    now: datetime = MORNING,
    reach: Reach = EVERYTHING,
    asking: Asking = AT_REST,
    may_answer: bool = False,
) -> Visit:
    """The pages of this store and this register, for a clerk who sees this much, or for somebody who may answer."""

    def known(request: Request) -> None:
        request.state.visitor, request.state.reach = "scol1", reach
        request.state.may_answer = lambda: may_answer

    opened = (lambda: store) if isinstance(store, Store) else store
    site = Site(opened, register, lambda: Freeze.parse(freeze), lambda: now, lambda: asking)
    return Visit(TestClient(mounted(application(site, [Depends(known)])), follow_redirects=False))


def mounted(pages: FastAPI) -> FastAPI:
    """As Airflow does it."""
    whole = FastAPI()
    whole.mount("/ecampus", pages)
    return whole
