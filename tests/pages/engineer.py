"""What a night held is decided in the browser: before Airflow asks, by who may not answer, by an engineer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from answering import DAG, asked
from browsers import framed, signed_in
from playwright.sync_api import Browser, BrowserContext, Page

from ecampus.local.local_airflow import LocalAirflow

ENGINEER, CLERK = "ingenieure", "staff"
LEFT = ("L1CAS103", "L1CAS104", "L1CAS105")
"""Three elements that leave REFER: a night archives two courses of a composante, no more."""
HELD = "plugin/ecampus/ecampus/retenus"


def leave() -> None:
    """Take them out of REFER."""
    with closing(sqlite3.connect(".ecampus/sandbox/refer.db")) as refer, refer:
        refer.executemany("DELETE FROM refer_element WHERE code = ?", [(code,) for code in LEFT])


def decided(browser: Browser, airflow: LocalAirflow) -> dict[str, Any]:
    """What each saw, from the question that nobody asks yet to the courses that are archived."""
    with (
        signed_in(browser, airflow, ENGINEER) as (engineer, complaints),
        signed_in(browser, airflow, CLERK) as (clerk, _),
    ):
        before = _led(engineer, airflow.url)
        run = airflow.trigger(DAG, {})
        (detail,) = asked(airflow, run)
        there = f"/dags/{DAG}/runs/{run}/tasks/ask/mapped/0/required_actions"
        found = {
            "subject": detail["subject"],
            "there": there,
            "before": before,
            "clerk": _refused(clerk, airflow.url, there, detail["options"][0]),
            "archived": [_archived()],
            "led": _answered(engineer, airflow.url, detail),
            "state": airflow.wait_for_run(DAG, run),
        }
        found["archived"].append(_archived())
        page = engineer.new_page()
        page.goto(f"{airflow.url}/ecampus/retenus")
        found["after"] = page.inner_text("main")
    return {"found": found, "complaints": [said for said in complaints if "Content Security Policy" in said]}


def _led(engineer: BrowserContext, url: str) -> dict[str, str]:
    """Before «Décisions» runs: what is said, and where the button leads."""
    page = engineer.new_page()
    page.goto(f"{url}/{HELD}")
    frame = framed(page, "retenus")
    told = frame.inner_text("section.todo")
    frame.click("a.button.main")
    page.wait_for_url("**/dags/**")
    return {"told": told, "address": page.url.removeprefix(url)}


def _refused(clerk: BrowserContext, url: str, there: str, yes: str) -> dict[str, Any]:
    """Who sees without acting: on our page, and at the question all the same."""
    page = clerk.new_page()
    page.goto(f"{url}/{HELD}")
    frame = framed(page, "retenus")
    told, led = frame.inner_text("section.todo"), frame.locator("section.todo a").count()
    page.goto(f"{url}{there}")
    status = _given(page, yes)
    page.get_by_text("Accès refusé").wait_for()
    return {"told": told, "led": led, "status": status, "text": page.inner_text("body")}


def _answered(engineer: BrowserContext, url: str, detail: dict[str, Any]) -> dict[str, str]:
    """From «Retenus» to the question, answered there: why, then yes."""
    page = engineer.new_page()
    page.goto(f"{url}/{HELD}")
    framed(page, "retenus").get_by_role("link", name="Décider :").click()
    page.wait_for_url("**/required_actions*")
    page.get_by_text(detail["subject"]).first.wait_for()
    text = page.inner_text("body")
    return {"address": page.url.removeprefix(url), "text": text, "status": _given(page, detail["options"][0])}


def _given(page: Page, option: str) -> int:
    """Say why, which Airflow's form demands, then choose; what Airflow's API says of it."""
    page.get_by_role("textbox").last.fill("départ connu")
    with page.expect_response(lambda answer: answer.request.method == "PATCH") as answered:
        page.get_by_role("button", name=option).click()
    return int(answered.value.status)


def _archived() -> list[str]:
    """Of the courses that left, those that Moodle has as archives."""
    with closing(sqlite3.connect(".ecampus/sandbox/moodle.db")) as moodle:
        found = moodle.execute("SELECT idnumber FROM mdl_course WHERE idnumber LIKE 'ex!_L1CAS10%' ESCAPE '!'")
        return sorted(idnumber for (idnumber,) in found)
