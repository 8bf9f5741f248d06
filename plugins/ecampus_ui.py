"""The pages of ecampus in Airflow: «ecampus» in its rail, «Rapport» on a run, one line on its home page.

Airflow loads this file in each of its processes, tasks included: the pages are made at the first visit. What Airflow's
own page shows of us (a drawing, the line) is within the addresses given here, for who may not see our pages too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

PREFIX = urlsplit(conf.get("api", "base_url", fallback="")).path.rstrip("/")
"""Of an Airflow that does not stand at the root of its site."""
STATIC = Path(__file__).parent / "ecampus" / "pages" / "static"


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


def _within(kind: str, name: str) -> str:
    return f"data:{kind},{quote((STATIC / name).read_text(encoding='utf-8'))}"


DRAWING = _within("image/svg+xml", "ecampus.svg")


class EcampusPages(AirflowPlugin):
    """What Airflow is told."""

    name = "ecampus"
    fastapi_apps = [{"app": Pages(), "url_prefix": "/ecampus", "name": "ecampus"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012
        {
            "name": "ecampus",
            "href": f"{PREFIX}/ecampus/",
            "destination": "nav",
            "url_route": "ecampus",
            "icon": DRAWING,
        },
        {
            "name": "Rapport",
            "href": f"{PREFIX}/ecampus/rapport?dag={{DAG_ID}}&run={{RUN_ID}}",
            "destination": "dag_run",
            "url_route": "rapport",
            "icon": DRAWING,
        },
    ]
    react_apps = [  # noqa: RUF012
        {
            "name": "ecampus_accueil",
            "bundle_url": _within("text/javascript", "home.js"),
            "destination": "dashboard",
            "url_route": "ecampus-accueil",
        }
    ]
