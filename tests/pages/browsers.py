"""A browser of one's own on an Airflow: signed in, and our frame within Airflow's page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Frame, Page

from ecampus.local.local_airflow import LocalAirflow

WIDTH, HEIGHT = 1240, 900
PATIENCE = 120_000
"""Milliseconds: a machine that does much else takes more than half a minute to sign somebody in."""


@contextmanager
def signed_in(browser: Browser, airflow: LocalAirflow, name: str) -> Iterator[tuple[BrowserContext, list[str]]]:
    """The browser of this account, and what it complains of."""
    context = browser.new_context(locale="fr-FR", viewport={"width": WIDTH, "height": HEIGHT}, accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page = context.new_page()
    page.goto(f"{airflow.url}/auth/login")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", airflow.passwords()[name])
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)
    page.close()
    yield context, complaints
    context.close()


def framed(page: Page, path: str) -> Frame:
    """Our frame in Airflow's page, once it shows that."""
    page.wait_for_url(f"**/plugin/ecampus/ecampus/{path}*")
    frame = page.frame(url=f"**/ecampus/{path}*")
    while frame is None or frame == page.main_frame:
        page.wait_for_timeout(50)
        frame = next((one for one in page.frames if f"/ecampus/{path}" in one.url and one != page.main_frame), None)
    frame.wait_for_selector("h1")
    return frame
