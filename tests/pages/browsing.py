"""Run in a copy of the project: one real Airflow, and people in front of its pages in Chromium; what they saw, in JSON."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import engineer
import requests
from browsers import HEIGHT, WIDTH, framed, signed_in
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from ecampus.local import box, services
from ecampus.local.local_airflow import LocalAirflow

AXE = Path(__file__).with_name("axe") / "axe.min.js"
PLAYED = "ecampus_offer"
"""The DAG of which a run is looked at."""
STUDENT, COURSE = "22900101", "L1CAS101"
"""Trap 1 of the sandbox: an IP, and no group."""
PAGES = ("nuit", "anomalies", "retenus", "aide", "aide/exploitation", "aide/guide-scolarite",
         "rapport?dag=ecampus_offer", "pourquoi", f"pourquoi?q={STUDENT}+{COURSE}", f"pourquoi?q={STUDENT}",
         f"pourquoi?q={COURSE}", "pourquoi?q=L1CAS101-TD1", "pourquoi?q=LCAS1_1", "changements", "historique")  # fmt: skip
NARROW = 380
OPTIONS = ["--disable-gpu", "--disable-background-networking", *(["--no-sandbox"] if os.getuid() == 0 else [])]
ACCOUNTS = {
    "AIRFLOW__CORE__AUTH_MANAGER": "seeing.Seeing",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin,staff:viewer,passant:viewer,ingenieure:op",
}


def main(chromium: str, paths: list[str]) -> dict[str, Any]:
    """``paths``: every route of the pages."""
    os.environ |= ACCOUNTS
    environment = services.settings(services.free_port()) | services.AS_TOLD | ACCOUNTS
    with services.alone(environment), box.systems() as sandbox, LocalAirflow(environment | sandbox) as airflow:
        engineer.leave()
        airflow.wait_for_dag(PLAYED)
        assert airflow.wait_for_run(PLAYED, airflow.trigger(PLAYED, {})) == "success"
        refused = {name: _statuses(airflow, name, paths) for name in ("", "passant", "staff")}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
            seen = {name: _visited(browser, airflow, look) for name, look in LOOKS.items()}
            seen["decided"] = engineer.decided(browser, airflow)
            browser.close()
        log = (airflow.logs / "api-server.log").read_text()
    return {"statuses": refused, "traceback": "Traceback" in log} | seen


def _statuses(airflow: LocalAirflow, name: str, paths: list[str]) -> dict[str, int]:
    """What each route answers to this account, or to nobody."""
    session = requests.Session()
    session.trust_env = False
    if name:
        account = {"username": name, "password": airflow.passwords()[name]}
        token = session.post(f"{airflow.url}/auth/token", json=account, timeout=30).json()["access_token"]
        session.cookies.set("_token", token)
    get = {path: session.get(f"{airflow.url}/ecampus{path}", timeout=30, allow_redirects=False) for path in paths}
    return {path: answer.status_code for path, answer in get.items()}


def _visited(browser: Browser, airflow: LocalAirflow, look: Callable[[BrowserContext, str], Any]) -> dict[str, Any]:
    """What a clerk sees in a browser of her own, and what it complained of."""
    with signed_in(browser, airflow, "staff") as (context, complaints):
        found = look(context, airflow.url)
    return {"found": found, "complaints": [said for said in complaints if "Content Security Policy" in said]}


def _clerk(context: BrowserContext, url: str) -> dict[str, Any]:
    """From Airflow's home to tonight, to the anomalies of her composante, to the spreadsheet."""
    page = context.new_page()
    page.goto(url)
    line = page.get_by_role("link", name="La nuit du").inner_text()
    page.get_by_role("link", name="ecampus", exact=True).click()
    tonight = framed(page, "nuit")
    headline = tonight.inner_text("h1")
    tonight.get_by_role("link", name="Anomalies", exact=True).click()
    anomalies = framed(page, "anomalies")
    anomalies.click("summary")
    anomalies.get_by_role("link", name=re.compile("^SCIENCES")).click()
    anomalies.wait_for_selector("h1:has-text('SCIENCES')")
    with page.expect_download() as coming:
        anomalies.get_by_role("link", name="Tableur (CSV)").click()
    address = page.url.removeprefix(url)
    page.goto(f"{url}{address}")
    return {
        "line": line,
        "headline": headline,
        "address": address,
        "again": framed(page, "anomalies").inner_text("h1"),
        "rows": anomalies_of(page),
        "csv": Path(coming.value.path()).read_bytes().decode(),
        "cookies": [one for one in context.cookies() if one["name"] == "ecampus_composante"],
    }


def anomalies_of(page: Page) -> list[str]:
    """The sentences that the frame lists, in their order."""
    return framed(page, "anomalies").eval_on_selector_all(
        "tbody td:nth-of-type(1)", "cells => cells.map(cell => cell.firstChild.textContent)"
    )


def _outside(context: BrowserContext, url: str) -> dict[str, Any]:
    """What leaves the frame: the whole page in a tab of its own; and a run's tab."""
    page = context.new_page()
    page.goto(f"{url}/plugin/ecampus/ecampus/retenus")
    frame = framed(page, "retenus")
    with context.expect_page() as opened:
        frame.click("a.whole")
    whole = opened.value
    whole.wait_for_selector("h1")
    (run,) = context.request.get(f"{url}/api/v2/dags/{PLAYED}/dagRuns").json()["dag_runs"]
    page.goto(f"{url}/dags/{PLAYED}/runs/{run['dag_run_id']}/plugin/rapport")
    page.wait_for_selector("iframe")
    page.wait_for_timeout(500)
    tab = next(one for one in page.frames if "/ecampus/rapport" in one.url)
    tab.wait_for_selector("h1")
    return {"whole": whole.url.removeprefix(url), "report": tab.inner_text("h1")}


def _why(context: BrowserContext, url: str) -> dict[str, Any]:
    """From the search box to the answer, its ticket, the life of the course; a symptom that leads to the guide."""
    page = context.new_page()
    page.goto(f"{url}/ecampus/nuit")
    page.fill("#q", f"{STUDENT} {COURSE}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pourquoi?q=*")
    answer, reason = page.inner_text("h1"), page.inner_text("main")
    page.get_by_role("button", name="Copier pour l'assistance").click()
    page.wait_for_selector("[data-copied]:not(:empty)")
    said, ticket = page.inner_text("[data-copied]"), page.inner_text("#faits")
    page.get_by_role("link", name="Tous ses espaces").click()
    page.wait_for_selector("h2:has-text('Ses espaces')")
    person = page.inner_text("h1")
    page.goto(f"{url}/ecampus/pourquoi?q={COURSE}")
    course = page.inner_text("main")
    page.goto(f"{url}/ecampus/pourquoi")
    page.get_by_role("link", name="le guide : Mon espace a disparu").click()
    page.wait_for_url("**/aide/guide-scolarite#mon-espace-a-disparu")
    return {"answer": answer, "text": reason, "said": said, "ticket": ticket, "person": person, "course": course}


def _accessible(context: BrowserContext, url: str) -> dict[str, Any]:
    """What axe finds on each page, wide and narrow, and how wide each is at 380 pixels."""
    page = context.new_page()
    found: dict[str, Any] = {}
    for path in PAGES:
        for width in (WIDTH, NARROW):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.goto(f"{url}/ecampus/{path}")
            page.evaluate(AXE.read_text(encoding="utf-8"))
            violations = page.evaluate("axe.run().then(told => told.violations)")
            found[f"{path} {width}"] = [
                [one["impact"], one["id"], *(node["html"][:200] for node in one["nodes"][:2])] for one in violations
            ]
        found[f"{path} scroll"] = page.evaluate("document.documentElement.scrollWidth")
    return found


def _keyboard(context: BrowserContext, url: str) -> dict[str, Any]:
    """With Tab and Enter alone: over the header to the content, to another page, to a composante."""
    page = context.new_page()
    page.goto(f"{url}/ecampus/nuit")
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    skipped = page.evaluate("document.activeElement.id")
    page.goto(f"{url}/ecampus/nuit")
    for _ in range(3):
        page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    page.wait_for_url("**/anomalies")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    chosen = page.evaluate("document.activeElement.firstChild.textContent").strip()
    page.keyboard.press("Enter")
    page.wait_for_selector(f"h1:has-text('{chosen}')")
    return {"first": first, "skipped": skipped, "outline": outline, "title": page.inner_text("h1"), "chosen": chosen}


LOOKS: dict[str, Callable[[BrowserContext, str], Any]] = {
    "clerk": _clerk,
    "why": _why,
    "outside": _outside,
    "accessible": _accessible,
    "keyboard": _keyboard,
}

if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], json.loads(sys.argv[2]))))
