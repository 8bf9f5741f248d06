"""The pages of ecampus in Airflow: «ecampus» in its rail, «Rapport» on a run.

Airflow loads this file in each of its processes, tasks included: the pages are made at the first visit.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

PREFIX = urlsplit(conf.get("api", "base_url", fallback="")).path.rstrip("/")
"""Of an Airflow that does not stand at the root of its site."""


class Pages:
    """The application, made by its first request."""

    made: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as the application does."""
        if self.made is None:
            from starlette.concurrency import run_in_threadpool

            self.made = await run_in_threadpool(_pages)
        await self.made(scope, receive, send)


def _pages() -> Any:
    from ecampus.pages.access import pages

    return pages()


class EcampusPages(AirflowPlugin):
    """What Airflow is told."""

    name = "ecampus"
    fastapi_apps = [{"app": Pages(), "url_prefix": "/ecampus", "name": "ecampus"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012
        {"name": "ecampus", "href": f"{PREFIX}/ecampus/", "destination": "nav", "url_route": "ecampus"},
    ]
