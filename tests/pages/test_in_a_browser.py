"""The pages in a real browser, on a real Airflow with the sandbox after a good night."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi import Depends

from copies import ROOT
from ecampus.calendar import Freeze
from ecampus.pages.app import application
from ecampus.pages.asking import Asking
from ecampus.pages.site import Site
from ecampus.store.files import Store
from ecampus.words import deciding
from programs import Missing, driver, found, skip

HERE = Path(__file__).parent


def routes() -> list[str]:
    """Every route of the pages, each with something in place of its parameters."""
    site = Site(
        lambda: Store(HERE), lambda: None, lambda: Freeze("live"), lambda: datetime.now(UTC), lambda: Asking(True, [])
    )
    made = application(site, [Depends(lambda: None)])
    return [route.path.format_map({"name": "style.css", "guide": "guide-scolarite"}) for route in made.routes]


@pytest.fixture(scope="module")
def chromium(request) -> str:
    try:
        driver("playwright", ".venv/bin/pip install -r requirements-dev.txt -c constraints.txt")
        return found("chromium", "chromium")
    except Missing as why:
        skip(why, request.config)
        raise


@pytest.fixture(scope="module")
def seen(chromium, local_night, tmp_path_factory) -> dict[str, Any]:
    """What people saw in one Airflow."""
    checkout = tmp_path_factory.mktemp("browsed") / "checkout"
    shutil.copytree(local_night.checkout, checkout, symlinks=True)
    shutil.rmtree(checkout / ".ecampus" / "airflow")
    shutil.copytree(ROOT / "docs", checkout / "docs")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ECAMPUS"))}
    ended = subprocess.run(
        [sys.executable, str(HERE / "browsing.py"), chromium, json.dumps(routes())],
        cwd=checkout, env=clean | {"PYTHONPATH": f"{checkout / 'plugins'}:{checkout / 'include'}:{HERE}:{HERE.parent / 'local'}"},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    any_space = ended.stdout.splitlines()[-1].replace(r"\u00a0", " ")
    return json.loads(any_space)


def test_every_route_refuses_nobody_and_who_may_not_see_the_dags(seen):
    assert set(seen["statuses"][""].values()) == {401}
    assert set(seen["statuses"]["passant"].values()) == {403}
    assert set(seen["statuses"]["staff"].values()) <= {200, 303, 404}
    assert not seen["traceback"]


def test_a_clerk_goes_from_airflows_home_to_tonight_and_to_the_anomalies_of_her_composante(seen):
    clerk = seen["clerk"]["found"]
    assert clerk["headline"].startswith("La nuit du ")
    assert "s'est bien terminée à" in clerk["headline"]
    assert clerk["line"] == clerk["headline"]
    assert (clerk["address"], clerk["again"]) == ("/plugin/ecampus/ecampus/anomalies", "Anomalies de SCIENCES")
    (cookie,) = clerk["cookies"]
    assert (cookie["value"], cookie["path"], cookie["sameSite"], cookie["httpOnly"]) == (
        "SCIENCES",
        "/ecampus",
        "Strict",
        True,
    )


def test_the_spreadsheet_that_she_downloads_is_what_she_sees(seen):
    clerk = seen["clerk"]["found"]
    rows = list(csv.reader(io.StringIO(clerk["csv"].removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) > 5
    assert [row[5] for row in rows[1:]] == [told.strip() for told in clerk["rows"]]


def test_she_finds_the_student_reads_the_answer_copies_it_and_opens_the_life_of_the_course(seen):
    why = seen["why"]["found"]
    assert why["answer"] == "Non : l'étudiant 22900101 n'est pas dans l'espace L1CAS101 « mécanique du point »."
    assert "dans aucun de ses groupes : c'est le groupe qui inscrit" in why["text"]
    assert why["said"] in ("Copié.", "Le texte est sélectionné : le copier.")
    assert why["ticket"].startswith("Question : Pourquoi l'étudiant 22900101 est-il, ou n'est-il pas, dans L1CAS101 ?")
    assert why["person"].startswith("L'étudiant 22900101 est dans ")
    assert "Sa vie" in why["course"]
    assert " : créé (catégorie LCAS1_1)" in why["course"]


def test_what_leaves_the_frame_does(seen):
    outside = seen["outside"]["found"]
    assert outside["whole"] == "/ecampus/retenus"
    assert outside["report"].startswith("Offre de formation, nuit du ")


def test_axe_finds_nothing_and_380_pixels_are_wide_enough(seen):
    found = seen["accessible"]["found"]
    widths = {name: width for name, width in found.items() if name.endswith("scroll")}
    assert {name: told for name, told in found.items() if told and name not in widths} == {}
    assert {name: width for name, width in widths.items() if width > 380} == {}


def test_a_question_that_airflow_does_not_ask_yet_leads_to_the_dag_that_asks_it(seen):
    before = seen["decided"]["found"]["before"]
    assert before["address"] == "/dags/ecampus_approve"
    assert deciding.AT_ITS_HOUR in before["told"]


def test_who_may_not_answer_reads_it_on_our_page_and_at_the_question_and_airflow_refuses_the_answer(seen):
    clerk = seen["decided"]["found"]["clerk"]
    assert "Votre compte ne permet pas de répondre : le demander à qui le peut (pôle plateforme)." in clerk["told"]
    assert (clerk["led"], clerk["status"]) == (0, 403)
    assert deciding.WHO_MAY in clerk["text"]


def test_an_engineer_decides_at_that_very_question_and_it_is_done_in_moodle(seen):
    found = seen["decided"]["found"]
    assert unquote(found["led"]["address"]) == found["there"]
    assert found["subject"] in found["led"]["text"]
    assert "[question]" not in found["led"]["text"]
    assert (found["led"]["status"], found["state"]) == (200, "success")
    assert found["archived"] == [[], ["ex_L1CAS103", "ex_L1CAS104", "ex_L1CAS105"]]


def test_who_decided_what_is_told_afterwards(seen):
    after = seen["decided"]["found"]["after"]
    assert after.startswith("Rien n'attend de décision.")
    assert "Approuvé\tOffre de formation : 3 changements (archive_course)\tingenieure\tdépart connu" in after


def test_the_keyboard_alone_is_enough(seen):
    keys = seen["keyboard"]["found"]
    assert (keys["first"], keys["skipped"], keys["outline"]) == ("Aller au contenu", "contenu", "solid")
    assert keys["title"] == f"Anomalies de {keys['chosen']}"


def test_the_browser_refuses_nothing_of_ours(seen):
    assert [seen[name]["complaints"] for name in ("clerk", "why", "outside", "accessible", "keyboard", "decided")] == [
        []
    ] * 6
