"""``make screenshots``: pictures of the pages for the README and the guides, from the sandbox's nights.

After ``make night CHANGES=1``: only people whom the sandbox invented are shown, as staff see them.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from ecampus.errors import EcampusError
from ecampus.local import box, services
from ecampus.local.local_airflow import LocalAirflow
from ecampus.local.place import ROOT, CommandImpossible

IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1240, 1000
STAFF = "staff"


class Picture(NamedTuple):
    """An address of Airflow, and a text that stands there once the page is whole."""

    address: str
    shows: str


PICTURES = {
    "pourquoi": Picture("/ecampus/pourquoi?q=22900101+L1CAS101", "Pour l'assistance"),
    "personne": Picture("/ecampus/pourquoi?q=22900107", "Ses espaces"),
    "cours": Picture("/ecampus/pourquoi?q=L1MAT101", "Sa vie"),
    "cette-nuit": Picture("/ecampus/nuit", "La nuit du"),
    "anomalies": Picture("/ecampus/anomalies?composante=SCIENCES", "Anomalies de SCIENCES"),
    "retenus": Picture("/ecampus/retenus", "Retenus"),
}
"""The file's name, without its end → what it shows."""


def main() -> int:
    """Make them all; 2 when the command cannot do its job."""
    services.stop_on_signals()
    try:
        with _airflow() as airflow, _signed_in(airflow) as page:
            for name, picture in PICTURES.items():
                _take(page, airflow.url, name, picture)
                print(f"docs/images/{name}.png", flush=True)
    except EcampusError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


@contextmanager
def _airflow() -> Iterator[LocalAirflow]:
    """A local Airflow on the sandbox, which starts nothing by itself."""
    environment = services.settings(services.free_port()) | services.AS_TOLD
    with ExitStack() as stack:
        stack.enter_context(services.alone(environment))
        sandbox = stack.enter_context(box.systems(None))
        if not sandbox:
            raise CommandImpossible(
                "Les images ne montrent que les personnes inventées du bac à sable : retirer les connexions réelles."
            )
        yield stack.enter_context(LocalAirflow(environment | sandbox))


@contextmanager
def _signed_in(airflow: LocalAirflow) -> Iterator[Page]:
    """A browser in French, in Paris, where staff have signed in."""
    with sync_playwright() as playwright:
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(
            executable_path=_chromium(), args=["--disable-gpu", "--disable-background-networking", *root]
        )
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT},
            locale="fr-FR",
            timezone_id="Europe/Paris",
            color_scheme="light",
        )
        page.goto(airflow.url)
        page.fill("input[name=username]", STAFF)
        page.fill("input[name=password]", airflow.passwords()[STAFF])
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/auth/" not in url)
        yield page
        browser.close()


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise CommandImpossible("Il manque un navigateur : sudo apt-get install -y chromium")
    return found


def _take(page: Page, url: str, name: str, picture: Picture) -> None:
    page.goto(url + picture.address)
    page.get_by_text(picture.shows).first.wait_for()
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    sys.exit(main())
